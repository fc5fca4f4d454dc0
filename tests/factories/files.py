"""Files of clients, with bytes in the store."""

import hashlib
from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from accounts import file_store
from accounts.models import ClientFile, FileLook
from accounts.services.file_jobs import anew
from crm.lib.file_types import JPEG, PDF
from crm.lib.pinyin import search_text
from tests import uploads
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UserFactory

NOON = datetime(2026, 7, 6, 4, tzinfo=UTC)


class ClientFileFactory(DjangoModelFactory):
    """A ready PDF."""

    class Meta:
        model = ClientFile

    client = factory.SubFactory(ClientFactory)
    kind = "licence"
    title = factory.Sequence(lambda n: f"Licence {n}")
    original_name = "scan.pdf"
    content_type = PDF.mime
    size = len(uploads.PDF)
    sha256 = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    stored_name = factory.LazyFunction(lambda: file_store.keep(uploads.PDF))
    prepared_at = NOON
    uploaded_by = factory.SubFactory(UserFactory)
    created_at = NOON
    search_text = factory.LazyAttribute(lambda file: search_text(file.title))


class PhotoFactory(ClientFileFactory):
    """A photo that was made anew."""

    kind = "photo"
    title = factory.Sequence(lambda n: f"Photo {n}")
    original_name = "IMG_1.jpg"
    content_type = JPEG.mime
    width, height = 640, 480
    stored_name = factory.LazyFunction(lambda: file_store.keep(anew(uploads.photo()).content))
    thumbnail_name = factory.LazyFunction(lambda: file_store.keep(anew(uploads.photo()).thumbnail))


class FileLookFactory(DjangoModelFactory):
    class Meta:
        model = FileLook

    file = factory.SubFactory(ClientFileFactory)
    way = "page"
    looked_by = factory.SubFactory(UserFactory)
    looked_at = NOON
