"""The archive of a client over REST: its lists, steps of its life, checks, industries."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import ClientRef, PersonRef
from accounts.archive_lists import BY_MODEL
from accounts.choices import ClientStatus
from accounts.filters import (
    AgreementFilter,
    AnniversaryFilter,
    ArchiveCheckFilter,
    AreaFilter,
    CollectionCountFilter,
    DepartmentFilter,
    PolicyFilter,
    SegmentFilter,
    StatusChangeFilter,
    SuccessCaseFilter,
)
from accounts.models import (
    Agreement,
    Anniversary,
    ArchiveCheck,
    Area,
    Client,
    CollectionCount,
    Department,
    Policy,
    Segment,
    StatusChange,
    SuccessCase,
)
from accounts.services import archive_items, checks
from crm.lib.serializers import (
    MonthField,
    NoInput,
    ReadSerializer,
    StrictFields,
    VisibleField,
    WriteSerializer,
)
from crm.lib.viewsets import ReadViewSet

ITEM_FIELDS = ("removed_at", "created_at", "updated_at")


class StatusStep(StrictFields):
    """One step in a client's life, with its reason (ARC-01)."""

    status = serializers.ChoiceField(choices=ClientStatus.choices)
    reason = serializers.CharField(max_length=200)


class StatusChangeSerializer(ReadSerializer):
    client = ClientRef()
    changed_by = PersonRef(allow_null=True)

    class Meta:
        model = StatusChange
        fields = ("id", "client", "old", "new", "reason", "changed_at", "changed_by")


class StatusChangeViewSet(ReadViewSet):
    queryset = StatusChange.objects.select_related("client", "changed_by")
    filterset_class = StatusChangeFilter
    serializer_class = StatusChangeSerializer
    rights = {"list": "accounts.view_client", "retrieve": "accounts.view_client"}


# Checks on the spot ---------------------------------------------------------------------------


class ArchiveCheckSerializer(ReadSerializer):
    client = ClientRef()
    checked_by = PersonRef()
    resolved_by = PersonRef(allow_null=True)

    class Meta:
        model = ArchiveCheck
        fields = (
            "id", "client", "name_matches", "address_matches", "nature_matches", "found",
            "checked_at", "checked_by", "cause", "resolved_at", "resolved_by",
        )  # fmt: skip


class ArchiveCheckCreate(StrictFields):
    client = VisibleField(queryset=Client.objects.all())
    name_matches = serializers.BooleanField(default=True)
    address_matches = serializers.BooleanField(default=True)
    nature_matches = serializers.BooleanField(default=True)
    found = serializers.CharField(default="", allow_blank=True, max_length=4000)


class ArchiveCheckResolve(StrictFields):
    cause = serializers.CharField(max_length=4000)


class ArchiveCheckViewSet(ReadViewSet):
    queryset = ArchiveCheck.objects.select_related("client", "checked_by", "resolved_by")
    filterset_class = ArchiveCheckFilter
    serializer_class = ArchiveCheckSerializer
    inputs = {"create": ArchiveCheckCreate, "resolve": ArchiveCheckResolve}
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.edit_client",
        "resolve": "accounts.edit_client",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(checks.record_check, now=timezone.now(), **self.cleaned())

    @action(methods=["post"], detail=True)
    def resolve(self, request: Request, pk: UUID) -> Response:
        """The data are corrected; the task of the mismatch is done."""
        return self.write(
            checks.resolve_check, check=self.get_object(), now=timezone.now(), **self.cleaned()
        )


# Lists ----------------------------------------------------------------------------------------


