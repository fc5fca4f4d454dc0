"""Choice lists of our own organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County")
    TEAM = "team", _("Team")


class Role(models.TextChoices):
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    AGENT = "agent", _("Rural agent")
    CHIEF_REPRESENTATIVE = "chief_representative", _("Chief client representative")
    SUPERVISOR = "supervisor", _("Supervisor")
    COMPLAINT_CLERK = "complaint_clerk", _("Complaint clerk")
    OPERATIONS = "operations", _("Operations")
    PROVINCE = "province", _("Province")


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


class ExportFormat(models.TextChoices):
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"


# Roles that see the rows of their unit and of every unit below it.
UNIT_ROLES = frozenset({Role.SUPERVISOR, Role.OPERATIONS})
# Roles that may be responsible for clients.
OWNER_ROLES = frozenset({Role.ACCOUNT_MANAGER, Role.AGENT, Role.CHIEF_REPRESENTATIVE})
