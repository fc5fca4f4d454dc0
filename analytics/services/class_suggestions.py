"""Writes about class criteria and the suggestions that come of them (AMB-06, ADR 0026)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import ClassSource
from accounts.models import ClassProposal, Client
from accounts.services.classes import propose_class, record_class_changes
from analytics import tasks
from analytics.choices import SuggestionState
from analytics.exceptions import NothingChanged, ReasonMissing, RuleOutOfReach
from analytics.models import ClassSuggestion, ClientMonth, CriteriaVersion
from analytics.selectors.class_criteria import Judged, criteria_in_force, judged
from analytics.selectors.rule_settings import may_change
from crm.lib.exceptions import DomainError
from crm.lib.services import service
from staff.models import Unit, User
from staff.selectors import supervisors_by_unit
from staff.services.work import notify

VALUES = ("months", "a_income", "a_members", "b_income", "b_members", "needs_both")
BATCH = 1000


# Criteria ---------------------------------------------------------------------------------------


@service
def change_criteria(
    *,
    unit: Unit | None,
    months: int,
    a_income: Decimal,
    a_members: int,
    b_income: Decimal,
    b_members: int,
    needs_both: bool,
    reason: str,
    by: User,
) -> CriteriaVersion:
    """A new version; it acts with the next suggestions."""
    trial = CriteriaVersion(
        unit=unit,
        months=months,
        a_income=a_income,
        a_members=a_members,
        b_income=b_income,
        b_members=b_members,
        needs_both=needs_both,
    )
    return _add(trial, reason, by)


@service
def remove_criteria(*, unit: Unit, reason: str, by: User) -> CriteriaVersion:
    """The unit follows the wider setting again; its history stays."""
    current = CriteriaVersion.objects.current().filter(unit=unit).first()
    if current is None:
        raise NothingChanged(_("There is no setting of its own to take back."))
    values = {name: getattr(current, name) for name in VALUES}
    return _add(CriteriaVersion(unit=unit, is_removed=True, **values), reason, by)


def _add(trial: CriteriaVersion, reason: str, by: User) -> CriteriaVersion:
    if not may_change(by, trial.unit):
        raise RuleOutOfReach(_("You may only change settings of your own units."))
    if not reason.strip():
        raise ReasonMissing(_("Say why the setting is changed."))
    _take_turns()
    known = CriteriaVersion.objects.filter(unit=trial.unit)
    newest = known.order_by("-version").first()
    same = (*VALUES, "is_removed")
    if newest and all(getattr(newest, name) == getattr(trial, name) for name in same):
        raise NothingChanged(_("The setting is like this already."))
    trial.version = (known.aggregate(newest=Max("version"))["newest"] or 0) + 1
    trial.reason = reason.strip()
    trial.created_by = by
    trial.save(force_insert=True)
    return trial


def _take_turns() -> None:
    """Changes of criteria and runs of the job wait for each other on the first general version."""
    first = CriteriaVersion.objects.select_for_update(of=("self",))
    list(first.filter(unit=None, version=1))


# Making suggestions -----------------------------------------------------------------------------


@service
def order_suggestions(*, by: User) -> None:
    """The job runs now instead of next year; whoever decides learns of the result."""
    if not may_change(by, None):
        raise RuleOutOfReach(_("Only who sets the criteria for everybody starts the job."))
    transaction.on_commit(tasks.suggest_classes_task.delay)


@service
def suggest_classes(*, now: datetime, by: User | None) -> int:
    """Brings open suggestions in line with figures and criteria; gives how many are open then.

    Clients whose class fits, who have a proposal waiting, or whose suggestion was dismissed for
    the same months have none. Running it again changes nothing.
    """
    _take_turns()
    wanted = _wanted()
    stored = {row.client_id: row for row in ClassSuggestion.objects.open().select_for_update()}
    fits = [row for pk, row in stored.items() if not _is_same(row, wanted.get(pk))]
    ClassSuggestion.objects.filter(pk__in=[row.pk for row in fits]).update(
        state=SuggestionState.OBSOLETE, decided_at=now
    )
    kept = {row.client_id for row in stored.values()} - {row.client_id for row in fits}
    _bring_up_to_date([stored[pk] for pk in kept], wanted)
    new = [found for pk, found in wanted.items() if pk not in kept]
    ClassSuggestion.objects.bulk_create([_suggestion(each, now) for each in new], batch_size=BATCH)
    _tell_supervisors(new, now, by)
    return len(wanted)


def _wanted() -> dict[UUID, Judged]:
    found = {
        each.client_id: each
        for each in judged(criteria_in_force(), ClientMonth.objects.all())
        if each.from_class != each.to_class
    }
    for client_id in ClassProposal.objects.open().values_list("client", flat=True):
        found.pop(client_id, None)
    dismissed = ClassSuggestion.objects.filter(state=SuggestionState.DISMISSED)
    for client_id, letter, until in dismissed.values_list("client", "to_class", "until_month"):
        each = found.get(client_id)
        if each and (each.to_class, each.until) == (letter, until):
            del found[client_id]
    return found


def _is_same(row: ClassSuggestion, found: Judged | None) -> bool:
    return found is not None and (row.from_class, row.to_class) == (
        found.from_class,
        found.to_class,
    )


def _bring_up_to_date(rows: Sequence[ClassSuggestion], wanted: dict[UUID, Judged]) -> None:
    for row in rows:
        found = wanted[row.client_id]
        row.income, row.active_members = found.income, found.active
        row.until_month, row.criteria = found.until, found.criteria
    ClassSuggestion.objects.bulk_update(
        rows, ["income", "active_members", "until_month", "criteria"], batch_size=BATCH
    )


def _suggestion(found: Judged, now: datetime) -> ClassSuggestion:
    return ClassSuggestion(
        client_id=found.client_id,
        from_class=found.from_class,
        to_class=found.to_class,
        income=found.income,
        active_members=found.active,
        until_month=found.until,
        criteria=found.criteria,
        made_at=now,
    )


def _tell_supervisors(new: Iterable[Judged], now: datetime, by: User | None) -> None:
    by_unit = supervisors_by_unit()
    counts = Counter(person for each in new for person in by_unit.get(each.unit_id, []))
    for person, count in counts.items():
        notify(
            recipients=[person],
            kind="class-suggestions",
            key=f"class-suggestions:{now.isoformat()}",
            params={"count": count},
            link=f"{reverse('analytics:suggestion_list')}?state=open",
            by=by,
        )


# Deciding ---------------------------------------------------------------------------------------


@service
def accept_suggestions(*, suggestions: Sequence[ClassSuggestion], now: datetime, by: User) -> int:
    """Changes the classes at once for who may decide, else proposes them; gives how many.

    Left out: those decided meanwhile, and clients whose class or proposal changed since.
    """
    open_ones = _locked(suggestions)
    if by.has_perm("accounts.change_class"):
        return _change_at_once(open_ones, now, by)
    return sum(_propose(each, now, by) for each in open_ones)


def _change_at_once(suggestions: list[ClassSuggestion], now: datetime, by: User) -> int:
    by_client = {each.client_id: each for each in suggestions}
    locked = Client.objects.filter(pk__in=by_client).order_by("pk")
    clients = [
        client
        for client in locked.select_for_update(of=("self",)).select_related("owner")
        if client.client_class == by_client[client.pk].from_class
    ]
    before = [client.client_class for client in clients]
    for client in clients:
        client.client_class, client.updated_at = by_client[client.pk].to_class, now
    Client.objects.bulk_update(clients, ["client_class", "updated_at"], batch_size=BATCH)
    for client, was in zip(clients, before, strict=True):
        suggestion = by_client[client.pk]
        (proposal,) = record_class_changes(
            clients=[client],
            classes_before=[was],
            source=ClassSource.SUGGESTION,
            reason=_sentence(suggestion),
            now=now,
            by=by,
        )
        _end(suggestion, SuggestionState.ACCEPTED, now, by, proposal=proposal)
        _tell_owner(client, proposal, by)
    return len(clients)


def _tell_owner(client: Client, proposal: ClassProposal, by: User) -> None:
    if client.owner and client.owner != by:
        notify(
            recipients=[client.owner],
            kind="class-approved",
            key=f"class-approved:{proposal.pk}",
            params={"client": client.name, "class": proposal.to_class, "person": by.full_name},
            link=proposal.get_absolute_url(),
            by=by,
        )


def _propose(suggestion: ClassSuggestion, now: datetime, by: User) -> bool:
    try:
        with transaction.atomic():
            proposal = propose_class(
                client=suggestion.client,
                to_class=suggestion.to_class,
                reason=_sentence(suggestion),
                now=now,
                by=by,
            )
    except DomainError:
        return False  # its class is like this by now, or a proposal waits
    _end(suggestion, SuggestionState.ACCEPTED, now, by, proposal=proposal)
    return True


@service
def dismiss_suggestions(
    *, suggestions: Sequence[ClassSuggestion], reason: str, now: datetime, by: User
) -> int:
    """They are not made again for the same months; the reason stays."""
    if not reason.strip():
        raise ReasonMissing(_("Say why the suggestions are dismissed."))
    open_ones = _locked(suggestions)
    for each in open_ones:
        _end(each, SuggestionState.DISMISSED, now, by, reason=reason.strip())
    return len(open_ones)


def _locked(suggestions: Sequence[ClassSuggestion]) -> list[ClassSuggestion]:
    rows = ClassSuggestion.objects.open().filter(pk__in=[each.pk for each in suggestions])
    rows = rows.select_for_update(of=("self",)).select_related("client", "criteria")
    return list(rows.order_by("pk"))


def _end(
    suggestion: ClassSuggestion,
    state: SuggestionState,
    now: datetime,
    by: User,
    *,
    reason: str = "",
    proposal: ClassProposal | None = None,
) -> None:
    suggestion.state, suggestion.reason, suggestion.proposal = state, reason, proposal
    suggestion.decided_at, suggestion.decided_by = now, by
    suggestion.save()


def _sentence(suggestion: ClassSuggestion) -> str:
    return _(
        "Yearly suggestion until %(until)s: mean income %(income)s over %(months)s months, "
        "%(members)s active members."
    ) % {
        "until": f"{suggestion.until_month:%Y-%m}",
        "income": f"{suggestion.income:,}",
        "months": suggestion.criteria.months,
        "members": suggestion.active_members,
    }
