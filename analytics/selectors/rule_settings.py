"""The settings of the alert rules: those in force, those of a person to change, their history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.models import RuleVersion
from analytics.rules import RULES, Settings
from staff.models import Unit, User


def settings_in_force(versions: Iterable[RuleVersion] | None = None) -> Settings:
    """What the next computation uses; `versions` instead of the current ones to try them out."""
    parents = dict(Unit.objects.order_by().values_list("pk", "parent_id"))
    return Settings(RuleVersion.objects.current() if versions is None else versions, parents)


def setting_for(rule: str, client_class: str, unit: Unit | None) -> RuleVersion:
    """The version that clients of this class and unit are judged by now."""
    return settings_in_force().of(rule, client_class, unit.pk if unit else None)


def may_change(user: User, unit: Unit | None) -> bool:
    """Settings of the own unit and those below; the general ones only from the top of the tree.

    See also `staff.roles`: analytics.change_rules.
    """
    if not user.has_perm("analytics.change_rules"):
        return False
    scope = user.row_scope()
    if scope.everything or user.unit.parent_id is None:
        return True
    return unit is not None and unit.pk in scope.unit_ids


@dataclass(frozen=True)
class RuleGroup:
    """One rule: its general setting, then those of classes and units."""

    rule: str
    versions: Sequence[tuple[RuleVersion, bool]]


def rule_groups(user: User) -> list[RuleGroup]:
    """Every setting in force, and whether the person may change it."""
    current = RuleVersion.objects.current().select_related("unit", "created_by")
    found: dict[str, list[RuleVersion]] = {rule: [] for rule in RULES}
    for version in current:
        found[version.rule].append(version)
    return [
        RuleGroup(
            rule,
            [
                (version, may_change(user, version.unit))
                for version in sorted(versions, key=_general_first)
            ],
        )
        for rule, versions in found.items()
    ]


def _general_first(version: RuleVersion) -> tuple[bool, str, str]:
    unit = version.unit
    return unit is not None, unit.code if unit else "", version.client_class


def history_of(rule: str) -> list[RuleVersion]:
    """All versions of a rule, the newest first."""
    versions = RuleVersion.objects.filter(rule=rule).select_related("unit", "created_by")
    return list(versions.order_by("-pk"))
