"""The four rules at and beside every boundary, as judge and as SQL."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.choices import RuleCode
from analytics.models import ClientMonth, RuleVersion
from analytics.rules import RULES, Reading, Settings
from analytics.selectors.rule_settings import settings_in_force
from analytics.services.alert_run import find_conditions
from staff.models import Unit
from tests.factories.accounts import ClientFactory
from tests.factories.analytics import MONTH, ClientMonthFactory, RuleVersionFactory


@dataclass(frozen=True)
class Setting:
    """The defaults of the handbook, as the migration stores them."""

    percent: Decimal = Decimal(30)
    is_strict: bool = True
    minimum: Decimal = Decimal(0)
    is_enabled: bool = True


DEFAULTS = {
    "revenue_drop": Setting(Decimal(30), is_strict=True, minimum=Decimal(0)),
    "pre_churn": Setting(Decimal(10), is_strict=False, minimum=Decimal(1)),
    "member_loss": Setting(Decimal(10), is_strict=False, minimum=Decimal(3)),
    "arrears": Setting(Decimal(10), is_strict=False, minimum=Decimal(100)),
}


def fact(**figures) -> ClientMonth:
    """An uneventful month but for these figures."""
    money = {"income", "previous_income", "arrears", "previous_arrears"}
    return ClientMonthFactory.build(
        client=None,
        **{
            name: Decimal(value) if name in money and value is not None else value
            for name, value in figures.items()
        },
    )


def judged(rule: str, setting: Setting | None = None, **figures) -> Reading | None:
    return RULES[rule].judge(fact(**figures), setting or DEFAULTS[rule])


@pytest.mark.django_db
def test_stored_defaults_are_those_of_the_handbook():
    stored = RuleVersion.objects.order_by("rule").values_list(
        "rule", "client_class", "version", "percent", "is_strict", "minimum", "due_working_days"
    )

    assert list(stored) == [
        ("arrears", "", 1, 10, False, 100, 5),
        ("member_loss", "", 1, 10, False, 3, 5),
        ("pre_churn", "", 1, 10, False, 1, 2),
        ("revenue_drop", "", 1, 30, True, 0, 5),
    ]


# Revenue: strictly more than 30 per cent --------------------------------------------------------


@pytest.mark.rule("CHN-01")
@pytest.mark.rule("P19")
@pytest.mark.parametrize(
    ("previous", "current", "ratio"),
    [
        ("100000.00", "69999.99", "0.3000"),
        ("100000.00", "69000.00", "0.3100"),
        ("100000.00", "65000.00", "0.3500"),
        ("100.00", "0.00", "1.0000"),
        ("100.00", "-50.00", "1.5000"),
        ("0.01", "0.00", "1.0000"),
        ("10.00", "6.99", "0.3010"),
        ("1000000000.00", "699999999.99", "0.3000"),
    ],
)
def test_revenue_drop_holds(previous, current, ratio):
    reading = judged("revenue_drop", previous_income=previous, income=current)

    assert reading == Reading(Decimal(previous), Decimal(current), Decimal(ratio))


@pytest.mark.rule("CHN-01")
@pytest.mark.rule("P19")
@pytest.mark.parametrize(
    ("previous", "current"),
    [
        ("100000.00", "70000.00"),  # exactly 30 per cent
        ("100000.00", "70000.01"),
        ("10.00", "7.00"),
        ("0.10", "0.07"),
        ("33.33", "23.34"),
        ("100.00", "100.00"),
        ("100.00", "200.00"),
    ],
)
def test_revenue_drop_is_silent(previous, current):
    assert judged("revenue_drop", previous_income=previous, income=current) is None


@pytest.mark.rule("P19")
@pytest.mark.parametrize("previous", [None, "0.00", "-0.01", "-1000.00"])
def test_revenue_drop_is_silent_without_a_positive_baseline(previous):
    assert judged("revenue_drop", previous_income=previous, income="-5000.00") is None
    assert judged("revenue_drop", previous_income=previous, income="5.00") is None


# Pre-churn: at least 10 per cent, at least one --------------------------------------------------


@pytest.mark.rule("CHN-02")
@pytest.mark.rule("P19")
@pytest.mark.parametrize(
    ("active", "pre_churn", "ratio"),
    [
        (10, 1, "0.1000"),
        (50, 5, "0.1000"),
        (41, 5, "0.1220"),
        (1, 1, "1.0000"),
        (9, 1, "0.1111"),
        (100, 10, "0.1000"),
        (3, 3, "1.0000"),
    ],
)
def test_pre_churn_holds(active, pre_churn, ratio):
    reading = judged("pre_churn", active=active, pre_churn=pre_churn)

    assert reading == Reading(Decimal(active), Decimal(pre_churn), Decimal(ratio))


@pytest.mark.rule("CHN-02")
@pytest.mark.rule("P19")
@pytest.mark.parametrize(
    ("active", "pre_churn"), [(41, 4), (49, 4), (11, 1), (0, 0), (10, 0), (1000, 99)]
)
def test_pre_churn_is_silent(active, pre_churn):
    assert judged("pre_churn", active=active, pre_churn=pre_churn) is None


@pytest.mark.rule("CHN-02")
def test_pre_churn_needs_no_month_before():
    reading = judged(
        "pre_churn", active=10, pre_churn=1, previous_income=None, previous_active=None, lost=None
    )

    assert reading == Reading(Decimal(10), Decimal(1), Decimal("0.1000"))


# Member loss: at least 10 per cent of last month's, at least three ------------------------------


@pytest.mark.rule("CHN-03")
@pytest.mark.parametrize(
    ("previous_active", "lost", "ratio"),
    [(30, 3, "0.1000"), (29, 3, "0.1034"), (3, 3, "1.0000"), (1000, 100, "0.1000")],
)
def test_member_loss_holds(previous_active, lost, ratio):
    reading = judged("member_loss", previous_active=previous_active, lost=lost)

    assert reading == Reading(Decimal(previous_active), Decimal(lost), Decimal(ratio))


@pytest.mark.rule("CHN-03")
@pytest.mark.parametrize(
    ("previous_active", "lost"),
    [(31, 3), (2, 2), (10, 2), (1000, 99), (0, 0), (None, None), (None, 5)],
)
def test_member_loss_is_silent(previous_active, lost):
    assert judged("member_loss", previous_active=previous_active, lost=lost) is None


# Arrears: at least 100 yuan and 10 per cent of the income ---------------------------------------


@pytest.mark.rule("CHN-30")
@pytest.mark.parametrize(
    ("previous", "arrears", "income", "ratio"),
    [
        ("0.00", "100.00", "1000.00", "0.1000"),
        (None, "100.00", "1000.00", "0.1000"),
        ("55.00", "100.01", "1000.00", "0.1000"),
        ("0.00", "100.00", "999.99", "0.1000"),
        ("0.00", "100.00", "0.01", "10000.0000"),
        ("0.00", "100.00", "0.00", None),
        ("0.00", "100.00", "-20.00", None),
    ],
)
def test_arrears_holds(previous, arrears, income, ratio):
    reading = judged("arrears", previous_arrears=previous, arrears=arrears, income=income)

    assert reading == Reading(
        Decimal(previous or 0), Decimal(arrears), None if ratio is None else Decimal(ratio)
    )


@pytest.mark.rule("CHN-30")
@pytest.mark.parametrize(
    ("arrears", "income"), [("99.99", "10.00"), ("100.00", "1000.01"), ("0.00", "0.00")]
)
def test_arrears_is_silent(arrears, income):
    assert judged("arrears", arrears=arrears, income=income) is None


# Ratio ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("previous", "current", "ratio"),
    [
        ("80000.00", "36.00", "0.9996"),  # 0.99955
        ("20000.00", "12999.00", "0.3501"),  # 0.35005, half up
        ("20000.00", "12997.00", "0.3502"),  # 0.35015, half up, not to even
        ("30000.00", "20000.00", "0.3333"),
        ("60000.00", "20000.00", "0.6667"),
        ("99999999999.99", "0.01", "1.0000"),
    ],
)
def test_ratio_has_four_decimals_half_up(previous, current, ratio):
    reading = judged("revenue_drop", previous_income=previous, income=current)

    assert reading.ratio == Decimal(ratio)


# Settings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("is_strict", "holds"), [(True, False), (False, True)])
def test_operator_is_a_setting(is_strict, holds):
    setting = Setting(Decimal(30), is_strict=is_strict)

    reading = judged("revenue_drop", setting, previous_income="100000", income="70000")

    assert (reading is not None) is holds


def test_threshold_and_minimum_are_settings():
    setting = Setting(Decimal("12.5"), is_strict=False, minimum=Decimal(2))

    assert judged("pre_churn", setting, active=16, pre_churn=2).ratio == Decimal("0.1250")
    assert judged("pre_churn", setting, active=17, pre_churn=2) is None
    assert judged("pre_churn", setting, active=8, pre_churn=1) is None


def test_disabled_rule_is_silent():
    setting = Setting(is_enabled=False)

    assert judged("revenue_drop", setting, previous_income="100", income="0") is None


@pytest.mark.django_db
def test_newest_version_counts_and_a_class_may_have_its_own():
    RuleVersionFactory(version=2, percent=25)
    RuleVersionFactory(version=1, client_class="A", percent=10)
    RuleVersionFactory(version=2, client_class="A", percent=15)

    current = Settings(RuleVersion.objects.current())

    percents = {
        client_class: current.of("revenue_drop", client_class).percent
        for client_class in ("", "A", "B")
    }
    assert percents == {"": 25, "A": 15, "B": 25}
    assert current.of("pre_churn", "A").percent == 10


@pytest.mark.django_db
@pytest.mark.parametrize(("client_class", "is_candidate"), [("A", True), ("B", False)])
def test_candidates_follow_the_class(client_class, is_candidate):
    RuleVersionFactory(client_class="A", percent=15)
    ClientMonthFactory(client__client_class=client_class, income=Decimal(800), previous_income=1000)

    candidates = ClientMonth.objects.filter(Settings(RuleVersion.objects.current()).candidates())

    assert candidates.exists() is is_candidate


@pytest.mark.django_db
@pytest.mark.rule("P19")
def test_unit_and_class_wins_over_unit_over_class_over_general(units):
    RuleVersionFactory(client_class="A", percent=20)
    RuleVersionFactory(unit=units.city_1, percent=21)
    RuleVersionFactory(unit=units.team_1, percent=22)
    RuleVersionFactory(unit=units.city_1, client_class="A", percent=23)

    current = settings_in_force()

    assert {
        (unit.code, client_class): current.of("revenue_drop", client_class, unit.pk).percent
        for unit in (units.province, units.city_1, units.team_1, units.team_2)
        for client_class in ("", "A")
    } == {
        ("P", ""): 30, ("P", "A"): 20,
        ("C1", ""): 21, ("C1", "A"): 23,
        ("T1", ""): 22, ("T1", "A"): 23,
        ("T2", ""): 30, ("T2", "A"): 20,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_setting_taken_back_counts_no_more(units):
    RuleVersionFactory(unit=units.city_1, percent=21)
    RuleVersionFactory(unit=units.city_1, percent=21, version=2, is_removed=True)

    assert settings_in_force().of("revenue_drop", "", units.team_1.pk).percent == 30
    RuleVersionFactory(unit=units.city_1, percent=25, version=3)
    assert settings_in_force().of("revenue_drop", "", units.team_1.pk).percent == 25


@pytest.mark.django_db
def test_class_may_switch_a_rule_off():
    RuleVersionFactory(client_class="C", is_enabled=False)
    month = ClientMonthFactory(client__client_class="C", income=Decimal(0))
    current = Settings(RuleVersion.objects.current())

    assert RULES["revenue_drop"].judge(month, current.of("revenue_drop", "C")) is None


# Judge and SQL ----------------------------------------------------------------------------------

fen = st.integers(-(10**11), 10**11).map(lambda n: Decimal(n) / 100)
few_fen = st.integers(-2000, 20000).map(lambda n: Decimal(n) / 100)
money = st.one_of(st.just(Decimal(0)), few_fen, fen)
heads = st.integers(0, 60)
facts = st.fixed_dictionaries(
    {
        "income": money,
        "previous_income": st.none() | money,
        "arrears": money.map(abs),
        "previous_arrears": st.none() | money.map(abs),
        "active": heads,
        "previous_active": st.none() | heads,
        "pre_churn": heads,
        "lost": st.none() | heads,
    }
)
# Figures on and beside the boundary come up far too seldom by chance.
on_the_edge = st.tuples(
    st.integers(1, 10**9), st.sampled_from([1, 3, 7, 9]), st.integers(-1, 1)
).map(
    lambda t: {
        "previous_income": Decimal(t[0] * 10) / 100,
        "income": Decimal(t[0] * t[1] + t[2]) / 100,
        "arrears": max(Decimal(t[0] + t[2]) / 100, Decimal(0)),
        "active": t[0] % 600 * 10,
        "pre_churn": max(t[0] % 600 + t[2], 0),
        "previous_active": t[0] % 600 * 10,
        "lost": max(t[0] % 600 + t[2], 0),
    }
)
rule_settings = st.builds(
    Setting,
    percent=st.sampled_from([Decimal(p) for p in ("0", "10", "30", "33.33", "100")]),
    is_strict=st.booleans(),
    minimum=st.sampled_from([Decimal(m) for m in ("0", "0.01", "1", "3", "100")]),
    is_enabled=st.sampled_from([True, True, True, False]),
)


@pytest.mark.rule("P19")
@pytest.mark.django_db
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.one_of(facts, on_the_edge), min_size=1, max_size=12),
    setting=rule_settings,
    code=st.sampled_from(RuleCode.values),
)
def test_sql_condition_finds_exactly_what_judge_holds(rows, setting, code):
    ClientMonth.objects.all().delete()
    client_rows = _many_clients(len(rows))
    ClientMonth.objects.bulk_create(
        ClientMonthFactory.build(client=client, **figures)
        for client, figures in zip(client_rows, rows, strict=True)
    )
    rule = RULES[code]

    found = set(
        ClientMonth.objects.filter(rule.condition(setting)).values_list("client", flat=True)
    )

    judged_ones = {
        month.client_id for month in ClientMonth.objects.all() if rule.judge(month, setting)
    }
    assert found == judged_ones


versions = st.lists(
    st.tuples(
        st.sampled_from(RuleCode.values),
        st.sampled_from(["", "A", "B"]),
        st.sampled_from([None, "P", "C1", "T1", "C2"]),
        rule_settings,
    ),
    max_size=12,
)
members_of = st.tuples(
    st.sampled_from(["", "A", "B", "C"]), st.sampled_from(["P", "C1", "T1", "T2"])
)


@pytest.mark.rule("P19")
@pytest.mark.django_db
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(st.one_of(facts, on_the_edge), members_of), min_size=1, max_size=10),
    made=versions,
)
def test_candidates_hold_every_condition_under_any_settings(units, rows, made):
    """The SQL that looks for candidates and the judge agree, whatever is set for whom."""
    tree = {unit.code: unit for unit in Unit.objects.all()}
    ClientMonth.objects.all().delete()
    RuleVersion.objects.exclude(version=1, client_class="", unit=None).delete()
    for rule, client_class, unit, setting in dict.fromkeys(made):
        known = RuleVersion.objects.filter(
            rule=rule, client_class=client_class, unit=tree.get(unit)
        ).count()
        RuleVersionFactory(
            rule=rule, client_class=client_class, unit=tree.get(unit), version=known + 1,
            **vars(setting),
        )  # fmt: skip
    for client, (_, (client_class, unit)) in zip(_many_clients(len(rows)), rows, strict=True):
        type(client).objects.filter(pk=client.pk).update(client_class=client_class, unit=tree[unit])
    ClientMonth.objects.bulk_create(
        ClientMonthFactory.build(client=client, **figures)
        for client, (figures, _) in zip(_many_clients(len(rows)), rows, strict=True)
    )

    found = find_conditions(MONTH)

    assert set(found) == {
        (month.client_id, code)
        for month in ClientMonth.objects.select_related("client")
        for code, rule in RULES.items()
        if rule.judge(month, _by_hand(code, month.client))
    }


def _by_hand(rule, client):
    """The version in force for a client, found by walking up the tree again and again."""
    above, unit = [], client.unit
    while unit is not None:
        above.append(unit.pk)
        unit = unit.parent
    order = [(kind, unit) for kind in (client.client_class, "") for unit in above]
    order += [(client.client_class, None), ("", None)]
    for client_class, unit in order:
        newest = (
            RuleVersion.objects.filter(rule=rule, client_class=client_class, unit=unit)
            .order_by("-version")
            .first()
        )
        if newest and not newest.is_removed:
            return newest
    raise AssertionError(rule)


def _many_clients(count: int) -> list:
    """As many clients as asked for, made once per test."""
    have = list(ClientFactory._meta.model.objects.order_by("pk")[:count])
    return have + [ClientFactory() for _ in range(count - len(have))]
