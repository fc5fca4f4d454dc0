"""Addresses of clients, contacts and members."""

from django.urls import path

from accounts.archive_lists import KINDS
from accounts.file_urls import file_urls
from accounts.member_urls import member_urls
from accounts.views import (
    archive,
    bulk_changes,
    change_requests,
    changes,
    classes,
    client_page,
    client_value,
    clients,
    contact_details,
    contact_log,
    contacts,
    documents,
    handovers,
    merges,
    notes,
    pairs,
    prospects,
    reports,
    representatives,
    rhythms,
    teamwork,
    voices,
)

app_name = "accounts"

client_urls = [
    path("clients/", clients.ClientListView.as_view(), name="client_list"),
    path("clients/new/", clients.client_create, name="client_create"),
    path("clients/<uuid:pk>/", client_page.client_detail, name="client_detail"),
    path("clients/<uuid:pk>/people/", client_page.client_people, name="client_people"),
    path("clients/<uuid:pk>/members/", client_page.client_members, name="client_members"),
    path("clients/<uuid:pk>/header/", client_page.client_header, name="client_header"),
    path("clients/<uuid:pk>/timeline/", client_page.client_timeline, name="client_timeline"),
    path("clients/<uuid:pk>/history/", client_page.client_history, name="client_history"),
    path("clients/<uuid:pk>/dossier/", documents.client_dossier, name="client_dossier"),
    path("clients/<uuid:pk>/edit/", clients.client_edit, name="client_edit"),
    path("clients/<uuid:pk>/assign/", clients.client_assign, name="client_assign"),
    path("clients/<uuid:pk>/contacts/new/", contacts.contact_create, name="contact_create"),
]
archive_urls = [
    path("prospects/new/", prospects.prospect_create, name="prospect_create"),
    path("clients/<uuid:pk>/archive/", archive.client_archive, name="client_archive"),
    path("clients/<uuid:pk>/review/", archive.client_review, name="client_review"),
    path("clients/<uuid:pk>/status/", prospects.client_status, name="client_status"),
    path("clients/<uuid:pk>/prospecting/", prospects.client_prospecting, name="client_prospecting"),
    path("clients/<uuid:pk>/check/", archive.client_check, name="client_check"),
    path("checks/<uuid:pk>/resolve/", archive.check_resolve, name="check_resolve"),
]
# Each list of the archive has addresses of its own: `accounts:segments_create` and so on.
item_urls = [
    path(
        route.format(slug=kind.slug),
        view,
        {"kind": kind.slug},
        name=f"{kind.slug}_{verb}",
    )
    for kind in KINDS
    for verb, route, view in (
        ("create", "clients/<uuid:pk>/{slug}/new/", archive.item_create),
        ("edit", "archive/{slug}/<uuid:pk>/edit/", archive.item_edit),
        ("remove", "archive/{slug}/<uuid:pk>/remove/", archive.item_remove),
        ("restore", "archive/{slug}/<uuid:pk>/restore/", archive.item_restore),
    )
]
contact_urls = [
    path("contacts/", contacts.ContactListView.as_view(), name="contact_list"),
    path("contacts/<uuid:pk>/", contacts.contact_detail, name="contact_detail"),
    path("contacts/<uuid:pk>/edit/", contacts.contact_edit, name="contact_edit"),
    path("contacts/<uuid:pk>/history/", contacts.contact_history, name="contact_history"),
    path("contacts/<uuid:pk>/leave/", contacts.contact_leave, name="contact_leave"),
    path("contacts/<uuid:pk>/return/", contacts.contact_return, name="contact_return"),
    path("contacts/<uuid:pk>/move/", contacts.contact_move, name="contact_move"),
    path("contacts/<uuid:pk>/notes/new/", contact_details.note_create, name="contact_note_create"),
    path("contacts/<uuid:pk>/times/", contact_details.windows_edit, name="contact_windows"),
    path(
        "contacts/<uuid:pk>/relations/new/",
        contact_details.relation_create,
        name="contact_relation_create",
    ),
    path(
        "contacts/<uuid:pk>/confidential/",
        contact_details.confidential_look,
        name="contact_confidential",
    ),
    path(
        "contacts/<uuid:pk>/confidential/edit/",
        contact_details.confidential_edit,
        name="contact_confidential_edit",
    ),
    path("contact-notes/<uuid:pk>/edit/", contact_details.note_edit, name="contact_note_edit"),
    path(
        "contact-relations/<uuid:pk>/delete/",
        contact_details.relation_delete,
        name="contact_relation_delete",
    ),
]
tip_urls = [
    path("tips/", contact_details.tip_list, name="tip_list"),
    path("tips/<int:pk>/edit/", contact_details.tip_edit, name="tip_edit"),
]
value_urls = [
    path("clients/<uuid:pk>/value/", client_value.client_value, name="client_value"),
    path("clients/<uuid:pk>/class/propose/", classes.class_propose, name="class_propose"),
    path("class-proposals/", classes.ProposalListView.as_view(), name="proposal_list"),
    path(
        "class-proposals/approve/",
        classes.proposal_approve_picked,
        name="proposal_approve_picked",
    ),
    path("class-proposals/<uuid:pk>/", classes.proposal_detail, name="proposal_detail"),
    path("class-proposals/<uuid:pk>/decide/", classes.proposal_decide, name="proposal_decide"),
    path(
        "class-proposals/<uuid:pk>/withdraw/", classes.proposal_withdraw, name="proposal_withdraw"
    ),
]
change_urls = [
    path("clients/<uuid:pk>/changes/new/", changes.change_report, name="change_report"),
    path("major-changes/", changes.ChangeListView.as_view(), name="change_list"),
    path("major-changes/<uuid:pk>/", changes.change_detail, name="change_detail"),
]
team_urls = [
    path("clients/<uuid:pk>/team/", teamwork.client_team, name="client_team"),
    path(
        "clients/<uuid:pk>/representative/",
        representatives.representative_assign,
        name="representative_assign",
    ),
    path(
        "representatives/",
        representatives.RepresentationListView.as_view(),
        name="representation_list",
    ),
    path(
        "representatives/missing/",
        representatives.UnrepresentedListView.as_view(),
        name="unrepresented_list",
    ),
    path(
        "representatives/assign/",
        representatives.representative_assign_picked,
        name="representative_assign_picked",
    ),
    path("clients/<uuid:pk>/instructions/new/", teamwork.instruction_give, name="instruction_give"),
    path("instructions/", teamwork.InstructionListView.as_view(), name="instruction_list"),
    path("instructions/<uuid:pk>/", teamwork.instruction_detail, name="instruction_detail"),
    path(
        "clients/<uuid:pk>/escalations/new/", teamwork.escalation_create, name="escalation_create"
    ),
    path("escalations/", teamwork.EscalationListView.as_view(), name="escalation_list"),
    path("escalations/<uuid:pk>/", teamwork.escalation_detail, name="escalation_detail"),
    path("escalations/<uuid:pk>/further/", teamwork.escalation_further, name="escalation_further"),
    path("clients/<uuid:pk>/promises/new/", teamwork.promise_make, name="promise_make"),
    path("promises/", teamwork.PromiseListView.as_view(), name="promise_list"),
    path("promises/<uuid:pk>/", teamwork.promise_detail, name="promise_detail"),
]
bulk_urls = [
    path("clients/bulk/", bulk_changes.BulkChangeListView.as_view(), name="bulk_list"),
    path("clients/bulk/new/", bulk_changes.bulk_create, name="bulk_create"),
    path("clients/bulk/<uuid:pk>/", bulk_changes.bulk_detail, name="bulk_detail"),
    path("clients/bulk/<uuid:pk>/undo/", bulk_changes.bulk_undo, name="bulk_undo"),
]
pair_urls = [
    path("duplicates/", pairs.SuspectedPairListView.as_view(), name="pair_list"),
    path("duplicates/<uuid:pk>/", pairs.pair_detail, name="pair_detail"),
    path("duplicates/<uuid:pk>/judge/", pairs.pair_judge, name="pair_judge"),
    path("duplicates/<uuid:pk>/reopen/", pairs.pair_reopen, name="pair_reopen"),
]
merge_urls = [
    path("merges/", merges.MergeListView.as_view(), name="merge_list"),
    path("merges/new/", merges.merge_create, name="merge_create"),
    path("merges/<uuid:pk>/", merges.merge_detail, name="merge_detail"),
    path("merges/<uuid:pk>/part/", merges.merge_part, name="merge_part"),
]
handover_urls = [
    path("handovers/", handovers.HandoverListView.as_view(), name="handover_list"),
    path("handovers/new/", handovers.handover_create, name="handover_create"),
    path("handovers/<uuid:pk>/", handovers.handover_detail, name="handover_detail"),
    path("handovers/<uuid:pk>/undo/", handovers.handover_undo, name="handover_undo"),
    path("handovers/<uuid:pk>/pack/", documents.handover_pack, name="handover_pack"),
    path("handovers/shares/<uuid:pk>/", handovers.handover_share, name="handover_share"),
    path(
        "handovers/shares/<uuid:pk>/pack/",
        documents.handover_share_pack,
        name="handover_share_pack",
    ),
]


