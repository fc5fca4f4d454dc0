"""The four alert rules: pure functions of one client's month and a settings version.

A rule compares a part with a whole: `part × 100 > percent × whole` (or ≥). Written once, it
serves twice: with numbers it judges a fact, with F expressions it becomes the SQL condition
that finds the few facts worth judging. Source: CHN-01, CHN-02, CHN-03, CHN-30.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Protocol

from django.db.models import F, Q, Value
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual

from analytics.choices import RuleCode

Field = Callable[[str], Any]
FOUR_PLACES = Decimal("0.0001")


class Setting(Protocol):
    """What a rule needs to know: a RuleVersion, or anything like it."""

    is_enabled: bool
    percent: Decimal
    is_strict: bool
    minimum: Decimal


@dataclass(frozen=True)
class Reading:
    """The figures of a condition that holds; `ratio` has four decimals, half up, or is None."""

    previous: Decimal
    current: Decimal
    ratio: Decimal | None


@dataclass(frozen=True)
class Rule:
    """One rule. `part` and `whole` take a function from field name to value or expression.

    `previous` and `current` name the two facts a person is shown.
    `needs_whole`: silent unless the whole is positive (no baseline, no alert).
    """

    code: RuleCode
    previous: str
    current: str
    part: Callable[[Field], Any]
    whole: Callable[[Field], Any]
    needs: tuple[str, ...]
    needs_whole: bool = True
    is_money: bool = False

    def judge(self, fact: Any, setting: Setting) -> Reading | None:
        """The reading when the condition holds for these facts, else None."""
        values = {name: getattr(fact, name) for name in {*self.needs, self.previous, self.current}}
        if not setting.is_enabled or any(values[name] is None for name in self.needs):
            return None
        part, whole = Decimal(self.part(values.get)), Decimal(self.whole(values.get))
        if (self.needs_whole and whole <= 0) or part < setting.minimum:
            return None
        left, right = part * 100, setting.percent * whole
        if left < right or (setting.is_strict and left == right):
            return None
        return Reading(
            previous=Decimal(values[self.previous] or 0),
            current=Decimal(values[self.current] or 0),
            ratio=_ratio(part, whole),
        )

    def condition(self, setting: Setting) -> Q:
        """The same as SQL, for ClientMonth."""
        if not setting.is_enabled:
            return Q(pk__in=[])
        part, whole = self.part(F), self.whole(F)
        compare = GreaterThan if setting.is_strict else GreaterThanOrEqual
        holds = Q(compare(part * 100, Value(setting.percent) * whole)) & Q(
            GreaterThanOrEqual(part, Value(setting.minimum))
        )
        return holds & Q(GreaterThan(whole, Value(0))) if self.needs_whole else holds


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    if whole <= 0:
        return None
    with localcontext(prec=60):
        return (part / whole).quantize(FOUR_PLACES, rounding=ROUND_HALF_UP)


RULES: dict[str, Rule] = {
    rule.code.value: rule
    for rule in (
        Rule(
            RuleCode.REVENUE_DROP,
            previous="previous_income",
            current="income",
            part=lambda field: field("previous_income") - field("income"),
            whole=lambda field: field("previous_income"),
            needs=("previous_income", "income"),
            is_money=True,
        ),
        Rule(
            RuleCode.PRE_CHURN,
            previous="active",
            current="pre_churn",
            part=lambda field: field("pre_churn"),
            whole=lambda field: field("active"),
            needs=("active", "pre_churn"),
        ),
        Rule(
            RuleCode.MEMBER_LOSS,
            previous="previous_active",
            current="lost",
            part=lambda field: field("lost"),
            whole=lambda field: field("previous_active"),
            needs=("previous_active", "lost"),
        ),
        Rule(
            RuleCode.ARREARS,
            previous="previous_arrears",
            current="arrears",
            part=lambda field: field("arrears"),
            whole=lambda field: field("income"),
            needs=("arrears", "income"),
            needs_whole=False,
            is_money=True,
        ),
    )
}


class Settings:
    """The current version of every rule; a version for the client's class wins over the general."""

    def __init__(self, versions: Iterable[Any]) -> None:
        self._by_key = {(version.rule, version.client_class): version for version in versions}

    def of(self, rule: str, client_class: str) -> Any:
        return self._by_key.get((rule, client_class)) or self._by_key[(rule, "")]

    def candidates(self) -> Q:
        """Facts for which some rule may hold; `judge` has the last word."""
        found = Q(pk__in=[])
        for (rule, client_class), version in self._by_key.items():
            condition = RULES[rule].condition(version)
            if client_class:
                condition &= Q(client__client_class=client_class)
            found |= condition
        return found
