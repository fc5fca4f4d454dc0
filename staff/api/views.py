"""People and units over REST: read only, so that a copy can name them."""

from typing import Any

from django.db.models import QuerySet

from crm.lib.viewsets import ReadViewSet
from staff.api.serializers import PersonSerializer, UnitSerializer
from staff.filters import PersonFilter, UnitListFilter
from staff.models import Unit, User
from staff.selectors.authority import units_in_sight


class PersonViewSet(ReadViewSet):
    """Oneself, and for those who answer for a unit everybody in it."""

    queryset = User.objects.select_related("unit")
    http_method_names = ["get", "head"]
    lookup_value_converter = "int"
    filterset_class = PersonFilter
    serializer_class = PersonSerializer
    rights = {"list": "accounts.view_client", "retrieve": "accounts.view_client"}


class UnitViewSet(ReadViewSet):
    """One's own unit, and for those who answer for it every unit below."""

    queryset: Any = Unit.objects.all()
    http_method_names = ["get", "head"]
    lookup_value_converter = "int"
    filterset_class = UnitListFilter
    serializer_class = UnitSerializer
    rights = {"list": "accounts.view_client", "retrieve": "accounts.view_client"}

    def get_queryset(self) -> QuerySet:
        return units_in_sight(self.request.user).order_by()  # type: ignore[arg-type]
