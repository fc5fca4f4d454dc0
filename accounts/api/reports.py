"""Reports over REST (ARC-23, ARC-32, ORG-33)."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import Answer, ClientRef, PersonRef, UnitRef
from accounts.choices import ReportKind
from accounts.filters import ReportFilter
from accounts.models import Client, Report
from accounts.report_forms import LINES_MOST, NEW_FORMS
from accounts.services import reports
from crm.lib.serializers import (
    InstantField,
    MonthField,
    NoInput,
    ReadSerializer,
    StrictFields,
    VisibleField,
)
from crm.lib.viewsets import ReadViewSet


class ReportLine(StrictFields):
    """A finding with what is suggested; `source` is empty for what a person added."""

    # A key of ours, not DRF's path to the value.
    source: Any = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    finding = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    action = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ReportSerializer(ReadSerializer):
    """`client` is null for all but suggestions; `was_late`: submitted after its time."""

    client = ClientRef(source="about", allow_null=True)
    unit = UnitRef()
    author = PersonRef()
    month = MonthField(allow_null=True)
    lines = ReportLine(many=True)
    was_late = serializers.BooleanField()
    answered_by = PersonRef(allow_null=True)

    class Meta:
        model = Report
        fields = (
            "id", "kind", "title", "client", "unit", "author", "month", "summary", "lines",
            "learned_at", "due_at", "state", "created_at", "submitted_at", "was_late",
            "answered_at", "answered_by", "answer",
        )  # fmt: skip


class ReportUpdate(StrictFields):
    title = serializers.CharField(max_length=200, required=False)
    summary = serializers.CharField(max_length=8000, required=False, allow_blank=True)
    lines = ReportLine(many=True, required=False)

    def validate_lines(self, lines: list[Any]) -> list[Any]:
        if len(lines) > LINES_MOST:
            raise serializers.ValidationError(_("A report has 60 lines at most."), code="too_long")
        return lines


class ReportCreate(ReportUpdate):
    """Urgent ones need `learned_at`, market months a `month`."""

    id = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField(choices=[(kind, ReportKind(kind).label) for kind in NEW_FORMS])
    title = serializers.CharField(max_length=200)
    month = MonthField(required=False, allow_null=True)
    learned_at = InstantField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        needed = {ReportKind.URGENT: "learned_at", ReportKind.MARKET_MONTH: "month"}
        name = needed.get(attrs["kind"])
        if name and not attrs.get(name):
            raise serializers.ValidationError({name: _("This kind needs it.")}, code="required")
        return attrs


class ReportSuggest(StrictFields):
    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())


class ReportViewSet(ReadViewSet):
    queryset = Report.objects.with_people()
    filterset_class = ReportFilter
    serializer_class = ReportSerializer
    inputs = {
        "create": ReportCreate,
        "suggest": ReportSuggest,
        "partial_update": ReportUpdate,
        "submit": NoInput,
        "answer": Answer,
        "discard": NoInput,
        "restore": NoInput,
    }
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.write_report",
        "suggest": "accounts.write_report",
        "partial_update": "accounts.write_report",
        "submit": "accounts.write_report",
        "answer": "accounts.answer_report",
        "discard": "accounts.write_report",
        "restore": "accounts.write_report",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(reports.write_report, now=timezone.now(), **self.cleaned())

    @action(methods=["post"], detail=False)
    def suggest(self, request: Request) -> Response:
        """Draft a suggestion about a client from bills and usage; the open draft when there is
        one."""
        return self.write_new(reports.suggest, now=timezone.now(), **self.cleaned())

    def partial_update(self, request: Request, pk: UUID) -> Response:
        report = self.get_object()
        return self.write(reports.edit_report, report=report, **self.cleaned(report))

    @action(methods=["post"], detail=True)
    def submit(self, request: Request, pk: UUID) -> Response:
        """To the supervisor; for the province also to its recipients."""
        self.cleaned()
        return self.write(reports.submit_report, report=self.get_object(), now=timezone.now())

    @action(methods=["post"], detail=True)
    def answer(self, request: Request, pk: UUID) -> Response:
        """What is done about it."""
        return self.write(
            reports.answer_report, report=self.get_object(), now=timezone.now(), **self.cleaned()
        )

    @action(methods=["post"], detail=True)
    def discard(self, request: Request, pk: UUID) -> Response:
        """Put a draft aside."""
        self.cleaned()
        return self.write(reports.discard_report, report=self.get_object(), now=timezone.now())

    @action(methods=["post"], detail=True)
    def restore(self, request: Request, pk: UUID) -> Response:
        """Take a draft up again that was put aside."""
        self.cleaned()
        return self.write(reports.restore_report, report=self.get_object())
