"""Cases as JSON."""

from typing import Any

from django.http import HttpRequest
from rest_framework import serializers

from accounts.api.contact_serializers import ContactRef
from accounts.api.serializers import ClientRef, PersonRef, UnitRef
from accounts.choices import Personality
from accounts.models import Client, Contact
from complaints.choices import Satisfaction
from complaints.models import Case, CaseStep
from complaints.selectors.client_names import SHORTEST
from complaints.selectors.handlers import possible_units
from crm.lib.masking import masked_phone
from crm.lib.serializers import (
    InstantField,
    OfferedField,
    ReadSerializer,
    StrictFields,
    VisibleField,
    WriteSerializer,
)
from staff.models import Unit, User

REPORTED = (
    "kind", "said", "wanted", "contact", "caller_name", "caller_number", "window", "channel",
    "severity", "urgency", "personality", "first_contact_at",
)  # fmt: skip


def open_units(request: HttpRequest | None) -> Any:
    return possible_units() if request else Unit.objects.none()


def active_people(request: HttpRequest | None) -> Any:
    return User.objects.active() if request else User.objects.none()


class CaseSerializer(ReadSerializer):
    """The caller's number is masked for those without the right to call back."""

    client = ClientRef()
    contact = ContactRef(allow_null=True)
    caller_number = serializers.SerializerMethodField()
    receiving_unit = UnitRef()
    responsible_unit = UnitRef()
    handed_unit = UnitRef(allow_null=True)
    first_responder = PersonRef()
    assignee = PersonRef(allow_null=True)
    leader = PersonRef(allow_null=True)
    is_overdue = serializers.BooleanField()

    class Meta:
        model = Case
        fields = (
            "id", "number", "client", *REPORTED, "receiving_unit", "responsible_unit",
            "handed_unit", "first_responder", "assignee", "leader", "status",
            "first_reply_due_at", "first_replied_at", "resolution_due_at", "due_at", "is_overdue",
            "resolved_at", "result", "closed_at", "satisfaction", "summary", "is_lesson",
            "created_at", "updated_at",
        )  # fmt: skip

    def get_caller_number(self, case: Case) -> str:
        user = self.context["request"].user
        if case.may_be_called_by(user):
            return case.caller_number
        return masked_phone(case.caller_number)


class CaseOpen(WriteSerializer):
    """`client`: any client's id (ORG-08), found by `cases/client-names/`."""

    id = serializers.UUIDField(required=False)
    client = serializers.PrimaryKeyRelatedField(
        queryset=Client.objects.all(), pk_field=serializers.UUIDField()
    )
    contact = VisibleField(queryset=Contact.objects.all(), allow_null=True, required=False)
    receiving_unit = OfferedField(open_units, required=False)
    first_contact_at = InstantField(required=False)

    class Meta:
        model = Case
        fields = ("id", "client", *REPORTED, "receiving_unit")


class CaseText(StrictFields):
    text = serializers.CharField(max_length=4000)


class CaseLeader(StrictFields):
    text = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class CaseTransfer(StrictFields):
    unit = OfferedField(open_units, required=False)
    person = OfferedField(active_people, required=False)
    reason = serializers.CharField(max_length=500)


class CasePersonality(StrictFields):
    personality = serializers.ChoiceField(Personality.choices, allow_blank=True)


class CaseResult(StrictFields):
    result = serializers.CharField(max_length=4000)


class CaseClose(StrictFields):
    satisfaction = serializers.ChoiceField(Satisfaction.choices)
    summary = serializers.CharField(max_length=4000)
    is_lesson = serializers.BooleanField(default=False)


class CaseReopen(StrictFields):
    reason = serializers.CharField(max_length=500)


class CaseStepSerializer(ReadSerializer):
    case = serializers.UUIDField(source="case_id")
    by = PersonRef()
    to_person = PersonRef(allow_null=True)
    to_unit = UnitRef(allow_null=True)

    class Meta:
        model = CaseStep
        fields = ("id", "case", "kind", "at", "by", "text", "to_person", "to_unit")


class ClientNameQuery(StrictFields):
    q = serializers.CharField(min_length=SHORTEST, max_length=100)


class ClientNameSerializer(serializers.Serializer):
    """All there is of a client out of one's sight."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()
    is_visible = serializers.BooleanField()


class ClientNamesSerializer(serializers.Serializer):
    results = ClientNameSerializer(many=True)
