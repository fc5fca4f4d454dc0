"""Mark a month complete, make its facts and run its alerts."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analytics.management.commands.import_file import month_argument
from analytics.models import AlertReading, ClientMonth
from analytics.services import periods
from crm.lib.exceptions import DomainError


class Command(BaseCommand):
    help = "Facts and alerts for a month whose files are all loaded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", metavar="YYYY-MM")

    def handle(self, *args: Any, **options: Any) -> None:
        month = month_argument(options["month"])
        try:
            period = periods.complete_period(month=month, now=timezone.now(), by=None)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            json.dumps(
                {
                    "period": str(period),
                    "state": period.state,
                    "clients": ClientMonth.objects.in_month(month).count(),
                    "readings": AlertReading.objects.holding().filter(period=month).count(),
                }
            )
        )