class ItemUpdate(WriteSerializer):
    """Fields of a row; the database keeps rows apart, so a row that is there already is 409."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start, end = self.after(attrs, "valid_from"), self.after(attrs, "valid_until")
        if start and end and end < start:
            raise serializers.ValidationError(
                {"valid_until": _("The end is before the beginning.")}, code="ends_before_start"
            )
        return attrs


def read_serializer(model_: type) -> type[ReadSerializer]:
    """How a row of a list is given out: its client, its fields, when it was taken out."""
    names = BY_MODEL[model_].fields

    class Meta:
        model = model_
        fields = ("id", "client", *names, *ITEM_FIELDS)

    return type(f"{model_.__name__}Serializer", (ReadSerializer,), {
        "client": ClientRef(), "Meta": Meta, **_special(names, read=True),
    })  # fmt: skip


def update_serializer(model_: type) -> type[ItemUpdate]:
    names = BY_MODEL[model_].fields

    class Meta:
        model = model_
        fields = names
        validators: tuple = ()

    return type(f"{model_.__name__}Update", (ItemUpdate,), {
        "Meta": Meta, **_special(names, read=False),
    })  # fmt: skip


def create_serializer(model_: type) -> type[ItemUpdate]:
    names = BY_MODEL[model_].fields

    class Meta:
        model = model_
        fields = ("id", "client", *names)
        validators: tuple = ()

    return type(f"{model_.__name__}Create", (ItemUpdate,), {
        "Meta": Meta,
        "id": serializers.UUIDField(required=False),
        "client": VisibleField(queryset=Client.objects.all()),
        **_special(names, read=False),
    })  # fmt: skip


def inputs_of(model: type) -> dict[str, type]:
    """What the actions of a list take."""
    return {
        "create": create_serializer(model),
        "partial_update": update_serializer(model),
        "remove": NoInput,
        "restore": NoInput,
    }


def _special(names: tuple[str, ...], *, read: bool) -> dict[str, serializers.Field]:
    """Months are written YYYY-MM; a department names the one above it by id."""
    found: dict[str, serializers.Field] = {}
    if "month" in names:
        found["month"] = MonthField()
    if "part_of" in names and not read:
        found["part_of"] = VisibleField(
            queryset=Department.objects.all(), required=False, allow_null=True
        )
    return found


class ItemViewSet(ReadViewSet):
    """A list of the archive: read, add, change, take out, put back."""

    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.edit_client",
        "partial_update": "accounts.edit_client",
        "remove": "accounts.edit_client",
        "restore": "accounts.edit_client",
    }

    def create(self, request: Request) -> Response:
        model = self.all_rows().model
        return self.write_new(archive_items.add_item, model=model, **self.cleaned())

    def partial_update(self, request: Request, pk: UUID) -> Response:
        item = self.get_object()
        return self.write(archive_items.update_item, item=item, **self.cleaned(item))

    @action(methods=["post"], detail=True)
    def remove(self, request: Request, pk: UUID) -> Response:
        """Take the row out of the archive; it can be put back."""
        self.cleaned()
        return self.write(archive_items.remove_item, item=self.get_object(), now=timezone.now())

    @action(methods=["post"], detail=True)
    def restore(self, request: Request, pk: UUID) -> Response:
        """Put a row back that was taken out."""
        self.cleaned()
        return self.write(archive_items.restore_item, item=self.get_object())


class SegmentViewSet(ItemViewSet):
    queryset = Segment.objects.select_related("client")
    filterset_class = SegmentFilter
    serializer_class = read_serializer(Segment)
    inputs = inputs_of(Segment)


class AnniversaryViewSet(ItemViewSet):
    queryset = Anniversary.objects.select_related("client")
    filterset_class = AnniversaryFilter
    serializer_class = read_serializer(Anniversary)
    inputs = inputs_of(Anniversary)


class DepartmentViewSet(ItemViewSet):
    queryset = Department.objects.select_related("client")
    filterset_class = DepartmentFilter
    serializer_class = read_serializer(Department)
    inputs = inputs_of(Department)


class CollectionCountViewSet(ItemViewSet):
    queryset = CollectionCount.objects.select_related("client")
    filterset_class = CollectionCountFilter
    serializer_class = read_serializer(CollectionCount)
    inputs = inputs_of(CollectionCount)


class PolicyViewSet(ItemViewSet):
    queryset = Policy.objects.select_related("client")
    filterset_class = PolicyFilter
    serializer_class = read_serializer(Policy)
    inputs = inputs_of(Policy)


class AgreementViewSet(ItemViewSet):
    queryset = Agreement.objects.select_related("client")
    filterset_class = AgreementFilter
    serializer_class = read_serializer(Agreement)
    inputs = inputs_of(Agreement)


class AreaViewSet(ItemViewSet):
    queryset = Area.objects.select_related("client")
    filterset_class = AreaFilter
    serializer_class = read_serializer(Area)
    inputs = inputs_of(Area)


class SuccessCaseViewSet(ItemViewSet):
    queryset = SuccessCase.objects.select_related("client")
    filterset_class = SuccessCaseFilter
    serializer_class = read_serializer(SuccessCase)
    inputs = inputs_of(SuccessCase)
