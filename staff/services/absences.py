"""Writes about absences: asked for, decided, taken back."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from crm.lib.services import service
from staff.choices import AbsenceState
from staff.exceptions import (
    AbsenceDecided,
    AbsenceOverlaps,
    DeputyNotPossible,
    OutOfReach,
    OwnDecision,
)
from staff.models import Absence, User
from staff.selectors.absences import may_decide, overseers_of, people_to_excuse, possible_deputies
from staff.services.work import notify


@service
def enter_absence(
    *,
    person: User,
    starts_on: date,
    ends_on: date,
    kind: str,
    deputy: User | None,
    note: str,
    now: datetime,
    by: User,
) -> Absence:
    """Leave has to be asked for (ORG-30); entered by who decides about it, it is approved at once.

    The supervisor is told of a request, the deputy of an approval.
    """
    if not people_to_excuse(by).filter(pk=person.pk).exists():
        raise OutOfReach(_("You may not enter absences of this person."))
    person = User.objects.select_for_update().get(pk=person.pk)
    absence = Absence(
        person=person, deputy=deputy, kind=kind, starts_on=starts_on, ends_on=ends_on, note=note
    )
    absence.full_clean()
    _check(absence)
    absence.save(force_insert=True)
    if may_decide(by, person):
        return approve_absence(absence=absence, now=now, by=by)
    _tell(overseers_of(person), "absence-requested", absence, by)
    return absence


@service
def approve_absence(*, absence: Absence, now: datetime, by: User) -> Absence:
    """From now on the deputy sees the person's work on those days."""
    absence = _lock(absence, by)
    _check(absence)
    _decide(absence, AbsenceState.APPROVED, now, by)
    _tell([absence.person], "absence-approved", absence, by)
    if absence.deputy:
        _tell([absence.deputy], "absence-deputy", absence, by)
    return absence


@service
def refuse_absence(*, absence: Absence, now: datetime, by: User) -> Absence:
    absence = _lock(absence, by)
    _decide(absence, AbsenceState.REFUSED, now, by)
    _tell([absence.person], "absence-refused", absence, by)
    return absence


@service
def take_back_absence(*, absence: Absence, by: User) -> Absence:
    """The person stays or is back early: the deputy's sight ends at once."""
    if by.pk != absence.person_id and not may_decide(by, absence.person):
        raise OutOfReach(_("You may not enter absences of this person."))
    absence = Absence.objects.select_for_update(of=("self",)).get(pk=absence.pk)
    if not absence.is_standing:
        raise AbsenceDecided(_("This absence was refused or taken back already."))
    absence.state = AbsenceState.CANCELLED
    absence.save(update_fields=["state"])
    return absence


def _lock(absence: Absence, by: User) -> Absence:
    rows = Absence.objects.select_for_update(of=("self",)).select_related("person", "deputy")
    absence = rows.get(pk=absence.pk)
    if by.pk == absence.person_id:
        raise OwnDecision(_("Somebody else decides about your own absence."))
    if not may_decide(by, absence.person):
        raise OutOfReach(_("You may not decide about absences of this person."))
    if not absence.is_undecided:
        raise AbsenceDecided(_("This absence is decided already."))
    return absence


def _decide(absence: Absence, state: str, now: datetime, by: User) -> None:
    absence.state, absence.decided_by, absence.decided_at = state, by, now
    absence.save(update_fields=["state", "decided_by", "decided_at"])


def _check(absence: Absence) -> None:
    """One absence at a time; a deputy who may and is there."""
    others = Absence.objects.standing().touching(absence.starts_on, absence.ends_on)
    others = others.exclude(pk=absence.pk)
    if others.filter(person=absence.person).exists():
        raise AbsenceOverlaps(_("There is an absence of this person on these days already."))
    if absence.deputy is None:
        return
    if not possible_deputies(absence.person).filter(pk=absence.deputy.pk).exists():
        raise DeputyNotPossible(_("This person cannot stand in."))
    if others.filter(person=absence.deputy).exists():
        raise DeputyNotPossible(_("The deputy is away on these days, too."))


def _tell(recipients: list[User], kind: str, absence: Absence, by: User) -> None:
    notify(
        recipients=recipients,
        kind=kind,
        key=f"{kind}:{absence.pk}",
        params={
            "person": absence.person.full_name,
            "from": f"{absence.starts_on:%Y-%m-%d}",
            "until": f"{absence.ends_on:%Y-%m-%d}",
        },
        link=absence.get_absolute_url(),
        by=by,
    )
