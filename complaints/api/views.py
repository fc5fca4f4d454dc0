"""Cases over REST."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.serializers import (
    CaseClose,
    CaseLeader,
    CaseOpen,
    CasePersonality,
    CaseReopen,
    CaseResult,
    CaseSerializer,
    CaseStepSerializer,
    CaseText,
    CaseTransfer,
    ClientNameQuery,
    ClientNamesSerializer,
)
from complaints.filters import CaseFilter, CaseStepFilter
from complaints.models import Case, CaseQuerySet, CaseStep
from complaints.services import cases, handling, lookups, settling
from crm.lib.serializers import NoInput
from crm.lib.viewsets import ReadViewSet
from staff.models import User

HANDLE = "complaints.handle_case"


class CaseViewSet(ReadViewSet):
    """Creating again with the same id answers with the case that is there."""

    queryset = Case.objects.with_people()
    filterset_class = CaseFilter
    serializer_class = CaseSerializer
    inputs = {
        "create": CaseOpen,
        "reply": CaseText,
        "note": CaseText,
        "transfer": CaseTransfer,
        "take": NoInput,
        "personality": CasePersonality,
        "leader": CaseLeader,
        "resolve": CaseResult,
        "close": CaseClose,
        "reopen": CaseReopen,
        "client_names": ClientNameQuery,
    }
    rights = {
        "list": "complaints.view_case",
        "retrieve": "complaints.view_case",
        "create": "complaints.create_case",
        "reply": HANDLE,
        "note": HANDLE,
        "transfer": HANDLE,
        "take": HANDLE,
        "personality": HANDLE,
        "leader": HANDLE,
        "resolve": HANDLE,
        "close": "complaints.close_case",
        "reopen": HANDLE,
        "client_names": "complaints.create_case",
    }

    def all_rows(self) -> CaseQuerySet:
        return Case.objects.with_people().with_clock(timezone.now())

    def create(self, request: Request) -> Response:
        return self.write_new(cases.open_case, now=timezone.now(), **self.cleaned())

    @action(methods=["post"], detail=True)
    def reply(self, request: Request, pk: UUID) -> Response:
        """The client has the first reply."""
        return self._step(handling.give_first_reply)

    @action(methods=["post"], detail=True)
    def note(self, request: Request, pk: UUID) -> Response:
        return self._step(handling.add_note)

    @action(methods=["post"], detail=True)
    def transfer(self, request: Request, pk: UUID) -> Response:
        """To a person or to everybody in a unit; the clocks run on.

        Who hands it on may lose sight of it by that: the answer is the last they see.
        """
        case = handling.transfer_case(
            case=self.get_object(), now=timezone.now(), by=self.person, **self.cleaned()
        )
        return Response(self.get_serializer(self.all_rows().get(pk=case.pk)).data)

    @action(methods=["post"], detail=True)
    def take(self, request: Request, pk: UUID) -> Response:
        """Take on what was handed to one's unit."""
        return self._step(handling.take_case)

    @action(methods=["post"], detail=True)
    def personality(self, request: Request, pk: UUID) -> Response:
        return self._step(handling.judge_personality)

    @action(methods=["post"], detail=True)
    def leader(self, request: Request, pk: UUID) -> Response:
        """The client asks for a leader: who is on duty is told."""
        return self._step(handling.call_leader)

    @action(methods=["post"], detail=True)
    def resolve(self, request: Request, pk: UUID) -> Response:
        return self._step(settling.resolve_case)

    @action(methods=["post"], detail=True)
    def close(self, request: Request, pk: UUID) -> Response:
        """Confirmed with the client, with its satisfaction and a summary."""
        return self._step(settling.close_case)

    @action(methods=["post"], detail=True)
    def reopen(self, request: Request, pk: UUID) -> Response:
        """The clock goes on from the first contact."""
        return self._step(settling.reopen_case)

    @extend_schema(responses={200: ClientNamesSerializer})
    @action(methods=["post"], detail=False, url_path="client-names")
    def client_names(self, request: Request) -> Response:
        """Names and codes of clients, also of those out of sight; every look at these is kept.

        A POST, so that what was looked for stays out of addresses and logs of servers.
        """
        found = lookups.look_for_clients(
            text=self.cleaned()["q"], now=timezone.now(), by=self.person
        )
        return Response(ClientNamesSerializer({"results": found}).data)

    @property
    def person(self) -> User:
        return cast("User", self.request.user)

    def _step(self, service: Callable[..., Case]) -> Response:
        case = self.get_object()
        return self.write(service, case=case, now=timezone.now(), **self.cleaned())


class CaseStepViewSet(ReadViewSet):
    """What happened to cases; steps are written by the actions of a case and never change."""

    queryset = CaseStep.objects.with_people()
    http_method_names = ["get", "head"]
    filterset_class = CaseStepFilter
    serializer_class = CaseStepSerializer
    rights = {"list": "complaints.view_case", "retrieve": "complaints.view_case"}
