"""Every small change to the code that decides who sees what makes this matrix differ (P7).

One world of people and rows; `sight` says who sees which, `EXPECTED` what is right. Each mutant of
each function in `SCOPING` must change it, or raise. `make mutate` runs this folder alone.
"""

import zoneinfo
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Client, Report, SuspectedPair
from complaints.models import Case
from crm.lib.scoping import RowScope, ScopedQuerySet, ScopePaths
from staff.choices import AbsenceState, ExportState, Role
from staff.models import Export, Notification, Task, User
from staff.models.absences import AbsenceQuerySet
from staff.models.exports import ExportQuerySet
from tests.architecture.our_models import our_models
from tests.factories.accounts import ClientFactory
from tests.factories.complaints import CaseFactory
from tests.factories.pairs import SuspectedPairFactory
from tests.factories.reports import ReportFactory
from tests.factories.staff import (
    AbsenceFactory,
    ExportFactory,
    NotificationFactory,
    TaskFactory,
    UserFactory,
)
from tests.scoping.mutation import Mutant, mutants_of

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P7", "P1")]

SCOPING = [
    (ScopePaths, "via"),
    (ScopePaths, "condition"),
    (ScopePaths, "_own_condition"),
    (ScopedQuerySet, "visible_to"),
    (User, "row_scope"),
    (User, "standing_in"),
    (User, "_deputyships_today"),
    (User, "_subtree_and_away"),
    (AbsenceQuerySet, "in_force"),
    (ExportQuerySet, "overseen_by"),
    (ExportQuerySet, "in_log_of"),
    (ExportQuerySet, "waiting"),
    (ExportQuerySet, "to_be_decided_by"),
]
# Changes that change nothing, and why.
EQUIVALENT = {
    "ScopePaths._own_condition: self.for_deputies and scope.stands_in_for → self.for_deputies":
        "nobody to stand in for gives an empty list of people",
    "ScopePaths._own_condition: if scope.unit_ids: → if True": "no units give an empty list of units",
    "ScopedQuerySet.visible_to: not user.is_authenticated or not user.is_active → "
    "not user.is_active": "who is not signed in is not active either",
    "User._subtree_and_away: tuple(rows[0][1]) if rows else () → if True":
        "a unit is always in its own subtree",
    "ExportQuerySet.in_log_of: if user.has_perm('accounts.view_disclosures'): → if True":
        "without a unit to answer for one oversees oneself",
}  # fmt: skip
EAST, WEST = "Pacific/Kiritimati", "Pacific/Pago_Pago"  # always on different days


@pytest.fixture
def world(units, manager, peer, representative, supervisor, operations, province, outsider):
    """Everybody who sees differently, and one row for each way of seeing it."""
    now = timezone.now()
    today = timezone.localdate()
    day = timedelta(days=1)
    people = SimpleNamespace(
        manager=manager,
        peer=peer,
        representative=representative,
        supervisor=supervisor,
        operations=operations,
        province=province,
        outsider=outsider,
        same=UserFactory(role=Role.SUPERVISOR, unit=units.city_1),
        top=UserFactory(role=Role.SUPERVISOR, unit=units.province),
        board=UserFactory(role=Role.PROVINCE, unit=units.province),
        boss_2=UserFactory(role=Role.SUPERVISOR, unit=units.city_2),
        disabled=UserFactory(role=Role.SUPERVISOR, unit=units.city_1, is_active=False),
        deputy=UserFactory(unit=units.team_2),
        idle=UserFactory(unit=units.team_2),
        east=UserFactory(unit=units.team_2, time_zone=EAST),
        west=UserFactory(unit=units.team_2, time_zone=WEST),
    )
    _absent(units, "away", people.deputy, today)
    _absent(units, "tomorrow", people.idle, today + day)
    _absent(units, "yesterday", people.idle, today - day)
    _absent(units, "asked", people.idle, today, state=AbsenceState.REQUESTED)
    _absent(units, "over", people.boss_2, today)
    for deputy, zone in ((people.east, EAST), (people.west, WEST)):
        _absent(units, zone, deputy, now.astimezone(zoneinfo.ZoneInfo(zone)).date())
    own = ClientFactory(code="own", owner=manager)
    peers = ClientFactory(code="peers", owner=peer)
    ClientFactory(code="represented", owner=peer, chief_representative=representative)
    foreign = ClientFactory(code="foreign", owner=outsider)
    for name, person in (("own", manager), ("foreign", outsider), ("top", province)):
        TaskFactory(kind=name, assignee=person)
        NotificationFactory(kind=name, recipient=person)
    SuspectedPairFactory(first=own, second=peers, reason="same_name")
    SuspectedPairFactory(first=own, second=foreign, reason="alike_name")
    ReportFactory(title="about own", author=outsider, about=own)
    ReportFactory(title="about foreign", author=manager, about=foreign)
    ReportFactory(title="about none", author=manager, summarising=True)
    _cases(units, foreign, outsider)
    _exports(people, now)
    return people


