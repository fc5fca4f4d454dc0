"""Addresses of lines and of what they are entitled to; part of `accounts.urls`."""

from django.urls import path

from accounts.views import disclosures, entitlements, member_page, members

member_urls = [
    path("members/", members.MemberListView.as_view(), name="member_list"),
    path("members/<uuid:pk>/", member_page.member_detail, name="member_detail"),
    path(
        "members/<uuid:pk>/entitlements/",
        entitlements.member_entitlements,
        name="member_entitlements",
    ),
    path("members/<uuid:pk>/edit/", members.member_edit, name="member_edit"),
    path("members/<uuid:pk>/owner/", members.member_owner, name="member_owner"),
    path("members/<uuid:pk>/card/", members.member_grant, name="member_grant"),
    path("members/cards/<uuid:pk>/end/", members.grant_end, name="grant_end"),
    path("members/<uuid:pk>/number/", members.member_reveal, name="member_reveal"),
    path("disclosures/", disclosures.RevealLogView.as_view(), name="reveal_log"),
    path("disclosures/records/", disclosures.RecordLogView.as_view(), name="record_log"),
    path("disclosures/exports/", disclosures.ExportLogView.as_view(), name="export_log"),
    path("entitlements/", entitlements.entitlement_list, name="entitlement_list"),
    path("entitlements/new/", entitlements.entitlement_create, name="entitlement_create"),
    path("entitlements/<uuid:pk>/edit/", entitlements.entitlement_edit, name="entitlement_edit"),
    path(
        "entitlements/<uuid:pk>/verify/",
        entitlements.entitlement_verify,
        name="entitlement_verify",
    ),
    path(
        "entitlements/uses/<uuid:pk>/take-back/", entitlements.use_take_back, name="use_take_back"
    ),
]
