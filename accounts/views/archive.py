"""The archive of a client: its tab, its lists, reviews and checks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.archive_forms import CheckForm, ResolveForm, refuse
from accounts.archive_lists import BY_SLUG
from accounts.models import ArchiveCheck, ArchiveItem, Client
from accounts.selectors.archive import archive
from accounts.services import archive_items, checks
from accounts.services.archive import review_archive
from accounts.views.client_page import client_tab, get_client
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import form_page, permission, visible_or_404

CHECKS_SHOWN = 5


def archive_url(client_id: object) -> str:
    return reverse("accounts:client_archive", args=[client_id])


@permission("accounts.view_client")
def client_archive(request: StaffRequest, pk: UUID) -> HttpResponse:
    relations = ("owner", "unit", "chief_representative", "referring_colleague", "reviewed_by")
    client = visible_or_404(Client.objects.select_related(*relations), request, pk)
    found = client.archive_checks.visible_to(request.user).select_related(
        "checked_by", "resolved_by"
    )
    steps = client.status_changes.visible_to(request.user).select_related("changed_by")
    context = {
        "archive": archive(client, request.user),
        "checks": found.order_by("-checked_at", "-pk")[:CHECKS_SHOWN],
        "steps": steps.order_by("-changed_at", "-pk")[:CHECKS_SHOWN],
        "is_stale": client.is_stale(timezone.now()),
    }
    return client_tab(request, client, "archive", "accounts/_client_archive.html", context)


@require_POST
@permission("accounts.edit_client")
def client_review(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    review_archive(client=client, now=timezone.now(), by=request.user)
    messages.success(request, _("Noted: you read the archive and found it right."))
    return HttpResponseRedirect(archive_url(client.pk))


# Lists ----------------------------------------------------------------------------------------


def _item(request: StaffRequest, kind: str, pk: UUID) -> Any:
    rows: Any = BY_SLUG[kind].model._default_manager
    return visible_or_404(rows.select_related("client"), request, pk)


@permission("accounts.edit_client")
def item_create(request: StaffRequest, pk: UUID, kind: str) -> HttpResponse:
    client, listed = get_client(request, pk), BY_SLUG[kind]
    form = listed.form(request.POST or None, client=client)
    if request.method == "POST" and form.is_valid():
        try:
            archive_items.add_item(
                model=listed.model, client=client, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Added."))
            return HttpResponseRedirect(f"{archive_url(client.pk)}#{kind}")
    return form_page(
        request,
        form,
        title=listed.add_label,
        subtitle=client.name,
        cancel_url=archive_url(client.pk),
    )


@permission("accounts.edit_client")
def item_edit(request: StaffRequest, pk: UUID, kind: str) -> HttpResponse:
    item: ArchiveItem = _item(request, kind, pk)
    form = BY_SLUG[kind].form(request.POST or None, instance=item, client=item.client)
    if request.method == "POST" and form.is_valid():
        try:
            archive_items.update_item(item=item, by=request.user, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(f"{archive_url(item.client_id)}#{kind}")
    return form_page(
        request,
        form,
        title=_("Edit %(name)s") % {"name": item},
        subtitle=item.client.name,
        cancel_url=archive_url(item.client_id),
    )


@permission("accounts.edit_client")
def item_remove(request: StaffRequest, pk: UUID, kind: str) -> HttpResponse:
    item: ArchiveItem = _item(request, kind, pk)
    if request.method == "POST":
        archive_items.remove_item(item=item, now=timezone.now(), by=request.user)
        messages.success(request, _("Removed. You can put it back at the end of the list."))
        return HttpResponseRedirect(f"{archive_url(item.client_id)}#{kind}")
    context = {
        "title": _("Remove %(name)s?") % {"name": item},
        "text": _("It goes from the archive of %(client)s. You can put it back.")
        % {"client": item.client.name},
        "cancel_url": archive_url(item.client_id),
        "submit_label": _("Remove"),
        "is_danger": True,
    }
    return TemplateResponse(request, "crud/confirm.html", context)


@require_POST
@permission("accounts.edit_client")
def item_restore(request: StaffRequest, pk: UUID, kind: str) -> HttpResponse:
    item: ArchiveItem = _item(request, kind, pk)
    try:
        archive_items.restore_item(item=item, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Put back."))
    return HttpResponseRedirect(f"{archive_url(item.client_id)}#{kind}")


# Checks on the spot ---------------------------------------------------------------------------


@permission("accounts.edit_client")
def client_check(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    form = CheckForm(request.POST if request.method == "POST" else None, client=client)
    if request.method == "POST" and form.is_valid():
        try:
            check = checks.record_check(
                client=client, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            refuse(form, error)
        else:
            noted = _("Everything is right.") if check.matches else _("A task was made of it.")
            messages.success(request, noted)
            return HttpResponseRedirect(archive_url(client.pk))
    return form_page(
        request,
        form,
        title=_("Check name, address and nature"),
        subtitle=client.name,
        cancel_url=archive_url(client.pk),
        columns=1,
    )


@permission("accounts.edit_client")
def check_resolve(request: StaffRequest, pk: UUID) -> HttpResponse:
    check = visible_or_404(ArchiveCheck.objects.select_related("client"), request, pk)
    form = ResolveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        checks.resolve_check(check=check, now=timezone.now(), by=request.user, **form.cleaned_data)
        messages.success(request, _("The mismatch is settled."))
        return HttpResponseRedirect(archive_url(check.client_id))
    return form_page(
        request,
        form,
        title=_("The data are corrected"),
        subtitle=check.client.name,
        cancel_url=archive_url(check.client_id),
        columns=1,
    )
