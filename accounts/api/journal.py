"""Logged contacts and notes over REST."""

from uuid import UUID

from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.journal_serializers import (
    ContactLogChange,
    ContactLogCreate,
    ContactLogSerializer,
    NoteChange,
    NoteCreate,
    NoteSerializer,
)
from accounts.filters import ContactLogFilter, NoteFilter
from accounts.models import ContactLog, Note, NoteQuerySet
from accounts.services import contact_log, notes
from crm.lib.serializers import NoInput
from crm.lib.viewsets import ReadViewSet


class ContactLogViewSet(ReadViewSet):
    """Creating again with the same id answers with the entry that is there."""

    queryset = ContactLog.objects.with_people()
    filterset_class = ContactLogFilter
    serializer_class = ContactLogSerializer
    inputs = {
        "create": ContactLogCreate,
        "partial_update": ContactLogChange,
        "finish_step": NoInput,
    }
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.log_contact",
        "partial_update": "accounts.log_contact",
        "finish_step": "accounts.log_contact",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(contact_log.log_contact, now=timezone.now(), **self.cleaned())

    def partial_update(self, request: Request, pk: UUID) -> Response:
        log = self.get_object()
        return self.write(
            contact_log.correct_contact_log, log=log, now=timezone.now(), **self.cleaned(log)
        )

    @action(methods=["post"], detail=True, url_path="finish-step")
    def finish_step(self, request: Request, pk: UUID) -> Response:
        """The next step is done; its task is ticked off."""
        self.cleaned()
        return self.write(contact_log.finish_next_step, log=self.get_object(), now=timezone.now())


class NoteViewSet(ReadViewSet):
    """Notes; deleted ones are given out by their id only, with `deleted_at`."""

    queryset = Note.objects.with_people()
    filterset_class = NoteFilter
    serializer_class = NoteSerializer
    inputs = {
        "create": NoteCreate,
        "partial_update": NoteChange,
        "pin": NoInput,
        "unpin": NoInput,
        "remove": NoInput,
        "restore": NoInput,
    }
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.write_note",
        "partial_update": "accounts.write_note",
        "pin": "accounts.write_note",
        "unpin": "accounts.write_note",
        "remove": "accounts.write_note",
        "restore": "accounts.write_note",
    }

    def all_rows(self) -> NoteQuerySet:
        rows = Note.objects.with_people()
        return rows.kept() if self.action == "list" else rows

    def create(self, request: Request) -> Response:
        return self.write_new(notes.write_note, now=timezone.now(), **self.cleaned())

    def partial_update(self, request: Request, pk: UUID) -> Response:
        note = self.get_object()
        fields = {"text": note.text} | self.cleaned(note)
        return self.write(notes.correct_note, note=note, now=timezone.now(), **fields)

    @action(methods=["post"], detail=True)
    def pin(self, request: Request, pk: UUID) -> Response:
        """Keep it on top of the client's page."""
        self.cleaned()
        return self.write(notes.pin_note, note=self.get_object(), is_pinned=True)

    @action(methods=["post"], detail=True)
    def unpin(self, request: Request, pk: UUID) -> Response:
        self.cleaned()
        return self.write(notes.pin_note, note=self.get_object(), is_pinned=False)

    @action(methods=["post"], detail=True)
    def remove(self, request: Request, pk: UUID) -> Response:
        """Take the note away; `restore` brings it back."""
        self.cleaned()
        return self.write(notes.delete_note, note=self.get_object(), now=timezone.now())

    @action(methods=["post"], detail=True)
    def restore(self, request: Request, pk: UUID) -> Response:
        self.cleaned()
        return self.write(notes.restore_note, note=self.get_object())
