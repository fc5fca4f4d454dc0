"""Handing clients over, over REST."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import PersonRef, owners
from accounts.choices import ClientClass, SplitWay
from accounts.exceptions import HandoverTooLarge
from accounts.handover_lists import HandoverListFilter
from accounts.models import Client, Handover, HandoverShare
from accounts.selectors.handovers import clients_of, preview
from accounts.services import handovers
from accounts.splitting import split
from crm.lib.models import uuid7
from crm.lib.serializers import OfferedField, ReadSerializer, StrictFields
from crm.lib.viewsets import ReadViewSet
from staff.models import User

PLAN_SCHEMA = {
    "type": "object",
    "additionalProperties": {"type": "integer"},
    "description": "Id of a client to the id of the person who gets it",
}


def who_has_clients(request: HttpRequest | None) -> QuerySet[User]:
    """People of one's units, and who else has clients in sight."""
    if request is None:
        return User.objects.none()
    seen = Client.objects.visible_to(request.user).exclude(owner=None)
    ours = User.objects.visible_to(request.user).order_by()
    return User.objects.filter(Q(pk__in=seen.values("owner")) | Q(pk__in=ours.values("pk")))


class ShareSerializer(ReadSerializer):
    target = PersonRef()

    class Meta:
        model = HandoverShare
        fields = ("id", "target", "clients", "members", "income")


class HandoverSerializer(ReadSerializer):
    """Figures are those of the moment; `clients/?handover=` a share's id lists the clients."""

    source = PersonRef()  # type: ignore[assignment]
    handed_over_by = PersonRef()
    undone_by = PersonRef(allow_null=True)
    shares = ShareSerializer(many=True)

    class Meta:
        model = Handover
        fields = (
            "id", "source", "reason", "clients", "handed_over_at", "handed_over_by", "shares",
            "undone_at", "undone_by", "undo_reason",
        )  # fmt: skip


@extend_schema_field(PLAN_SCHEMA)
class PlanField(serializers.DictField):
    """Client id to person id."""

    child = serializers.IntegerField(min_value=1)

    def to_internal_value(self, data: Any) -> dict[UUID, int]:
        plan = super().to_internal_value(data)
        ids = serializers.UUIDField()
        return {ids.run_validation(key): person for key, person in plan.items()}


class HandOver(StrictFields):
    """The same `id` twice is one handover."""

    id = serializers.UUIDField(required=False)
    source = OfferedField(who_has_clients)  # type: ignore[assignment]
    plan = PlanField()
    reason = serializers.CharField(max_length=200)


class HandoverQuestion(StrictFields):
    source = OfferedField(who_has_clients)  # type: ignore[assignment]
    targets = serializers.ListField(child=OfferedField(owners), allow_empty=False)
    way = serializers.ChoiceField(SplitWay.choices)
    client_class = serializers.ListField(
        child=serializers.ChoiceField(ClientClass.choices), required=False, default=list
    )


class PlannedShare(serializers.Serializer):
    """What one person would get; `clients_after` are all they would have then (ORG-22)."""

    person = PersonRef()
    clients = serializers.IntegerField()
    members = serializers.IntegerField()
    income = serializers.DecimalField(max_digits=16, decimal_places=2)
    clients_after = serializers.IntegerField(source="after")
    is_too_many = serializers.BooleanField()


class HandoverPlan(serializers.Serializer):
    """Nothing has happened yet: send `plan` to hand over."""

    plan = PlanField()
    shares = PlannedShare(many=True)


class UndoReason(StrictFields):
    reason = serializers.CharField(max_length=200)


class HandoverViewSet(ReadViewSet):
    queryset = Handover.objects.select_related("source", "handed_over_by", "undone_by")
    filterset_class = HandoverListFilter
    serializer_class = HandoverSerializer
    inputs = {"create": HandOver, "preview": HandoverQuestion, "undo": UndoReason}
    outputs = {"preview": HandoverPlan}
    rights = {
        "list": "accounts.assign_owner",
        "retrieve": "accounts.view_client",
        "create": "accounts.assign_owner",
        "preview": "accounts.assign_owner",
        "undo": "accounts.assign_owner",
    }

    def get_queryset(self) -> QuerySet:
        shares = HandoverShare.objects.visible_to(self.request.user).select_related("target")
        return super().get_queryset().prefetch_related(Prefetch("shares", shares.order_by("pk")))

    def create(self, request: Request) -> Response:
        fields = self.cleaned()
        key = fields.pop("id", None) or uuid7()
        return self.write_new(handovers.hand_over, key=key, now=timezone.now(), **fields)

    @extend_schema(responses=HandoverPlan)
    @action(methods=["post"], detail=False, pagination_class=None, filterset_class=None)
    def preview(self, request: Request) -> Response:
        """How the clients would be dealt out, and what each would have then; changes nothing."""
        asked = self.cleaned()
        clients = clients_of(asked["source"], cast("User", request.user))
        if asked["client_class"]:
            clients = clients.filter(client_class__in=asked["client_class"])
        if len(clients[: settings.HANDOVER_CLIENTS + 1]) > settings.HANDOVER_CLIENTS:
            raise HandoverTooLarge(handovers.too_large_text())
        targets = [each for each in asked["targets"] if each != asked["source"]]
        plan = split(clients, [each.pk for each in targets], asked["way"])
        shown = preview(clients, targets, plan, asked["source"])
        return Response(
            {
                "plan": {str(client): person for client, person in plan.items()},
                "shares": PlannedShare(shown.shares, many=True).data,
            }
        )

    @action(methods=["post"], detail=True)
    def undo(self, request: Request, pk: UUID) -> Response:
        """Clients, visits and tasks go back; what somebody changed since stays."""
        return self.write(
            handovers.undo_handover,
            handover=self.get_object(),
            now=timezone.now(),
            **self.cleaned(),
        )
