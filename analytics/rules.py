"""The four alert rules: pure functions of one client's month and a settings version.

A rule compares a part with a whole: `part × 100 > percent × whole` (or ≥). Written once, it
serves twice: with numbers it judges a fact, with F expressions it becomes the SQL condition
that finds the few facts worth judging. Source: CHN-01, CHN-02, CHN-03, CHN-30.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
    """Which version of a rule counts for a client, by its class and its unit.

    `parents`: the unit above each unit, None above the root. The version for a unit at or above
    the client's and for its class wins over one for a unit alone, that over one for the class
    alone, and that over the general one; of several units the nearest to the client wins.
    """

    def __init__(
        self, versions: Iterable[Any], parents: Mapping[int, int | None] | None = None
    ) -> None:
        self._by_key = {
            (version.rule, version.client_class, version.unit_id): version for version in versions
        }
        self._parents = parents or {}
        self._above: dict[int, list[int]] = {}

    def of(self, rule: str, client_class: str, unit_id: int | None = None) -> Any:
        for key in self._keys(rule, client_class, unit_id):
            if key in self._by_key:
                return self._by_key[key]
        raise KeyError(rule)

    def _keys(
        self, rule: str, client_class: str, unit_id: int | None
    ) -> Iterator[tuple[str, str, int | None]]:
        """Where to look, the narrowest setting first."""
        above = self._at_and_above(unit_id)
        for wanted in dict.fromkeys((client_class, "")):
            yield from ((rule, wanted, unit) for unit in above)
        for wanted in dict.fromkeys((client_class, "")):
            yield (rule, wanted, None)

    def _at_and_above(self, unit_id: int | None) -> list[int]:
        """The unit and all above it, from the nearest on."""
        if unit_id is None:
            return []
        if unit_id not in self._above:
            above = self._parents.get(unit_id)
            self._above[unit_id] = [unit_id, *self._at_and_above(above)]
        return self._above[unit_id]

    def candidates(self, rules: Collection[str] = tuple(RULES)) -> Q:
        """Facts for which one of the rules may hold; `judge` has the last word."""
        found = Q(pk__in=[])
        for (rule, client_class, unit_id), version in self._by_key.items():
            if rule not in rules:
                continue
            condition = RULES[rule].condition(version)
            if client_class:
                condition &= Q(client__client_class=client_class)
            if unit_id is not None:
                condition &= Q(client__unit__in=self._at_and_below(unit_id))
            found |= condition
        return found

    def _at_and_below(self, unit_id: int) -> list[int]:
        units = self._parents or {unit_id: None}
        return [unit for unit in units if unit_id in self._at_and_above(unit)]
