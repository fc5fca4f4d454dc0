"""Gifts and service records as JSON."""

import datetime as dt

from django.core.validators import MinValueValidator
from rest_framework import serializers

from accounts.api.contact_serializers import ContactRef
from accounts.api.serializers import ClientRef, PersonRef
from accounts.models import Client, Contact, Member
from care.models import Gift, ServiceRecord
from crm.lib.serializers import ReadSerializer, StrictFields, VisibleField, WriteSerializer

EARLIEST = MinValueValidator(dt.date(2000, 1, 1))


class GiftSerializer(ReadSerializer):
    client = ClientRef()
    contact = ContactRef(allow_null=True)
    person = PersonRef()
    registered_by = PersonRef()
    decided_by = PersonRef(allow_null=True)

    class Meta:
        model = Gift
        fields = (
            "id", "client", "contact", "direction", "occasion", "item", "value", "happened_on",
            "person", "note", "state", "decided_by", "decided_at", "decision", "registered_by",
            "created_at", "updated_at",
        )  # fmt: skip


class GiftCreate(WriteSerializer):
    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())
    contact = VisibleField(queryset=Contact.objects.all(), allow_null=True, required=False)
    value = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=0)
    happened_on = serializers.DateField(validators=[EARLIEST])

    class Meta:
        model = Gift
        fields = (
            "id", "client", "contact", "direction", "occasion", "item", "value", "happened_on",
            "note",
        )  # fmt: skip


class GiftDecision(StrictFields):
    approves = serializers.BooleanField()
    decision = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ServiceRecordSerializer(ReadSerializer):
    client = ClientRef()
    contact = ContactRef(allow_null=True)
    member = serializers.UUIDField(source="member_id", allow_null=True)
    served_by = PersonRef()

    class Meta:
        model = ServiceRecord
        fields = (
            "id", "client", "contact", "member", "service", "served_on", "done", "result",
            "served_by", "created_at", "updated_at",
        )  # fmt: skip


class ServiceRecordCreate(WriteSerializer):
    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())
    contact = VisibleField(queryset=Contact.objects.all(), allow_null=True, required=False)
    member = VisibleField(queryset=Member.objects.all(), allow_null=True, required=False)
    served_on = serializers.DateField(validators=[EARLIEST])

    class Meta:
        model = ServiceRecord
        fields = (
            "id", "client", "contact", "member", "service", "served_on", "done", "result",
        )  # fmt: skip
