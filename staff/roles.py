"""What each role may do. Rights are code: a change is reviewed and released like any other.

A right is named `<app>.<verb>`; who may see which *rows* is decided by `visible_to`.
"""

from staff.choices import Role

EVERYONE = frozenset(
    {
        "staff.do_task",
        "staff.record_absence",
        # Service has no boundary: anybody takes a case down for any client, owes the first reply
        # and sees to it until somebody else does (ORG-08, ORG-16).
        "complaints.create_case",
        "complaints.view_case",
        "complaints.handle_case",
    }
)
# Whose work cases are: they may see the caller's number in full and close a case.
CASE_WORK = EVERYONE | {"complaints.call_back", "complaints.close_case"}

FIELD_WORK = CASE_WORK | {
    "accounts.view_client",
    "accounts.edit_client",
    "accounts.edit_contact",
    "accounts.log_contact",
    "accounts.write_note",
    "accounts.keep_file",
    "accounts.export_clients",
    "accounts.reveal_msisdn",
    "accounts.propose_class",
    "analytics.judge_value",
    "accounts.write_report",
    "accounts.record_voice",
    "accounts.request_change",
    "accounts.report_client",
    "accounts.edit_member",
    "accounts.view_records",
    "accounts.use_entitlement",
    "accounts.read_confidential",
    "visits.view_visit",
    "visits.plan_visit",
    "visits.record_visit",
    "care.view_care",
    "care.record_care",
    "analytics.view_alert",
    "analytics.handle_alert",
    "sync.use_api",
}

OVERSIGHT = frozenset(
    {
        "accounts.view_client",
        "accounts.view_disclosures",
        "complaints.view_figures",
        "care.view_care",
        "accounts.export_clients",
        "visits.view_visit",
        "analytics.view_alert",
        "analytics.view_dashboard",
        "analytics.view_import",
        "sync.use_api",
    }
)

ROLE_RIGHTS: dict[str, frozenset[str]] = {
    Role.ACCOUNT_MANAGER: FIELD_WORK | {"accounts.create_client"},
    # ORG-21: what they learn of a client is handed in, the area manager takes it over.
    Role.AGENT: (FIELD_WORK | {"accounts.follow_changes"})
    - {
        "accounts.edit_client",
        "accounts.export_clients",
        "accounts.reveal_msisdn",
        "accounts.view_records",
        "accounts.read_confidential",
        "analytics.judge_value",
    },
    # ORG-10: an account manager's rights on the clients they represent, a supervisor's reading.
    Role.CHIEF_REPRESENTATIVE: FIELD_WORK
    | {
        "analytics.view_dashboard",
        "complaints.view_figures",
        "accounts.instruct",
        "accounts.answer_escalation",
    },
    Role.SUPERVISOR: FIELD_WORK
    | OVERSIGHT
    | {
        "accounts.create_client",
        "accounts.assign_owner",
        "accounts.bulk_edit",
        "accounts.judge_pair",
        "accounts.merge_records",
        "accounts.change_class",
        "staff.view_people",
        "staff.edit_people",
        "staff.approve_absence",
        "staff.approve_export",
        "staff.lend_item",
        "staff.train_people",
        "staff.edit_duty",
        "accounts.assign_representative",
        "accounts.oversee_client",
        "care.approve_gift",
        "accounts.answer_report",
        "accounts.answer_improvement",
        "accounts.decide_change",
        "accounts.follow_changes",
        "accounts.instruct",
        "accounts.answer_escalation",
        "accounts.grant_tier",
        "accounts.edit_tips",
    },
    Role.COMPLAINT_CLERK: CASE_WORK,
    Role.OPERATIONS: EVERYONE
    | OVERSIGHT
    | {
        "accounts.create_client",
        "accounts.edit_client",
        "accounts.edit_contact",
        "accounts.keep_file",
        "accounts.assign_owner",
        "accounts.bulk_edit",
        "accounts.judge_pair",
        "accounts.merge_records",
        "accounts.propose_class",
        "accounts.change_class",
        "accounts.assign_representative",
        "accounts.edit_member",
        "accounts.grant_tier",
        "accounts.edit_entitlement",
        "accounts.change_rhythms",
        "accounts.write_report",
        "accounts.edit_tips",
        "analytics.import_bills",
        "analytics.undo_import",
        "analytics.view_storage",
        "analytics.complete_period",
        "analytics.close_period",
        "analytics.change_rules",
        "staff.view_people",
        "staff.edit_people",
        "staff.edit_units",
        "staff.edit_positions",
        "staff.lend_item",
        "staff.train_people",
        "staff.edit_duty",
    },
    # The owner of the norms (ORG-01): totals of everything, and who works here at all.
    Role.PROVINCE: EVERYONE
    | OVERSIGHT
    | {
        "staff.view_people",
        "staff.edit_people",
        "staff.edit_units",
        "staff.edit_positions",
        "staff.approve_absence",
        "staff.approve_export",
        "staff.edit_policy",
        "accounts.answer_escalation",
        "accounts.change_rhythms",
        "accounts.write_report",
        "accounts.answer_report",
        "accounts.answer_improvement",
        "accounts.edit_recipients",
    },
}

_FIELD_ROLES = frozenset(
    {Role.ACCOUNT_MANAGER, Role.AGENT, Role.CHIEF_REPRESENTATIVE, Role.COMPLAINT_CLERK}
)
# Which roles a person may give, always within the units they answer for: never one that sees
# more rows, nor one that could give more than they do. Operations give out roles they do not
# work in themselves; the person must set a password of their own at once (ADR 0031).
GRANTS: dict[str, frozenset[str]] = {
    Role.SUPERVISOR: _FIELD_ROLES,
    Role.OPERATIONS: _FIELD_ROLES | {Role.SUPERVISOR, Role.OPERATIONS},
    Role.PROVINCE: frozenset(Role),
}


def rights_of(role: str) -> frozenset[str]:
    """The rights of a role; none for an unknown one."""
    return ROLE_RIGHTS.get(role, frozenset())
