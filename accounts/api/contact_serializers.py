"""Contacts and what hangs on them as JSON."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.member_serializers import NameField
from accounts.api.serializers import ClientRef
from accounts.choices import CONTACT_WINDOWS, DecisionLevel, RelationKind, Tier
from accounts.contact_forms import CONFIDENTIAL_FIELDS
from accounts.models import (
    Client,
    ConfidentialProfile,
    Contact,
    ContactNote,
    ContactRelation,
    ContactWindow,
)
from crm.lib.birthdays import is_possible
from crm.lib.masking import masked_phone
from crm.lib.serializers import ReadSerializer, StrictFields, VisibleField, WriteSerializer

CONTACT_FIELDS = (
    "name", "gender", "title", "department", "expertise", "duties", "kind", "decision_level",
    "is_external", "organisation", "mobile", "phone", "email", "buying_roles",
    "is_decision_maker", "attachment", "personality", "birth_year", "birth_month", "birth_day",
    "is_lunar_birthday", "is_leap_month_birthday", "nickname", "form_of_address", "preferences",
    "hobbies", "favourite_words", "own_line", "own_tier", "is_active",
)  # fmt: skip


class ContactRef(ReadSerializer):
    class Meta:
        model = Contact
        fields = ("id", "name")


class NumberField(serializers.CharField):
    """In full for people who may edit contacts, and so call them; masked for others (SEC-10)."""

    def to_representation(self, value: str) -> str:
        user = self.context["request"].user
        return value if user.has_perm("accounts.edit_contact") else masked_phone(value)


class TierField(NameField):
    """A card tier by its name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Tier, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return Tier[super().to_internal_value(data).upper()].value


class WindowSerializer(ReadSerializer):
    """A good time of the week; 1 is Monday."""

    class Meta:
        model = ContactWindow
        fields = ("weekdays", "starts", "ends")


class ContactSerializer(ReadSerializer):
    client = ClientRef()
    mobile = NumberField()
    phone = NumberField()
    own_line = NumberField()
    own_tier = TierField()
    formerly = serializers.UUIDField(source="formerly_id", allow_null=True)
    service_tier = TierField()
    is_key_person = serializers.BooleanField()
    windows = WindowSerializer(many=True)

    class Meta:
        model = Contact
        fields = (
            "id", "client", *CONTACT_FIELDS, "left_on", "left_reason", "formerly",
            "next_birthday", "is_key_person", "service_tier", "windows", "created_at",
            "updated_at",
        )  # fmt: skip


class ContactUpdate(WriteSerializer):
    birth_year = serializers.IntegerField(
        min_value=1900, max_value=2100, allow_null=True, required=False
    )
    birth_month = serializers.IntegerField(
        min_value=1, max_value=12, allow_null=True, required=False
    )
    birth_day = serializers.IntegerField(min_value=1, max_value=31, allow_null=True, required=False)
    decision_level = serializers.ChoiceField(
        DecisionLevel.choices, allow_blank=True, required=False
    )
    own_tier = TierField(required=False)

    class Meta:
        model = Contact
        fields: tuple[str, ...] = CONTACT_FIELDS
        validators: tuple = ()  # the database keeps contacts apart; the answer is 409

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        month, day = self.after(attrs, "birth_month"), self.after(attrs, "birth_day")
        is_lunar = bool(self.after(attrs, "is_lunar_birthday"))
        if (month is None) != (day is None):
            raise serializers.ValidationError(
                {"birth_day": _("Month and day of birth go together.")}, code="birthday_incomplete"
            )
        if month and not is_possible(
            month=month, day=day, year=self.after(attrs, "birth_year"), is_lunar=is_lunar
        ):
            raise serializers.ValidationError(
                {"birth_day": _("There is no such day.")}, code="no_such_day"
            )
        if self.after(attrs, "is_leap_month_birthday") and not is_lunar:
            raise serializers.ValidationError(
                {"is_leap_month_birthday": _("Only the lunar calendar has leap months.")},
                code="not_lunar",
            )
        if not any(self.after(attrs, name) for name in ("mobile", "phone", "email")):
            raise serializers.ValidationError(
                {"mobile": _("Give at least one way to reach this person.")}, code="unreachable"
            )
        return attrs


class ContactCreate(ContactUpdate):
    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())

    class Meta(ContactUpdate.Meta):
        fields = ("id", "client", *CONTACT_FIELDS)


class ContactLeave(StrictFields):
    left_on = serializers.DateField()
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")

    def validate_left_on(self, left_on: Any) -> Any:
        if left_on > timezone.localdate():
            raise serializers.ValidationError(_("This day is still to come."), code="future")
        return left_on


class ContactMove(ContactLeave):
    client = VisibleField(queryset=Client.objects.all())
    title = serializers.CharField(max_length=64, allow_blank=True, default="")
    reason = None  # type: ignore[assignment]


class WindowInput(StrictFields):
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7), min_length=1, max_length=7
    )
    starts = serializers.TimeField()
    ends = serializers.TimeField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["ends"] <= attrs["starts"]:
            raise serializers.ValidationError(
                {"ends": _("This is before it begins.")}, code="ends_before_start"
            )
        return attrs


class ContactWindows(StrictFields):
    """All good times of the person; those of before go."""

    windows = serializers.ListField(child=WindowInput(), max_length=CONTACT_WINDOWS)


class ConfidentialReason(StrictFields):
    reason = serializers.CharField(max_length=200)


class ConfidentialSerializer(ReadSerializer):
    contact = serializers.UUIDField(source="contact_id")

    class Meta:
        model = ConfidentialProfile
        fields = ("contact", *CONFIDENTIAL_FIELDS)


class ConfidentialUpdate(WriteSerializer):
    class Meta:
        model = ConfidentialProfile
        fields = CONFIDENTIAL_FIELDS


class ContactNoteSerializer(ReadSerializer):
    contact = serializers.UUIDField(source="contact_id")

    class Meta:
        model = ContactNote
        fields = ("id", "contact", "told_on", "text", "created_at")


class ContactNoteUpdate(StrictFields):
    text = serializers.CharField(max_length=2000)
    told_on = serializers.DateField()


class ContactNoteCreate(ContactNoteUpdate):
    id = serializers.UUIDField(required=False)
    contact = VisibleField(queryset=Contact.objects.all())


class ContactRelationSerializer(ReadSerializer):
    person = ContactRef()
    other = ContactRef()

    class Meta:
        model = ContactRelation
        fields = ("id", "person", "other", "kind", "note", "created_at")


class ContactRelationCreate(StrictFields):
    id = serializers.UUIDField(required=False)
    person = VisibleField(queryset=Contact.objects.all())
    other = VisibleField(queryset=Contact.objects.all())
    kind = serializers.ChoiceField(RelationKind.choices)
    note = serializers.CharField(max_length=200, allow_blank=True, default="")
