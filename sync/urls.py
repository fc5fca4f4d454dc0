from django.urls import path

from sync import views

app_name = "sync"

urlpatterns = [
    path("", views.token_list, name="token_list"),
    path("new/", views.token_create, name="token_create"),
    path("<uuid:pk>/revoke/", views.token_revoke, name="token_revoke"),
]
