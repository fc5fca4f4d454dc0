"""Changes that agents hand in, over REST (ORG-21)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import ClientRef, PersonRef
from accounts.filters import ChangeRequestFilter
from accounts.models import ChangeRequest, Client
from accounts.selectors.change_requests import REQUESTABLE, REQUESTABLE_CHOICES, from_json
from accounts.services import change_requests
from crm.lib.serializers import NoInput, ReadSerializer, StrictFields, VisibleField
from crm.lib.viewsets import ReadViewSet


class FieldChangeSerializer(serializers.Serializer):
    """One field; `accepted` is null until somebody decides."""

    name = serializers.ChoiceField(choices=REQUESTABLE_CHOICES)
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    accepted = serializers.BooleanField(allow_null=True)


class ChangeRequestSerializer(ReadSerializer):
    client = ClientRef()
    changes = FieldChangeSerializer(many=True)
    requested_by = PersonRef()
    decided_by = PersonRef(allow_null=True)

    class Meta:
        model = ChangeRequest
        fields = (
            "id", "client", "changes", "reason", "state", "requested_at", "requested_by",
            "decided_at", "decided_by", "word",
        )  # fmt: skip


class ChangeRequestCreate(StrictFields):
    """`values`: fields of the client with what they should be."""

    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())
    values = serializers.DictField()
    reason = serializers.CharField(max_length=1000)

    def validate_values(self, values: dict[str, Any]) -> dict[str, Any]:
        cleaned = {}
        for name, value in values.items():
            try:
                cleaned[name] = from_json(name, value) if name in REQUESTABLE else value
            except ValidationError as error:
                raise serializers.ValidationError({name: error.messages}, code="invalid") from error
        return cleaned


class ChangeDecide(StrictFields):
    """Fields to take over; the others are refused. `override`: those that changed meanwhile."""

    accept = serializers.ListField(child=serializers.ChoiceField(choices=REQUESTABLE_CHOICES))
    override = serializers.ListField(
        child=serializers.ChoiceField(choices=REQUESTABLE_CHOICES), required=False, default=list
    )
    word = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class ChangeRequestViewSet(ReadViewSet):
    queryset = ChangeRequest.objects.with_people()
    filterset_class = ChangeRequestFilter
    serializer_class = ChangeRequestSerializer
    inputs = {"create": ChangeRequestCreate, "decide": ChangeDecide, "withdraw": NoInput}
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.request_change",
        "decide": "accounts.decide_change",
        "withdraw": "accounts.request_change",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(change_requests.request_change, now=timezone.now(), **self.cleaned())

    @action(methods=["post"], detail=True)
    def decide(self, request: Request, pk: object) -> Response:
        """Take over some fields and refuse the others; a no needs a word."""
        return self.write(
            change_requests.decide_change,
            request=self.get_object(),
            now=timezone.now(),
            **self.cleaned(),
        )

    @action(methods=["post"], detail=True)
    def withdraw(self, request: Request, pk: object) -> Response:
        """Whoever handed it in takes it back."""
        self.cleaned()
        return self.write(
            change_requests.withdraw_change, request=self.get_object(), now=timezone.now()
        )
