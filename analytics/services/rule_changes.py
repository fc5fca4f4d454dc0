"""Changing the settings of the rules, and trying a change out first (ADR 0022)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Client
from analytics.choices import RuleCode
from analytics.exceptions import NothingChanged, ReasonMissing, RuleOutOfReach
from analytics.models import BillingPeriod, ClientMonth, RuleVersion
from analytics.selectors.rule_settings import may_change, settings_in_force
from analytics.services.alert_run import Found, Key, find_conditions
from crm.lib.services import service
from staff.models import Unit, User

VALUES = ("is_enabled", "percent", "is_strict", "minimum", "due_working_days")
SHOWN = 50


@dataclass(frozen=True)
class Preview:
    """What other settings would have made of the newest complete month.

    `by_rule`: rule, conditions now, conditions then; `gained` and `lost`: the first 50 clients
    that would have an alert of the rule, or would have none.
    """

    month: date
    now: int
    then: int
    by_rule: Sequence[tuple[RuleCode, int, int]]
    gained: Sequence[Client]
    lost: Sequence[Client]
    gained_count: int
    lost_count: int


@service
def change_rule(
    *,
    rule: str,
    client_class: str,
    unit: Unit | None,
    is_enabled: bool,
    percent: Decimal,
    is_strict: bool,
    minimum: Decimal,
    due_working_days: int,
    reason: str,
    by: User,
) -> RuleVersion:
    """A new version of the setting; it acts from the next computation on.

    Raised alerts stay; a month that is computed again is judged by what is in force then.
    """
    trial = RuleVersion(
        rule=rule,
        client_class=client_class,
        unit=unit,
        is_enabled=is_enabled,
        percent=percent,
        is_strict=is_strict,
        minimum=minimum,
        due_working_days=due_working_days,
    )
    return _add(trial, reason, by)


@service
def remove_rule(
    *, rule: str, client_class: str, unit: Unit | None, reason: str, by: User
) -> RuleVersion:
    """The class or unit follows the wider setting again; its history stays."""
    return _add(removal(rule, client_class, unit), reason, by)


def removal(rule: str, client_class: str, unit: Unit | None) -> RuleVersion:
    """An unsaved version that takes the setting back."""
    current = RuleVersion.objects.current().of(rule, client_class, unit).first()
    if current is None or current.is_general:
        raise NothingChanged(_("There is no setting of its own to take back."))
    values = {name: getattr(current, name) for name in VALUES}
    return RuleVersion(rule=rule, client_class=client_class, unit=unit, is_removed=True, **values)


def _add(trial: RuleVersion, reason: str, by: User) -> RuleVersion:
    if not may_change(by, trial.unit):
        raise RuleOutOfReach(_("You may only change settings of your own units."))
    if not reason.strip():
        raise ReasonMissing(_("Say why the setting is changed."))
    # Two changes of one rule take turns.
    list(RuleVersion.objects.select_for_update().filter(rule=trial.rule, version=1))
    known = RuleVersion.objects.of(trial.rule, trial.client_class, trial.unit)
    newest = known.order_by("-version").first()
    if newest and _same(newest, trial):
        raise NothingChanged(_("The setting is like this already."))
    trial.version = (known.aggregate(newest=Max("version"))["newest"] or 0) + 1
    trial.reason = reason
    trial.created_by = by
    trial.save(force_insert=True)
    return trial


def _same(newest: RuleVersion, trial: RuleVersion) -> bool:
    names = (*VALUES, "is_removed")
    return all(getattr(newest, name) == getattr(trial, name) for name in names)


def preview(trial: RuleVersion, *, user: User) -> Preview | None:
    """The newest complete month with the trial version in force, of clients in sight.

    None without a complete month. Nothing is written.
    """
    newest = BillingPeriod.objects.complete().order_by("-month").first()
    if newest is None:
        return None
    month, rule = newest.month, trial.rule
    facts = ClientMonth.objects.visible_to(user)
    now = find_conditions(month, facts=facts)
    # The other rules are not touched by it.
    then = find_conditions(
        month, facts=facts, settings=settings_in_force(_with(trial)), rules=[rule]
    )
    before = {key: found for key, found in now.items() if key[1] == rule}
    gained, lost = _missing_in(before, then), _missing_in(then, before)
    return Preview(
        month=month,
        now=len(now),
        then=len(now) - len(before) + len(then),
        by_rule=[_row(code, now, then if code == rule else now) for code in RuleCode],
        gained=gained[:SHOWN],
        lost=lost[:SHOWN],
        gained_count=len(gained),
        lost_count=len(lost),
    )


def _row(
    code: RuleCode, now: dict[Key, Found], then: dict[Key, Found]
) -> tuple[RuleCode, int, int]:
    return code, sum(key[1] == code for key in now), sum(key[1] == code for key in then)


def _with(trial: RuleVersion) -> list[RuleVersion]:
    """The current versions, the trial one in place of its own."""
    key = (trial.rule, trial.client_class, trial.unit_id)
    others = [
        version
        for version in RuleVersion.objects.current()
        if (version.rule, version.client_class, version.unit_id) != key
    ]
    return others if trial.is_removed else [*others, trial]


def _missing_in(some: dict[Key, Found], all_ones: dict[Key, Found]) -> list[Client]:
    """Clients of `all_ones` that are not in `some`, the most money first."""
    found = [value for key, value in all_ones.items() if key not in some]
    found.sort(key=lambda value: (-value.money_at_risk, value.client.code))
    return [value.client for value in found]
