"""Make a member of staff; the first people of an installation come from here."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from staff.choices import Role
from staff.models import Unit
from staff.services import people


class Command(BaseCommand):
    help = "Create a user. Asks for the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="full name")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--unit", help="code of the unit; the top of the tree when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        password = getpass("Password: ")
        try:
            validate_password(password)
            unit = self._unit(options["unit"])
            user = people.create_user(
                username=options["username"],
                full_name=options["name"],
                role=options["role"],
                unit=unit,
                password=password,
                by=None,
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{user.username}: {user.get_role_display()}, {unit}")

    def _unit(self, code: str | None) -> Unit:
        if code is None:
            return people.found_root_unit(by=None)
        try:
            return Unit.objects.get(code=code)
        except Unit.DoesNotExist:
            raise CommandError(f"No unit has the code {code}.") from None
