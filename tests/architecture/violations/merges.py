"""Violating rows of merges."""

from collections.abc import Callable

from accounts.models import Merge
from crm.lib.models import uuid7
from tests.factories.accounts import ContactFactory
from tests.factories.handovers import NOON
from tests.factories.merges import make_merge
from tests.factories.staff import UserFactory


def changed(**fields: object) -> Callable[[], object]:
    def violate() -> object:
        merge = make_merge(UserFactory())
        return Merge.objects.filter(pk=merge.pk).update(**fields)

    return violate


def with_contact(**fields: object) -> Callable[[], object]:
    def violate() -> object:
        merge = make_merge(UserFactory())
        contact = ContactFactory(client=merge.client)
        return Merge.objects.filter(pk=merge.pk).update(contact=contact, **fields)

    return violate


def again(**fields: object) -> Callable[[], object]:
    def violate() -> None:
        merge = make_merge(UserFactory())
        merge.pk = uuid7()
        for name, value in fields.items():
            setattr(merge, name, value)
        merge.save(force_insert=True)

    return violate


VIOLATIONS: dict[str, list[Callable[[], object]]] = {
    "accounts_merge_of_its_kind": [
        changed(old_code=""),
        changed(kind="contact", old_code=""),
        with_contact(),
        with_contact(kind="contact"),
    ],
    "accounts_merge_undone_whole": [
        changed(undone_at=NOON),
        changed(undo_reason="Two houses."),
    ],
    "accounts_merge_once": [again(old_code="OTHER")],
    "accounts_merge_code_once": [again(old_id=uuid7())],
}
