"""Walks every named route: a new one without an entry here fails (P1)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.test import Client as Browser
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from crm.lib.models import uuid7
from staff.choices import Role
from staff.models import SavedFilter, UnitMove, User
from sync.models import Token
from tests.factories.accounts import (
    ClassProposalFactory,
    ClientFactory,
    ContactFactory,
    ContactLogFactory,
    ContactNoteFactory,
    ContactRelationFactory,
    EscalationFactory,
    InstructionFactory,
    MajorChangeFactory,
    MemberFactory,
    NoteFactory,
    PromiseFactory,
)
from tests.factories.analytics import (
    AlertFactory,
    BillingImportFactory,
    BillingUploadFactory,
    ValueAssessmentFactory,
    ValueDueFactory,
)
from tests.factories.archive import FACTORIES as ARCHIVE_LISTS
from tests.factories.archive import ArchiveCheckFactory, StatusChangeFactory
from tests.factories.bulk_changes import make_bulk_change
from tests.factories.care import GiftFactory, ServiceRecordFactory
from tests.factories.complaints import CaseFactory, CaseStepFactory
from tests.factories.files import PhotoFactory
from tests.factories.handovers import make_handover
from tests.factories.members import EntitlementUseFactory, TierGrantFactory
from tests.factories.reports import (
    ChangeRequestFactory,
    ClientVoiceFactory,
    ImprovementFactory,
    ReportFactory,
)
from tests.factories.staff import (
    AbsenceFactory,
    AppointmentFactory,
    DutyShiftFactory,
    ExportFactory,
    LoanFactory,
    NotificationFactory,
    TrainingSessionFactory,
    UserFactory,
)
from tests.factories.visits import VisitFactory
from tests.routes import named_routes

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P1")]


# Objects of the manager; nobody of the other city may see them -----------------------------------


def client(person: User) -> Any:
    return ClientFactory(owner=person)


def handover(person: User) -> Any:
    return make_handover(person)


def bulk_change(person: User) -> Any:
    return make_bulk_change(person)


def handover_share(person: User) -> Any:
    return make_handover(person).shares.get()


def contact(person: User) -> Any:
    return ContactFactory(client__owner=person)


def contact_note(person: User) -> Any:
    return ContactNoteFactory(contact__client__owner=person)


def relation(person: User) -> Any:
    return ContactRelationFactory(person__client__owner=person)


def contact_log(person: User) -> Any:
    return ContactLogFactory(logged_by=person)


def assessment(person: User) -> Any:
    return ValueAssessmentFactory(client__owner=person)


def report(person: User) -> Any:
    return ReportFactory(author=person)


def change_request(person: User) -> Any:
    return ChangeRequestFactory(requested_by=person)


def voice(person: User) -> Any:
    return ClientVoiceFactory(recorded_by=person)


def improvement(person: User) -> Any:
    return ImprovementFactory(suggested_by=person)


def value_due(person: User) -> Any:
    return ValueDueFactory(client__owner=person)


def note(person: User) -> Any:
    return NoteFactory(author=person)


def client_file(person: User) -> Any:
    return PhotoFactory(client__owner=person, kind="identity")


def member(person: User) -> Any:
    return MemberFactory(client__owner=person)


def proposal(person: User) -> Any:
    return ClassProposalFactory(client__owner=person, proposed_by=person)


def entitlement_use(person: User) -> Any:
    return EntitlementUseFactory(member__client__owner=person)


def grant(person: User) -> Any:
    return TierGrantFactory(member__client__owner=person)


def archive_check(person: User) -> Any:
    return ArchiveCheckFactory(client__owner=person)


def status_change(person: User) -> Any:
    return StatusChangeFactory(client__owner=person)


def archive_item(slug: str) -> Callable[[User], Any]:
    return lambda person: ARCHIVE_LISTS[slug](client__owner=person)


# The API's names of the lists of an archive.
ITEM_RESOURCES = {
    "segments": "segment", "anniversaries": "anniversary", "departments": "department",
    "collection-counts": "collection-count", "policies": "policy", "agreements": "agreement",
    "areas": "area", "success-cases": "success-case",
}  # fmt: skip
ARCHIVE_OBJECTS: dict[str, Callable[[User], Any]] = {
    **{f"accounts:{slug}_create": client for slug in ARCHIVE_LISTS},
    **{
        f"accounts:{slug}_{verb}": archive_item(slug)
        for slug in ARCHIVE_LISTS
        for verb in ("edit", "remove", "restore")
    },
    **{
        f"api:{name}-{verb}": archive_item(slug)
        for slug, name in ITEM_RESOURCES.items()
        for verb in ("detail", "remove", "restore")
    },
    **dict.fromkeys(
        ("accounts:check_resolve", "api:archive-check-detail", "api:archive-check-resolve"),
        archive_check,
    ),
    "api:status-change-detail": status_change,
}


def major_change(person: User) -> Any:
    return MajorChangeFactory(client__owner=person)


def instruction(person: User) -> Any:
    return InstructionFactory(client__owner=person)


def escalation(person: User) -> Any:
    return EscalationFactory(client__owner=person)


def promise(person: User) -> Any:
    return PromiseFactory(client__owner=person)


def visit(person: User) -> Any:
    return VisitFactory(visitor=person)


def case(person: User) -> Any:
    return CaseFactory(first_responder=person)


def gift(person: User) -> Any:
    return GiftFactory(person=person)


def service_record(person: User) -> Any:
    return ServiceRecordFactory(served_by=person)


def case_step(person: User) -> Any:
    return CaseStepFactory(case__first_responder=person)


def alert(person: User) -> Any:
    return AlertFactory(client__owner=person)


def billing_import(person: User) -> Any:
    file = ContentFile(b"line,reason\n", name="bad.csv")
    return BillingImportFactory(created_by=person, quarantine_file=file)


def upload(person: User) -> Any:
    person.role = Role.OPERATIONS  # of others' uploads they see nothing, so the owner must have it
    person.save()
    return BillingUploadFactory(created_by=person)


def person(person: User) -> Any:
    return person


def unit(person: User) -> Any:
    return person.unit


def unit_move(person: User) -> Any:
    top = person.unit.parent
    return UnitMove.objects.create(
        unit=person.unit, from_parent=top, to_parent=top, moved_at=datetime(2026, 7, 6, tzinfo=UTC)
    )


def absence(person: User) -> Any:
    return AbsenceFactory(person=person, state="requested")


def loan(person: User) -> Any:
    return LoanFactory(person=person)


def duty_shift(person: User) -> Any:
    return DutyShiftFactory(person=person)


def training_session(person: User) -> Any:
    return TrainingSessionFactory(unit=person.unit)


def appointment(person: User) -> Any:
    return AppointmentFactory(person=person)


def notification(person: User) -> Any:
    return NotificationFactory(recipient=person)


def export(person: User) -> Any:
    return ExportFactory(owner=person, file=ContentFile(b"a,b\n", name="clients.csv"))


def logged_export(person: User) -> Any:
    """Its entry in the log, which those above may read, unlike the file."""
    return export(person)


def export_to_decide(person: User) -> Any:
    return ExportFactory(
        owner=person, state="approval", rows=999, expires_at=timezone.now() + timedelta(days=1)
    )


def saved_filter(person: User) -> Any:
    return SavedFilter.objects.create(
        owner=person, list_name="accounts:client_list", name="Mine", query="q=own"
    )


def token(person: User) -> Any:
    return Token.objects.create(
        owner=person, name="mine", digest="0" * 64, expires_at=datetime(2099, 1, 1, tzinfo=UTC)
    )


# Route -> the object its `pk` names.
OBJECTS: dict[str, Callable[[User], Any]] = {
    **ARCHIVE_OBJECTS,
    **dict.fromkeys(
        (
            "accounts:client_detail", "accounts:client_people", "accounts:client_members",
            "accounts:client_header", "accounts:client_timeline",
            "accounts:client_history", "accounts:client_edit", "accounts:client_assign",
            "accounts:client_value", "accounts:class_propose", "accounts:change_report",
            "accounts:client_team", "accounts:representative_assign", "accounts:promise_make",
            "accounts:instruction_give", "accounts:escalation_create", "api:client-represent",
            "accounts:contact_create", "accounts:client_dossier", "analytics:client_bills",
            "analytics:value_assess", "accounts:report_suggest",
            "accounts:change_request_create",
            "analytics:client_alerts", "analytics:client_business",
            "analytics:client_summary", "visits:client_visits",
            "accounts:contact_create", "analytics:client_bills", "analytics:client_alerts",
            "accounts:client_files", "accounts:file_add",
            "accounts:client_archive", "accounts:client_review", "accounts:client_status",
            "accounts:client_prospecting", "accounts:client_check",
            "api:client-detail", "api:client-assign", "api:client-status", "api:client-review",
            "analytics:client_summary", "analytics:client_key_arrears", "visits:client_visits",
        ),
        client,
    ),
    **dict.fromkeys(
        (
            "accounts:proposal_detail", "accounts:proposal_decide", "accounts:proposal_withdraw",
            "api:class-proposal-detail", "api:class-proposal-approve",
            "api:class-proposal-refuse", "api:class-proposal-withdraw",
        ),
        proposal,
    ),
    **dict.fromkeys(
        ("accounts:change_detail", "api:major-change-detail", "api:major-change-acknowledge"),
        major_change,
    ),
    "accounts:instruction_detail": instruction,
    **dict.fromkeys(("accounts:escalation_detail", "accounts:escalation_further"), escalation),
    "accounts:promise_detail": promise,
    **dict.fromkeys(("analytics:assessment_detail", "api:value-assessment-detail"), assessment),
    "api:value-due-detail": value_due,
    **dict.fromkeys(
        ("accounts:voice_detail", "accounts:voice_improve", "api:voice-detail"), voice
    ),
    **dict.fromkeys(
        (
            "accounts:improvement_detail", "api:improvement-detail", "api:improvement-answer",
        ),
        improvement,
    ),
    **dict.fromkeys(
        (
            "accounts:change_request_detail", "accounts:change_request_withdraw",
            "api:change-request-detail", "api:change-request-decide",
            "api:change-request-withdraw",
        ),
        change_request,
    ),
    **dict.fromkeys(
        (
            "accounts:report_detail", "accounts:report_edit", "accounts:report_submit",
            "accounts:report_discard", "accounts:report_restore", "accounts:report_document",
            "api:report-detail", "api:report-submit", "api:report-answer", "api:report-discard",
            "api:report-restore",
        ),
        report,
    ),
    **dict.fromkeys(
        (
            "accounts:handover_detail", "accounts:handover_undo", "accounts:handover_pack",
            "api:handover-detail", "api:handover-undo",
        ),
        handover,
    ),
    **dict.fromkeys(("accounts:bulk_detail", "accounts:bulk_undo"), bulk_change),
    **dict.fromkeys(("accounts:handover_share", "accounts:handover_share_pack"), handover_share),
    **dict.fromkeys(
        (
            "accounts:contact_log_detail", "accounts:contact_log_edit",
            "accounts:contact_log_step_done", "api:contact-log-detail",
            "api:contact-log-finish-step",
        ),
        contact_log,
    ),
    **dict.fromkeys(
        (
            "accounts:note_detail", "accounts:note_edit", "accounts:note_pin",
            "accounts:note_files", "accounts:note_delete", "accounts:note_restore", "api:note-detail", "api:note-pin",
            "api:note-unpin", "api:note-remove", "api:note-restore",
        ),
        note,
    ),
    **dict.fromkeys(("accounts:contact_edit", "api:contact-detail"), contact),
    **dict.fromkeys(
        (
            "accounts:member_detail", "accounts:member_edit", "accounts:member_owner",
            "accounts:member_grant", "accounts:member_reveal", "accounts:member_entitlements", "analytics:member_bills",
            "analytics:member_history", "analytics:member_records", "api:member-detail", "api:member-change-owner",
        ),
        member,
    ),
    "accounts:grant_end": grant,
    **dict.fromkeys(
        (
            "accounts:file_detail", "accounts:file_edit", "accounts:file_remove",
            "accounts:file_restore", "accounts:file_download", "accounts:file_thumbnail",
            "accounts:file_picture", "api:client-file-detail", "api:client-file-remove",
            "api:client-file-restore", "api:client-file-download",
        ),
        client_file,
    ),
    **dict.fromkeys(
        (
            "accounts:use_take_back", "api:entitlement-use-detail",
            "api:entitlement-use-take-back",
        ),
        entitlement_use,
    ),
    **dict.fromkeys(
        (
            "accounts:contact_edit", "accounts:contact_detail", "accounts:contact_history",
            "accounts:contact_leave", "accounts:contact_return", "accounts:contact_move",
            "accounts:contact_note_create", "accounts:contact_windows",
            "accounts:contact_relation_create", "accounts:contact_confidential",
            "accounts:contact_confidential_edit", "visits:contact_visits",
            "accounts:contact_files",
            "analytics:contact_arrears",
            "api:contact-detail", "api:contact-leave", "api:contact-come-back",
            "api:contact-move", "api:contact-windows", "api:contact-read-confidential",
            "api:contact-write-confidential",
        ),
        contact,
    ),
    **dict.fromkeys(("accounts:contact_note_edit", "api:contact-note-detail"), contact_note),
    **dict.fromkeys(
        (
            "accounts:contact_relation_delete", "api:contact-relation-detail",
            "api:contact-relation-remove",
        ),
        relation,
    ),
    **dict.fromkeys(("accounts:member_reveal", "api:member-detail"), member),
    **dict.fromkeys(
        (
            "visits:visit_detail", "visits:visit_files", "visits:visit_edit", "visits:visit_record",
            "visits:visit_cancel", "api:visit-detail", "api:visit-record", "api:visit-cancel",
        ),
        visit,
    ),
    "complaints:client_cases": client,
    "care:client_care": client,
    **dict.fromkeys(
        ("care:gift_detail", "care:gift_decide", "api:gift-detail", "api:gift-decide"), gift
    ),
    "api:service-record-detail": service_record,
    "api:case-step-detail": case_step,
    **dict.fromkeys(
        (
            "complaints:case_detail", "complaints:case_reply", "complaints:case_note",
            "complaints:case_transfer", "complaints:case_take", "complaints:case_personality",
            "complaints:case_leader", "complaints:case_resolve", "complaints:case_close",
            "complaints:case_reopen", "complaints:case_lesson", "api:case-detail", "api:case-reply", "api:case-note",
            "api:case-transfer", "api:case-take", "api:case-personality", "api:case-leader",
            "api:case-resolve", "api:case-close", "api:case-reopen",
        ),
        case,
    ),
    **dict.fromkeys(
        (
            "analytics:alert_detail", "analytics:alert_acknowledge", "analytics:alert_handle",
            "api:alert-detail", "api:alert-acknowledge", "api:alert-handle", "api:alert-close",
        ),
        alert,
    ),
    **dict.fromkeys(
        (
            "analytics:import_detail", "analytics:import_cancel", "analytics:import_quarantine",
            "analytics:import_quarantine_rows",
            "analytics:import_original", "analytics:import_undo",
            "analytics:import_columns", "analytics:import_preview",
            "api:billing-import-detail", "api:billing-import-cancel",
            "api:billing-import-quarantine", "api:billing-import-undo",
        ),
        billing_import,
    ),
    **dict.fromkeys(
        (
            "staff:unit_detail", "staff:unit_create", "staff:unit_edit", "staff:unit_move",
            "staff:unit_close", "staff:unit_reopen", "api:unit-detail",
        ),
        unit,
    ),
    "staff:unit_move_undo": unit_move,
    **dict.fromkeys(
        (
            "staff:person_detail", "staff:person_edit", "staff:person_password",
            "staff:person_disable", "staff:person_enable", "staff:appointment_create",
            "api:person-detail",
        ),
        person,
    ),
    "staff:appointment_end": appointment,
    "staff:person_skills": person,
    "staff:session_detail": training_session,
    "staff:loan_return": loan,
    "staff:duty_remove": duty_shift,
    **dict.fromkeys(
        (
            "staff:absence_detail", "staff:absence_approve", "staff:absence_refuse",
            "staff:absence_take_back",
        ),
        absence,
    ),
    "api:billing-upload-detail": upload,
    "staff:notification_open": notification,
    "staff:export_download": export,
    "staff:export_detail": logged_export,
    "staff:export_approve": export_to_decide,
    "staff:export_refuse": export_to_decide,
    **dict.fromkeys(
        (
            "staff:saved_filter_edit", "staff:saved_filter_delete", "staff:saved_filter_restore",
            "staff:saved_filter_up", "staff:saved_filter_default",
        ),
        saved_filter,
    ),
    "sync:token_revoke": token,
}  # fmt: skip
# Not even the boss sees these.
PERSONAL = {notification, export, saved_filter, token, upload}
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


def test_every_route_says_what_its_argument_names():
    without = {
        route for route, arguments in ROUTES.items()
        if arguments and route not in OBJECTS and route not in COMMON_ARGUMENTS
    }  # fmt: skip

    assert without == set()
    assert set(OBJECTS) | set(COMMON_ARGUMENTS) <= set(ROUTES), "an entry for a route that is gone"


@pytest.mark.parametrize("route", sorted(OBJECTS))
def test_an_object_of_somebody_else_is_not_found(route, units, manager):
    url = address(route, OBJECTS[route](manager).pk)

    answers = statuses(colleagues(unit=units.team_2), url)

    assert answers <= REFUSED
    assert 404 in answers


@pytest.mark.parametrize(
    "route", sorted(route for route, build in OBJECTS.items() if build in PERSONAL)
)
def test_a_personal_object_is_its_owners_only(route, units, manager, province, login):
    url = address(route, OBJECTS[route](manager).pk)

    answers = statuses([login(province), *colleagues(unit=units.city_1)], url)

    assert answers <= REFUSED


@pytest.mark.parametrize("route", sorted(OBJECTS))
def test_the_object_is_there_for_somebody(route, units, manager, login):
    """Without this the tests above would hold for a route that answers 404 to everybody."""
    url = address(route, OBJECTS[route](manager).pk)
    insiders = [login(manager), *colleagues(unit=units.city_1)]

    assert statuses(insiders, url) - REFUSED


@pytest.mark.parametrize("route", sorted(set(ROUTES) - OPEN_TO_ANYBODY))
def test_a_stranger_is_sent_to_the_login(route):
    response = Browser().get(address(route))

    if route.startswith("api:") and route != "api:docs":
        assert response.status_code == 401
    else:
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("staff:login"))


@pytest.mark.parametrize("route", sorted(set(ROUTES) - OPEN_TO_STAFF))
def test_a_role_without_rights_is_refused(route, units, login):
    clerk = login(UserFactory(role=Role.COMPLAINT_CLERK, unit=units.province))

    answers = statuses([clerk], address(route))

    assert answers <= REFUSED
    # REST looks for the row first, and there is none.
    assert answers & ({403, 404} if route.startswith("api:") else {403})
