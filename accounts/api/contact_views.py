"""Contacts and what hangs on them over REST."""

from typing import Any, cast
from uuid import UUID

from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.contact_serializers import (
    ConfidentialReason,
    ConfidentialSerializer,
    ConfidentialUpdate,
    ContactCreate,
    ContactLeave,
    ContactMove,
    ContactNoteCreate,
    ContactNoteSerializer,
    ContactNoteUpdate,
    ContactRelationCreate,
    ContactRelationSerializer,
    ContactSerializer,
    ContactUpdate,
    ContactWindows,
)
from accounts.filters import ContactFilter, ContactNoteFilter, ContactRelationFilter
from accounts.models import Contact, ContactNote, ContactRelation
from accounts.services import confidential, contact_details, contact_moves, contacts
from crm.lib.scoping import ScopedQuerySet
from crm.lib.serializers import NoInput
from crm.lib.viewsets import ReadViewSet
from staff.models import User


class ContactViewSet(ReadViewSet):
    queryset = Contact.objects.select_related("client").with_service_tier()
    filterset_class = ContactFilter
    serializer_class = ContactSerializer
    inputs = {
        "create": ContactCreate,
        "partial_update": ContactUpdate,
        "leave": ContactLeave,
        "come_back": NoInput,
        "move": ContactMove,
        "windows": ContactWindows,
        "read_confidential": ConfidentialReason,
        "write_confidential": ConfidentialUpdate,
    }
    outputs = {
        "read_confidential": ConfidentialSerializer,
        "write_confidential": ConfidentialSerializer,
    }
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.edit_contact",
        "partial_update": "accounts.edit_contact",
        "leave": "accounts.edit_contact",
        "come_back": "accounts.edit_contact",
        "move": "accounts.edit_contact",
        "windows": "accounts.edit_contact",
        "read_confidential": "accounts.read_confidential",
        "write_confidential": "accounts.read_confidential",
    }

    @property
    def person(self) -> User:
        """Signed in: the permission classes let nobody else in."""
        return cast("User", self.request.user)

    def all_rows(self) -> ScopedQuerySet:
        return super().all_rows().prefetch_related("windows")

    def create(self, request: Request) -> Response:
        return self.write_new(contacts.create_contact, today=timezone.localdate(), **self.cleaned())

    def partial_update(self, request: Request, pk: UUID) -> Response:
        contact = self.get_object()
        return self._change(contacts.update_contact, contact, **self.cleaned(contact))

    @action(methods=["post"], detail=True)
    def leave(self, request: Request, pk: UUID) -> Response:
        """The person has left the client."""
        return self._change(contact_moves.leave, self.get_object(), **self.cleaned())

    @action(methods=["post"], detail=True)
    def come_back(self, request: Request, pk: UUID) -> Response:
        """Undo of leaving or of going to another client."""
        return self._change(contact_moves.come_back, self.get_object(), **self.cleaned())

    @action(methods=["post"], detail=True)
    def move(self, request: Request, pk: UUID) -> Response:
        """The person went to another client; the answer is the new record there."""
        return self._change(contact_moves.move, self.get_object(), **self.cleaned())

    @action(methods=["post"], detail=True)
    def windows(self, request: Request, pk: UUID) -> Response:
        """The good times of the person, instead of those before."""
        contact = self.get_object()
        return self.write(contact_details.set_windows, contact=contact, **self.cleaned())

    @action(methods=["post"], detail=True)
    def read_confidential(self, request: Request, pk: UUID) -> Response:
        """What only some may know of the person; the look is noted with its reason."""
        profile = confidential.look_at_profile(
            contact=self.get_object(), now=timezone.now(), by=self.person, **self.cleaned()
        )
        return Response(self.get_serializer(profile).data)

    @action(methods=["post"], detail=True)
    def write_confidential(self, request: Request, pk: UUID) -> Response:
        """Change some or all of the confidential fields; the answer holds what was sent."""
        sent = self.cleaned()
        confidential.update_profile(contact=self.get_object(), by=self.person, **sent)
        return Response(sent)

    def _change(self, verb: Any, contact: Contact, **arguments: Any) -> Response:
        return self.write(verb, contact=contact, today=timezone.localdate(), **arguments)


class ContactNoteViewSet(ReadViewSet):
    queryset = ContactNote.objects.all()
    filterset_class = ContactNoteFilter
    serializer_class = ContactNoteSerializer
    inputs = {"create": ContactNoteCreate, "partial_update": ContactNoteUpdate}
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.edit_contact",
        "partial_update": "accounts.edit_contact",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(contact_details.add_note, **self.cleaned())

    def partial_update(self, request: Request, pk: UUID) -> Response:
        note = self.get_object()
        kept = {"text": note.text, "told_on": note.told_on}
        return self.write(contact_details.change_note, note=note, **kept | self.cleaned(note))


class ContactRelationViewSet(ReadViewSet):
    queryset = ContactRelation.objects.select_related("person", "other")
    filterset_class = ContactRelationFilter
    serializer_class = ContactRelationSerializer
    inputs = {"create": ContactRelationCreate, "remove": NoInput}
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.edit_contact",
        "remove": "accounts.edit_contact",
    }

    def get_queryset(self) -> Any:
        """Both ends in sight: the other person may belong to somebody else's client."""
        seen = Contact.objects.visible_to(self.request.user).order_by().values("pk")
        return super().get_queryset().filter(other__in=seen)

    def create(self, request: Request) -> Response:
        return self.write_new(contact_details.relate, **self.cleaned())

    @action(methods=["post"], detail=True)
    def remove(self, request: Request, pk: UUID) -> Response:
        """Take the relation away; the answer is what it was."""
        self.cleaned()
        relation = self.get_object()
        answer = self.get_serializer(relation).data
        contact_details.unrelate(relation=relation, by=cast("User", request.user))
        return Response(answer)
