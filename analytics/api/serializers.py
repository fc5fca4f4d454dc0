"""Alerts, billing imports and months as JSON."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers import ClientRef, PersonRef
from analytics.choices import AlertCause, ImportKind
from analytics.models import (
    Alert,
    AlertReading,
    BillingImport,
    BillingPeriod,
    BillingUpload,
    ImportProblem,
)
from analytics.progress import standing_of
from analytics.selectors.period_board import missing_of
from analytics.selectors.undo_time import undo_until
from analytics.services.uploads import CHUNK_MAX_BYTES
from crm.lib.serializers import MonthField, ReadSerializer, StrictFields, VisibleField
from visits.models import Visit


class AlertReadingSerializer(ReadSerializer):
    period = MonthField()
    rule_version = serializers.IntegerField(source="rule_version.version")

    class Meta:
        model = AlertReading
        fields = (
            "period", "holds", "previous", "current", "ratio", "money_at_risk", "rule_version",
        )  # fmt: skip


class AlertSerializer(ReadSerializer):
    client = ClientRef()
    owner = PersonRef(source="client.owner", allow_null=True)
    first_period = MonthField()
    latest_period = MonthField()
    task = serializers.UUIDField(source="task_id", allow_null=True)
    visit = serializers.UUIDField(source="visit_id", allow_null=True)
    missing_items = serializers.ListField(child=serializers.CharField())
    acknowledged_by = PersonRef(allow_null=True)
    closed_by = PersonRef(allow_null=True)
    readings = AlertReadingSerializer(many=True)

    class Meta:
        model = Alert
        fields = (
            "id", "client", "owner", "rule", "state", "first_period", "latest_period",
            "money_at_risk", "due_on", "task", "visit", "survey", "cause", "action",
            "missing_items", "revision", "acknowledged_at", "acknowledged_by", "closed_at",
            "closed_by", "readings", "created_at", "updated_at",
        )  # fmt: skip


class AlertHandle(StrictFields):
    survey = serializers.CharField()
    cause = serializers.ChoiceField(AlertCause.choices)
    action = serializers.CharField()
    visit = VisibleField(queryset=Visit.objects.done(), required=False)

    def validate_visit(self, visit: Visit) -> Visit:
        if self.instance and visit.client_id != self.instance.client_id:
            raise serializers.ValidationError(
                _("This visit was to another client."), code="other_client"
            )
        return visit


class ImportProblemSerializer(ReadSerializer):
    class Meta:
        model = ImportProblem
        fields = ("code", "column", "is_warning", "count", "first_lines")


class StandingSerializer(serializers.Serializer):
    """How far a running import is; 100 per cent means that facts are being made."""

    rows = serializers.IntegerField()
    quarantined = serializers.IntegerField()
    percent = serializers.IntegerField()
    rows_per_second = serializers.IntegerField()
    seconds_left = serializers.IntegerField(allow_null=True)


class BillingImportSerializer(ReadSerializer):
    period = MonthField(allow_null=True)
    periods = serializers.ListField(child=MonthField())
    create_clients = serializers.BooleanField(source="creates_clients")
    complete = serializers.BooleanField(source="completes_period")
    created_by = PersonRef(allow_null=True)
    undone_by = PersonRef(allow_null=True)
    status_url = serializers.SerializerMethodField()
    quarantine_url = serializers.SerializerMethodField()

    class Meta:
        model = BillingImport
        fields: tuple[str, ...] = (
            "id", "number", "kind", "file_name", "size", "sha256", "period", "create_clients",
            "complete", "state", "is_cancel_requested", "error_code", "error_params", "encoding",
            "periods", "rows", "loaded", "quarantined", "warnings", "replaced", "total",
            "ignored_columns", "replaced_imports", "created_by", "created_at", "started_at",
            "finished_at", "undone_by", "undone_at",
            "status_url", "quarantine_url",
        )  # fmt: skip

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_status_url(self, billing_import: BillingImport) -> str:
        return self._url("api:billing-import-detail", billing_import)

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_quarantine_url(self, billing_import: BillingImport) -> str | None:
        if not billing_import.quarantine_file:
            return None
        return self._url("api:billing-import-quarantine", billing_import)

    def _url(self, name: str, billing_import: BillingImport) -> str:
        path = reverse(name, args=[billing_import.pk])
        return self.context["request"].build_absolute_uri(path)


class BillingImportDetail(BillingImportSerializer):
    """With what a list does not need: progress while it runs, problems when it has ended."""

    progress = serializers.SerializerMethodField()
    undo_until = serializers.SerializerMethodField()
    undo_report = serializers.JSONField()
    problems = ImportProblemSerializer(many=True)

    class Meta(BillingImportSerializer.Meta):
        fields = (
            *BillingImportSerializer.Meta.fields, "progress", "problems", "undo_until",
            "undo_report",
        )  # fmt: skip

    def get_undo_until(self, billing_import: BillingImport) -> dt.datetime | None:
        return undo_until(billing_import)

    @extend_schema_field(StandingSerializer(allow_null=True))
    def get_progress(self, billing_import: BillingImport) -> dict[str, Any] | None:
        if billing_import.is_finished:
            return None
        return StandingSerializer(standing_of(billing_import)).data


class BillingImportUpload(StrictFields):
    file = serializers.FileField()
    kind = serializers.ChoiceField(ImportKind.choices)
    period = MonthField(required=False)
    create_clients = serializers.BooleanField(default=False)
    complete = serializers.BooleanField(default=False)


class BillingUploadStart(StrictFields):
    """A file that will come in chunks."""

    file_name = serializers.CharField(max_length=200)
    size = serializers.IntegerField(min_value=1, help_text="Bytes of the whole file.")
    sha256 = serializers.RegexField("^[0-9a-fA-F]{64}$", help_text="Of the whole file, in hex.")
    kind = serializers.ChoiceField(ImportKind.choices)
    period = MonthField(required=False)
    create_clients = serializers.BooleanField(default=False)
    complete = serializers.BooleanField(default=False)


class BillingUploadSerializer(ReadSerializer):
    period = MonthField(allow_null=True)
    create_clients = serializers.BooleanField(source="creates_clients")
    complete = serializers.BooleanField(source="completes_period")
    offset = serializers.IntegerField(source="received", help_text="The next byte expected.")
    chunk_size_limit = serializers.SerializerMethodField(help_text="Bytes of one PUT at most.")
    billing_import = serializers.UUIDField(source="billing_import_id", allow_null=True)
    status_url = serializers.SerializerMethodField(help_text="Of the import, once handed in.")

    class Meta:
        model = BillingUpload
        fields = (
            "id", "file_name", "size", "sha256", "kind", "period", "create_clients", "complete",
            "offset", "chunk_size_limit", "billing_import", "status_url", "created_at",
            "expires_at",
        )  # fmt: skip

    def get_chunk_size_limit(self, upload: BillingUpload) -> int:
        return CHUNK_MAX_BYTES

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_status_url(self, upload: BillingUpload) -> str | None:
        if upload.billing_import_id is None:
            return None
        path = reverse("api:billing-import-detail", args=[upload.billing_import_id])
        return self.context["request"].build_absolute_uri(path)


class ShortfallSerializer(serializers.Serializer):
    """A unit with far fewer bills than the month before: the reason why a month is held."""

    unit = serializers.CharField(source="unit.code")
    rows = serializers.IntegerField()
    expected = serializers.IntegerField()
    percent = serializers.IntegerField()


class BillingPeriodSerializer(ReadSerializer):
    month = MonthField()
    completed_by = PersonRef(allow_null=True)
    closed_by = PersonRef(allow_null=True)
    shortfalls = serializers.SerializerMethodField()

    class Meta:
        model = BillingPeriod
        fields = (
            "month", "state", "held_at", "shortfalls", "completed_at", "completed_by",
            "computed_at", "closed_at", "closed_by",
        )  # fmt: skip

    @extend_schema_field(ShortfallSerializer(many=True))
    def get_shortfalls(self, period: BillingPeriod) -> Any:
        """Of the units in sight only."""
        missing = missing_of(period, self.context["request"].user) if period.is_held else []
        return ShortfallSerializer(missing, many=True).data


class PeriodReason(StrictFields):
    reason = serializers.CharField(required=False, max_length=500)


class PeriodReopen(StrictFields):
    reason = serializers.CharField(max_length=500)
