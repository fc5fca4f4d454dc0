"""Base classes of models."""

import os
import time
import uuid
from typing import ClassVar

from django.db import models

from crm.lib.scoping import ScopePaths


def uuid7() -> uuid.UUID:
    """A time-ordered id (RFC 9562 version 7): new rows land at the end of the index."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


class UUIDModel(models.Model):
    """Time-ordered UUID as primary key, so that a REST client may make ids itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class ScopedModel(models.Model):
    """A business record whose rows are seen through `visible_to(user)` only.

    Subclasses set `scope`, the paths to the people and the unit a row belongs to, and `objects`
    from ScopedQuerySet or a QuerySet below it.
    """

    scope: ClassVar[ScopePaths]

    class Meta:
        abstract = True
