"""Changing settings: who may, what is kept, what a preview says, when it acts."""

from decimal import Decimal

import pytest
from django.utils import timezone

from analytics.exceptions import NothingChanged, ReasonMissing, RuleOutOfReach
from analytics.models import Alert, AlertReading, RuleVersion
from analytics.services import rule_changes
from analytics.services.alert_run import run_alerts
from staff.choices import Role
from tests.factories.accounts import ClientFactory
from tests.factories.analytics import (
    MONTH,
    BillingPeriodFactory,
    ClientMonthFactory,
    RuleVersionFactory,
)
from tests.factories.staff import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CHN-01")]


@pytest.fixture
def top(units):
    """Operations of the whole province."""
    return UserFactory(role=Role.OPERATIONS, unit=units.province)


def values(**more):
    return {
        "rule": "revenue_drop",
        "client_class": "",
        "unit": None,
        "is_enabled": True,
        "percent": Decimal(40),
        "is_strict": True,
        "minimum": Decimal(0),
        "due_working_days": 5,
    } | more


def change(by, **more):
    reason = more.pop("reason", "Too many alerts.")
    return rule_changes.change_rule(by=by, reason=reason, **values(**more))


def drops(*percents, unit):
    """A client of the unit for each fall of the income, in per cent."""
    BillingPeriodFactory(month=MONTH, complete=True)
    return [
        ClientMonthFactory(
            client=ClientFactory(code=f"D{percent}", unit=unit), income=Decimal(1000 - percent * 10)
        ).client
        for percent in percents
    ]


def test_a_change_is_a_new_version(top):
    first = change(top)
    second = change(top, percent=Decimal(35), reason="Too few.")

    assert (first.version, second.version) == (2, 3)
    assert (second.created_by, second.reason) == (top, "Too few.")
    assert RuleVersion.objects.filter(rule="revenue_drop").count() == 3
    assert RuleVersion.objects.current().get(rule="revenue_drop").percent == 35


def test_versions_count_for_each_class_and_unit(top, units):
    change(top)
    own = change(top, unit=units.city_1, client_class="A")
    unit = change(top, unit=units.city_1)

    assert (own.version, unit.version) == (1, 1)
    assert change(top, unit=units.city_1, percent=Decimal(41)).version == 2


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_change_needs_a_reason(top, reason):
    with pytest.raises(ReasonMissing):
        change(top, reason=reason)


def test_the_same_again_is_refused(top):
    change(top)
    with pytest.raises(NothingChanged):
        change(top)


def test_below_the_province_only_the_own_units(operations, units):
    for unit in (None, units.province, units.city_2, units.team_2):
        with pytest.raises(RuleOutOfReach):
            change(operations, unit=unit)
    with pytest.raises(RuleOutOfReach):
        change(operations, client_class="A")

    assert change(operations, unit=units.city_1).version == 1
    assert change(operations, unit=units.team_1, client_class="A").version == 1


@pytest.mark.parametrize("person", ["manager", "supervisor", "province"])
def test_others_change_nothing(person, request, units):
    with pytest.raises(RuleOutOfReach):
        change(request.getfixturevalue(person), unit=units.team_1)


def test_a_setting_is_taken_back_and_nothing_deleted(top, units):
    change(top, unit=units.city_1)
    gone = rule_changes.remove_rule(
        rule="revenue_drop", client_class="", unit=units.city_1, reason="Trial over.", by=top
    )

    assert (gone.version, gone.is_removed, gone.reason) == (2, True, "Trial over.")
    assert not RuleVersion.objects.current().filter(unit=units.city_1).exists()
    assert RuleVersion.objects.filter(unit=units.city_1).count() == 2
    with pytest.raises(NothingChanged):
        rule_changes.removal("revenue_drop", "", units.city_1)


def test_the_general_setting_stays(top):
    with pytest.raises(NothingChanged):
        rule_changes.removal("revenue_drop", "", None)


# Preview ----------------------------------------------------------------------------------------


def tried(user, **more):
    return rule_changes.preview(RuleVersion(**values(**more)), user=user)


def test_preview_counts_and_names_what_would_change(top, units):
    d31, d35, _d45 = drops(31, 35, 45, unit=units.team_1)

    milder = tried(top)
    harder = tried(top, percent=Decimal(31))

    assert (milder.month, milder.now, milder.then) == (MONTH, 3, 1)
    assert (milder.gained, milder.lost) == ([], [d35, d31])
    assert (harder.then, harder.lost) == (2, [d31])
    assert tried(top, percent=Decimal(10)).gained == []
    assert [(code.value, now, then) for code, now, then in milder.by_rule] == [
        ("revenue_drop", 3, 1), ("pre_churn", 0, 0), ("member_loss", 0, 0), ("arrears", 0, 0),
    ]  # fmt: skip


def test_preview_equals_what_the_run_raises(top, units):
    drops(25, 31, 35, 45, unit=units.team_1)
    promised = tried(top, percent=Decimal(20)).then

    change(top, percent=Decimal(20))
    run_alerts(month=MONTH, now=timezone.now(), by=None)

    assert AlertReading.objects.holding().count() == promised == 4


def test_preview_writes_nothing(top, units):
    drops(31, 45, unit=units.team_1)
    before = RuleVersion.objects.count()

    tried(top, percent=Decimal(1))

    assert RuleVersion.objects.count() == before
    assert not AlertReading.objects.exists()


def test_preview_of_a_unit_changes_that_unit_only(top, units):
    (d35,) = drops(35, unit=units.team_1)
    ClientMonthFactory(client=ClientFactory(unit=units.team_2), income=Decimal(650))

    found = tried(top, unit=units.city_1)

    assert (found.now, found.then, found.lost) == (2, 1, [d35])


@pytest.mark.rule("P1")
def test_preview_counts_clients_in_sight(operations, units):
    drops(35, unit=units.team_2)

    found = tried(operations, unit=units.city_1, percent=Decimal(10))

    assert (found.now, found.then, found.gained, found.lost) == (0, 0, [], [])


def test_preview_of_taking_a_setting_back(top, units):
    (d35,) = drops(35, unit=units.team_1)
    change(top, unit=units.team_1)

    found = rule_changes.preview(rule_changes.removal("revenue_drop", "", units.team_1), user=top)

    assert (found.now, found.then, found.gained) == (0, 1, [d35])


def test_preview_without_a_complete_month(top):
    assert tried(top) is None


def test_a_long_list_is_cut(top, units, monkeypatch):
    monkeypatch.setattr(rule_changes, "SHOWN", 2)
    drops(31, 32, 33, unit=units.team_1)

    found = tried(top)

    assert ([client.code for client in found.lost], found.lost_count) == (["D33", "D32"], 3)


# When it acts -----------------------------------------------------------------------------------


def test_raised_alerts_stay_until_the_month_is_computed_again(top, units):
    drops(35, unit=units.team_1)
    run_alerts(month=MONTH, now=timezone.now(), by=None)

    change(top)

    alert = Alert.objects.get()
    assert (alert.state, alert.readings.get().rule_version.version) == ("open", 1)
    run_alerts(month=MONTH, now=timezone.now(), by=None)
    alert.refresh_from_db()
    assert alert.state == "withdrawn"


def test_a_reading_names_the_version_of_its_unit(top, units):
    drops(35, unit=units.team_1)
    version = RuleVersionFactory(unit=units.city_1, percent=Decimal(34))

    run_alerts(month=MONTH, now=timezone.now(), by=None)

    assert AlertReading.objects.get().rule_version == version
