"""Writes about saved filters and chosen columns."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crm.lib.services import service
from staff.exceptions import NameTaken, NotYourUnit
from staff.models import ListSetting, SavedFilter, Unit, User
from staff.selectors.lists import shareable_units


@service
def save_filter(
    *, list_name: str, query: str, name: str, unit: Unit | None, by: User
) -> SavedFilter:
    """A new filter after the person's others; NameTaken when they have one called so."""
    _refuse_foreign(unit, by)
    own = SavedFilter.objects.filter(owner=by, list_name=list_name)
    last = own.aggregate(last=Max("position"))["last"] or 0
    saved = SavedFilter(
        owner=by, list_name=list_name, query=query, name=name, unit=unit, position=last + 1
    )
    return _stored(saved)


@service
def change_filter(*, saved: SavedFilter, name: str, unit: Unit | None, by: User) -> SavedFilter:
    """Another name, shared with others or with nobody."""
    if unit != saved.unit:
        _refuse_foreign(unit, by)
    saved.name, saved.unit = name, unit
    return _stored(saved)


@service
def delete_filter(*, saved: SavedFilter, now: datetime, by: User) -> None:
    """It can be restored. Who opened the list with it opens it without again."""
    SavedFilter.objects.kept().filter(pk=saved.pk).update(deleted_at=now)


@service
def restore_filter(*, saved: SavedFilter, by: User) -> SavedFilter:
    """Undo of deleting; NameTaken when the name went to another meanwhile."""
    saved.deleted_at = None
    return _stored(saved)


@service
def move_filter_up(*, saved: SavedFilter, by: User) -> None:
    """One place to the left among the person's tabs of that list."""
    own = SavedFilter.objects.select_for_update().kept().filter(owner=by, list_name=saved.list_name)
    order = list(own.order_by("position", "pk"))
    place = order.index(saved)
    if place:
        order[place - 1 : place + 1] = order[place], order[place - 1]
    for position, each in enumerate(order, 1):
        each.position = position
    SavedFilter.objects.bulk_update(order, ["position"])


@service
def open_list_with(*, list_name: str, saved: SavedFilter | None, by: User) -> None:
    """The filter a list opens with when no other is asked for; None: with all rows."""
    ListSetting.objects.update_or_create(
        person=by, list_name=list_name, defaults={"default_filter": saved}
    )


@service
def choose_columns(*, list_name: str, columns: Sequence[str], by: User) -> None:
    """The columns of a list in their order; none at all: as it comes."""
    ListSetting.objects.update_or_create(
        person=by, list_name=list_name, defaults={"columns": list(columns)}
    )


def _refuse_foreign(unit: Unit | None, by: User) -> None:
    if unit is not None and unit.pk not in shareable_units(by).values_list("pk", flat=True):
        raise NotYourUnit(_("You can share with your own unit and those below it."))


def _stored(saved: SavedFilter) -> SavedFilter:
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        raise NameTaken(_("You have a filter of this name on this list already.")) from error
    return saved
