"""Add a unit to the tree; a first installation builds its tree with this."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from staff.choices import UnitKind
from staff.models import Unit
from staff.services import people


class Command(BaseCommand):
    help = "Create a unit below another one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code")
        parser.add_argument("name")
        parser.add_argument("--kind", required=True, choices=UnitKind.values)
        parser.add_argument("--parent", help="code of the unit above; left out for the top")

    def handle(self, *args: Any, **options: Any) -> None:
        parent = None
        if options["parent"]:
            parent = Unit.objects.filter(code=options["parent"]).first()
            if parent is None:
                raise CommandError(f"No unit has the code {options['parent']}.")
        try:
            unit = people.create_unit(
                code=options["code"],
                name=options["name"],
                kind=options["kind"],
                parent=parent,
                by=None,
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{unit.code} {unit.name}")
