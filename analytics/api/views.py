"""Alerts, billing imports and months over REST."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.api.serializers import (
    AlertHandle,
    AlertSerializer,
    BillingImportDetail,
    BillingImportSerializer,
    BillingImportUpload,
    BillingPeriodSerializer,
    PeriodReason,
    PeriodReopen,
)
from analytics.choices import LookWay
from analytics.filters import AlertFilter, BillingImportFilter
from analytics.models import Alert, AlertReading, BillingImport, BillingPeriod
from analytics.services import alerts, imports, period_closing, periods, undo
from analytics.services.quarantine import note_look
from crm.lib.filters import MONTH_SCHEMA, month_from
from crm.lib.serializers import NoInput
from crm.lib.viewsets import ReadViewSet, ScopedViewSet
from staff.models import User

ASK_AGAIN_SECONDS = "2"
FORM_OVERHEAD = 64 * 1024


class AlertViewSet(ReadViewSet):
    queryset = Alert.objects.with_people().select_related("acknowledged_by", "closed_by")
    filterset_class = AlertFilter
    serializer_class = AlertSerializer
    inputs = {"acknowledge": NoInput, "handle": AlertHandle, "close": NoInput}
    rights = {
        "list": "analytics.view_alert",
        "retrieve": "analytics.view_alert",
        "acknowledge": "analytics.handle_alert",
        "handle": "analytics.handle_alert",
        "close": "analytics.handle_alert",
    }

    def get_queryset(self) -> QuerySet[Alert]:
        readings = AlertReading.objects.visible_to(self.request.user)
        newest_first = readings.select_related("rule_version").order_by("-period")
        return super().get_queryset().prefetch_related(Prefetch("readings", newest_first))

    @action(methods=["post"], detail=True)
    def acknowledge(self, request: Request, pk: UUID) -> Response:
        """I have seen it."""
        self.cleaned()
        return self.write(alerts.acknowledge_alert, alert=self.get_object(), now=timezone.now())

    @action(methods=["post"], detail=True)
    def handle(self, request: Request, pk: UUID) -> Response:
        """Note survey, cause and action; with a visit that took place the alert is handled."""
        alert = self.get_object()
        return self.write(alerts.handle_alert, alert=alert, **self.cleaned(alert))

    @action(methods=["post"], detail=True)
    def close(self, request: Request, pk: UUID) -> Response:
        """Done; only with survey, visit, cause and action."""
        self.cleaned()
        return self.write(alerts.close_alert, alert=self.get_object(), now=timezone.now())


class CsvRenderer(JSONRenderer):
    """Lets `Accept: text/csv` through; problems stay JSON."""

    media_type = "text/csv"
    format = "csv"


class BillingImportViewSet(ReadViewSet):
    queryset = BillingImport.objects.without_checks().select_related("created_by", "undone_by")
    filterset_class = BillingImportFilter
    serializer_class = BillingImportDetail
    parser_classes = [MultiPartParser, JSONParser]
    inputs = {"create": BillingImportUpload, "cancel": NoInput, "undo": NoInput}
    outputs = {"list": BillingImportSerializer}
    rights = {
        "list": "analytics.view_import",
        "retrieve": "analytics.view_import",
        "create": "analytics.import_bills",
        "cancel": "analytics.import_bills",
        "undo": "analytics.undo_import",
        "quarantine": "analytics.import_bills",  # its rows name members' numbers
    }

    @property
    def body_limit(self) -> int:
        return settings.IMPORT_MAX_BYTES + FORM_OVERHEAD

    @extend_schema(
        request={"multipart/form-data": BillingImportUpload}, responses={202: BillingImportDetail}
    )
    def create(self, request: Request) -> Response:
        """Hand in a file; it is loaded by a job, `Location` tells how far it is."""
        fields = self.cleaned()
        response = self.write_new(
            imports.hand_in_file,
            status=202,
            file=fields["file"],
            file_name=fields["file"].name,
            size=fields["file"].size,
            kind=fields["kind"],
            period=fields.get("period"),
            creates_clients=fields["create_clients"],
            completes_period=fields["complete"],
            # A program hands it in and nobody looks: a thin month is held (ADR 0010).
            holds_thin_month=True,
        )
        response["Retry-After"] = ASK_AGAIN_SECONDS
        return response

    @action(methods=["post"], detail=True, parser_classes=[JSONParser])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Stop a waiting or running import; nothing of it will have been loaded."""
        self.cleaned()
        return self.write(imports.request_cancel, billing_import=self.get_object())

    @extend_schema(responses={202: BillingImportDetail})
    @action(methods=["post"], detail=True, parser_classes=[JSONParser])
    def undo(self, request: Request, pk: UUID) -> Response:
        """Take a loaded import back; a job does it, `state` tells how far it is."""
        self.cleaned()
        response = self.write(
            undo.request_undo, billing_import=self.get_object(), now=timezone.now()
        )
        response.status_code = 202
        response["Retry-After"] = ASK_AGAIN_SECONDS
        return response

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(methods=["get"], detail=True, renderer_classes=[CsvRenderer, JSONRenderer])
    def quarantine(self, request: Request, pk: UUID) -> FileResponse:
        """The refused rows as they came, with line number and reason."""
        billing_import = self.get_object()
        if not billing_import.quarantine_file:
            raise Http404
        assert isinstance(request.user, User)  # noqa: S101 -- the right was checked
        note_look(billing_import=billing_import, way=LookWay.API, by=request.user)
        return FileResponse(
            billing_import.quarantine_file.open("rb"),
            as_attachment=True,
            filename=f"quarantine-{billing_import.number}.csv",
            content_type="text/csv",
        )


