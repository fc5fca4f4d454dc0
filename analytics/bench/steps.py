"""What runs in a process of its own: `python -m analytics.bench.steps STEP …`, JSON on the last line."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 -- after django.setup
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from analytics.bench import alert_facts, archive_data, archive_visits, handovers, page_visits  # noqa: E402
from analytics.bench.figures import LAST_MONTH, ROSTER  # noqa: E402
from analytics.choices import ImportKind, ImportState  # noqa: E402
from analytics.demo import files  # noqa: E402
from analytics.services import imports  # noqa: E402
from analytics.tasks import give_way  # noqa: E402


def write_files(folder: str, clients: str, members: str) -> dict[str, Any]:
    """The roster and the bills of the last two months."""
    counts = {"clients": int(clients), "members": int(members)}
    company = files.bench_company(seed=files.DEFAULT_SEED, **counts)
    files.write_client_roster(Path(folder) / ROSTER, company)
    files.write_bench_bills(Path(folder), months=2, last_month=LAST_MONTH, **counts)
    return {}


def migrate() -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    return {}


def settle() -> dict[str, Any]:
    """As autovacuum would after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {}


def load(file_name: str, kind: str) -> dict[str, Any]:
    """Import one file as the worker does; seconds of `run_import` and the peak of this process."""
    give_way()
    imports.warm_up()
    path = Path(file_name)
    with path.open("rb") as file:
        billing_import = imports.hand_in_file(
            file=file,
            file_name=path.name,
            size=path.stat().st_size,
            kind=kind,
            completes_period=kind == ImportKind.MEMBER_BILL,
            in_background=False,
            by=None,
        )
    started = time.perf_counter()
    imports.run_import(billing_import, now=timezone.now())
    seconds = time.perf_counter() - started
    if billing_import.state != ImportState.LOADED:
        raise SystemExit(f"{path.name}: {billing_import.state} {billing_import.error_code}")
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "megabytes": kilobytes / 1024, "loaded": billing_import.loaded}


def rival(bill: str, setting: str) -> dict[str, Any]:
    # Its packages would count among the memory of every other step.
    from analytics.bench import peer  # noqa: PLC0415

    return peer.measure(bill, setting)


def workbook(action: str, *paths: str) -> dict[str, Any]:
    from analytics.bench import workbook  # noqa: PLC0415 -- as above

    return getattr(workbook, action)(*paths)


STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    "write_files": write_files,
    "migrate": migrate,
    "settle": settle,
    "load": load,
    "alerts": alert_facts.measure,
    "pages": page_visits.measure,
    "make_archive": archive_data.make_archive,
    "archive_pages": archive_visits.measure,
    "handover_1000": handovers.measure,
    "pages_during_import": page_visits.measure_during_import,
    "workbook": workbook,
    "peer": rival,
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])) + "\n")
