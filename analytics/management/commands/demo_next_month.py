"""Bills to hand in by yourself: the month after the newest one loaded."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Client
from analytics.demo.next_month import CLIENT, write_next_month
from analytics.models import BillingPeriod
from crm.lib.months import month_after


class Command(BaseCommand):
    help = "Write the demo company's bills of the next month, in which one client drops sharply."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--out", type=Path, default=Path(), metavar="FOLDER", help="default: this folder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        months = list(BillingPeriod.objects.order_by("month").values_list("month", flat=True))
        if not months or not Client.objects.filter(code=CLIENT.code, name=CLIENT.name).exists():
            raise CommandError("The demo company is not loaded here.")
        options["out"].mkdir(parents=True, exist_ok=True)
        try:
            written = write_next_month(
                options["out"], first_month=months[0], month=month_after(months[-1])
            )
        except ValueError as error:
            raise CommandError(f"These are not the months of the demo: {error}.") from error
        for file in written:
            self.stdout.write(f"{file.path}  --kind {file.kind}  {file.rows} rows")
