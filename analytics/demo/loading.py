"""The demo company put into the database: people directly, everything else by the importer."""

import secrets
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import Client
from analytics.choices import ImportState
from analytics.demo import people
from analytics.demo.activity import make_activity
from analytics.demo.bills import last_complete_month
from analytics.demo.cases import make_cases
from analytics.demo.files import DemoFile, write_demo_files
from analytics.demo.papers import make_papers
from analytics.importing import cells
from analytics.services import imports, periods
from crm.lib.months import month_after
from staff.models import Appointment, Position, Unit, User

Tell = Callable[[str], None]
IMPORTER = "operations"


class DemoFailed(Exception):
    """A demo file did not load as it should."""


def is_empty() -> bool:
    """True for a database nobody has worked in yet."""
    return not User.objects.exists() and not Client.objects.exists()


def demo_password() -> str:
    """One password for all demo people, made once for this installation."""
    path = Path(settings.DATA_DIR) / "demo_password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(f"demo-{secrets.token_hex(4)}")
    return path.read_text()


def load_demo(*, now: datetime, tell: Tell) -> None:
    """People, 13 months of bills with everything that is wrong with them, and some work done."""
    last_month = last_complete_month(timezone.localtime(now).date())
    load_people(demo_password())
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        tell("Writing the demo company's files …")
        for file in write_demo_files(Path(folder), last_month=last_month):
            _import(file, now=now, tell=tell)
    tell("Visits and closed alerts …")
    make_activity(last_month=last_month, now=now)
    make_cases(now=now)
    make_papers(now=now)


def load_people(password: str) -> None:
    """Units and users of the demo company, all with the same password."""
    units: dict[str, Unit] = {}
    for unit in people.UNITS:
        units[unit.code] = Unit.objects.create(
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            parent=units[unit.parent] if unit.parent else None,
        )
    # Hashing is slow on purpose; once is enough for one password.
    template = User()
    template.set_password(password)
    User.objects.bulk_create(
        User(
            username=user.username,
            full_name=user.full_name,
            role=user.role,
            unit=units[user.unit],
            title=user.title,
            language=user.language,
            password=template.password,
            must_acknowledge=False,
        )
        for user in people.USERS
    )
    _appoint()


def _appoint() -> None:
    """Positions by title; long before the first bills."""
    positions = {position.code: position for position in Position.objects.all()}
    Appointment.objects.bulk_create(
        Appointment(
            person=person,
            position=positions[people.POSITIONS[person.title]],
            unit=person.unit,
            started_on=date(2020, 1, 1),
        )
        for person in User.objects.select_related("unit").order_by("pk")
        if person.title in people.POSITIONS
    )


def _import(file: DemoFile, *, now: datetime, tell: Tell) -> None:
    operations = User.objects.filter(role=IMPORTER).order_by("pk").first()
    month = cells.period(file.period) if file.period else None
    when = _run_time(month, now) if month else now
    with file.path.open("rb") as content:
        billing_import = imports.hand_in_file(
            file=content,
            file_name=file.path.name,
            size=file.path.stat().st_size,
            kind=file.kind,
            by=operations,
            in_background=False,
        )
    imports.run_import(billing_import, now=when)
    if billing_import.state != ImportState.LOADED:
        raise DemoFailed(f"{file.path.name}: {billing_import.error_code}")
    tell(
        f"{file.path.name}: {billing_import.loaded} rows loaded, "
        f"{billing_import.quarantined} quarantined"
    )
    if file.kind == "product_bill" and month:
        # The last file of each month.
        periods.complete_period(month=month, now=when, by=operations)


def _run_time(month: date, now: datetime) -> datetime:
    """The night the monthly job would have run: the third of the next month, 02:00."""
    night = datetime.combine(month_after(month) + timedelta(days=2), datetime.min.time())
    return min(timezone.make_aware(night.replace(hour=2)), now)
