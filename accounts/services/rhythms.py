"""Writes about how often something is due (ARC-22, ORG-11)."""

from django.utils.translation import gettext as _

from accounts.choices import RhythmKind
from accounts.exceptions import NothingChanged, OutOfReach
from accounts.models import RhythmVersion
from accounts.selectors.rhythms import may_change, rhythms
from accounts.services.answering import said
from accounts.services.representations import reschedule_class
from accounts.signals import rhythm_changed
from crm.lib.services import service
from staff.models import User


@service
def change_rhythm(
    *, kind: str, client_class: str, months: int | None, reason: str, by: User
) -> RhythmVersion:
    """A new version; None means never. What is due already moves with it, at once.

    Raises OutOfReach below the top of the unit tree: one rhythm counts for everybody.
    """
    if not may_change(by):
        raise OutOfReach(_("Only the top of the company changes what counts for everybody."))
    known = RhythmVersion.objects.filter(kind=kind, client_class=client_class)
    # Two changes at once: the second one waits here, or meets the constraint on the version.
    newest = known.select_for_update(of=("self",)).order_by("-version").first()
    if rhythms()[kind, client_class] == months:
        raise NothingChanged(_("The setting is like this already."))
    version = RhythmVersion.objects.create(
        kind=kind,
        client_class=client_class,
        version=newest.version + 1 if newest else 1,
        months=months,
        reason=said(reason),
        created_by=by,
    )
    if kind == RhythmKind.REPRESENTATIVE:
        reschedule_class(client_class)
    rhythm_changed.send(RhythmVersion, kind=kind, client_class=client_class)
    return version
