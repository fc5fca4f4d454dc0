"""Policy texts in force."""

from staff.choices import PolicyKind
from staff.models import PolicyVersion


def current_policies() -> dict[str, PolicyVersion]:
    """The newest version of each kind."""
    rows = PolicyVersion.objects.order_by("kind", "-version").distinct("kind")
    return {policy.kind: policy for policy in rows}


def current_policy(kind: str) -> PolicyVersion | None:
    if kind not in PolicyKind.values:
        return None
    return PolicyVersion.objects.filter(kind=kind).order_by("-version").first()
