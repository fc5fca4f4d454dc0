"""Billing files in chunks over REST: announce, send, go on after a break."""

import re
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import exceptions, mixins
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.api.serializers import BillingUploadSerializer, BillingUploadStart
from analytics.exceptions import WrongOffset
from analytics.models import BillingUpload
from analytics.services import uploads
from crm.lib.problems import BodyTooLarge
from crm.lib.viewsets import ScopedViewSet
from staff.models import User

ASK_AGAIN_SECONDS = "2"
OFFSET_HEADER = "Upload-Offset"
CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})")
RANGE_PARAMETER = OpenApiParameter(
    "Content-Range",
    {"type": "string", "pattern": "^bytes [0-9]{1,18}-[0-9]{1,18}/[0-9]{1,18}$"},
    OpenApiParameter.HEADER,
    required=True,
    description="Which bytes of how many the body holds, counted from 0.",
    examples=[OpenApiExample("The first 16 MiB of a file", value="bytes 0-16777215/80000000")],
)
START = {
    "file_name": "members-2026-06.csv",
    "size": 80_000_000,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "kind": "member_bill",
    "period": "2026-06",
    "complete": True,
}


class InvalidContentRange(exceptions.APIException):
    status_code = 400
    default_code = "invalid_content_range"
    default_detail = _("Write Content-Range: bytes first-last/total, as the body and the file are.")


class ChunkParser(BaseParser):
    """Gives the stream itself: chunks go to the disk piece by piece."""

    media_type = "application/octet-stream"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return stream


class BillingUploadViewSet(mixins.RetrieveModelMixin, ScopedViewSet):
    """A person's own uploads, for a day."""

    queryset = BillingUpload.objects.all()
    serializer_class = BillingUploadSerializer
    http_method_names = ["get", "head", "post", "put"]
    inputs = {"create": BillingUploadStart}
    rights = {
        "create": "analytics.import_bills",
        "retrieve": "analytics.import_bills",
        "update": "analytics.import_bills",
    }

    def get_parsers(self) -> list[BaseParser]:
        return [ChunkParser() if self.request and self.request.method == "PUT" else JSONParser()]

    @property
    def body_limit(self) -> int:
        return uploads.CHUNK_MAX_BYTES if self.request.method == "PUT" else super().body_limit

    def get_queryset(self) -> QuerySet[BillingUpload]:
        rows: Any = super().get_queryset()
        return rows.current(timezone.now())

    @extend_schema(
        operation_id="billing_uploads_create",
        examples=[OpenApiExample("Member bills", value=START, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """Announce a file; then send its bytes to `Location`. An upload lives for 24 hours."""
        fields = self.cleaned()
        if fields["size"] > settings.IMPORT_MAX_BYTES:
            raise BodyTooLarge
        response = self.write_new(
            uploads.start_upload,
            file_name=fields["file_name"],
            size=fields["size"],
            sha256=fields["sha256"],
            kind=fields["kind"],
            period=fields.get("period"),
            creates_clients=fields["create_clients"],
            completes_period=fields["complete"],
            now=timezone.now(),
        )
        response[OFFSET_HEADER] = "0"
        return response

    @extend_schema(operation_id="billing_uploads_retrieve")
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How far the upload is: `offset` is the next byte expected."""
        response = super().retrieve(request, *args, **kwargs)
        response[OFFSET_HEADER] = str(response.data["offset"])
        return response

    @extend_schema(
        operation_id="billing_uploads_update",
        parameters=[RANGE_PARAMETER],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: BillingUploadSerializer, 202: BillingUploadSerializer},
    )
    def update(self, request: Request, pk: UUID) -> Response:
        """Send a chunk of at most `chunk_size_limit` bytes.

        200: more is expected from `offset` on; a chunk sent before is taken again without harm.
        202: the file is whole, its checksum right, and it was handed in; `Location` is its import.
        409 `wrong_offset`: the header `Upload-Offset` says from which byte to go on.
        409 `checksum_differs`: nothing was handed in; send the file again from byte 0.
        """
        upload = self.get_object()
        first, length = self._range(upload)
        # Not by `write`: its transaction would wait for the network.
        assert isinstance(request.user, User)  # noqa: S101 -- the right was checked
        upload = uploads.receive_chunk(
            upload=upload,
            first=first,
            length=length,
            body=cast("uploads.Readable", request.data),
            by=request.user,
        )
        response = Response(self.get_serializer(upload).data)
        response[OFFSET_HEADER] = str(response.data["offset"])
        if response.data["status_url"]:
            response.status_code = 202
            response["Location"] = response.data["status_url"]
            response["Retry-After"] = ASK_AGAIN_SECONDS
        return response

    def _range(self, upload: BillingUpload) -> tuple[int, int]:
        """First byte and number of bytes, as the header says and the body has."""
        match = CONTENT_RANGE.fullmatch(self.request.headers.get("Content-Range", ""))
        if match is None:
            raise InvalidContentRange
        first, last, total = map(int, match.groups())
        length = last - first + 1
        if length > uploads.CHUNK_MAX_BYTES:
            raise BodyTooLarge
        has = int(self.request.META.get("CONTENT_LENGTH") or 0)
        if total != upload.size or length < 1 or last >= total or length != has:
            raise InvalidContentRange
        return first, length

    def handle_exception(self, error: Exception) -> Response:
        response = super().handle_exception(error)
        if isinstance(error, WrongOffset):
            response[OFFSET_HEADER] = str(error.offset)
        return response
