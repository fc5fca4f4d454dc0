"""Files of clients: the tab, adding several at once, a file's page, taking out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts import file_places, file_store
from accounts.choices import FileWay
from accounts.exceptions import FileNotTaken
from accounts.file_forms import AT_ONCE, AddFilesForm, FileForm, FileTabForm, accepted
from accounts.file_places import Spot
from accounts.filters import ClientFileFilter
from accounts.models import Client, ClientFile, Contact, Note
from accounts.selectors import files as selector
from accounts.services import files
from accounts.views.client_page import client_tab, get_client
from crm.lib.downloads import attachment, shown_picture, unchanged
from crm.lib.exceptions import DomainError
from crm.lib.file_types import TYPES
from crm.lib.http import StaffRequest
from crm.lib.views import PageLinks, form_done, form_page, is_fragment, permission, visible_or_404

WEBP = "image/webp"


@dataclass(frozen=True)
class Outcome:
    """What became of one of the files that were sent together."""

    name: str
    file: ClientFile | None = None
    error: str = ""


@dataclass(frozen=True)
class Target:
    """What new files belong to besides the client, and where the person goes afterwards."""

    url: str
    contact: Contact | None = None
    place: str = ""
    record: UUID | None = None
    spot: Spot | None = None


def _get(request: StaffRequest, pk: UUID) -> ClientFile:
    return visible_or_404(ClientFile.objects.with_people(), request, pk)


# The tab ----------------------------------------------------------------------------------------


@permission("accounts.view_client")
def client_files(request: StaffRequest, pk: UUID) -> HttpResponse:
    """In the order of filing (ARC-18), page by page."""
    client = get_client(request, pk)
    form = FileTabForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = ClientFile.objects.visible_to(request.user).filter(client=client, purged_at=None)
    is_removed = wanted.get("is_removed") == "true"
    rows = rows.exclude(removed_at=None) if is_removed else rows.kept()
    if kind := wanted.get("kind"):
        rows = rows.filter(kind=kind)
    page = PageLinks(rows.with_people(), ClientFileFilter.ORDERS["filing"], request.GET)
    context: dict[str, Any] = {
        "form": form,
        "groups": selector.grouped(page.rows),
        "page": page,
        "is_narrowed": bool(kind or is_removed),
    }
    if request.user.has_perm("accounts.keep_file"):
        context |= _upload_context(request, client, AddFilesForm(client=client, user=request.user))
    return client_tab(request, client, "files", "accounts/_client_files.html", context)


def _upload_context(
    request: StaffRequest, client: Client, form: AddFilesForm, query: str = ""
) -> dict[str, Any]:
    return {
        "upload": form,
        "upload_url": reverse("accounts:file_add", args=[client.pk]) + query,
        "accepted": accepted(),
        "may_add": True,
    }


# Adding -----------------------------------------------------------------------------------------


@permission("accounts.keep_file")
def file_add(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Several files at once; `?contact=` or the name of a place says what they belong to."""
    client = get_client(request, pk)
    target = _target(request, client)
    form = AddFilesForm(
        request.POST if request.method == "POST" else None,
        client=client,
        user=request.user,
        initial={"contact": target.contact},
    )
    outcomes: list[Outcome] = []
    if request.method == "POST" and form.is_valid():
        outcomes = _add_all(request, client, target, form.cleaned_data)
        if all(outcome.file for outcome in outcomes):
            return _added(request, target, len(outcomes))
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    context = {
        "client": client,
        "target": target,
        "outcomes": outcomes,
        **_upload_context(request, client, form, query),
    }
    part = "#upload-form" if is_fragment(request) else ""
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, f"accounts/file_add.html{part}", context, status=status)


def _target(request: StaffRequest, client: Client) -> Target:
    """404 for a contact or record that is not this client's, or out of sight."""
    try:
        if text := request.GET.get("contact"):
            contact = visible_or_404(client.contacts.all(), request, UUID(text))
            return Target(contact.get_absolute_url(), contact=contact)
        for place in file_places.names():
            if text := request.GET.get(place):
                record = UUID(text)
                spot = file_places.spot(request.user, place, record)
                if spot is None or spot.client != client:
                    raise Http404
                return Target(spot.url, place=place, record=record, spot=spot)
    except ValueError:
        raise Http404 from None
    return Target(reverse("accounts:client_files", args=[client.pk]))


def _add_all(
    request: StaffRequest, client: Client, target: Target, fields: dict[str, Any]
) -> list[Outcome]:
    """Each for itself: one that is refused does not take the others along."""
    sent = request.FILES.getlist("files")
    if not sent:
        return [Outcome("", error=_("Take a photo or choose a file first."))]
    outcomes = []
    for number, file in enumerate(sent):
        name = file.name or ""
        try:
            if number >= AT_ONCE:
                raise FileNotTaken(_("At most %(most)s files at once.") % {"most": AT_ONCE})
            added = files.add_file(
                client=client, file=file, name=name, place=target.place, record=target.record,
                now=timezone.now(), by=request.user, **fields,
            )  # fmt: skip
            outcomes.append(Outcome(name, added))
        except DomainError as error:
            outcomes.append(Outcome(name, error=error.message))
    return outcomes


