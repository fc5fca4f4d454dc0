"""Voices of clients and improvements over REST (ORG-15, ORG-24)."""

from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import ClientRef, PersonRef, UnitRef
from accounts.choices import ImprovementState
from accounts.filters import ImprovementFilter, VoiceFilter
from accounts.models import Client, ClientVoice, Contact, Improvement
from accounts.services import voices
from crm.lib.serializers import ReadSerializer, StrictFields, VisibleField, WriteSerializer
from crm.lib.viewsets import ReadViewSet


class VoiceSerializer(ReadSerializer):
    client = ClientRef()
    contact = serializers.UUIDField(source="contact_id", allow_null=True)
    recorded_by = PersonRef()

    class Meta:
        model = ClientVoice
        fields = (
            "id", "client", "contact", "said_by", "topic", "text", "heard_on", "recorded_at",
            "recorded_by",
        )  # fmt: skip


class VoiceCreate(WriteSerializer):
    """`said_by` is needed without a contact."""

    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())
    contact = VisibleField(queryset=Contact.objects.all(), required=False, allow_null=True)
    said_by = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")

    class Meta:
        model = ClientVoice
        fields = ("id", "client", "contact", "said_by", "topic", "text", "heard_on")


class VoiceViewSet(ReadViewSet):
    queryset = ClientVoice.objects.select_related("client", "recorded_by")
    filterset_class = VoiceFilter
    serializer_class = VoiceSerializer
    inputs = {"create": VoiceCreate}
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.record_voice",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(voices.record_voice, now=timezone.now(), **self.cleaned())


class ImprovementSerializer(ReadSerializer):
    unit = UnitRef()
    voice = serializers.UUIDField(source="voice_id", allow_null=True)
    suggested_by = PersonRef()
    answered_by = PersonRef(allow_null=True)

    class Meta:
        model = Improvement
        fields = (
            "id", "unit", "voice", "title", "text", "state", "suggested_at", "suggested_by",
            "answer", "answered_at", "answered_by",
        )  # fmt: skip


class ImprovementCreate(WriteSerializer):
    id = serializers.UUIDField(required=False)
    voice = VisibleField(queryset=ClientVoice.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Improvement
        fields = ("id", "voice", "title", "text")


class ImprovementAnswer(StrictFields):
    """The next step; `done` and `declined` need a word."""

    state = serializers.ChoiceField(choices=ImprovementState.choices)
    answer = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ImprovementViewSet(ReadViewSet):
    queryset = Improvement.objects.select_related("unit", "suggested_by", "answered_by")
    filterset_class = ImprovementFilter
    serializer_class = ImprovementSerializer
    inputs = {"create": ImprovementCreate, "answer": ImprovementAnswer}
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.record_voice",
        "answer": "accounts.answer_improvement",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(voices.suggest_improvement, now=timezone.now(), **self.cleaned())

    @action(methods=["post"], detail=True)
    def answer(self, request: Request, pk: object) -> Response:
        """Taken up, done or declined."""
        return self.write(
            voices.answer_improvement,
            improvement=self.get_object(),
            now=timezone.now(),
            **self.cleaned(),
        )
