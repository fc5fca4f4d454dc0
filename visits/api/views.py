"""Visits over REST."""

from uuid import UUID

from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib.viewsets import ReadViewSet
from visits import services
from visits.api.serializers import (
    VisitCancel,
    VisitChange,
    VisitPlan,
    VisitRecord,
    VisitSerializer,
)
from visits.filters import VisitFilter
from visits.models import Visit


class VisitViewSet(ReadViewSet):
    queryset = Visit.objects.with_people()
    filterset_class = VisitFilter
    serializer_class = VisitSerializer
    inputs = {
        "create": VisitPlan,
        "partial_update": VisitChange,
        "record": VisitRecord,
        "cancel": VisitCancel,
    }
    rights = {
        "list": "visits.view_visit",
        "retrieve": "visits.view_visit",
        "create": "visits.plan_visit",
        "partial_update": "visits.plan_visit",
        "record": "visits.record_visit",
        "cancel": "visits.plan_visit",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(services.plan_visit, **self.cleaned())

    def partial_update(self, request: Request, pk: UUID) -> Response:
        visit = self.get_object()
        return self.write(services.change_visit, visit=visit, **self.cleaned(visit))

    @action(methods=["post"], detail=True)
    def record(self, request: Request, pk: UUID) -> Response:
        """Log what happened; summary and next step complete the visit."""
        return self.write(
            services.record_visit, visit=self.get_object(), now=timezone.now(), **self.cleaned()
        )

    @action(methods=["post"], detail=True)
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Call the visit off; the reason stays."""
        return self.write(services.cancel_visit, visit=self.get_object(), **self.cleaned())
