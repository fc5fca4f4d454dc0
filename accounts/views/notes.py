"""Notes on clients: writing, correcting, pinning, deleting with an undo."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms import NoteForm
from accounts.models import Note
from accounts.selectors.notes import people_to_mention
from accounts.services import notes
from accounts.views.client_page import client_of_query
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import form_done, form_page, permission, visible_or_404


def _get(request: StaffRequest, pk: UUID) -> Note:
    return visible_or_404(Note.objects.with_people(), request, pk)


@permission("accounts.write_note")
def note_create(request: StaffRequest) -> HttpResponse:
    client = client_of_query(request)
    form = NoteForm(request.POST or None, people=people_to_mention(client))
    if request.method == "POST" and form.is_valid():
        try:
            note = notes.write_note(
                client=client, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error("text", error.message)
        else:
            return form_done(request, note.get_absolute_url(), _("The note is kept."))
    return form_page(
        request,
        form,
        title=_("Add a note"),
        subtitle=client.name,
        cancel_url=client.get_absolute_url(),
        columns=1,
    )


@permission("accounts.view_client")
def note_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The note; of a deleted one only the way back, for who may go it."""
    note = _get(request, pk)
    may_write = request.user.has_perm("accounts.write_note")
    context = {
        "note": note,
        "may_pin": may_write and not note.deleted_at,
        "may_correct": may_write and note.may_be_corrected(request.user, timezone.now()),
        "may_delete": may_write and note.may_be_deleted(request.user),
    }
    return TemplateResponse(request, "accounts/note_detail.html", context)


@permission("accounts.write_note")
def note_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    note = _get(request, pk)
    form = NoteForm(request.POST or None, instance=note, people=people_to_mention(note.client))
    del form.fields["is_pinned"]
    if request.method == "POST" and form.is_valid():
        try:
            notes.correct_note(note=note, now=timezone.now(), by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return form_done(request, note.get_absolute_url(), _("Saved."))
    return form_page(
        request,
        form,
        title=_("Correct the note"),
        subtitle=note.client.name,
        cancel_url=note.get_absolute_url(),
        columns=1,
    )


@permission("accounts.write_note")
@require_POST
def note_pin(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`pinned=1` keeps it on top, anything else does not."""
    note = _get(request, pk)
    notes.pin_note(note=note, is_pinned=request.POST.get("pinned") == "1", by=request.user)
    return HttpResponseRedirect(note.get_absolute_url())


@permission("accounts.write_note")
@require_POST
def note_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Gone from the client's page; the note's own page offers the undo."""
    note = _get(request, pk)
    notes.delete_note(note=note, now=timezone.now(), by=request.user)
    return HttpResponseRedirect(note.get_absolute_url())


@permission("accounts.write_note")
@require_POST
def note_restore(request: StaffRequest, pk: UUID) -> HttpResponse:
    note = _get(request, pk)
    notes.restore_note(note=note, by=request.user)
    return HttpResponseRedirect(note.get_absolute_url())
