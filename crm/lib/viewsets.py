"""What every REST resource shares: rows in sight, rights, one service call for each write."""

import zoneinfo
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.lib.problems import BodyTooLarge
from crm.lib.scoping import ScopedQuerySet


class ScopedViewSet(viewsets.GenericViewSet):
    """Rows of the person only; each action names its right, its input and calls one service.

    `serializer_class` is what is read, `inputs` what each action takes.
    """

    http_method_names = ["get", "head", "post", "patch"]
    metadata_class = None
    lookup_value_converter = "uuid"
    rights: ClassVar[Mapping[str, str]] = {}
    inputs: ClassVar[Mapping[str, type[serializers.BaseSerializer]]] = {}
    outputs: ClassVar[Mapping[str, type[serializers.BaseSerializer]]] = {}

    @property
    def body_limit(self) -> int:
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with ExitStack() as self._person_settings:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self._check_body(request)
        super().initial(request, *args, **kwargs)

    def _check_body(self, request: Request) -> None:
        # Before anything reads it: checking the CSRF token of a form would.
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > self.body_limit:
            raise BodyTooLarge
        if length and not self.get_content_negotiator().select_parser(request, self.get_parsers()):
            raise exceptions.UnsupportedMediaType(request.content_type)

    def perform_authentication(self, request: Request) -> None:
        """A token's owner gets their language and time zone, as PersonMiddleware does for pages."""
        super().perform_authentication(request)
        user = request.user
        if request.auth is None or not user.is_authenticated:
            return
        settle = self._person_settings.enter_context
        settle(timezone.override(zoneinfo.ZoneInfo(user.time_zone)))
        if user.language:
            settle(translation.override(user.language))

    def all_rows(self) -> ScopedQuerySet:
        return super().get_queryset()  # type: ignore[return-value]

    def get_queryset(self) -> QuerySet:
        return self.all_rows().visible_to(self.request.user)

    def get_object(self) -> Any:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return self.outputs.get(self.action) or super().get_serializer_class()

    def cleaned(self, instance: Model | None = None) -> dict[str, Any]:
        """The action's checked input; a PATCH may leave out whatever stays."""
        serializer = self.inputs[self.action](
            instance,
            data=self.request.data,
            partial=self.request.method == "PATCH",
            context=self.get_serializer_context(),
        )
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def write(self, service: Callable[..., Model], /, **arguments: Any) -> Response:
        """Call the service, answer with the row; undone when it would leave the person's sight."""
        with transaction.atomic():
            row = service(by=self.request.user, **arguments)
            seen = self.get_queryset().filter(pk=row.pk).first()
            if seen is None:
                raise exceptions.PermissionDenied(_("You would not see this record any more."))
        return Response(self.get_serializer(seen).data)

    def write_new(
        self, service: Callable[..., Model], /, *, status: int = 201, **arguments: Any
    ) -> Response:
        """The same for a new row, with its address."""
        response = self.write(service, **arguments)
        response.status_code = status
        response["Location"] = self.reverse_action("detail", args=[response.data["id"]])
        return response


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """List and detail; subclasses add what may be written."""


class UnknownAddress(APIView):
    """Whatever else lies below /api/v1/: a problem, not a page."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise exceptions.NotFound(_("There is nothing at this address, or you may not see it."))
