"""Addresses of signing in, notifications, to-dos and exports."""

from django.contrib.auth import views as auth_views
from django.urls import path, reverse_lazy

from staff.views import account, search, work

app_name = "staff"

account_urls = [
    path("login/", account.SignInView.as_view(), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path(
        "password/",
        auth_views.PasswordChangeView.as_view(
            success_url=reverse_lazy("staff:password_change_done")
        ),
        name="password_change",
    ),
    path(
        "password/done/",
        auth_views.PasswordChangeDoneView.as_view(),
        name="password_change_done",
    ),
]
notification_urls = [
    path("notifications/", work.notification_list, name="notification_list"),
    path("notifications/read/", work.notification_read_all, name="notification_read_all"),
    path("notifications/<uuid:pk>/", work.notification_open, name="notification_open"),
]
work_urls = [
    path("tasks/", work.task_list, name="task_list"),
    path("exports/", work.export_list, name="export_list"),
    path("exports/new/<str:list_name>/", work.export_create, name="export_create"),
    path("exports/<uuid:pk>/", work.export_download, name="export_download"),
]

search_urls = [path("search/", search.search_page, name="search")]

urlpatterns = [*account_urls, *notification_urls, *work_urls, *search_urls]
