"""Choice lists of visits."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VisitMode(models.TextChoices):
    DOOR = "door", _("Door visit")
    PHONE = "phone", _("Phone visit")


class VisitPurpose(models.TextChoices):
    SURVEY = "survey", _("Collect data and learn needs")
    RECOMMEND = "recommend", _("Recommend services")
    LIAISON = "liaison", _("Liaison")
    RETENTION = "retention", _("Retention")
    COMPLAINT = "complaint", _("Complaint follow-up")
    CONTRACT = "contract", _("Contract")
    COLLECTION = "collection", _("Collection")
    TRAINING = "training", _("Training")
    IMPLEMENTATION = "implementation", _("Implementation")
    CARE = "care", _("Festival care")


class VisitState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


# Working days until the record is due (VIS-61, VIS-62).
RECORD_WORKING_DAYS = {VisitMode.DOOR: 3, VisitMode.PHONE: 2}
