"""Addresses of cases."""

from django.urls import path

from complaints.views import cases, overview, queue

app_name = "complaints"

STEPS = (
    ("reply", cases.case_reply),
    ("note", cases.case_note),
    ("transfer", cases.case_transfer),
    ("take", cases.case_take),
    ("personality", cases.case_personality),
    ("leader", cases.case_leader),
    ("resolve", cases.case_resolve),
    ("close", cases.case_close),
    ("reopen", cases.case_reopen),
    ("lesson", overview.case_lesson),
)

urlpatterns = [
    path("cases/", queue.CaseListView.as_view(), name="case_list"),
    path("cases/new/", cases.case_create, name="case_create"),
    path("cases/figures/", overview.figures, name="case_figures"),
    path("cases/lessons/", overview.lesson_list, name="lesson_list"),
    path("cases/lessons/<uuid:pk>/read/", overview.lesson_read, name="lesson_read"),
    path("cases/lookups/", overview.LookupLogView.as_view(), name="lookup_log"),
    path("cases/<uuid:pk>/", cases.case_detail, name="case_detail"),
    *(path(f"cases/<uuid:pk>/{verb}/", view, name=f"case_{verb}") for verb, view in STEPS),
    path("clients/<uuid:pk>/cases/", queue.client_cases, name="client_cases"),
]
