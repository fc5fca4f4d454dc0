"""Writes about the lists of an archive: departments, anniversaries, agreements and the like."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError
from django.utils.translation import gettext as _
from psycopg2.errorcodes import UNIQUE_VIOLATION

from accounts.exceptions import AlreadyInArchive, DepartmentElsewhere
from accounts.models import Agreement, ArchiveItem, Client, Department
from accounts.services.completeness import archives_changed
from crm.lib.pinyin import search_text
from crm.lib.services import service
from staff.models import User

T = TypeVar("T", bound=ArchiveItem)


@service
def add_item(*, model: type[T], client: Client, by: User | None, **fields: Any) -> T:
    """A new row of one of the lists; AlreadyInArchive when a row says the same."""
    item = model(client=client, **fields)
    _save(item, force_insert=True)
    return item


@service
def update_item(*, item: T, by: User | None, **fields: Any) -> T:
    item = _locked(item)
    for name, value in fields.items():
        setattr(item, name, value)
    _save(item)
    return item


@service
def remove_item(*, item: T, now: datetime, by: User | None) -> T:
    """Take a row out of the archive; `restore_item` puts it back."""
    item = _locked(item)
    item.removed_at = item.removed_at or now
    _save(item)
    return item


@service
def restore_item(*, item: T, by: User | None) -> T:
    item = _locked(item)
    item.removed_at = None
    _save(item)
    return item


def _locked(item: T) -> T:
    rows = type(item)._default_manager.select_for_update()
    return rows.get(pk=item.pk)


def _save(item: ArchiveItem, *, force_insert: bool = False) -> None:
    if isinstance(item, Department):
        _check_tree(item)
    if isinstance(item, Agreement):
        item.search_text = search_text(*item.searched_words())
    try:
        item.save(force_insert=force_insert)
    except IntegrityError as error:
        if getattr(error.__cause__, "pgcode", "") != UNIQUE_VIOLATION:
            raise
        raise AlreadyInArchive(_("The archive says this already.")) from error
    archives_changed([item.client_id])


def _check_tree(department: Department) -> None:
    """A department is part of another one of the same client, never of itself."""
    parents = dict(
        Department.objects.filter(client=department.client_id).values_list("pk", "part_of")
    )
    above, seen = department.part_of_id, {department.pk}
    while above is not None:
        if above in seen or above not in parents:
            raise DepartmentElsewhere(
                _("A department can only be part of another department of the same client.")
            )
        seen.add(above)
        above = parents[above]
