"""The menu of every page, in sections."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class MenuEntry:
    """A page in the menu. `is_primary` ones are also in the phone's bar (four at most)."""

    label: str | Promise
    url_name: str
    icon: str
    right: str
    is_primary: bool = False
    # For people with clients of their own, not for those who oversee a unit.
    is_own: bool = False


@dataclass(frozen=True)
class MenuSection:
    """Entries under a heading; the first section, what the day begins with, has none."""

    heading: str | Promise
    entries: tuple[MenuEntry, ...]


DAY = MenuSection(
    "",
    (
        MenuEntry(_("My day"), "home", "home", "visits.record_visit", True, is_own=True),
        MenuEntry(
            _("Dashboard"), "analytics:dashboard", "chart-bar", "analytics.view_dashboard", True
        ),
        MenuEntry(_("Clients"), "accounts:client_list", "building", "accounts.view_client", True),
        MenuEntry(
            _("Alerts"), "analytics:alert_list", "alert-triangle", "analytics.view_alert", True
        ),
        MenuEntry(_("Visits"), "visits:visit_list", "calendar-event", "visits.view_visit", True),
        MenuEntry(_("Cases"), "complaints:case_list", "inbox", "complaints.view_case"),
        MenuEntry(_("Tasks"), "staff:task_list", "list-check", "staff.do_task"),
    ),
)
ARCHIVE = MenuSection(
    _("Archive"),
    (
        MenuEntry(_("Contacts"), "accounts:contact_list", "address-book", "accounts.view_client"),
        MenuEntry(_("Members"), "accounts:member_list", "device-mobile", "accounts.view_client"),
        MenuEntry(_("Contact diary"), "accounts:contact_log_list", "phone", "accounts.view_client"),
        MenuEntry(_("Client value"), "accounts:proposal_list", "star", "accounts.view_client"),
        MenuEntry(
            _("Voices of clients"), "accounts:voice_list", "speakerphone", "accounts.view_client"
        ),
        MenuEntry(_("Reports"), "accounts:report_list", "file-text", "accounts.view_client"),
        MenuEntry(
            _("Handed-in changes"),
            "accounts:change_request_list",
            "edit",
            "accounts.follow_changes",
        ),
        MenuEntry(_("Entitlements"), "accounts:entitlement_list", "tag", "accounts.view_client"),
        MenuEntry(_("Gift register"), "care:gift_list", "gift", "care.view_care"),
        MenuEntry(_("Handovers"), "accounts:handover_list", "users", "accounts.assign_owner"),
    ),
)
BILLING = MenuSection(
    _("Billing"),
    (
        MenuEntry(
            _("Billing imports"), "analytics:import_list", "file-import", "analytics.view_import"
        ),
        MenuEntry(_("Periods"), "analytics:period_list", "calendar", "analytics.view_import"),
        MenuEntry(_("Alert rules"), "analytics:rule_list", "settings", "analytics.view_alert"),
    ),
)
TEAM = MenuSection(
    _("Team"),
    (
        MenuEntry(_("Our people"), "staff:person_list", "users", "staff.view_people"),
        MenuEntry(_("Absences"), "staff:absence_list", "calendar", "staff.record_absence"),
        MenuEntry(
            _("Cases to learn from"), "complaints:lesson_list", "school", "complaints.view_case"
        ),
        MenuEntry(
            _("Use of personal data"), "accounts:reveal_log", "eye", "accounts.view_disclosures"
        ),
        MenuEntry(_("Exports"), "staff:export_list", "download", "accounts.export_clients"),
        MenuEntry(_("Approve exports"), "staff:export_queue", "user-check", "staff.approve_export"),
    ),
)
MENU = (DAY, ARCHIVE, BILLING, TEAM)
PRIMARY_ENTRIES = 4
