"""Load one file and print what became of it as one JSON object."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analytics.choices import ImportKind, ImportState
from analytics.importing import cells
from analytics.importing.problems import FILE_PROBLEMS, CellError
from analytics.models import BillingImport
from analytics.services import imports


def month_argument(text: str) -> date:
    """YYYY-MM on a command line."""
    try:
        return cells.period(text)
    except CellError:
        raise CommandError(f"{text} is not a month; write YYYY-MM.") from None


class Command(BaseCommand):
    help = "Load a file of bills or a roster."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=ImportKind.values)
        parser.add_argument("--period", metavar="YYYY-MM", help="month, when the file does not say")
        parser.add_argument("--create-clients", action="store_true", help="create unknown clients")
        parser.add_argument(
            "--complete", action="store_true", help="the month is complete with this file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                billing_import = imports.hand_in_file(
                    file=file,
                    file_name=path.name,
                    size=path.stat().st_size,
                    kind=options["kind"],
                    period=month_argument(options["period"]) if options["period"] else None,
                    creates_clients=options["create_clients"],
                    completes_period=options["complete"],
                    in_background=False,
                    by=None,
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        imports.run_import(billing_import, now=timezone.now())
        self.stdout.write(json.dumps(outcome(billing_import), ensure_ascii=False))
        if billing_import.state != ImportState.LOADED:
            sentence = FILE_PROBLEMS.get(billing_import.error_code, billing_import.state)
            self.stderr.write(str(sentence) % billing_import.error_params)
            raise SystemExit(1)


def outcome(billing_import: BillingImport) -> dict[str, Any]:
    """What the command prints; the file is named by its path when it is on this machine."""
    quarantine = billing_import.quarantine_file
    return {
        "import": str(billing_import.pk),
        "period": [f"{month:%Y-%m}" for month in billing_import.periods],
        "rows": billing_import.rows,
        "loaded": billing_import.loaded,
        "quarantined": billing_import.quarantined,
        "quarantine_file": quarantine.path if quarantine else None,
        "warnings": billing_import.warnings,
        "state": billing_import.state,
        **({"error": billing_import.error_code} if billing_import.error_code else {}),
    }
