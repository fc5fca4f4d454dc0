"""Addresses of clients, contacts and members."""

from django.urls import path

from accounts import views

app_name = "accounts"

client_urls = [
    path("clients/", views.ClientListView.as_view(), name="client_list"),
    path("clients/new/", views.client_create, name="client_create"),
    path("clients/<uuid:pk>/", views.client_detail, name="client_detail"),
    path("clients/<uuid:pk>/people/", views.client_people, name="client_people"),
    path("clients/<uuid:pk>/members/", views.client_members, name="client_members"),
    path("clients/<uuid:pk>/history/", views.client_history, name="client_history"),
    path("clients/<uuid:pk>/edit/", views.client_edit, name="client_edit"),
    path("clients/<uuid:pk>/assign/", views.client_assign, name="client_assign"),
    path("clients/<uuid:pk>/contacts/new/", views.contact_create, name="contact_create"),
]
contact_urls = [
    path("contacts/", views.ContactListView.as_view(), name="contact_list"),
    path("contacts/<uuid:pk>/edit/", views.contact_edit, name="contact_edit"),
]
member_urls = [
    path("members/<uuid:pk>/number/", views.member_reveal, name="member_reveal"),
]

urlpatterns = [*client_urls, *contact_urls, *member_urls]
