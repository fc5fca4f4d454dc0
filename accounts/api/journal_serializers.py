"""Logged contacts and notes as JSON."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.contact_serializers import ContactRef
from accounts.api.serializers import ClientRef, PersonRef
from accounts.forms import sensible
from accounts.models import Client, Contact, ContactLog, Note
from crm.lib.serializers import InstantField, ReadSerializer, VisibleField, WriteSerializer

ENTRY = (
    "contact", "spoke_with", "channel", "direction", "purpose", "happened_at", "content",
    "is_major", "next_step", "next_step_on",
)  # fmt: skip


class ContactLogSerializer(ReadSerializer):
    client = ClientRef()
    contact = ContactRef(allow_null=True)
    logged_by = PersonRef()
    task = serializers.UUIDField(source="task_id", allow_null=True)
    next_step_done_at = InstantField(source="task.done_at", allow_null=True, default=None)

    class Meta:
        model = ContactLog
        fields = (
            "id", "client", *ENTRY, "logged_by", "task", "next_step_done_at",
            "created_at", "updated_at",
        )  # fmt: skip


class ContactLogChange(WriteSerializer):
    contact = VisibleField(queryset=Contact.objects.all(), allow_null=True, required=False)
    happened_at = InstantField(required=False, validators=[sensible])
    next_step_on = serializers.DateField(allow_null=True, required=False, validators=[sensible])

    class Meta:
        model = ContactLog
        fields: tuple[str, ...] = ENTRY

    def validate_happened_at(self, value: dt.datetime) -> dt.datetime:
        if value > timezone.now():
            raise serializers.ValidationError(_("This lies in the future."), code="future")
        return value


class ContactLogCreate(ContactLogChange):
    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())

    class Meta(ContactLogChange.Meta):
        fields = ("id", "client", *ENTRY)


class NoteSerializer(ReadSerializer):
    client = ClientRef()
    author = PersonRef()

    class Meta:
        model = Note
        fields = (
            "id", "client", "author", "text", "is_pinned", "created_at", "updated_at",
            "deleted_at",
        )  # fmt: skip


class NoteChange(WriteSerializer):
    class Meta:
        model = Note
        fields: tuple[str, ...] = ("text",)
        extra_kwargs = {"text": {"required": True}}


class NoteCreate(WriteSerializer):
    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())

    class Meta:
        model = Note
        fields: tuple[str, ...] = ("id", "client", "text", "is_pinned")
