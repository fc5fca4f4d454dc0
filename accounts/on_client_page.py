"""What this app itself shows on a client's page; `apps.py` loads this when the models exist."""

from django.utils.translation import gettext_lazy as _

from accounts import page_parts
from accounts.models import ClientFile, Report
from accounts.page_parts import QuickAction, TimelineSource
from accounts.selectors import client_parts, files, reports

page_parts.register(
    head=page_parts.HeadPart(
        right="accounts.view_client",
        columns=client_parts.columns,
        warnings=client_parts.warnings,
        touches=client_parts.touches,
        badges=client_parts.badges,
    ),
    actions=[
        QuickAction(
            "l",
            _("Log a contact"),
            "phone",
            "accounts:contact_log_create",
            "accounts.log_contact",
            with_query=True,
            is_dialog=True,
            is_primary=True,
        ),
        QuickAction(
            "n",
            _("Add a note"),
            "note",
            "accounts:note_create",
            "accounts.write_note",
            with_query=True,
            is_dialog=True,
            is_primary=True,
        ),
        # Of an app above; without it there is no such address, and no button.
        QuickAction(
            "c",
            _("Open a complaint"),
            "alert-circle",
            "complaints:case_create",
            "complaints.create_case",
            with_query=True,
        ),
        QuickAction(
            "d", _("Dossier"), "file-text", "accounts:client_dossier", "accounts.export_clients"
        ),
        QuickAction("e", _("Edit"), "edit", "accounts:client_edit", "accounts.edit_client"),
        QuickAction(
            "k",
            _("Voice of the client"),
            "note",
            "accounts:voice_create",
            "accounts.record_voice",
            with_query=True,
            is_dialog=True,
        ),
        QuickAction(
            "h",
            _("Hand in changes"),
            "edit",
            "accounts:change_request_create",
            "accounts.request_change",
            unless="accounts.edit_client",
        ),
        QuickAction(
            "g", _("Hand over"), "users", "accounts:client_assign", "accounts.assign_owner"
        ),
        QuickAction(
            "x",
            _("Merge with another client"),
            "arrows-sort",
            "accounts:merge_create",
            "accounts.merge_records",
            with_query=True,
        ),
    ],
    timeline=[
        TimelineSource(
            "contact", _("Contacts"), "accounts.view_client", client_parts.contact_entries
        ),
        TimelineSource(
            "file",
            _("Files"),
            "accounts.view_client",
            files.file_entries,
            lambda client: ClientFile.objects.filter(client=client),
        ),
        TimelineSource(
            "report",
            _("Reports"),
            "accounts.view_client",
            reports.report_entries,
            lambda client: Report.objects.filter(about=client),
        ),
        TimelineSource("note", _("Notes"), "accounts.view_client", client_parts.note_entries),
        TimelineSource(
            "change",
            _("Class, status, people"),
            "accounts.view_client",
            client_parts.owner_changes,
        ),
        TimelineSource(
            "change",
            _("Class, status, people"),
            "accounts.view_client",
            client_parts.archive_changes,
        ),
        TimelineSource("task", _("Tasks done"), "accounts.view_client", client_parts.tasks_done),
    ],
    tasks=client_parts.tasks,
)
page_parts.register(
    head=page_parts.HeadPart(
        right="accounts.view_client", columns=files.columns, badges=files.badges
    )
)
