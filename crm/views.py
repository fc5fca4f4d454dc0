"""Pages of no app: errors, health, and the component gallery for developers."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.views import defaults

from crm.lib import problems
from crm.lib.gallery import gallery_context


# Asked by load balancers, which have no account.
@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """200 when the web process reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


# Browsers ask for it by themselves, signed in or not.
@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("build/logo.svg"))


def gallery(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "ui/gallery.html", gallery_context())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problems.for_path(request, 400) or defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problems.for_path(request, 403) or defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problems.for_path(request, 404) or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return problems.for_path(request, 500) or defaults.server_error(request)
