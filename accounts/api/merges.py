"""Two records that become one, and two again, over REST (ADR 0052)."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.contact_serializers import ContactRef
from accounts.api.serializers import ClientRef, PersonRef
from accounts.filters import MergeFilter
from accounts.merging import CLIENT_CHOICES, CONTACT_CHOICES
from accounts.models import Client, Contact, Merge
from accounts.services import merges
from crm.lib.serializers import ReadSerializer, StrictFields, VisibleField
from crm.lib.viewsets import ReadViewSet

REASON = serializers.CharField(max_length=500)
CHOICES = sorted({*CLIENT_CHOICES, *CONTACT_CHOICES})


class MergeSerializer(ReadSerializer):
    """`old_id` and `old_code` are those of the record that went into `client` (or `contact`)."""

    client = ClientRef()
    contact = ContactRef(allow_null=True)
    merged_by = PersonRef()
    undone_by = PersonRef(allow_null=True)

    class Meta:
        model = Merge
        fields = (
            "id", "kind", "client", "contact", "old_id", "old_code", "old_name", "reason",
            "merged_at", "merged_by", "undone_at", "undone_by", "undo_reason",
        )  # fmt: skip


class MergeTwo(StrictFields):
    """`client` takes up `other_client`, or `contact` takes up `other_contact`.

    `take`: fields whose value comes from the other one; empty ones are filled in any case.
    """

    client = VisibleField(queryset=Client.objects.all(), required=False)
    other_client = VisibleField(queryset=Client.objects.all(), required=False)
    contact = VisibleField(queryset=Contact.objects.all(), required=False)
    other_contact = VisibleField(queryset=Contact.objects.all(), required=False)
    take = serializers.ListField(
        child=serializers.ChoiceField(CHOICES), required=False, default=list
    )
    reason = REASON

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        named = set(attrs) & {"client", "other_client", "contact", "other_contact"}
        if named not in ({"client", "other_client"}, {"contact", "other_contact"}):
            raise serializers.ValidationError(
                _("Name two clients, or two contacts."), code="two_of_a_kind"
            )
        return attrs


class PartReason(StrictFields):
    reason = REASON


class MergeViewSet(ReadViewSet):
    queryset = Merge.objects.with_records()
    filterset_class = MergeFilter
    serializer_class = MergeSerializer
    inputs = {"create": MergeTwo, "part": PartReason}
    rights = dict.fromkeys(("list", "retrieve", "create", "part"), "accounts.merge_records")

    def create(self, request: Request) -> Response:
        """Bring two together; the one named first stays."""
        wanted = self.cleaned()
        now = {"now": timezone.now(), "take": wanted["take"], "reason": wanted["reason"]}
        if "client" in wanted:
            return self.write_new(
                merges.merge_clients,
                survivor=wanted["client"],
                loser=wanted["other_client"],
                **now,
            )
        return self.write_new(
            merges.merge_contacts,
            survivor=wanted["contact"],
            loser=wanted["other_contact"],
            today=timezone.localdate(),
            **now,
        )

    @action(methods=["post"], detail=True)
    def part(self, request: Request, pk: UUID) -> Response:
        """Both are there again; what was entered since stays where it is."""
        return self.write(
            merges.part, merge=self.get_object(), now=timezone.now(), **self.cleaned()
        )
