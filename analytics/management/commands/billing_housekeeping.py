"""The nightly round by hand: partitions ahead, old bills, expired undos and files."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from analytics.services.housekeeping import keep_house


class Command(BaseCommand):
    help = "Do the nightly round of the bills now and print what it did as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        done = keep_house(now=timezone.now(), by=None)
        self.stdout.write(json.dumps(done.as_json()))
