"""Forms and requests that are sent twice."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from crm.lib.exceptions import DomainError

M = TypeVar("M", bound=Model)


class AlreadyThere(DomainError):
    code = "already_exists"


def made_once(
    make: Callable[[], M], model: type[M], pk: UUID, *, is_same: Callable[[M], bool]
) -> tuple[M, bool]:
    """The row that `make` inserts under this key, or the one an earlier sending made; and if it is new.

    A row of that key that `is_same` does not accept was made by something else: AlreadyThere.
    """
    try:
        with transaction.atomic():
            return make(), True
    except IntegrityError:
        row = model._default_manager.filter(pk=pk).first()
        if row is None:
            raise
        if not is_same(row):
            raise AlreadyThere(_("A record with these values already exists.")) from None
        return row, False
