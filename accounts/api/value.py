"""Classes and values of clients over REST."""

from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import (
    Answer,
    ClassProposalCreate,
    ClassProposalSerializer,
    MajorChangeReport,
    MajorChangeSerializer,
    Word,
)
from accounts.filters import ClassProposalFilter, MajorChangeFilter
from accounts.models import ClassProposal, MajorChange
from accounts.services import changes, classes
from crm.lib.serializers import NoInput
from crm.lib.viewsets import ReadViewSet


class ClassProposalViewSet(ReadViewSet):
    queryset = ClassProposal.objects.with_people()
    filterset_class = ClassProposalFilter
    serializer_class = ClassProposalSerializer
    inputs = {
        "create": ClassProposalCreate,
        "approve": Word,
        "refuse": Word,
        "withdraw": NoInput,
    }
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.propose_class",
        "approve": "accounts.change_class",
        "refuse": "accounts.change_class",
        "withdraw": "accounts.propose_class",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(classes.propose_class, now=timezone.now(), **self.cleaned())

    @action(methods=["post"], detail=True)
    def approve(self, request: Request, pk: object) -> Response:
        """The client gets the class; never one's own proposal."""
        return self.write(
            classes.approve_class,
            proposal=self.get_object(),
            now=timezone.now(),
            **self.cleaned(),
        )

    @action(methods=["post"], detail=True)
    def refuse(self, request: Request, pk: object) -> Response:
        """The class stays; the word says why."""
        return self.write(
            classes.refuse_class,
            proposal=self.get_object(),
            now=timezone.now(),
            **self.cleaned(),
        )

    @action(methods=["post"], detail=True)
    def withdraw(self, request: Request, pk: object) -> Response:
        """Whoever proposed it takes it back."""
        self.cleaned()
        return self.write(classes.withdraw_class, proposal=self.get_object(), now=timezone.now())


class MajorChangeViewSet(ReadViewSet):
    queryset = MajorChange.objects.select_related("client", "reported_by", "answered_by")
    filterset_class = MajorChangeFilter
    serializer_class = MajorChangeSerializer
    inputs = {"create": MajorChangeReport, "acknowledge": Answer}
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.report_client",
        "acknowledge": "accounts.oversee_client",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(changes.report_change, now=timezone.now(), **self.cleaned())

    @action(methods=["post"], detail=True)
    def acknowledge(self, request: Request, pk: object) -> Response:
        """The supervisor has seen it, with a word."""
        return self.write(
            changes.acknowledge_change,
            change=self.get_object(),
            now=timezone.now(),
            **self.cleaned(),
        )
