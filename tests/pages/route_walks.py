"""Ways over all routes: arguments that name nothing of anybody, who may go where, and the answers."""

from datetime import date
from typing import Any
from uuid import UUID

from django.test import Client as Browser
from django.urls import NoReverseMatch, reverse

from crm.lib.models import uuid7
from staff.choices import Role
from tests.factories.staff import UserFactory
from tests.routes import named_routes

# Routes whose argument names nothing of anybody: a value that the route takes.
COMMON_ARGUMENTS = {
    "analytics:period_complete": [date(2026, 6, 1)],  # months are the whole company's
    "accounts:report_create": ["urgent"],
    "accounts:recipient_remove": [UUID(int=1)],  # one group for the whole province
    "accounts:rhythm_change": ["assessment", "A"],  # one rhythm for everybody
    "analytics:rule_change": ["arrears"],
    "analytics:rule_remove": ["arrears"],
    "analytics:period_wait": [date(2026, 6, 1)],
    "analytics:period_close": [date(2026, 6, 1)],
    "analytics:period_reopen": [date(2026, 6, 1)],
    # The catalogue is everybody's.
    "accounts:entitlement_edit": [UUID(int=1)],
    "accounts:entitlement_verify": [UUID(int=1)],
    "api:entitlement-detail": [UUID(int=1)],
    "analytics:mapping_delete": [UUID(int=1)],  # headers of files are everybody's who imports
    "api:period-detail": ["2026-06"],
    "api:period-complete": ["2026-06"],
    "api:period-close": ["2026-06"],
    "api:period-reopen": ["2026-06"],
    "complaints:lesson_read": [UUID(int=1)],  # lessons are for everybody
    "accounts:tip_edit": [1],  # advice is everybody's
    "staff:export_create": ["accounts:client_list"],
    "staff:career_edit": [UUID(int=1)],
    "staff:policy_edit": ["norms"],
    "staff:saved_filter_create": ["accounts:client_list"],
    "staff:list_columns": ["accounts:client_list"],
    "staff:position_edit": [UUID(int=1)],  # one table for everybody
}
OPEN_TO_ANYBODY = {"favicon", "health", "set_language", "staff:login"}
# Everybody who works here has these, whatever the role.
OPEN_TO_STAFF = OPEN_TO_ANYBODY | {
    "home", "staff:logout", "staff:password_change", "staff:password_change_done",
    "staff:notification_list", "staff:notification_read_all", "staff:notification_open",
    "staff:task_list", "staff:export_list", "staff:export_download",
    "staff:export_detail",
    "staff:search", "api:schema", "api:docs",
    "staff:my_page", "staff:person_detail", "staff:saved_filter_list", "staff:saved_filter_edit",
    "staff:saved_filter_delete", "staff:saved_filter_restore", "staff:saved_filter_up",
    "staff:saved_filter_default",
    "staff:person_skills",
    # Anybody takes cases down and works on those in sight (ORG-08, ORG-16).
    "complaints:case_list", "complaints:case_create", "complaints:case_detail",
    "complaints:case_reply", "complaints:case_note", "complaints:case_transfer",
    "complaints:case_take", "complaints:case_personality", "complaints:case_leader",
    "complaints:case_resolve", "complaints:case_close", "complaints:case_reopen",
    "complaints:client_cases", "complaints:case_lesson", "complaints:lesson_list", "complaints:lesson_read",
    "api:case-list", "api:case-step-list", "api:case-client-names",
    "staff:absence_list", "staff:absence_create", "staff:absence_detail",
    "staff:absence_take_back",
    "staff:policy_list", "staff:policy_acknowledge", "staff:loan_list", "staff:duty_list",
}  # fmt: skip
REFUSED = {403, 404, 405}


ROUTES = dict(named_routes())


def address(route: str, pk: UUID | None = None) -> str:
    if not ROUTES[route]:
        return reverse(route)
    arguments = COMMON_ARGUMENTS.get(route) or [pk or uuid7()]
    try:
        return reverse(route, args=arguments)
    except NoReverseMatch:  # people and units have numbers
        return reverse(route, args=[0])


def colleagues(*, unit: Any) -> list[Browser]:
    """Logged-in people who together hold every right, none of whom sees everything."""
    browsers = []
    for role in (Role.ACCOUNT_MANAGER, Role.SUPERVISOR, Role.OPERATIONS):
        browser = Browser()
        browser.force_login(UserFactory(role=role, unit=unit))
        browsers.append(browser)
    return browsers


def statuses(browsers: list[Browser], url: str) -> set[int]:
    """What each person gets for each method."""
    if url.startswith("/api/"):
        ways = [("get", {})]
        ways += [
            (name, {"content_type": "application/json"})
            for name in ("post", "put", "patch", "delete")
        ]
    else:
        ways = [("get", {}), ("post", {})]
    found = set()
    for browser in browsers:
        for method, sent in ways:
            response = getattr(browser, method)(url, **sent)
            found.add(response.status_code)
            if response.streaming:  # a download closes its file at the end
                list(response.streaming_content)
    return found
