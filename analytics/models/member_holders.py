"""What keeps a line in the archive when its last bill goes."""

from collections.abc import Iterator

from django.db.models import ForeignObject
from pghistory.models import Event

from accounts.models import Member, TierTerm


def member_holders() -> Iterator[ForeignObject]:
    """Each relation to a member from rows of any app that people wrote or files brought.

    Not the audit trail, which outlives everything, nor the cards by bills, which come and go with
    the bills.
    """
    for relation in Member._meta.related_objects:
        model = relation.related_model
        if not issubclass(model, Event) and model is not TierTerm:
            yield relation.field