diary_urls = [
    path("diary/", contact_log.DiaryView.as_view(), name="contact_log_list"),
    path("diary/new/", contact_log.contact_log_create, name="contact_log_create"),
    path("diary/<uuid:pk>/", contact_log.contact_log_detail, name="contact_log_detail"),
    path("diary/<uuid:pk>/edit/", contact_log.contact_log_edit, name="contact_log_edit"),
    path("diary/<uuid:pk>/done/", contact_log.contact_log_step_done, name="contact_log_step_done"),
]
note_urls = [
    path("notes/new/", notes.note_create, name="note_create"),
    path("notes/<uuid:pk>/", notes.note_detail, name="note_detail"),
    path("notes/<uuid:pk>/edit/", notes.note_edit, name="note_edit"),
    path("notes/<uuid:pk>/pin/", notes.note_pin, name="note_pin"),
    path("notes/<uuid:pk>/delete/", notes.note_delete, name="note_delete"),
    path("notes/<uuid:pk>/restore/", notes.note_restore, name="note_restore"),
]

rhythm_urls = [
    path("rhythms/", rhythms.rhythm_list, name="rhythm_list"),
    path("rhythms/<slug:kind>/<slug:letter>/", rhythms.rhythm_change, name="rhythm_change"),
]

report_urls = [
    path("reports/", reports.ReportListView.as_view(), name="report_list"),
    path("reports/new/<slug:kind>/", reports.report_create, name="report_create"),
    path("reports/recipients/", reports.recipient_list, name="recipient_list"),
    path("reports/recipients/<uuid:pk>/remove/", reports.recipient_remove, name="recipient_remove"),
    path("reports/<uuid:pk>/", reports.report_detail, name="report_detail"),
    path("reports/<uuid:pk>/edit/", reports.report_edit, name="report_edit"),
    path("reports/<uuid:pk>/submit/", reports.report_submit, name="report_submit"),
    path("reports/<uuid:pk>/discard/", reports.report_discard, name="report_discard"),
    path("reports/<uuid:pk>/restore/", reports.report_restore, name="report_restore"),
    path("reports/<uuid:pk>/document/", reports.report_document, name="report_document"),
    path("clients/<uuid:pk>/suggest/", reports.report_suggest, name="report_suggest"),
]

