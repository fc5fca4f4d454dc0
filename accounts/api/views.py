"""Clients, contacts and members over REST."""

from uuid import UUID

from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.archive import StatusStep
from accounts.api.serializers import (
    ClientAssign,
    ClientCreate,
    ClientRepresent,
    ClientSerializer,
    ClientUpdate,
)
from accounts.filters import ClientFilter
from accounts.models import Client
from accounts.services import clients, prospecting, representations
from accounts.services.archive import review_archive
from crm.lib.serializers import NoInput
from crm.lib.viewsets import ReadViewSet


class ClientViewSet(ReadViewSet):
    queryset = Client.objects.with_people().select_related("referring_colleague", "reviewed_by")
    filterset_class = ClientFilter
    serializer_class = ClientSerializer
    inputs = {
        "create": ClientCreate,
        "partial_update": ClientUpdate,
        "assign": ClientAssign,
        "status": StatusStep,
        "review": NoInput,
        "represent": ClientRepresent,
    }
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.create_client",
        "partial_update": "accounts.edit_client",
        "assign": "accounts.assign_owner",
        "status": "accounts.edit_client",
        "review": "accounts.edit_client",
        "represent": "accounts.assign_representative",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(clients.create_client, now=timezone.now(), **self.cleaned())

    def partial_update(self, request: Request, pk: UUID) -> Response:
        client = self.get_object()
        return self.write(clients.update_client, client=client, **self.cleaned(client))

    @action(methods=["post"], detail=True)
    def assign(self, request: Request, pk: UUID) -> Response:
        """Hand the client to another account manager; the history keeps who had it before."""
        return self.write(
            clients.assign_owner, client=self.get_object(), now=timezone.now(), **self.cleaned()
        )

    @action(methods=["post"], detail=True)
    def status(self, request: Request, pk: UUID) -> Response:
        """One step in the client's life, kept with its reason."""
        return self.write(
            prospecting.change_status,
            client=self.get_object(),
            now=timezone.now(),
            **self.cleaned(),
        )

    @action(methods=["post"], detail=True)
    def represent(self, request: Request, pk: UUID) -> Response:
        """Another chief representative, or null for none; the history keeps who it was."""
        return self.write(
            representations.assign_representative,
            client=self.get_object(),
            now=timezone.now(),
            **self.cleaned(),
        )

    @action(methods=["post"], detail=True)
    def review(self, request: Request, pk: UUID) -> Response:
        """Somebody read the archive and found it right."""
        self.cleaned()
        return self.write(review_archive, client=self.get_object(), now=timezone.now())
