"""What the page of an import says about its life after loading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import Client, Contact
from analytics.models import BillingImport
from analytics.selectors.undo_time import undo_until
from analytics.selectors.undoing import Obstacle, obstacle_to_undo
from staff.models import User

FIELDS_OF = {model._meta.label_lower: model for model in (Client, Contact)}


@dataclass(frozen=True)
class Conflict:
    """A field that an undo left alone, because somebody had changed it since."""

    name: str
    field: str


@dataclass(frozen=True)
class ImportHistory:
    """`undo_until` is None when nothing was loaded; `first_url` leads to what must go before."""

    replaced: Sequence[BillingImport]
    replaced_by: Sequence[BillingImport]
    has_original: bool
    undo_until: datetime | None
    obstacle: Obstacle | None
    first_url: str
    conflicts: Sequence[Conflict]


def history_of(billing_import: BillingImport, user: User, now: datetime) -> ImportHistory:
    visible = BillingImport.objects.visible_to(user)
    related = visible.filter(
        Q(number__in=billing_import.replaced_imports)
        | Q(replaced_imports__contains=[billing_import.number])
    )
    others = list(related.order_by("number"))
    obstacle = obstacle_to_undo(billing_import, now)
    first = obstacle.first if obstacle else None
    is_visible = first is not None and visible.filter(pk=first.pk).exists()
    return ImportHistory(
        replaced=[each for each in others if each.number in billing_import.replaced_imports],
        replaced_by=[each for each in others if each.number not in billing_import.replaced_imports],
        has_original=bool(billing_import.file),
        undo_until=undo_until(billing_import),
        obstacle=obstacle,
        first_url=first.get_absolute_url() if first and is_visible else "",
        conflicts=[
            Conflict(each["name"], _label(each["model"], each["field"]))
            for each in billing_import.undo_report.get("conflicts", [])
        ],
    )


def _label(model: str, name: str) -> str:
    known = FIELDS_OF.get(model)
    return str(known._meta.get_field(name).verbose_name) if known else name  # type: ignore[union-attr]
