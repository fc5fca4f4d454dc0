"""Writes about policy texts."""

from datetime import datetime

from crm.lib.services import service
from staff.choices import PolicyKind
from staff.models import Acknowledgement, PolicyVersion, User
from staff.selectors.policies import current_policy


@service
def publish_policy(
    *, kind: str, body_en: str, body_zh: str, now: datetime, by: User
) -> PolicyVersion:
    """A new version; of the confidentiality text, everybody has to accept it (SEC-07)."""
    # Two at once must not make the same version.
    list(PolicyVersion.objects.select_for_update().filter(kind=kind).order_by("pk"))
    newest = current_policy(kind)
    policy = PolicyVersion(
        kind=kind,
        version=newest.version + 1 if newest else 1,
        body_en=body_en,
        body_zh=body_zh,
        published_at=now,
        published_by=by,
    )
    policy.full_clean()
    policy.save(force_insert=True)
    if kind == PolicyKind.CONFIDENTIALITY:
        User.objects.update(must_acknowledge=True)
    return policy


@service
def acknowledge(*, policy: PolicyVersion | None, now: datetime, by: User) -> None:
    """The person accepts the text; only the newest one opens the site."""
    newest = current_policy(PolicyKind.CONFIDENTIALITY)
    if policy:
        Acknowledgement.objects.get_or_create(
            person=by, policy=policy, defaults={"acknowledged_at": now}
        )
    if newest is None or policy == newest:
        User.objects.filter(pk=by.pk).update(must_acknowledge=False)
