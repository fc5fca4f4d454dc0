"""Classes suggested once a year by income and members (AMB-06, ARC-40)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.models import ClassProposal
from analytics.exceptions import NothingChanged, ReasonMissing, RuleOutOfReach
from analytics.models import ClassSuggestion, CriteriaVersion
from analytics.selectors.class_criteria import criteria_in_force, preview
from analytics.services import class_suggestions as services
from staff.choices import Role
from staff.models import Notification
from tests.factories.accounts import ClassProposalFactory, ClientFactory
from tests.factories.analytics import (
    BillingPeriodFactory,
    ClassSuggestionFactory,
    ClientMonthFactory,
    CriteriaVersionFactory,
)
from tests.factories.staff import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("AMB-06", "ARC-40")]
NOW = datetime(2027, 1, 10, 4, tzinfo=UTC)
LATER = datetime(2027, 1, 11, 4, tzinfo=UTC)
MONTHS = [date(2026, month, 1) for month in (4, 5, 6)]


@pytest.fixture(autouse=True)
def _months(db):
    for month in MONTHS:
        BillingPeriodFactory(month=month, complete=True)


@pytest.fixture
def top(units):
    return UserFactory(role=Role.OPERATIONS, unit=units.province)


def client_with(person, incomes, members=20, **fields):
    client = ClientFactory(owner=person, **fields)
    for month, income in zip(MONTHS[-len(incomes) :], incomes, strict=True):
        ClientMonthFactory(client=client, period=month, income=Decimal(income), active=members)
    return client


def run(now=NOW):
    return services.suggest_classes(now=now, by=None)


def suggested():
    rows = ClassSuggestion.objects.open().order_by("client__code")
    return {row.client.code: str(row) for row in rows}


@pytest.mark.parametrize(
    ("income", "members", "needs_both", "letter"),
    [
        ("50000.00", 0, False, "A"),
        ("49999.99", 0, False, "B"),
        ("49999.99", 500, False, "A"),
        ("49999.99", 500, True, "B"),
        ("50000.00", 500, True, "A"),
        ("9999.99", 99, False, "C"),
        ("10000.00", 99, True, "C"),
        ("0.00", 100, False, "B"),
    ],
)
def test_boundaries(income, members, needs_both, letter):
    criteria = CriteriaVersionFactory.build(needs_both=needs_both)

    assert criteria.class_for(Decimal(income), members) == letter


def test_the_mean_of_the_last_complete_months_counts(manager):
    client_with(manager, ["40000", "50000", "60000.01"], code="MEAN")
    client_with(manager, ["1", "1", "100000"], code="PEAK", client_class="B")
    client_with(manager, ["90000", "90000"], code="NEW")
    client_with(manager, ["90000"] * 3, code="FITS", client_class="A")
    client_with(manager, ["90000"] * 3, code="GONE", status="churned")

    assert run() == 1

    row = ClassSuggestion.objects.get()
    assert (row.client.code, str(row), row.income, row.active_members, row.until_month) == (
        "MEAN", "– → A", Decimal("50000.00"), 20, date(2026, 6, 1),
    )  # fmt: skip


def test_open_months_do_not_count(manager):
    client_with(manager, ["20000"] * 3, code="B")
    BillingPeriodFactory(month=date(2026, 7, 1))
    ClientMonthFactory(
        client__owner=manager, client__code="NO", period=date(2026, 7, 1), income=Decimal(99999)
    )

    run()

    assert suggested() == {"B": "– → B"}


def test_of_several_units_the_nearest_counts(manager, units, outsider):
    CriteriaVersionFactory(unit=units.city_1, a_income=20_000)
    CriteriaVersionFactory(unit=units.team_1, a_income=30_000)
    CriteriaVersionFactory(unit=units.team_1, version=2, a_income=40_000, is_removed=True)
    client_with(manager, ["25000"] * 3, code="NEAR")
    client_with(outsider, ["25000"] * 3, code="FAR")

    run()

    assert suggested() == {"NEAR": "– → A", "FAR": "– → B"}
    assert criteria_in_force().of(units.team_1.pk).a_income == 20_000


def test_again_changes_nothing_and_new_figures_are_taken(manager, supervisor):
    client = client_with(manager, ["60000"] * 3)
    gone = client_with(manager, ["60000"] * 3, code="GONE")
    run()
    first = set(ClassSuggestion.objects.values_list("pk", flat=True))
    assert Notification.objects.get(recipient=supervisor).params == {"count": 2}

    run(LATER)
    assert set(ClassSuggestion.objects.values_list("pk", flat=True)) == first
    assert Notification.objects.count() == 1

    client.months.update(income=Decimal(70000))
    gone.months.update(income=Decimal(5))
    run(LATER)
    row = ClassSuggestion.objects.get(client=client)
    assert (row.income, row.state) == (Decimal("70000.00"), "open")
    states = ClassSuggestion.objects.filter(client=gone).order_by("pk").values_list(
        "to_class", "state"
    )  # fmt: skip
    assert list(states) == [("A", "obsolete"), ("C", "open")]


def test_who_has_a_proposal_waiting_gets_no_suggestion(manager):
    client = client_with(manager, ["60000"] * 3)
    ClassProposalFactory(client=client, to_class="B")

    assert run() == 0


def test_a_supervisor_changes_classes_at_once(manager, supervisor):
    client = client_with(manager, ["60000"] * 3)
    run()

    done = services.accept_suggestions(
        suggestions=list(ClassSuggestion.objects.all()), now=LATER, by=supervisor
    )

    client.refresh_from_db()
    row = ClassSuggestion.objects.get()
    assert (done, client.client_class, row.state, row.decided_by) == (
        1, "A", "accepted", supervisor,
    )  # fmt: skip
    kept = ClassProposal.objects.get()
    assert row.proposal == kept
    assert (kept.source, kept.state, kept.decided_by, kept.proposed_by) == (
        "suggestion", "approved", supervisor, None,
    )  # fmt: skip
    assert "mean income 60,000.00 over 3 months, 20 active members" in kept.reason
    assert Notification.objects.filter(recipient=manager, kind="class-approved").exists()


def test_an_account_manager_proposes(manager, supervisor):
    client = client_with(manager, ["60000"] * 3)
    waiting = client_with(manager, ["60000"] * 3)
    run()
    ClassProposalFactory(client=waiting, to_class="B")

    done = services.accept_suggestions(
        suggestions=list(ClassSuggestion.objects.all()), now=LATER, by=manager
    )

    client.refresh_from_db()
    assert (done, client.client_class) == (1, "")
    proposal = client.class_proposals.get()
    assert (proposal.state, proposal.proposed_by, proposal.to_class) == ("open", manager, "A")
    assert ClassSuggestion.objects.get(client=waiting).is_open


def test_a_class_that_changed_meanwhile_is_left(manager, supervisor):
    client = client_with(manager, ["60000"] * 3)
    run()
    client.client_class = "B"
    client.save()

    done = services.accept_suggestions(
        suggestions=list(ClassSuggestion.objects.all()), now=LATER, by=supervisor
    )

    client.refresh_from_db()
    assert (done, client.client_class) == (0, "B")


def test_dismissed_suggestions_come_back_with_other_months_only(manager, supervisor):
    client = client_with(manager, ["60000"] * 3)
    run()
    rows = list(ClassSuggestion.objects.all())

    with pytest.raises(ReasonMissing):
        services.dismiss_suggestions(suggestions=rows, reason=" ", now=LATER, by=supervisor)
    services.dismiss_suggestions(suggestions=rows, reason="One-off", now=LATER, by=supervisor)

    assert run(LATER) == 0
    assert (ClassSuggestion.objects.get().reason, client.class_proposals.count()) == ("One-off", 0)
    BillingPeriodFactory(month=date(2026, 7, 1), complete=True)
    ClientMonthFactory(client=client, period=date(2026, 7, 1), income=Decimal(60000))
    assert run(LATER) == 1


def test_a_hundred_suggestions_take_as_many_queries_as_one(manager, django_assert_max_num_queries):
    for _ in range(12):
        client_with(manager, ["60000"] * 3)

    with django_assert_max_num_queries(40):
        run()

    assert ClassSuggestion.objects.count() == 12


# Criteria -----------------------------------------------------------------------------------------


def values(**fields):
    return {
        "unit": None, "months": 2, "a_income": Decimal(30_000), "a_members": 300,
        "b_income": Decimal(5_000), "b_members": 50, "needs_both": False, "reason": "New year",
    } | fields  # fmt: skip


def test_a_change_is_a_new_version(top, units):
    made = services.change_criteria(by=top, **values())

    assert (made.version, made.created_by) == (2, top)
    assert criteria_in_force().of(units.team_1.pk) == made
    with pytest.raises(NothingChanged):
        services.change_criteria(by=top, **values())
    with pytest.raises(ReasonMissing):
        services.change_criteria(by=top, **values(months=5, reason=" "))


def test_below_the_top_the_own_units_only(operations, units):
    with pytest.raises(RuleOutOfReach):
        services.change_criteria(by=operations, **values())
    with pytest.raises(RuleOutOfReach):
        services.order_suggestions(by=operations)
    made = services.change_criteria(by=operations, **values(unit=units.team_1))

    taken = services.remove_criteria(unit=units.team_1, reason="Over", by=operations)

    assert (made.version, taken.version) == (1, 2)
    assert criteria_in_force().of(units.team_1.pk).is_general
    with pytest.raises(NothingChanged):
        services.remove_criteria(unit=units.team_1, reason="Again", by=operations)


def test_the_preview_says_what_would_change_and_writes_nothing(operations, manager, outsider):
    client_with(manager, ["60000"] * 3, code="UP", client_class="B")
    client_with(manager, ["20000"] * 3, client_class="B")
    client_with(manager, ["1"] * 3)
    client_with(outsider, ["60000"] * 3)

    tried = preview(CriteriaVersion(version=2, **values() | {"months": 3}), user=operations)  # type: ignore[arg-type]

    assert tried.judged == 3
    assert tried.classes == [("A", 0, 1), ("B", 2, 1), ("C", 0, 1), ("", 1, 0)]
    assert tried.moves == [("", "C", 1), ("B", "A", 1)]
    assert next(client.code for client, *_ in tried.examples) == "UP"
    assert CriteriaVersion.objects.count() == 1
    assert not ClassSuggestion.objects.exists()


def test_a_suggestion_knows_whether_it_is_open():
    assert ClassSuggestionFactory().is_open
