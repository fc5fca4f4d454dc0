"""Choice lists of our own organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    DEPARTMENT = "department", _("City department")
    COUNTY = "county", _("County")
    BRANCH = "branch", _("County branch")
    TEAM = "team", _("Team")


class Role(models.TextChoices):
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    AGENT = "agent", _("Rural agent")
    CHIEF_REPRESENTATIVE = "chief_representative", _("Chief client representative")
    SUPERVISOR = "supervisor", _("Supervisor")
    COMPLAINT_CLERK = "complaint_clerk", _("Complaint clerk")
    OPERATIONS = "operations", _("Operations")
    PROVINCE = "province", _("Province")


class AbsenceKind(models.TextChoices):
    LEAVE = "leave", _("Leave")
    SICK = "sick", _("Sick leave")
    TRIP = "trip", _("Business trip")
    TRAINING = "training", _("Training")
    OTHER = "other", _("Other")


class AbsenceState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("Taken back")


OPEN_ABSENCE_STATES = frozenset({AbsenceState.REQUESTED, AbsenceState.APPROVED})


class PolicyKind(models.TextChoices):
    CONFIDENTIALITY = "confidentiality", _("Confidentiality")
    NORMS = "norms", _("Service norms")


class LoanKind(models.TextChoices):
    PHONE = "phone", _("Demo phone")
    LAPTOP = "laptop", _("Laptop")
    OTHER = "other", _("Other")


class ProfileKind(models.TextChoices):
    MANAGER = "manager", _("Account manager")
    AGENT = "agent", _("Rural agent")


class AssessmentKind(models.TextChoices):
    SELF = "self", _("By oneself")
    SUPERVISOR = "supervisor", _("By the supervisor")


class CourseKind(models.TextChoices):
    SUBJECT = "subject", _("Subject")
    SKILL = "skill", _("Skill")
    SIMULATION = "simulation", _("Visit simulation")


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    CHINESE = "zh-hans", "简体中文"


class DayKind(models.TextChoices):
    OFF = "off", _("Day off")
    WORKING = "working", _("Working day")


class ExportState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
    APPROVAL = "approval", _("Waits for approval")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")


class ExportFormat(models.TextChoices):
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word (DOCX)"


# Below which kinds a unit may stand (ORG-01, ORG-29).
PARENT_KINDS: dict[str, frozenset[str]] = {
    UnitKind.PROVINCE: frozenset(),
    UnitKind.CITY: frozenset({UnitKind.PROVINCE}),
    UnitKind.DEPARTMENT: frozenset({UnitKind.CITY}),
    UnitKind.COUNTY: frozenset({UnitKind.CITY}),
    UnitKind.BRANCH: frozenset({UnitKind.CITY, UnitKind.COUNTY}),
    UnitKind.TEAM: frozenset(set(UnitKind.values) - {UnitKind.TEAM}),
}
LIST_FORMATS = (ExportFormat.XLSX, ExportFormat.CSV)
DOCUMENT_FORMATS = (ExportFormat.PDF, ExportFormat.DOCX)
# Roles that see the rows of their unit and of every unit below it.
UNIT_ROLES = frozenset({Role.SUPERVISOR, Role.OPERATIONS})
# Roles that may be responsible for clients.
OWNER_ROLES = frozenset({Role.ACCOUNT_MANAGER, Role.AGENT, Role.CHIEF_REPRESENTATIVE})
# Roles that approve exports of many people's data: a supervisor above (P34).
APPROVER_ROLES = frozenset({Role.SUPERVISOR, Role.PROVINCE})
