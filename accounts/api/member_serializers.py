"""Lines, their entitlements and the use of these as JSON."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.serializers import PersonRef
from accounts.choices import IdentityDocument, MemberStatus, Tier
from accounts.filters import names_of
from accounts.models import Contact, Entitlement, EntitlementUse, Member, MemberProfile
from crm.lib.serializers import ReadSerializer, StrictFields, VisibleField, WriteSerializer

PROFILE_FIELDS = (
    "actual_user", "transfer_waiver", "is_key_member", "affection", "affection_note", "notes",
)  # fmt: skip


class NameField(serializers.ChoiceField):
    """A numbered choice by its name, as bills write it: `pre_churn`, not 2."""

    def __init__(self, numbered: Any, **kwargs: Any) -> None:
        self.numbered = numbered
        super().__init__(choices=names_of(numbered), **kwargs)

    def to_representation(self, value: Any) -> str:
        return self.numbered(value).name.lower()


class ProfileSerializer(ReadSerializer):
    owner_differs = serializers.BooleanField()
    needs_transfer = serializers.BooleanField()

    class Meta:
        model = MemberProfile
        fields = ("registered_owner", *PROFILE_FIELDS, "owner_differs", "needs_transfer")


class MemberSerializer(ReadSerializer):
    """A line; its number is masked (P35)."""

    client = serializers.UUIDField(source="client_id")
    number = serializers.CharField(source="masked_number")
    status = NameField(MemberStatus)
    tier = NameField(Tier, help_text="Card on the newest bill.")
    effective_tier = NameField(Tier, help_text="What the line counts as today.")
    is_high_end = serializers.BooleanField(
        source="client.is_high_end", help_text="Of a high-end client."
    )
    profile = ProfileSerializer(source="known")

    class Meta:
        model = Member
        fields = (
            "id", "client", "number", "status", "tier", "effective_tier", "joined_on",
            "is_high_end", "is_corporate_paid", "profile", "created_at",
        )  # fmt: skip


class ProfileUpdate(WriteSerializer):
    class Meta:
        model = MemberProfile
        fields = PROFILE_FIELDS


class OwnerChangeWrite(StrictFields):
    """What was seen of the new owner; the whole number of the document is not kept."""

    new_owner = serializers.CharField(max_length=64)
    document = serializers.ChoiceField(choices=IdentityDocument.choices)
    document_tail = serializers.CharField(min_length=4, max_length=4)
    note = serializers.CharField(max_length=200)


class EntitlementSerializer(ReadSerializer):
    tier = NameField(Tier, help_text="Lowest card that includes it.")
    is_verified = serializers.BooleanField()

    class Meta:
        model = Entitlement
        fields = (
            "id", "code", "name_zh", "name_en", "tier", "item_number", "quantity", "value",
            "valid_year", "is_offered", "source_quote", "remark", "is_verified", "verified_by",
            "verified_on",
        )  # fmt: skip


class EntitlementUseSerializer(ReadSerializer):
    entitlement: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    client = serializers.UUIDField(source="client_id")
    member = serializers.UUIDField(source="member_id", allow_null=True)
    contact = serializers.UUIDField(source="contact_id", allow_null=True)
    tier = NameField(Tier, help_text="What the holder counted as on that day.")
    recorded_by = PersonRef()
    cancelled_by = PersonRef(allow_null=True)

    class Meta:
        model = EntitlementUse
        fields = (
            "id", "entitlement", "client", "member", "contact", "used_on", "year", "number",
            "amount", "tier", "note", "recorded_by", "recorded_at", "cancelled_at",
            "cancelled_by", "cancel_reason",
        )  # fmt: skip


class EntitlementUseCreate(StrictFields):
    """Of a line or of a contact; checked against the card of the day and what is left."""

    entitlement: Any = serializers.SlugRelatedField(
        slug_field="code", queryset=Entitlement.objects.all()
    )
    member = VisibleField(queryset=Member.objects.all(), required=False)
    contact = VisibleField(queryset=Contact.objects.all(), required=False)
    used_on = serializers.DateField()
    amount = serializers.DecimalField(
        max_digits=10, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        holders = [attrs.pop(name) for name in ("member", "contact") if name in attrs]
        if len(holders) != 1:
            raise serializers.ValidationError(
                {"member": _("Name either a member or a contact.")}, code="one_holder"
            )
        return attrs | {"holder": holders[0]}


class TakeBack(StrictFields):
    reason = serializers.CharField(max_length=200)