MONTH_PARAMETER = OpenApiParameter("month", MONTH_SCHEMA, OpenApiParameter.PATH)


@extend_schema(parameters=[MONTH_PARAMETER])
class BillingPeriodViewSet(mixins.RetrieveModelMixin, ScopedViewSet):
    """Months belong to everybody who may see imports: they have no rows of persons."""

    queryset = BillingPeriod.objects.select_related("completed_by", "closed_by")
    serializer_class = BillingPeriodSerializer
    lookup_field = "month"
    lookup_value_converter = "str"
    inputs = {"complete": PeriodReason, "close": PeriodReason, "reopen": PeriodReopen}
    rights = {
        "retrieve": "analytics.view_import",
        "complete": "analytics.complete_period",
        "close": "analytics.close_period",
        "reopen": "analytics.close_period",
    }

    def get_queryset(self) -> QuerySet[BillingPeriod]:
        return BillingPeriod.objects.select_related("completed_by", "closed_by")

    def get_object(self) -> BillingPeriod:
        try:
            month = month_from(self.kwargs["month"])
        except ValidationError as error:
            raise Http404 from error
        return get_object_or_404(self.get_queryset(), pk=month)

    @action(methods=["post"], detail=True)
    def complete(self, request: Request, month: str) -> Response:
        """All files of the month are in; a held month needs a reason.

        Facts and alerts follow in a job; `computed_at` says when.
        """
        return self._change(periods.order_completion)

    @action(methods=["post"], detail=True)
    def close(self, request: Request, month: str) -> Response:
        """Nothing changes the month any more; files with rows of it are refused."""
        return self._change(period_closing.close_period)

    @action(methods=["post"], detail=True)
    def reopen(self, request: Request, month: str) -> Response:
        """A closed month is complete again, and its facts and alerts are made anew in a job."""
        return self._change(period_closing.reopen_period)

    def _change(self, service: Callable[..., BillingPeriod]) -> Response:
        fields = self.cleaned()
        month = self.get_object().month
        return self.write(service, month=month, now=timezone.now(), **fields)
