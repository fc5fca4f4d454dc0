"""Files of clients over REST: send, list, describe, fetch, take away and back."""

from uuid import UUID

from django.conf import settings
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser, JSONParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.contact_serializers import ContactRef
from accounts.api.serializers import ClientRef, PersonRef
from accounts.choices import FileKind, FileState, FileWay
from accounts.filters import ClientFileFilter
from accounts.forms import sensible
from accounts.models import Client, ClientFile, ClientFileQuerySet, Contact
from accounts.services import files
from crm.lib.downloads import attachment
from crm.lib.serializers import NoInput, ReadSerializer, StrictFields, VisibleField, WriteSerializer
from crm.lib.viewsets import ReadViewSet
from staff.models import User

FORM_OVERHEAD = 64 * 1024


class ClientFileSerializer(ReadSerializer):
    client = ClientRef()
    contact = ContactRef(allow_null=True)
    uploaded_by = PersonRef()
    state = serializers.ChoiceField(choices=FileState.choices, read_only=True)

    class Meta:
        model = ClientFile
        fields = (
            "id", "client", "contact", "kind", "title", "original_name", "content_type", "size",
            "sha256", "width", "height", "taken_on", "state", "uploaded_by", "created_at",
            "updated_at", "removed_at", "purged_at",
        )  # fmt: skip


class ClientFileChange(WriteSerializer):
    contact = VisibleField(queryset=Contact.objects.all(), allow_null=True, required=False)
    taken_on = serializers.DateField(allow_null=True, required=False, validators=[sensible])

    class Meta:
        model = ClientFile
        fields = ("title", "kind", "contact", "taken_on")


class ClientFileUpload(StrictFields):
    """A form with the bytes and what is known of them."""

    id = serializers.UUIDField(required=False)
    client = VisibleField(queryset=Client.objects.all())
    file = serializers.FileField(allow_empty_file=True)
    kind = serializers.ChoiceField(choices=FileKind.choices, required=False)
    title = serializers.CharField(max_length=200, required=False)
    contact = VisibleField(queryset=Contact.objects.all(), required=False)
    taken_on = serializers.DateField(required=False, validators=[sensible])


class AnyRenderer(JSONRenderer):
    """Lets any `Accept` through; problems stay JSON."""

    media_type = "*/*"
    format = "binary"


class ClientFileViewSet(ReadViewSet):
    """Files of clients. Removed ones are listed with `is_removed=true`."""

    queryset = ClientFile.objects.with_people()
    filterset_class = ClientFileFilter
    serializer_class = ClientFileSerializer
    inputs = {
        "create": ClientFileUpload,
        "partial_update": ClientFileChange,
        "remove": NoInput,
        "restore": NoInput,
    }
    rights = {
        "list": "accounts.view_client",
        "retrieve": "accounts.view_client",
        "download": "accounts.view_client",
        "create": "accounts.keep_file",
        "partial_update": "accounts.keep_file",
        "remove": "accounts.keep_file",
        "restore": "accounts.keep_file",
    }

    def get_parsers(self) -> list[BaseParser]:
        sends_bytes = self.request and self.request.method == "POST" and not self.detail
        return [MultiPartParser(), JSONParser()] if sends_bytes else [JSONParser()]

    @property
    def body_limit(self) -> int:
        if self.request.method == "POST" and not self.detail:
            return settings.FILE_MAX_BYTES + FORM_OVERHEAD
        return super().body_limit

    def all_rows(self) -> ClientFileQuerySet:
        rows = ClientFile.objects.with_people()
        wants_removed = "is_removed" in self.request.query_params
        return rows.kept() if self.action == "list" and not wants_removed else rows

    @extend_schema(
        request={"multipart/form-data": ClientFileUpload}, responses={201: ClientFileSerializer}
    )
    def create(self, request: Request) -> Response:
        """Send a file; again with the same `id` and bytes it is the same file.

        409 says why it was not taken: `file_type_refused`, `heic_refused`, `file_too_large`,
        `client_files_too_large`, `picture_too_large`, `picture_broken`, `file_already_there` and
        others. With `state` `waiting` it is scanned, or a picture made anew, by a job.
        """
        fields = self.cleaned()
        return self.write_new(
            files.add_file, name=fields["file"].name, now=timezone.now(), **fields
        )

    def partial_update(self, request: Request, pk: UUID) -> Response:
        file = self.get_object()
        return self.write(files.update_file, file=file, **self.cleaned(file))

    @action(methods=["post"], detail=True)
    def remove(self, request: Request, pk: UUID) -> Response:
        """Take the file away; `restore` brings it back until its bytes are deleted."""
        self.cleaned()
        return self.write(files.remove_file, file=self.get_object(), now=timezone.now())

    @action(methods=["post"], detail=True)
    def restore(self, request: Request, pk: UUID) -> Response:
        self.cleaned()
        return self.write(files.restore_file, file=self.get_object())

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(methods=["get"], detail=True, renderer_classes=[AnyRenderer, JSONRenderer])
    def download(self, request: Request, pk: UUID) -> FileResponse:
        """The bytes, of a file whose `state` is `ready`; of papers about people it is noted."""
        file = self.get_object()
        assert isinstance(request.user, User)  # noqa: S101 -- the right was checked
        opened = files.hand_out(file=file, way=FileWay.API, now=timezone.now(), by=request.user)
        return attachment(opened, name=file.download_name, content_type="application/octet-stream")
