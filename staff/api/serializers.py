"""People and units as JSON."""

from rest_framework import serializers

from crm.lib.serializers import ReadSerializer
from staff.models import Unit, User


class UnitSerializer(ReadSerializer):
    """`parent` is the id of the unit above, also when the person does not see that one."""

    parent = serializers.IntegerField(source="parent_id", allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Unit
        fields = ("id", "code", "name", "kind", "parent", "closed_on")


class PersonSerializer(ReadSerializer):
    unit = serializers.CharField(source="unit.code")

    class Meta:
        model = User
        fields = ("id", "username", "full_name", "role", "unit", "title", "is_active")
