"""At which card tier a contact is served (ARC-41, ARC-42, ARC-43): one definition, read and asked.

Key persons of a class A, B or C client are served at least like a diamond, gold or silver card;
a higher card of their own counts more. Others, and people of other organisations, are served by
their own card.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from accounts.choices import CLASS_SERVICE_TIERS, KEY_CONTACT_KINDS, Tier


@dataclass(frozen=True)
class ServiceLevel:
    """The tier, and what it comes from: the own card, the client's class, or neither.

    `is_classed`: the client has a class.
    """

    tier: Tier
    own: Tier
    minimum: Tier
    is_classed: bool

    @property
    def reason(self) -> str:
        if self.tier == Tier.NONE and not self.is_classed:
            return _("no card of their own, and the client has no class yet")
        if self.tier == Tier.NONE:
            return _("no card of their own; the class counts for key persons only")
        if self.own > self.minimum:
            return _("own card")
        if self.own == self.minimum:
            return _("own card and the client's class")
        return _("at least this for key persons of the client's class")


def service_level(*, own: int, client_class: str, is_key: bool) -> ServiceLevel:
    """max(own card, minimum of the class); `is_key` as `is_key_person` says."""
    minimum = CLASS_SERVICE_TIERS.get(client_class, Tier.NONE) if is_key else Tier.NONE  # type: ignore[call-overload]
    return ServiceLevel(
        tier=max(Tier(own), minimum), own=Tier(own), minimum=minimum, is_classed=bool(client_class)
    )


def is_key_person(*, kind: str, is_external: bool) -> bool:
    return kind in KEY_CONTACT_KINDS and not is_external


def own_card(lines: models.QuerySet) -> Any:
    """The higher of the card somebody noted and that of their line with us, as a column.

    Only a line of the contact's own client is looked at: other clients' are nobody's business here.
    """
    line = lines.filter(msisdn=OuterRef("line_number"), client=OuterRef("client"))
    return Greatest("own_tier", Coalesce(Subquery(line.values("tier")[:1]), Value(Tier.NONE)))


def service_tier() -> Any:
    """The same as `service_level` in SQL, for rows that have `own_card`."""
    is_key = Q(kind__in=KEY_CONTACT_KINDS, is_external=False)
    minimums = [
        When(is_key & Q(client__client_class=letter), then=Value(tier))
        for letter, tier in CLASS_SERVICE_TIERS.items()
    ]
    minimum = Case(*minimums, default=Value(Tier.NONE), output_field=models.SmallIntegerField())
    return Greatest(F("own_card"), minimum)
