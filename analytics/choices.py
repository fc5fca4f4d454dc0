"""Choice lists of billing, facts and alerts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportKind(models.TextChoices):
    MEMBER_BILL = "member_bill", _("Member bills")
    PRODUCT_BILL = "product_bill", _("Group product bills")
    CLIENTS = "clients", _("Client roster")
    CONTACTS = "contacts", _("Contact roster")
    PAYMENTS = "payments", _("Payments")
    HANDLINGS = "handlings", _("Business handled")
    USAGE = "usage", _("Daily usage")


class ImportState(models.TextChoices):
    CHECKING = "checking", _("Being checked")
    READY = "ready", _("To be confirmed")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    LOADED = "loaded", _("Loaded")
    FAILED = "failed", _("Refused")
    CANCELLED = "cancelled", _("Cancelled")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class LookWay(models.TextChoices):
    """How somebody looked at quarantined rows."""

    PAGE = "page", _("on the page")
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    API = "api", "REST"


class PeriodState(models.TextChoices):
    OPEN = "open", _("Not complete")
    HELD = "held", _("Held: bills seem to be missing")
    COMPLETE = "complete", _("Complete")
    CLOSED = "closed", _("Closed")


class PeriodStepKind(models.TextChoices):
    """What happened to a month, as its history tells."""

    HELD = "held", _("Held: bills seem to be missing")
    WAITING = "waiting", _("Waiting for more files")
    COMPLETED = "completed", _("Completed")
    COMPLETED_ANYWAY = "anyway", _("Completed although bills seem to be missing")
    FILLED = "filled", _("Completed by a file that filled the gap")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Opened again")


class RuleCode(models.TextChoices):
    REVENUE_DROP = "revenue_drop", _("Revenue drop")
    PRE_CHURN = "pre_churn", _("Pre-churn")
    MEMBER_LOSS = "member_loss", _("Member loss")
    ARREARS = "arrears", _("Arrears")


class AlertState(models.TextChoices):
    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    VISIT_PLANNED = "visit_planned", _("Visit planned")
    VISITED = "visited", _("Visited")
    HANDLED = "handled", _("Handled")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn (revised)")


class Revision(models.TextChoices):
    """What a corrected bill did to an alert (CHN-46)."""

    UPDATED = "updated", _("Figures corrected")
    WITHDRAWN = "withdrawn", _("Withdrawn: the corrected bill no longer meets the condition")
    KEPT = (
        "kept",
        _("Kept although the corrected bill no longer meets the condition: visited already"),
    )
    AFTER_CLOSING = "closed", _("The bill was corrected after the alert was closed")
    RAISED_AGAIN = "again", _("Raised again by a corrected bill")


class AlertCause(models.TextChoices):
    """Branches of CHN-33 with the sub-causes people name most."""

    SERVICE = "service", _("Individual service")
    TARIFF = "tariff", _("Tariff")
    NETWORK = "network", _("Network quality")
    COMPETITOR = "competitor", _("Competitor's offer")
    COMPLAINT = "complaint", _("Unsolved complaint")
    RELOCATION = "relocation", _("Relocation")
    CLOSURE = "closure", _("Client closed down")
    SEASON = "season", _("Season or one-off fee")
    OTHER = "other", _("Other")


class FeeCategory(models.TextChoices):
    """Income columns of a bill, in the order of the file format."""

    LOCAL = "local", _("Local calls")
    DOMESTIC_LONG_DISTANCE = "domestic_long_distance", _("Domestic long distance")
    INTERNATIONAL_LONG_DISTANCE = "international_long_distance", _("International long distance")
    ROAMING_IN_PROVINCE = "roaming_in_province", _("Roaming in the province")
    ROAMING_OUT_OF_PROVINCE = "roaming_out_of_province", _("Roaming outside the province")
    IP = "ip", _("IP calls")
    SMS = "sms", _("SMS")
    VOICE_VALUE_ADDED = "voice_value_added", _("Voice value-added services")
    MOBILE_DATA = "mobile_data", _("Mobile data")
    CMNET = "cmnet", _("CMNet")
    INTERNET_LINE = "internet_line", _("Internet line")
    VOIP_LINE = "voip_line", _("VoIP line")
    VPN = "vpn", _("VPN")
    OTHER = "other", _("Other")


class PaymentType(models.TextChoices):
    """What a line of a payment record is (ANA-11)."""

    SETTLEMENT = "settlement", _("Month-end settlement")
    CHANGE = "change", _("Payment change")
    TRANSFER = "transfer", _("Real-time transfer")
    CHARGE = "charge", _("Account charge")


# Handed in on a page: looked at and checked, and nothing loaded before a person says so.
DRAFT_IMPORT_STATES = (ImportState.CHECKING, ImportState.READY)
# On their way into the tables.
LOADING_IMPORT_STATES = (ImportState.QUEUED, ImportState.RUNNING)
UNFINISHED_IMPORT_STATES = (*DRAFT_IMPORT_STATES, *LOADING_IMPORT_STATES)
# What these loaded counts; of one being undone, until the undo is committed.
LOADED_IMPORT_STATES = (ImportState.LOADED, ImportState.UNDOING)
# Facts exist, and other months may be compared with it.
COMPLETE_PERIOD_STATES = (PeriodState.COMPLETE, PeriodState.CLOSED)
OPEN_ALERT_STATES = (
    AlertState.OPEN,
    AlertState.ACKNOWLEDGED,
    AlertState.VISIT_PLANNED,
    AlertState.VISITED,
    AlertState.HANDLED,
)
# Nobody has been to the client yet: the visit can be overdue.
AWAITING_VISIT_STATES = (AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.VISIT_PLANNED)
# Somebody has already been to the client: a corrected bill keeps these, with a note.
ACTED_ALERT_STATES = (AlertState.VISITED, AlertState.HANDLED)


class SuggestionState(models.TextChoices):
    """A class that the figures suggest (AMB-06)."""

    OPEN = "open", pgettext_lazy("of a suggestion", "Open")
    ACCEPTED = "accepted", pgettext_lazy("of a suggestion", "Accepted")
    DISMISSED = "dismissed", pgettext_lazy("of a suggestion", "Dismissed")
    OBSOLETE = "obsolete", pgettext_lazy("of a suggestion", "Out of date")


class ValueGrade(models.TextChoices):
    """What a client is worth to us, by the score of an assessment (ARC-22)."""

    TOP = "top", _("Top value")
    HIGH = "high", _("High value")
    MIDDLE = "middle", _("Middle value")
    LOW = "low", _("Low value")
