"""The other side of the watched folder."""

import json
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from analytics.choices import ImportState
from analytics.models import BillingImport
from analytics.services import drop_folder, imports
from tests.analytics.billing_files import NOW, csv_text, row

GOOD = csv_text([row(1), row(2)])
LATER = timedelta(minutes=1)


class Sender:
    """The other side: drops files, reads statuses; looks come a minute apart."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = NOW

    def drop(self, name: str, content: str | bytes = GOOD, **sidecar) -> Path:
        file = self.path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        if sidecar:
            Path(f"{file}.json").write_text(json.dumps(sidecar))
        return file

    def look(self, times: int = 2) -> None:
        for _ in range(times):
            drop_folder.look_into_drop_folder(now=self.now)
            self.now += LATER

    def status(self, name: str) -> dict:
        return json.loads((self.path / f"{name}.status.json").read_text())

    def files(self) -> list[str]:
        """Everything in the folder, without the random part of deliveries' names."""
        found = []
        for path in sorted(self.path.rglob("*")):
            parts = path.relative_to(self.path).parts
            if path.is_file() and len(parts) > 2:
                found.append("/".join((parts[0], "…", *parts[2:])))
            elif path.is_file():
                found.append("/".join(parts))
        return sorted(found)


def run_all():
    for waiting in BillingImport.objects.filter(state=ImportState.QUEUED):
        imports.run_import(waiting, now=timezone.now())
