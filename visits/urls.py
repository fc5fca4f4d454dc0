"""Addresses of visits."""

from django.urls import path

from visits import views

app_name = "visits"

urlpatterns = [
    path("visits/", views.VisitListView.as_view(), name="visit_list"),
    path("visits/new/", views.visit_plan, name="visit_plan"),
    path("visits/log/", views.visit_log, name="visit_log"),
    path("visits/<uuid:pk>/", views.visit_detail, name="visit_detail"),
    path("visits/<uuid:pk>/files/", views.visit_files, name="visit_files"),
    path("visits/<uuid:pk>/edit/", views.visit_edit, name="visit_edit"),
    path("visits/<uuid:pk>/record/", views.visit_record, name="visit_record"),
    path("visits/<uuid:pk>/cancel/", views.visit_cancel, name="visit_cancel"),
    path("clients/<uuid:pk>/visits/", views.client_visits, name="client_visits"),
    path("contacts/<uuid:pk>/visits/", views.contact_visits, name="contact_visits"),
]