def _added(request: StaffRequest, target: Target, number: int) -> HttpResponse:
    text = ngettext("%(number)s file was added.", "%(number)s files were added.", number)
    messages.success(request, text % {"number": number})
    if is_fragment(request):
        return HttpResponseClientRedirect(target.url)
    return HttpResponseRedirect(target.url)


# One file ---------------------------------------------------------------------------------------


@permission("accounts.view_client")
def file_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    file = _get(request, pk)
    context: dict[str, Any] = {
        "file": file,
        "spot": file_places.spot_of(file, request.user),
        "may_keep": request.user.has_perm("accounts.keep_file"),
    }
    if request.user.has_perm("accounts.view_disclosures"):
        context["looks"] = selector.latest_looks(file, request.user)
    return TemplateResponse(request, "accounts/file_detail.html", context)


@permission("accounts.keep_file")
def file_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    file = _get(request, pk)
    title = file.title  # binding the form changes the instance
    form = FileForm(request.POST or None, instance=file, user=request.user)
    if request.method == "POST" and form.is_valid():
        files.update_file(file=file, by=request.user, **form.cleaned_data)
        return form_done(request, file.get_absolute_url(), _("Saved."))
    return form_page(
        request,
        form,
        title=_("Edit %(name)s") % {"name": title},
        subtitle=file.client.name,
        cancel_url=file.get_absolute_url(),
    )


@permission("accounts.keep_file")
@require_POST
def file_remove(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Gone from the client's page; the file's own page offers the undo."""
    file = _get(request, pk)
    files.remove_file(file=file, now=timezone.now(), by=request.user)
    return HttpResponseRedirect(file.get_absolute_url())


@permission("accounts.keep_file")
@require_POST
def file_restore(request: StaffRequest, pk: UUID) -> HttpResponse:
    file = _get(request, pk)
    try:
        files.restore_file(file=file, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    return HttpResponseRedirect(file.get_absolute_url())


# Bytes ------------------------------------------------------------------------------------------


@permission("accounts.view_client")
@require_safe
def file_download(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Always to be saved; taking out a paper about people is noted."""
    file = _get(request, pk)
    opened = files.hand_out(file=file, way=FileWay.PAGE, now=timezone.now(), by=request.user)
    return attachment(opened, name=file.download_name, content_type=file.content_type)


@permission("accounts.view_client")
@require_safe
def file_thumbnail(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Of papers about people there is none: looking at those is noted."""
    file = _get(request, pk)
    if not file.has_preview:
        raise Http404
    return _picture(request, file, file.thumbnail_name, WEBP)


@permission("accounts.view_client")
@require_safe
def file_picture(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """The picture as large as we have it, in the page; never the bytes that came."""
    file = _get(request, pk)
    if file.is_personal and file.is_shown and not _is_known(request, file.stored_name):
        opened = files.hand_out(file=file, way=FileWay.PAGE, now=timezone.now(), by=request.user)
        opened.close()
    return _picture(request, file, file.stored_name, file.content_type)


def _picture(
    request: StaffRequest, file: ClientFile, name: str, content_type: str
) -> HttpResponseBase:
    if not file.is_shown or not TYPES[file.content_type].is_picture:
        raise Http404
    if _is_known(request, name):
        return unchanged()
    response = shown_picture(file_store.fetch(name), content_type=content_type)
    response.headers["ETag"] = f'"{name}"'
    return response


def _is_known(request: StaffRequest, name: str) -> bool:
    return request.headers.get("If-None-Match") == f'"{name}"'


# Parts of other pages ---------------------------------------------------------------------------


@permission("accounts.view_client")
def contact_files(request: StaffRequest, pk: UUID) -> HttpResponse:
    contact = visible_or_404(Contact.objects.select_related("client"), request, pk)
    found = selector.files_of_contact(contact, request.user)
    return record_files(request, contact.client_id, found, contact=contact.pk)


@permission("accounts.view_client")
def note_files(request: StaffRequest, pk: UUID) -> HttpResponse:
    note = visible_or_404(Note.objects.kept(), request, pk)
    found = selector.files_at("note", note.pk, request.user)
    return record_files(request, note.client_id, found, note=note.pk)


def record_files(
    request: StaffRequest, client_id: UUID, found: Sequence[ClientFile], **belongs: UUID
) -> HttpResponse:
    """The card with the files of a record; apps above call it for theirs."""
    add_url = reverse("accounts:file_add", args=[client_id]) + f"?{urlencode(belongs)}"
    context = {
        "files": found,
        "add_url": add_url if request.user.has_perm("accounts.keep_file") else "",
    }
    return TemplateResponse(request, "accounts/_record_files.html", context)