def _absent(units, name: str, deputy: User, day, **more) -> None:
    """Somebody of team 1 who is away that day, with a client, a task and news."""
    person = UserFactory(unit=units.team_1)
    AbsenceFactory(person=person, deputy=deputy, starts_on=day, ends_on=day,
                   **({"state": AbsenceState.APPROVED} | more))  # fmt: skip
    ClientFactory(code=name, owner=person)
    TaskFactory(kind=name, assignee=person)
    NotificationFactory(kind=name, recipient=person)


def _cases(units, foreign: Client, outsider: User) -> None:
    there = {"client": foreign, "first_responder": outsider, "receiving_unit": units.team_2}
    CaseFactory(number="handed", responsible_unit=units.team_2, handed_unit=units.team_1, **there)
    CaseFactory(number="answered", responsible_unit=units.team_1, **there)


def _exports(people: SimpleNamespace, now: datetime) -> None:
    for name in ("manager", "supervisor", "operations", "province", "outsider"):
        ExportFactory(owner=getattr(people, name), reason=name, state=ExportState.APPROVAL,
                      expires_at=now + timedelta(days=1))  # fmt: skip
    later = {"owner": people.manager, "expires_at": now + timedelta(days=1)}
    ExportFactory(reason="done", state=ExportState.DONE, **later)
    ExportFactory(reason="late", state=ExportState.APPROVAL, **(later | {"expires_at": now}))


# What is seen ------------------------------------------------------------------------------------


def sight(world: SimpleNamespace) -> dict[str, dict[str, set[str]]]:
    """Kind of row → person → what they see of it, each as with a new request."""
    now = timezone.now()
    looks: dict[str, Any] = {
        "clients": lambda user: Client.objects.visible_to(user).values_list("code"),
        "tasks": lambda user: Task.objects.visible_to(user).values_list("kind"),
        "news": lambda user: Notification.objects.visible_to(user).values_list("kind"),
        "cases": lambda user: Case.objects.visible_to(user).values_list("number"),
        "pairs": lambda user: SuspectedPair.objects.visible_to(user).values_list("reason"),
        "reports": lambda user: Report.objects.visible_to(user).values_list("title"),
        "files": lambda user: Export.objects.visible_to(user).values_list("reason"),
        "overseen": lambda user: Export.objects.overseen_by(user).values_list("reason"),
        "log": lambda user: Export.objects.in_log_of(user).values_list("reason"),
        "to decide": lambda user: (
            Export.objects.to_be_decided_by(user).waiting(now).values_list("reason")
        ),
    }
    return {
        kind: {
            name: {label for (label,) in look(User.objects.get(pk=person.pk))}
            for name, person in vars(world).items()
        }
        for kind, look in looks.items()
    }


AWAY = {"away", "tomorrow", "yesterday", "asked", "over", EAST, WEST}
NEAR = {"own", "peers", "represented"} | AWAY
EXPORTS = {"manager", "done", "late", "supervisor", "operations", "province", "outsider"}
CITY_1 = {"manager", "done", "late", "supervisor", "operations"}
NOBODY: set[str] = set()


