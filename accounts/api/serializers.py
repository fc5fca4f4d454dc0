"""Clients, contacts and members as JSON."""

from decimal import ROUND_HALF_UP
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from accounts.catalogue import GROUPS
from accounts.models import ClassProposal, Client, Industry, MajorChange
from accounts.selectors.choices import possible_owners, possible_units
from crm.lib.serializers import (
    MonthField,
    OfferedField,
    ReadSerializer,
    StrictFields,
    VisibleField,
    WriteSerializer,
)
from staff.models import Unit, User
from staff.selectors.positions import eligible_representatives

# Everything people and programs fill; `code`, class and account manager have rules of their own.
ARCHIVE = tuple(name for group in GROUPS for name in group.fields if name != "code")


class UnitRef(ReadSerializer):
    class Meta:
        model = Unit
        fields = ("code", "name")


class PersonRef(ReadSerializer):
    class Meta:
        model = User
        fields = ("id", "username", "full_name")


class ClientRef(ReadSerializer):
    class Meta:
        model = Client
        fields = ("id", "code", "name")


class ClientSerializer(ReadSerializer):
    unit = UnitRef()
    owner = PersonRef(allow_null=True)
    chief_representative = PersonRef(allow_null=True)
    figures_month = MonthField(allow_null=True)
    needs_representative = serializers.BooleanField()
    superior = serializers.UUIDField(source="superior_id", allow_null=True)
    referring_client = serializers.UUIDField(source="referring_client_id", allow_null=True)
    referring_colleague = PersonRef(allow_null=True)
    is_qualified = serializers.BooleanField()
    own_share = serializers.DecimalField(
        max_digits=5, decimal_places=4, allow_null=True, rounding=ROUND_HALF_UP
    )
    reviewed_by = PersonRef(allow_null=True)

    class Meta:
        model = Client
        fields = (
            "id", "code", *ARCHIVE, "client_class", "chief_representative", "status", "owner",
            "needs_representative",
            "is_qualified", "own_share", "completeness", "archive_current_at", "reviewed_at",
            "reviewed_by",
            "income", "active_members", "figures_month", "created_at", "updated_at",
        )  # fmt: skip


def representatives(request: HttpRequest | None) -> QuerySet[User]:
    """People who may represent a client, wherever they sit."""
    return eligible_representatives(timezone.localdate())


def colleagues(request: HttpRequest | None) -> QuerySet[User]:
    """Who may have helped to find a prospect: anybody who works here."""
    return User.objects.filter(is_active=True)


def owners(request: HttpRequest | None) -> QuerySet[User]:
    """People the asking one may make responsible for a client."""
    if request is None or not request.user.is_authenticated:
        return User.objects.none()
    return possible_owners(request.user)


