"""Addresses of the dashboard, alerts, imports and periods."""

from django.urls import path, register_converter

from analytics.views import (
    alerts,
    assessments,
    class_suggestions,
    drafts,
    history,
    imports,
    key_people,
    member_records,
    members,
    overview,
    periods,
    quarantine,
    rules,
)
from crm.lib.converters import MonthConverter

register_converter(MonthConverter, "month")

app_name = "analytics"

alert_urls = [
    path("alerts/", alerts.AlertListView.as_view(), name="alert_list"),
    path("alerts/rules/", rules.rule_list, name="rule_list"),
    path("alerts/rules/<slug:rule>/", rules.rule_change, name="rule_change"),
    path("alerts/rules/<slug:rule>/remove/", rules.rule_remove, name="rule_remove"),
    path("alerts/<uuid:pk>/", alerts.alert_detail, name="alert_detail"),
    path("alerts/<uuid:pk>/acknowledge/", alerts.alert_acknowledge, name="alert_acknowledge"),
    path("alerts/<uuid:pk>/handle/", alerts.alert_handle, name="alert_handle"),
]
client_urls = [
    path("clients/<uuid:pk>/bills/", alerts.client_bills, name="client_bills"),
    path("clients/<uuid:pk>/business/", alerts.client_business, name="client_business"),
    path("clients/<uuid:pk>/alerts/", alerts.client_alerts, name="client_alerts"),
    path("clients/<uuid:pk>/summary/", alerts.client_summary, name="client_summary"),
    path(
        "clients/<uuid:pk>/key-people/arrears/",
        key_people.client_key_arrears,
        name="client_key_arrears",
    ),
    path("contacts/<uuid:pk>/arrears/", key_people.contact_arrears, name="contact_arrears"),
]
member_urls = [
    path("members/<uuid:pk>/bills/", members.member_bills, name="member_bills"),
    path("members/<uuid:pk>/records/", member_records.member_records, name="member_records"),
    path("members/<uuid:pk>/history/", members.member_history, name="member_history"),
]
import_urls = [
    path("imports/", imports.ImportListView.as_view(), name="import_list"),
    path("imports/new/", drafts.import_create, name="import_create"),
    path("imports/mappings/", drafts.mapping_list, name="mapping_list"),
    path("imports/mappings/<uuid:pk>/delete/", drafts.mapping_delete, name="mapping_delete"),
    path("imports/<uuid:pk>/columns/", drafts.import_columns, name="import_columns"),
    path("imports/<uuid:pk>/preview/", drafts.import_preview, name="import_preview"),
    path("imports/<uuid:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<uuid:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<uuid:pk>/quarantine/", quarantine.import_quarantine, name="import_quarantine"),
    path(
        "imports/<uuid:pk>/quarantine/rows/",
        quarantine.import_quarantine_rows,
        name="import_quarantine_rows",
    ),
    path("imports/<uuid:pk>/original/", history.import_original, name="import_original"),
    path("imports/storage/", history.storage, name="storage"),
    path("imports/<uuid:pk>/undo/", history.import_undo, name="import_undo"),
]
period_urls = [
    path("periods/", periods.period_list, name="period_list"),
    path("periods/<month:month>/complete/", periods.period_complete, name="period_complete"),
    path("periods/<month:month>/wait/", periods.period_wait, name="period_wait"),
    path("periods/<month:month>/close/", periods.period_close, name="period_close"),
    path("periods/<month:month>/reopen/", periods.period_reopen, name="period_reopen"),
]
class_urls = [
    path(
        "class-suggestions/",
        class_suggestions.SuggestionListView.as_view(),
        name="suggestion_list",
    ),
    path(
        "class-suggestions/decide/",
        class_suggestions.suggestion_decide_picked,
        name="suggestion_decide_picked",
    ),
    path("class-suggestions/run/", class_suggestions.suggestion_run, name="suggestion_run"),
    path("class-criteria/", class_suggestions.criteria_list, name="criteria_list"),
    path("class-criteria/change/", class_suggestions.criteria_change, name="criteria_change"),
    path("class-criteria/remove/", class_suggestions.criteria_remove, name="criteria_remove"),
]

value_urls = [
    path("values/", assessments.ValueListView.as_view(), name="value_list"),
    path("values/<uuid:pk>/", assessments.assessment_detail, name="assessment_detail"),
    path("clients/<uuid:pk>/judge/", assessments.value_assess, name="value_assess"),
]

urlpatterns = [
    *value_urls,
    *class_urls,
    path("dashboard/", overview.dashboard, name="dashboard"),
    *alert_urls,
    *client_urls,
    *member_urls,
    *import_urls,
    *period_urls,
]