def expected() -> dict[str, dict[str, set[str]]]:
    """Whoever is not named sees nothing."""
    mine = {"manager", "done", "late"}
    overseers = {"supervisor": CITY_1, "same": CITY_1, "operations": CITY_1, "province": EXPORTS,
                 "board": EXPORTS, "top": EXPORTS, "outsider": {"outsider"},
                 "boss_2": {"outsider"}}  # fmt: skip
    city_tasks = AWAY | {"own"}
    return {
        "clients": {
            "manager": {"own"}, "peer": {"peers", "represented"}, "representative": {"represented"},
            "supervisor": NEAR, "same": NEAR, "operations": NEAR, "province": NEAR | {"foreign"},
            "top": NEAR | {"foreign"}, "board": NEAR | {"foreign"}, "outsider": {"foreign"},
            "boss_2": {"foreign", "over"}, "deputy": {"away"}, "east": {EAST}, "west": {WEST},
        },
        "tasks": {
            "manager": {"own"}, "supervisor": city_tasks, "same": city_tasks,
            "operations": city_tasks, "province": city_tasks | {"foreign", "top"},
            "top": city_tasks | {"foreign", "top"}, "board": city_tasks | {"foreign", "top"},
            "outsider": {"foreign"},
            "boss_2": {"foreign", "over"}, "deputy": {"away"}, "east": {EAST}, "west": {WEST},
        },
        "news": {"manager": {"own"}, "outsider": {"foreign"}, "province": {"top"}},
        "cases": {
            **{name: {"handed"} for name in ("manager", "peer", "representative")},
            **{name: {"answered"} for name in ("supervisor", "same", "operations")},
            **{name: {"handed", "answered"}
               for name in ("province", "board", "top", "outsider", "boss_2")},
        },
        "pairs": {
            **{name: {"same_name"} for name in ("supervisor", "same", "operations")},
            **{name: {"same_name", "alike_name"} for name in ("province", "board", "top")},
        },
        "reports": {
            "manager": {"about own", "about none"},
            **{name: {"about own", "about none"} for name in ("supervisor", "same", "operations")},
            **{name: {"about own", "about none", "about foreign"}
               for name in ("province", "board", "top")},
            **{name: {"about foreign"} for name in ("outsider", "boss_2")},
        },
        "files": {"manager": mine} | {
            name: {name} for name in ("supervisor", "operations", "province", "outsider")
        },
        "overseen": {"manager": mine} | overseers,
        "log": {"manager": mine} | overseers,
        "to decide": {
            "supervisor": {"manager", "operations"}, "same": {"manager", "operations"},
            "top": {"manager", "supervisor", "operations", "outsider"}, "boss_2": {"outsider"},
            "province": {"manager", "supervisor", "operations", "outsider"},
            "board": {"manager", "supervisor", "operations", "outsider", "province"},
        },
    }  # fmt: skip


def is_right(world: SimpleNamespace) -> bool:
    return _paths_are_right() and sight(world) == {
        kind: {name: seen.get(name, NOBODY) for name in vars(world)}
        for kind, seen in expected().items()
    }


def _paths_are_right() -> bool:
    """What paths give without any row; anonymous people, too."""
    whole = ScopePaths(("a", "b"), "u", for_deputies=True, other_units=("v",), team="t")
    seen_from = ScopePaths(
        ("r__a", "r__b"), "r__u", for_deputies=True, other_units=("r__v",), team="r__t"
    )
    team = ScopePaths(("a",), team="t")
    both = ScopePaths(("a",), also=ScopePaths(("b",)))
    some = ScopePaths(("a",), about="c", seen_like=ScopePaths(("c__b",)))
    return (
        whole.via("r") == seen_from
        and ScopePaths(("a",)).via("r") == ScopePaths(("r__a",))
        and both.via("r") == ScopePaths(("r__a",), also=ScopePaths(("r__b",)))
        and some.via("r") == ScopePaths(("r__a",), about="r__c", seen_like=ScopePaths(("r__c__b",)))
        and team.condition(RowScope(person_id=1)) == Q(pk__in=[]) | Q(a=1)
        and not Client.objects.visible_to(AnonymousUser()).exists()
    )


def test_everybody_sees_what_they_should(world):
    assert _paths_are_right()
    for kind, seen in expected().items():
        assert sight(world)[kind] == {name: seen.get(name, NOBODY) for name in vars(world)}


MUTANTS = [mutant for owner, name in SCOPING for mutant in mutants_of(owner, name)]


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_mutant_is_noticed(mutant: Mutant, world, monkeypatch):
    monkeypatch.setattr(mutant.owner, mutant.name, mutant.value)
    try:
        with transaction.atomic():
            survives = is_right(world)
    except Exception:  # noqa: BLE001 -- however it fails, it is noticed
        survives = False

    assert survives == (str(mutant) in EQUIVALENT)


def _declarations() -> list[tuple[type, ScopePaths]]:
    """The models' own words about who sees them, with one of them left out or turned round."""
    found = []
    for model in (Client, Task, Notification):
        scope: ScopePaths = model.scope
        fewer = [tuple(p for p in scope.people if p != path) for path in scope.people]
        found += [(model, replace(scope, people=people)) for people in fewer]
        found.append((model, replace(scope, for_deputies=not scope.for_deputies)))
        if scope.unit:
            found.append((model, replace(scope, unit="")))
    return found


@pytest.mark.parametrize(("model", "scope"), _declarations())
def test_a_changed_declaration_is_noticed(model, scope, world, monkeypatch):
    monkeypatch.setattr(model, "scope", scope)

    assert not is_right(world)


def test_the_list_of_equivalent_mutants_is_not_stale():
    assert set(EQUIVALENT) <= {str(mutant) for mutant in MUTANTS}


def test_nothing_scopes_beside_the_scoping_code():
    """A model that decides for itself who sees it would not be among the mutants."""
    own = {
        model._meta.label
        for model in our_models()
        if isinstance(rows := model._default_manager.all(), ScopedQuerySet)
        and type(rows).visible_to is not ScopedQuerySet.visible_to
    }

    assert own == set()
    assert len(MUTANTS) > 60
