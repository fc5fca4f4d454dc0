"""Addresses of care."""

from django.urls import path

from care.views import care

app_name = "care"

urlpatterns = [
    path("gifts/", care.GiftListView.as_view(), name="gift_list"),
    path("gifts/new/", care.gift_create, name="gift_create"),
    path("gifts/<uuid:pk>/", care.gift_detail, name="gift_detail"),
    path("gifts/<uuid:pk>/decide/", care.gift_decide, name="gift_decide"),
    path("services/new/", care.service_create, name="service_create"),
    path("clients/<uuid:pk>/care/", care.client_care, name="client_care"),
]