class UnitField(serializers.SlugRelatedField):
    """A unit by its code, among those the person may put the client into."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Unit.objects.none(), **kwargs)

    def get_queryset(self) -> QuerySet[Unit]:
        return possible_units(self.context["request"].user, self.parent.instance)


class ClientUpdate(WriteSerializer):
    unit = UnitField(required=False)
    superior = VisibleField(queryset=Client.objects.all(), allow_null=True, required=False)
    referring_client = VisibleField(queryset=Client.objects.all(), allow_null=True, required=False)
    referring_colleague = OfferedField(colleagues, allow_null=True, required=False)
    code = serializers.CharField(max_length=32, required=False)
    allow_same_name = serializers.BooleanField(default=False)

    class Meta:
        model = Client
        fields: tuple[str, ...] = ("code", *ARCHIVE, "allow_same_name")

    def validate_code(self, value: str) -> str:
        """Only a prospect's provisional code gives way to the billing system's."""
        client = self.instance
        if isinstance(client, Client) and value != client.code and not client.has_provisional_code:
            raise serializers.ValidationError(_("The code of a client stays."), code="code_stays")
        taken = Client.objects.filter(code=value)
        if isinstance(client, Client):
            taken = taken.exclude(pk=client.pk)
        if taken.exists():
            raise serializers.ValidationError(
                _("There is a client with this code already."), code="unique"
            )
        return value

    def validate_industry(self, value: str) -> str:
        """One of the list (ARC-F18); what came by a roster stays."""
        unchanged = value == getattr(self.instance, "industry", "")
        if value and not unchanged and not Industry.objects.filter(name=value).exists():
            raise serializers.ValidationError(
                _("Choose an industry of the list."), code="unknown_industry"
            )
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (self.after(attrs, "latitude") is None) != (self.after(attrs, "longitude") is None):
            raise serializers.ValidationError(
                {"longitude": _("Latitude and longitude go together.")}, code="position_incomplete"
            )
        return attrs

    def validate_latitude(self, value: Any) -> Any:
        return _within(value, 90)

    def validate_longitude(self, value: Any) -> Any:
        return _within(value, 180)


def _within(value: Any, limit: int) -> Any:
    if value is not None and not -limit <= value <= limit:
        raise serializers.ValidationError(_("This is not on the globe."), code="out_of_range")
    return value


class ClientCreate(ClientUpdate):
    """Who sees a whole unit may leave the client without an account manager; others get it."""

    id = serializers.UUIDField(required=False)
    owner = OfferedField(owners, allow_null=True, required=False)

    code = serializers.CharField(max_length=32)

    class Meta(ClientUpdate.Meta):
        fields = ("id", "code", *ARCHIVE, "status", "owner", "allow_same_name")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        user = self.context["request"].user
        attrs.setdefault("unit", user.unit)
        attrs.setdefault("owner", None if user.sees_unit else user)
        if attrs["owner"] != user and not user.has_perm("accounts.assign_owner"):
            raise exceptions.PermissionDenied(_("You may not hand clients to other people."))
        return attrs


class ClientAssign(StrictFields):
    owner = OfferedField(owners)
    reason = serializers.CharField(max_length=200)


class ClientRepresent(StrictFields):
    representative = OfferedField(representatives, allow_null=True)
    reason = serializers.CharField(max_length=200)


class ClassProposalSerializer(ReadSerializer):
    """A change of class: proposed, decided, or recorded from a roster or suggestion."""

    client = ClientRef()
    proposed_by = PersonRef(allow_null=True)
    decided_by = PersonRef(allow_null=True)
    figures_month = MonthField(allow_null=True)

    class Meta:
        model = ClassProposal
        fields = (
            "id", "client", "from_class", "to_class", "reason", "source", "income",
            "active_members", "figures_month", "state", "proposed_at", "proposed_by",
            "decided_at", "decided_by", "word",
        )  # fmt: skip


class ClassProposalCreate(WriteSerializer):
    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())

    class Meta:
        model = ClassProposal
        fields = ("id", "client", "to_class", "reason")


class Word(StrictFields):
    """A word that goes back to whoever asked; needed with a no."""

    word = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class Answer(StrictFields):
    """A word that must be said."""

    answer = serializers.CharField(max_length=2000)


class MajorChangeSerializer(ReadSerializer):
    """A major change at a client; its answer is the supervisor's acknowledgement."""

    client = ClientRef()
    reported_by = PersonRef()
    answered_by = PersonRef(allow_null=True)
    days_to_report = serializers.IntegerField()
    hours_to_report = serializers.IntegerField()

    class Meta:
        model = MajorChange
        fields = (
            "id", "client", "kind", "happened_on", "learned_at", "reported_at", "days_to_report",
            "hours_to_report", "text", "reported_by", "answered_at", "answered_by", "answer",
        )  # fmt: skip


class MajorChangeReport(WriteSerializer):
    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())

    class Meta:
        model = MajorChange
        fields = ("id", "client", "kind", "happened_on", "learned_at", "text")
