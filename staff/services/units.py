"""Writes about the unit tree."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from crm.lib.services import service
from staff import holdings
from staff.choices import PARENT_KINDS, UnitKind
from staff.exceptions import ImpossiblePlace, MoveOutdated, OutOfReach, UnitInUse
from staff.models import Unit, UnitMove, User
from staff.services.authority import require_unit


@service
def create_unit(*, code: str, name: str, kind: str, parent: Unit | None, by: User | None) -> Unit:
    """A new node of the tree; ValidationError for a code that is taken, ImpossiblePlace."""
    if parent is not None:
        require_unit(by, parent)
        _lock_tree()
        check_place(kind, parent)
    elif by is not None:
        raise OutOfReach(_("A new unit stands below another one."))
    unit = Unit(code=code, name=name, kind=kind, parent=parent)
    unit.full_clean()
    unit.save(force_insert=True)
    return unit


@service
def found_root_unit(*, by: User | None) -> Unit:
    """The top of the tree; made when missing, so that a bare installation can import at once."""
    unit = Unit.objects.filter(parent=None).order_by("pk").first()
    return unit or Unit.objects.create(code="ROOT", name="Company", kind=UnitKind.PROVINCE)


@service
def rename_unit(*, unit: Unit, code: str, name: str, by: User | None) -> Unit:
    """Code and name; where it stands changes by `move_unit` only."""
    require_unit(by, unit)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    unit.code, unit.name = code, name
    unit.full_clean()
    unit.save(update_fields=["code", "name"])
    return unit


@service
def move_unit(*, unit: Unit, parent: Unit, now: datetime, by: User | None) -> UnitMove:
    """Hang a unit with everything below it elsewhere; who sees it changes at once (P3)."""
    require_unit(by, unit, parent)
    if by is not None and unit.pk == by.unit_id:
        raise OutOfReach(_("Your own unit is moved by somebody above it."))
    _lock_tree()
    unit, parent = Unit.objects.get(pk=unit.pk), Unit.objects.get(pk=parent.pk)
    if unit.parent is None:
        raise ImpossiblePlace(_("The top of the tree stays where it is."))
    check_place(unit.kind, parent, unit=unit)
    move = UnitMove.objects.create(
        unit=unit, from_parent=unit.parent, to_parent=parent, moved_at=now, moved_by=by
    )
    unit.parent = parent
    unit.save(update_fields=["parent"])
    return move


@service
def undo_move(*, move: UnitMove, now: datetime, by: User | None) -> UnitMove:
    """Put the subtree back, unless it has moved on or was put back already."""
    require_unit(by, move.unit, move.from_parent)
    _lock_tree()
    move = (
        UnitMove.objects.select_for_update().select_related("unit", "from_parent").get(pk=move.pk)
    )
    if move.undone_at is not None or move.unit.parent_id != move.to_parent_id:
        raise MoveOutdated(_("The unit has been moved again since; move it where it belongs."))
    check_place(move.unit.kind, move.from_parent, unit=move.unit)
    move.unit.parent = move.from_parent
    move.unit.save(update_fields=["parent"])
    move.undone_at = now
    move.save(update_fields=["undone_at"])
    return move


@service
def close_unit(*, unit: Unit, today: date, by: User | None) -> Unit:
    """An empty unit takes nothing new; UnitInUse while anything is in it."""
    require_unit(by, unit)
    if by is not None and unit.pk == by.unit_id:
        raise OutOfReach(_("Your own unit is closed by somebody above it."))
    _lock_tree()
    unit = Unit.objects.get(pk=unit.pk)
    if reasons := what_is_in(unit):
        raise UnitInUse(_("Still in this unit: %s.") % ", ".join(reasons))
    unit.closed_on = unit.closed_on or today
    unit.save(update_fields=["closed_on"])
    return unit


@service
def reopen_unit(*, unit: Unit, by: User | None) -> Unit:
    """Undo of closing; the unit above must be open."""
    require_unit(by, unit)
    _lock_tree()
    unit = Unit.objects.select_related("parent").get(pk=unit.pk)
    if unit.parent is not None:
        check_place(unit.kind, unit.parent, unit=unit)
    unit.closed_on = None
    unit.save(update_fields=["closed_on"])
    return unit


def check_place(kind: str, parent: Unit, *, unit: Unit | None = None) -> None:
    """ImpossiblePlace for cycles, wrong kinds and closed units."""
    if unit is not None and (
        Unit.objects.descendants(unit, include_self=True).filter(pk=parent.pk).exists()
    ):
        raise ImpossiblePlace(_("A unit cannot stand below itself."))
    if parent.kind not in PARENT_KINDS[kind]:
        raise ImpossiblePlace(
            _("A unit of kind “%(kind)s” cannot stand below one of kind “%(above)s”.")
            % {"kind": UnitKind(kind).label, "above": parent.get_kind_display()}
        )
    if parent.closed_on is not None:
        raise ImpossiblePlace(_("%(unit)s is closed.") % {"unit": parent.name})


def what_is_in(unit: Unit) -> list[str]:
    """What keeps a unit from being closed, with numbers."""
    found = [
        (_("units below"), Unit.objects.open().filter(parent=unit).count()),
        (_("active people"), User.objects.active().filter(unit=unit).count()),
        *(
            (str(each.label), each.by_unit([unit.pk]).get(unit.pk, 0))
            for each in holdings.all_holdings()
        ),
    ]
    return [f"{label} ({number})" for label, number in found if number]


def _lock_tree() -> None:
    """Two moves at once could make a circle that neither alone makes."""
    list(Unit.objects.filter(parent=None).select_for_update().order_by("pk").values_list("pk"))
