"""Choice lists of care."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class GiftDirection(models.TextChoices):
    GIVEN = "given", _("Given to the client")
    RECEIVED = "received", _("Received from the client")


class GiftOccasion(models.TextChoices):
    FESTIVAL = "festival", _("Festival")
    BIRTHDAY = "birthday", _("Birthday")
    ANNIVERSARY = "anniversary", _("Anniversary")
    VISIT = "visit", _("Visit")
    EVENT = "event", _("Event")
    THANKS = "thanks", _("Thanks")
    OTHER = "other", _("Other")


class GiftState(models.TextChoices):
    """Up to the set value a gift is registered; above it somebody else approves (SEC-13)."""

    REGISTERED = "registered", pgettext_lazy("of a gift", "Registered")
    WAITING = "waiting", pgettext_lazy("of a gift", "Waits for approval")
    APPROVED = "approved", pgettext_lazy("of a gift", "Approved")
    REFUSED = "refused", pgettext_lazy("of a gift", "Refused")


DECIDED = (GiftState.APPROVED, GiftState.REFUSED)
