"""Visits as JSON."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.contact_serializers import ContactRef
from accounts.api.serializers import ClientRef, PersonRef
from accounts.choices import ClientAttitude
from accounts.filters import visible_people
from accounts.models import Client, Contact
from crm.lib.serializers import (
    InstantField,
    OfferedField,
    ReadSerializer,
    StrictFields,
    VisibleField,
    WriteSerializer,
)
from staff.models import Task
from visits.appointments import SENSIBLE, SENSIBLE_DAY, appointment_problems
from visits.choices import VisitMode
from visits.models import Visit

APPOINTMENT = (
    "contact", "visitor", "mode", "purpose", "outline", "starts_at", "place",
    "short_notice_reason",
)  # fmt: skip


class VisitSerializer(ReadSerializer):
    client = ClientRef()
    contact = ContactRef(allow_null=True)
    visitor = PersonRef()
    task = serializers.UUIDField(source="task_id", allow_null=True)

    class Meta:
        model = Visit
        fields = (
            "id", "client", *APPOINTMENT, "task", "is_unplanned", "state", "record_due_on",
            "held_at", "summary", "client_attitude", "next_step", "next_step_on", "recorded_at", "cancelled_reason",
            "created_at", "updated_at",
        )  # fmt: skip


class VisitChange(WriteSerializer):
    contact = VisibleField(queryset=Contact.objects.all(), allow_null=True, required=False)
    visitor = OfferedField(visible_people, required=False)
    starts_at = InstantField(validators=SENSIBLE)
    outline = serializers.CharField(min_length=2)

    class Meta:
        model = Visit
        fields: tuple[str, ...] = APPOINTMENT

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        contact = self.after(attrs, "contact")
        if contact and contact.client_id != self.after(attrs, "client").pk:
            raise serializers.ValidationError(
                {"contact": _("This person belongs to another client.")}, code="other_client"
            )
        problems = appointment_problems(
            starts_at=attrs.get("starts_at"),
            mode=self.after(attrs, "mode") or VisitMode.DOOR,
            place=self.after(attrs, "place") or "",
            short_notice_reason=self.after(attrs, "short_notice_reason") or "",
            now=timezone.now(),
        )
        for problem in problems:
            raise serializers.ValidationError({problem.field: problem.message}, code=problem.code)
        return attrs


class VisitPlan(VisitChange):
    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())
    task = VisibleField(queryset=Task.objects.open(), allow_null=True, required=False)

    class Meta(VisitChange.Meta):
        fields = ("id", "client", *APPOINTMENT, "task")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        attrs.setdefault("visitor", self.context["request"].user)
        return attrs


class VisitRecord(StrictFields):
    summary = serializers.CharField()
    next_step = serializers.CharField(max_length=300)
    next_step_on = serializers.DateField(allow_null=True, default=None, validators=SENSIBLE_DAY)
    held_at = InstantField(required=False, validators=SENSIBLE)
    client_attitude = serializers.ChoiceField(
        ClientAttitude.choices, allow_blank=True, required=False
    )

    def validate_held_at(self, held_at: dt.datetime) -> dt.datetime:
        if held_at > timezone.now():
            raise serializers.ValidationError(_("This lies in the future."), code="future")
        return held_at


class VisitCancel(StrictFields):
    reason = serializers.CharField(max_length=200)
