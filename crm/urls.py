"""All addresses of the site."""

from django.conf import settings
from django.urls import include, path

from analytics.views.overview import home
from crm import views
from staff.views.account import set_language

handler400 = "crm.views.bad_request"
handler403 = "crm.views.permission_denied"
handler404 = "crm.views.not_found"
handler500 = "crm.views.server_error"

urlpatterns = [
    path("", home, name="home"),
    path("healthz", views.health, name="health"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("language/", set_language, name="set_language"),
    path("", include("staff.urls")),
    path("", include("accounts.urls")),
    path("", include("visits.urls")),
    path("", include("complaints.urls")),
    path("", include("care.urls")),
    path("", include("analytics.urls")),
    path("tokens/", include("sync.urls")),
    path("api/v1/", include("crm.api_urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("ui/", views.gallery, name="ui_gallery"))
