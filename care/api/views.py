"""Gifts and service records over REST."""

from uuid import UUID

from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from care.api.serializers import (
    GiftCreate,
    GiftDecision,
    GiftSerializer,
    ServiceRecordCreate,
    ServiceRecordSerializer,
)
from care.filters import GiftFilter, ServiceRecordFilter
from care.models import Gift, ServiceRecord
from care.services import gifts, service_records
from crm.lib.viewsets import ReadViewSet


class GiftViewSet(ReadViewSet):
    queryset = Gift.objects.with_people()
    filterset_class = GiftFilter
    serializer_class = GiftSerializer
    inputs = {"create": GiftCreate, "decide": GiftDecision}
    rights = {
        "list": "care.view_care",
        "retrieve": "care.view_care",
        "create": "care.record_care",
        "decide": "care.approve_gift",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(gifts.register_gift, now=timezone.now(), **self.cleaned())

    @action(methods=["post"], detail=True)
    def decide(self, request: Request, pk: UUID) -> Response:
        """Approve or refuse a gift that waits; never one's own."""
        return self.write(
            gifts.decide_gift, gift=self.get_object(), now=timezone.now(), **self.cleaned()
        )


class ServiceRecordViewSet(ReadViewSet):
    queryset = ServiceRecord.objects.with_people()
    filterset_class = ServiceRecordFilter
    serializer_class = ServiceRecordSerializer
    inputs = {"create": ServiceRecordCreate}
    rights = {
        "list": "care.view_care",
        "retrieve": "care.view_care",
        "create": "care.record_care",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(service_records.record_service, now=timezone.now(), **self.cleaned())
