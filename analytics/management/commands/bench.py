"""Measure speed; docs/performance.md says what each figure means."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.bench.alerts import alerts_20k
from analytics.bench.archive import archive_pages, handover_1000
from analytics.bench.figures import FULL, QUICK, Figure
from analytics.bench.imports import (
    import_1m,
    import_1m_first,
    import_3m,
    import_xlsx_200k,
    peer_import_export,
    reimport_corrected_1m,
)
from analytics.bench.pages import pages, pages_during_import
from analytics.bench.scratch import Scratch, scratch_of

BENCHES: dict[str, Callable[[Scratch], Iterator[Figure]]] = {
    "import_1m": import_1m,
    "import_1m_first": import_1m_first,
    "import_3m": import_3m,
    "reimport_corrected_1m": reimport_corrected_1m,
    "import_xlsx_200k": import_xlsx_200k,
    "peer_import_export": peer_import_export,
    "alerts_20k": alerts_20k,
    "pages": pages,
    "pages_during_import": pages_during_import,
    "archive_pages": archive_pages,
    "handover_1000": handover_1000,
}


class Command(BaseCommand):
    help = "Measure speed in a scratch database; one JSON object per figure."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
        parser.add_argument("--quick", action="store_true", help="a twentieth of everything")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = set(options["names"]) - set(BENCHES)
        if unknown:
            raise CommandError(f"No such figure: {', '.join(sorted(unknown))}.")
        with scratch_of(QUICK if options["quick"] else FULL) as made:
            for name in options["names"] or BENCHES:
                for figure in BENCHES[name](made):
                    self.stdout.write(figure.as_json())
                    self.stdout.flush()