change_request_urls = [
    path(
        "clients/<uuid:pk>/hand-in/",
        change_requests.change_request_create,
        name="change_request_create",
    ),
    path("handed-in/", change_requests.ChangeRequestListView.as_view(), name="change_request_list"),
    path(
        "handed-in/<uuid:pk>/", change_requests.change_request_detail, name="change_request_detail"
    ),
    path(
        "handed-in/<uuid:pk>/withdraw/",
        change_requests.change_request_withdraw,
        name="change_request_withdraw",
    ),
]

voice_urls = [
    path("voices/", voices.VoiceListView.as_view(), name="voice_list"),
    path("voices/new/", voices.voice_create, name="voice_create"),
    path("voices/<uuid:pk>/", voices.voice_detail, name="voice_detail"),
    path("voices/<uuid:pk>/improve/", voices.voice_improve, name="voice_improve"),
    path("improvements/", voices.ImprovementListView.as_view(), name="improvement_list"),
    path("improvements/new/", voices.improvement_create, name="improvement_create"),
    path("improvements/<uuid:pk>/", voices.improvement_detail, name="improvement_detail"),
]

urlpatterns = [
    *voice_urls,
    *change_request_urls,
    *report_urls,
    *rhythm_urls,
    *diary_urls,
    *note_urls,
    *file_urls,
    *value_urls,
    *change_urls,
    *team_urls,
    *client_urls,
    *archive_urls,
    *item_urls,
    *contact_urls,
    *member_urls,
    *bulk_urls,
    *pair_urls,
    *merge_urls,
    *handover_urls,
    *tip_urls,
]
