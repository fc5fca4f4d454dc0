"""Choice lists of cases."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseKind(models.TextChoices):
    """What anybody of ours may take down for any client (ORG-08)."""

    COMPLAINT = "complaint", _("Complaint")
    FAULT = "fault", _("Fault")
    ENQUIRY = "enquiry", _("Enquiry")
    LEAD = "lead", _("Lead")


class Window(models.TextChoices):
    """The three windows at which clients meet us (ORG-07)."""

    HALL = "hall", _("Business hall")
    HOTLINE = "hotline", _("Hotline")
    CENTRE = "centre", _("Group client centre")


class CaseChannel(models.TextChoices):
    PHONE = "phone", _("Phone")
    IN_PERSON = "in_person", pgettext_lazy("channel", "In person")
    WEBSITE = "website", _("Website")
    MESSAGE = "message", _("Text message")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    THIRD_PERSON = "third_person", _("Somebody on their behalf")
    OTHER = "other", _("Other")


class Severity(models.TextChoices):
    MINOR = "minor", pgettext_lazy("severity", "Minor")
    SERIOUS = "serious", pgettext_lazy("severity", "Serious")
    MAJOR = "major", pgettext_lazy("severity", "Major")


class Urgency(models.TextChoices):
    NORMAL = "normal", pgettext_lazy("urgency", "Normal")
    URGENT = "urgent", pgettext_lazy("urgency", "Urgent")


class CaseStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("of a case", "Waits for the first reply")
    REPLIED = "replied", pgettext_lazy("of a case", "Being solved")
    RESOLVED = "resolved", pgettext_lazy("of a case", "Solved")
    CLOSED = "closed", pgettext_lazy("of a case", "Closed")


class Satisfaction(models.TextChoices):
    """What the client said when asked at the end."""

    SATISFIED = "satisfied", _("Satisfied")
    PARTLY = "partly", _("Partly satisfied")
    DISSATISFIED = "dissatisfied", _("Not satisfied")
    NOT_REACHED = "not_reached", _("Could not be asked")


class StepKind(models.TextChoices):
    """One step of a case; what was written is never changed."""

    OPENED = "opened", _("Taken down")
    FIRST_REPLY = "first_reply", _("First reply")
    NOTE = "note", _("Note")
    TRANSFER = "transfer", pgettext_lazy("of a case", "Handed over")
    TAKEN = "taken", _("Taken on")
    LEADER = "leader", _("Leader requested")
    PERSONALITY = "personality", _("Personality judged")
    RESOLVED = "resolved", pgettext_lazy("of a case", "Solved")
    CLOSED = "closed", pgettext_lazy("of a case", "Closed")
    REOPENED = "reopened", _("Reopened")


# Clocks run in these.
RUNNING = (CaseStatus.OPEN, CaseStatus.REPLIED)
SETTLED = (CaseStatus.RESOLVED, CaseStatus.CLOSED)
# Of whom the satisfaction rate is counted (ORG-26).
ASKED = (Satisfaction.SATISFIED, Satisfaction.PARTLY, Satisfaction.DISSATISFIED)
