"""Lines over REST; their numbers stay masked (P35)."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.member_serializers import (
    EntitlementSerializer,
    EntitlementUseCreate,
    EntitlementUseSerializer,
    MemberSerializer,
    OwnerChangeWrite,
    ProfileUpdate,
    TakeBack,
)
from accounts.filters import EntitlementFilter, EntitlementUseFilter, MemberFilter
from accounts.models import Entitlement, EntitlementUse, Member
from accounts.services import entitlements, member_profiles
from crm.lib.scoping import ScopedQuerySet
from crm.lib.viewsets import ReadViewSet


class MemberViewSet(ReadViewSet):
    queryset = Member.objects.with_people()
    filterset_class = MemberFilter
    serializer_class = MemberSerializer
    inputs = {"partial_update": ProfileUpdate, "change_owner": OwnerChangeWrite}
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "partial_update": "accounts.edit_member",
        "change_owner": "accounts.edit_member",
    }

    def all_rows(self) -> ScopedQuerySet:
        return super().all_rows().with_tier(timezone.localdate())  # type: ignore[attr-defined]

    def partial_update(self, request: Request, pk: UUID) -> Response:
        """What people know of the line; what its bills say cannot be changed here."""
        member = self.get_object()
        return self._write(member, member_profiles.update_profile, **self.cleaned(member.known))

    @action(methods=["post"], detail=True, url_path="change-owner")
    def change_owner(self, request: Request, pk: UUID) -> Response:
        """Another registered owner, after the person's identity was checked."""
        return self._write(self.get_object(), member_profiles.change_owner, **self.cleaned())

    def _write(self, member: Member, service, **arguments) -> Response:
        service(
            member=member,
            now=timezone.now(),
            today=timezone.localdate(),
            by=self.request.user,
            **arguments,
        )
        return Response(self.get_serializer(self.get_object()).data)


class EntitlementViewSet(ReadViewSet):
    """The catalogue of what cards include, the same for everybody."""

    queryset = Entitlement.objects.all()
    filterset_class = EntitlementFilter
    serializer_class = EntitlementSerializer
    rights = {"list": "accounts.view_client", "retrieve": "accounts.view_client"}

    def get_queryset(self) -> QuerySet:
        return Entitlement.objects.all()


class EntitlementUseViewSet(ReadViewSet):
    queryset = EntitlementUse.objects.select_related("entitlement", "recorded_by", "cancelled_by")
    filterset_class = EntitlementUseFilter
    serializer_class = EntitlementUseSerializer
    inputs = {"create": EntitlementUseCreate, "take_back": TakeBack}
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "create": "accounts.use_entitlement",
        "take_back": "accounts.use_entitlement",
    }

    def create(self, request: Request) -> Response:
        return self.write_new(
            entitlements.use_entitlement,
            now=timezone.now(),
            today=timezone.localdate(),
            **self.cleaned(),
        )

    @action(methods=["post"], detail=True, url_path="take-back")
    def take_back(self, request: Request, pk: UUID) -> Response:
        """The use did not take place after all; what it took is left again."""
        return self.write(
            entitlements.take_back_use, use=self.get_object(), now=timezone.now(), **self.cleaned()
        )
