"""The two records of a suspected pair, beside each other (ARC-20, ADR 0045)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Client, Contact, SuspectedPair
from crm.lib.masking import masked_phone
from crm.lib.text import listed
from staff.models import User

CLIENT_FIELDS = (
    "name", "code", "unit", "owner", "client_class", "nature", "industry", "status", "address",
    "employees", "founded_on", "income", "active_members", "completeness",
)  # fmt: skip
CONTACT_FIELDS = (
    "name", "client", "title", "department", "kind", "mobile", "phone", "email", "birthday",
    "is_decision_maker",
)  # fmt: skip
NUMBERS = {"mobile", "phone", "own_line"}  # in full for nobody here (SEC-10)
COUNTED = 100
# Columns that belong together, shown as one.
GROUPED = {"birthday": gettext_lazy("Birthday"), "latitude": gettext_lazy("Latitude and longitude")}


@dataclass(frozen=True)
class Compared:
    """One field of both records, as shown; `differs` goes by what is stored."""

    label: str
    first: str
    second: str
    differs: bool


def compared(pair: SuspectedPair) -> list[Compared]:
    """The fields in which the two differ, then those that are equal in both and not empty."""
    one, two = pair.records
    names = CONTACT_FIELDS if isinstance(one, Contact) else CLIENT_FIELDS
    rows = [_row(name, one, two) for name in names]
    since = [timezone.localtime(record.created_at) for record in (one, two)]
    on_file = (f"{since[0]:%Y-%m-%d}", f"{since[1]:%Y-%m-%d}")
    rows.append(Compared(_("On file since"), *on_file, differs=on_file[0] != on_file[1]))
    return sorted((row for row in rows if row.first or row.second), key=lambda row: not row.differs)


def _row(name: str, one: Client | Contact, two: Client | Contact) -> Compared:
    stored = [getattr(one, name), getattr(two, name)]
    return Compared(label_of(one, name), shown(one, name), shown(two, name), stored[0] != stored[1])


def label_of(record: Client | Contact, name: str) -> str:
    if name in GROUPED:
        return force_str(GROUPED[name])
    label = force_str(getattr(record._meta.get_field(name), "verbose_name", name))
    return label[:1].upper() + label[1:]


def shown(record: Any, name: str) -> str:
    value = getattr(record, name)
    if name in NUMBERS:
        return masked_phone(value)
    if name == "birthday":
        return str(record.spoken_birthday)
    if name == "latitude":
        return "" if value is None else f"{record.latitude:.5f}, {record.longitude:.5f}"
    if isinstance(value, list):
        return listed([str(each) for each in getattr(record, f"{name[:-1]}_labels", value)])
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(record, f"get_{name}_display"):
        return str(getattr(record, f"get_{name}_display")())
    if isinstance(value, User):
        return value.full_name
    return "" if value is None else str(value)


def waiting(user: User | AnonymousUser) -> str:
    """How many pairs the person may judge, as far as anybody would count: `99+`."""
    number = SuspectedPair.objects.visible_to(user).open().order_by()[:COUNTED].count()
    return f"{COUNTED - 1}+" if number == COUNTED else str(number)


def fields_differing(rows: Sequence[Compared]) -> int:
    return sum(row.differs for row in rows)
