"""What the frame of every page shows: menu, unread news, for whom somebody stands in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staff import badges
from staff.models import Notification, User
from staff.selectors.exports import waiting_count


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
    # How much waits there for this person, asked of those with the right only.
    count: Callable[[User, datetime], int] | None = None


MENU = (
    MenuEntry(_("My day"), "home", "home", "visits.record_visit", True, is_own=True),
    MenuEntry(_("Dashboard"), "analytics:dashboard", "chart-bar", "analytics.view_dashboard", True),
    MenuEntry(_("Clients"), "accounts:client_list", "building", "accounts.view_client", True),
    MenuEntry(_("Alerts"), "analytics:alert_list", "alert-triangle", "analytics.view_alert", True),
    MenuEntry(_("Visits"), "visits:visit_list", "calendar-event", "visits.view_visit", True),
    MenuEntry(_("Cases"), "complaints:case_list", "inbox", "complaints.view_case"),
    MenuEntry(_("Cases to learn from"), "complaints:lesson_list", "note", "complaints.view_case"),
    MenuEntry(_("Gift register"), "care:gift_list", "star", "care.view_care"),
    MenuEntry(_("Contacts"), "accounts:contact_list", "address-book", "accounts.view_client"),
    MenuEntry(_("Client value"), "accounts:proposal_list", "star", "accounts.view_client"),
    MenuEntry(_("Voices of clients"), "accounts:voice_list", "note", "accounts.view_client"),
    MenuEntry(_("Reports"), "accounts:report_list", "file-text", "accounts.view_client"),
    MenuEntry(
        _("Handed-in changes"), "accounts:change_request_list", "edit", "accounts.follow_changes"
    ),
    MenuEntry(_("Members"), "accounts:member_list", "device-mobile", "accounts.view_client"),
    MenuEntry(_("Entitlements"), "accounts:entitlement_list", "tag", "accounts.view_client"),
    MenuEntry(_("Handovers"), "accounts:handover_list", "users", "accounts.assign_owner"),
    MenuEntry(_("Contact diary"), "accounts:contact_log_list", "phone", "accounts.view_client"),
    MenuEntry(_("Tasks"), "staff:task_list", "list-check", "staff.do_task"),
    MenuEntry(
        _("Billing imports"), "analytics:import_list", "file-import", "analytics.view_import"
    ),
    MenuEntry(_("Periods"), "analytics:period_list", "calendar", "analytics.view_import"),
    MenuEntry(_("Alert rules"), "analytics:rule_list", "settings", "analytics.view_alert"),
    MenuEntry(_("Absences"), "staff:absence_list", "calendar", "staff.record_absence"),
    MenuEntry(_("Our people"), "staff:person_list", "users", "staff.view_people"),
    MenuEntry(_("Use of personal data"), "accounts:reveal_log", "eye", "accounts.view_disclosures"),
    MenuEntry(_("Exports"), "staff:export_list", "download", "accounts.export_clients"),
    MenuEntry(
        _("Approve exports"),
        "staff:export_queue",
        "check",
        "staff.approve_export",
        count=waiting_count,
    ),
)
PRIMARY_ENTRIES = 4


@dataclass(frozen=True)
class MenuItem:
    label: str | Promise
    url: str
    icon: str
    is_active: bool
    is_primary: bool
    badge: int | None = None
    section: str = ""


def workplace(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "standing_in": user.standing_in,
        "navigation": _items(request, user),
        "unread_notifications": Notification.objects.visible_to(user).unread()[:100].count(),
    }


def _items(request: HttpRequest, user: User) -> list[MenuItem]:
    entries = [
        (entry, reverse(entry.url_name))
        for entry in MENU
        if user.has_perm(entry.right) and not (entry.is_own and user.sees_unit)
    ]
    # The longest address wins: /alerts/rules/ is not also /alerts/.
    covering = [url for _entry, url in entries if _covers(url, request.path)]
    here = max(covering, key=len, default=None)
    now = timezone.now()
    primary = [entry for entry, _url in entries if entry.is_primary][:PRIMARY_ENTRIES]
    return [
        MenuItem(
            entry.label,
            url,
            entry.icon,
            url == here,
            entry in primary,
            badge=(entry.count(user, now) or None)
            if entry.count
            else badges.count_for(entry.url_name, user),
        )
        for entry, url in entries
    ]


def _covers(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
