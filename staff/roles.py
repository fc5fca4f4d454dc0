"""What each role may do. Rights are code: a change is reviewed and released like any other.

A right is named `<app>.<verb>`; who may see which *rows* is decided by `visible_to`.
"""

from staff.choices import Role

EVERYONE = frozenset({"staff.do_task"})

FIELD_WORK = EVERYONE | {
    "accounts.view_client",
    "accounts.edit_client",
    "accounts.edit_contact",
    "accounts.export_clients",
    "accounts.reveal_msisdn",
    "accounts.propose_class",
    "visits.view_visit",
    "visits.plan_visit",
    "visits.record_visit",
    "analytics.view_alert",
    "analytics.handle_alert",
    "sync.use_api",
}

OVERSIGHT = frozenset(
    {
        "accounts.view_client",
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
    Role.AGENT: FIELD_WORK - {"accounts.export_clients", "accounts.reveal_msisdn"},
    Role.CHIEF_REPRESENTATIVE: FIELD_WORK - {"accounts.edit_client"},
    Role.SUPERVISOR: FIELD_WORK
    | OVERSIGHT
    | {"accounts.create_client", "accounts.assign_owner", "accounts.change_class"},
    Role.COMPLAINT_CLERK: EVERYONE,
    Role.OPERATIONS: EVERYONE
    | OVERSIGHT
    | {
        "accounts.create_client",
        "accounts.edit_client",
        "accounts.edit_contact",
        "accounts.assign_owner",
        "accounts.propose_class",
        "accounts.change_class",
        "analytics.import_bills",
        "analytics.undo_import",
        "analytics.view_storage",
        "analytics.complete_period",
        "analytics.close_period",
        "analytics.change_rules",
    },
    Role.PROVINCE: EVERYONE | OVERSIGHT,
}


def rights_of(role: str) -> frozenset[str]:
    """The rights of a role; none for an unknown one."""
    return ROLE_RIGHTS.get(role, frozenset())
