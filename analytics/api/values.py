"""What clients are worth, over REST (ARC-22)."""

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import ClientRef, PersonRef
from accounts.models import Client
from analytics.filters import ValueAssessmentFilter, ValueDueFilter
from analytics.models import ValueAssessment, ValueDue
from analytics.models.assessments import MOST_POINTS
from analytics.services import assessments
from crm.lib.serializers import MonthField, ReadSerializer, VisibleField, WriteSerializer
from crm.lib.viewsets import ReadViewSet


class ValueAssessmentSerializer(ReadSerializer):
    """A judgement with the figures of its day; `growth` is a ratio."""

    client = ClientRef()
    assessed_by = PersonRef()
    figures_month = MonthField(allow_null=True)

    class Meta:
        model = ValueAssessment
        fields = (
            "id", "client", "existing", "potential", "revenue", "score", "grade", "reason",
            "expected_income", "figures_month", "months", "mean_income", "active_members",
            "growth", "assessed_on", "assessed_at", "assessed_by", "next_due_on",
        )  # fmt: skip


def _points() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=MOST_POINTS)


class ValueAssessmentCreate(WriteSerializer):
    """Points for the three factors; the score follows from them."""

    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())
    existing = _points()
    potential = _points()
    revenue = _points()
    expected_income = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    reason = serializers.CharField(max_length=2000)

    class Meta:
        model = ValueAssessment
        fields = (
            "id", "client", "existing", "potential", "revenue", "expected_income", "reason",
        )  # fmt: skip
        validators: tuple = ()


class ValueAssessmentViewSet(ReadViewSet):
    queryset = ValueAssessment.objects.with_people()
    filterset_class = ValueAssessmentFilter
    serializer_class = ValueAssessmentSerializer
    inputs = {"create": ValueAssessmentCreate}
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "analytics.judge_value",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(assessments.assess_value, now=timezone.now(), **self.cleaned())


class ValueDueSerializer(ReadSerializer):
    """When a client's value is judged next."""

    client = ClientRef()
    newest = serializers.UUIDField(source="newest_id", allow_null=True)

    class Meta:
        model = ValueDue
        fields = ("id", "client", "newest", "due_on")


class ValueDueViewSet(ReadViewSet):
    queryset = ValueDue.objects.with_people()
    filterset_class = ValueDueFilter
    serializer_class = ValueDueSerializer
    rights = {"list": "accounts.view_client", "retrieve": "accounts.view_client"}
