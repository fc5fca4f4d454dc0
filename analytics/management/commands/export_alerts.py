"""The month's readings as CSV."""

import csv
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand

from analytics.management.commands.import_file import month_argument
from analytics.selectors.readings import READING_COLUMNS, reading_rows


class Command(BaseCommand):
    help = "One line per reading of the month whose condition holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", metavar="YYYY-MM")
        parser.add_argument("--out", type=Path, help="write to this file instead of the screen")

    def handle(self, *args: Any, **options: Any) -> None:
        month = month_argument(options["month"])
        if options["out"] is None:
            self._write(sys.stdout, month)
            return
        with options["out"].open("w", encoding="utf-8", newline="") as file:
            lines = self._write(file, month)
        self.stdout.write(json.dumps({"period": f"{month:%Y-%m}", "lines": lines}))

    def _write(self, file: TextIO, month: Any) -> int:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(READING_COLUMNS)
        rows = reading_rows(month)
        writer.writerows(rows)
        return len(rows)
