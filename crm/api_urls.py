"""Addresses of the REST API below /api/v1/."""

from csp.decorators import csp_update
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from crm.lib.viewsets import UnknownAddress

app_name = "api"

# Swagger UI styles itself inline; this page only.
swagger = csp_update({"style-src": ["'unsafe-inline'"]})(
    SpectacularSwaggerSplitView.as_view(url_name="api:schema")
)

urlpatterns = [
    path("", include("staff.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("visits.api.urls")),
    path("", include("complaints.api.urls")),
    path("", include("care.api.urls")),
    path("", include("analytics.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", login_required(swagger), name="docs"),
    path("", UnknownAddress.as_view()),
    path("<path:rest>", UnknownAddress.as_view()),
]
