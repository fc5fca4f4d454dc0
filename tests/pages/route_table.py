"""The object that each route names."""

from collections.abc import Callable
from typing import Any

from staff.models import User
from tests.pages.route_objects import (
    ARCHIVE_OBJECTS,
    absence,
    alert,
    appointment,
    assessment,
    billing_import,
    bulk_change,
    case,
    case_step,
    change_request,
    client,
    client_file,
    contact,
    contact_log,
    contact_note,
    duty_shift,
    entitlement_use,
    escalation,
    export,
    export_to_decide,
    gift,
    grant,
    handover,
    handover_share,
    improvement,
    instruction,
    loan,
    logged_export,
    major_change,
    member,
    merge,
    note,
    notification,
    person,
    photo,
    promise,
    proposal,
    relation,
    report,
    saved_filter,
    service_record,
    suspected_pair,
    token,
    training_session,
    unit,
    unit_move,
    upload,
    value_due,
    visit,
    voice,
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
    **dict.fromkeys(
        (
            "accounts:merge_detail", "accounts:merge_part", "api:merge-detail", "api:merge-part",
        ),
        merge,
    ),
    **dict.fromkeys(
        (
            "accounts:pair_detail", "accounts:pair_judge", "accounts:pair_reopen",
            "api:suspected-pair-detail", "api:suspected-pair-judge", "api:suspected-pair-reopen",
        ),
        suspected_pair,
    ),
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
            "accounts:file_restore", "accounts:file_download", "accounts:file_picture", "api:client-file-detail", "api:client-file-remove",
            "api:client-file-restore", "api:client-file-download",
        ),
        client_file,
    ),
    "accounts:file_thumbnail": photo,
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
