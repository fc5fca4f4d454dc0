"""End a person's access: sessions and tokens stop with the next request (P4)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from staff.models import User
from staff.services import people


class Command(BaseCommand):
    help = "Disable a user's account, or enable it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--enable", action="store_true", help="give the access back")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"No user is called {options['username']}.")
        people.set_active(user=user, is_active=options["enable"], by=None)
        self.stdout.write(f"{user.username}: {'enabled' if options['enable'] else 'disabled'}")
