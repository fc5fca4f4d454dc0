"""Fill an empty database with the demo company, through the real importer."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from analytics.demo import loading


class Command(BaseCommand):
    help = "Load the demo company into an empty database; does nothing otherwise."

    def handle(self, *args: Any, **options: Any) -> None:
        if not loading.is_empty():
            self.stdout.write("The database is not empty; nothing was loaded.")
            return
        loading.load_demo(now=timezone.now(), tell=self.stdout.write)
