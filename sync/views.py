"""Pages of personal tokens. Only a login reaches them: a token cannot make or revoke tokens."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import permission, visible_or_404
from sync import services
from sync.forms import TokenForm
from sync.models import Token


@permission("sync.use_api")
def token_list(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    tokens = Token.objects.visible_to(request.user).owned_by(request.user)
    context = {"tokens": tokens.order_by("-created_at", "-pk"), "now": now}
    return TemplateResponse(request, "sync/token_list.html", context)


@never_cache
@permission("sync.use_api")
def token_create(request: StaffRequest) -> HttpResponse:
    """The answer to the form is the only place where the token's text is ever shown."""
    now = timezone.now()
    form = TokenForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            token, text = services.create_token(now=now, by=request.user, **form.terms())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            context = {"token": token, "text": text}
            return TemplateResponse(request, "sync/token_created.html", context)
    context = {
        "form": form,
        "title": _("New API token"),
        "cancel_url": reverse("sync:token_list"),
        "submit_label": _("Make the token"),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "crud/form.html", context, status=status)


@permission("sync.use_api")
def token_revoke(request: StaffRequest, pk: UUID) -> HttpResponse:
    token = visible_or_404(Token.objects.owned_by(request.user), request, pk)
    if request.method == "POST":
        services.revoke_token(token=token, now=timezone.now(), by=request.user)
        messages.success(request, _("The token is revoked."))
        return HttpResponseRedirect(reverse("sync:token_list"))
    context = {
        "title": _("Revoke the token"),
        "text": _("Revoke “%(name)s”?") % {"name": token.name},
        "consequences": [_("Programs that use it are refused from now on.")],
        "cancel_url": reverse("sync:token_list"),
        "submit_label": _("Revoke"),
        "is_danger": True,
    }
    return TemplateResponse(request, "crud/confirm.html", context)
