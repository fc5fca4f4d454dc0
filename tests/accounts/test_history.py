"""Who changed which field when, and what stood there before."""

from datetime import UTC, datetime

import pytest

from accounts.models import ClientFile, Segment
from accounts.selectors import history
from accounts.services import archive_items, clients, contacts, files
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.archive import SegmentFactory
from tests.factories.files import ClientFileFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-15")]
NOW = datetime(2026, 7, 6, 8, tzinfo=UTC)


def told(client, **narrowed):
    """Who did what to which field, the newest first."""
    return [
        (entry.actor, entry.title, [(change.field, change.old, change.new)
                                    for change in entry.changes])
        for entry in history.client_history(client, **narrowed).entries
    ]  # fmt: skip


def test_a_change_says_who_what_before_and_after(own_client, manager, supervisor):
    clients.update_client(client=own_client, address="中山路", is_high_end=True, by=manager)
    clients.update_client(client=own_client, nature="enterprise", by=supervisor)

    assert told(own_client)[:2] == [
        ("Su Min", "Changed", [("client.nature", "–", "Enterprise")]),
        ("Ma Li", "Changed", [
            ("client.is_high_end", "No", "Yes"), ("client.address", "–", "中山路"),
        ]),
    ]  # fmt: skip


@pytest.mark.rule("ARC-F30")
def test_people_and_lists_are_part_of_the_history(own_client, manager):
    contact = ContactFactory(client=own_client, name="Wang Min")
    contacts.update_contact(contact=contact, title="Director", today=NOW.date(), by=manager)
    item = archive_items.add_item(
        model=Segment, client=own_client, factor="size", value="large", by=manager
    )
    archive_items.remove_item(item=item, now=NOW, by=manager)
    archive_items.restore_item(item=item, by=manager)
    clients.update_client(client=own_client, operating_condition="good", by=manager)

    # In any order: everything happens in the test's own transaction, at one time.
    assert sorted(told(own_client, actor=manager.pk)) == sorted(
        [
            ("Ma Li", "Changed", [("client.operating_condition", "–", "good")]),
            ("Ma Li", "Put back: segment large", []),
            ("Ma Li", "Removed: segment large", []),
            ("Ma Li", "Created: segment large", []),
            ("Ma Li", "Changed: contact Wang Min", [("contact.title", "–", "Director")]),
        ]
    )


@pytest.mark.rule("ARC-18")
def test_files_are_part_of_the_history_and_what_jobs_do_with_them_is_not(
    own_client, foreign_client, manager
):
    file = ClientFileFactory(client=own_client, title="Licence", kind="licence")
    contact = ContactFactory(client=own_client, name="Wang Min")
    files.update_file(file=file, title="Licence 2026", contact=contact, by=manager)
    files.remove_file(file=file, now=NOW, by=manager)
    files.restore_file(file=file, by=manager)
    for job in ({"scan": "clean"}, {"prepared_at": NOW}):
        ClientFile.objects.filter(pk=file.pk).update(**job)
    ClientFileFactory(client=foreign_client, title="Elsewhere")

    found = [entry for entry in told(own_client) if "file" in entry[1]]

    assert sorted(found) == sorted(
        [
            ("System", "Created: file Licence", []),
            ("Ma Li", "Changed: file Licence 2026", [
                ("clientfile.contact", "–", "Wang Min"),
                ("clientfile.title", "Licence", "Licence 2026"),
            ]),
            ("Ma Li", "Removed: file Licence 2026", []),
            ("Ma Li", "Put back: file Licence 2026", []),
        ]
    )  # fmt: skip
    assert told(own_client, field="clientfile.title") == [
        ("Ma Li", "Changed: file Licence 2026",
         [("clientfile.title", "Licence", "Licence 2026")])
    ]  # fmt: skip


def test_one_field_alone(own_client, manager):
    for address in ("中山路", "东大直街"):
        clients.update_client(client=own_client, address=address, industry=address, by=manager)

    assert told(own_client, field="client.address") == [
        ("Ma Li", "Changed", [("client.address", "中山路", "东大直街")]),
        ("Ma Li", "Changed", [("client.address", "–", "中山路")]),
    ]
    assert told(own_client, field="client.nature") == []


def test_names_stand_for_keys(own_client, manager):
    above = ClientFactory(name="Holding", owner=manager)

    clients.update_client(client=own_client, superior=above, by=manager)

    assert told(own_client, field="client.superior")[0][2] == [("client.superior", "–", "Holding")]


def test_the_history_of_a_branch_is_not_its_superiors(own_client, manager):
    branch = ClientFactory(owner=manager, superior=own_client)
    SegmentFactory(client=branch)
    before = told(own_client)

    clients.update_client(client=branch, address="elsewhere", by=manager)

    assert told(own_client) == before


def test_older_changes_follow_without_a_gap(own_client, manager, monkeypatch):
    monkeypatch.setattr(history, "HISTORY_SHOWN", 2)
    for number in range(4):
        clients.update_client(client=own_client, notes=f"Note {number}", by=manager)

    pages, cursor = [], ""
    while True:
        page = history.client_history(own_client, field="client.notes", cursor=cursor)
        pages.append([change.new for entry in page.entries for change in entry.changes])
        cursor = page.older
        if not cursor:
            break

    assert pages == [["Note 3", "Note 2"], ["Note 1", "Note 0"]]


@pytest.mark.parametrize("cursor", ["x", "2026-13-01|client|1", "2026-01-01T00:00Z|client|x", "|"])
def test_a_cursor_of_somebody_elses_making_is_ignored(own_client, cursor):
    assert told(own_client, cursor=cursor) == told(own_client)


def test_who_changed_something_is_offered(own_client, manager, supervisor):
    clients.update_client(client=own_client, notes="x", by=manager)
    archive_items.add_item(
        model=Segment, client=own_client, factor="size", value="large", by=supervisor
    )

    assert history.client_history(own_client).people == [manager, supervisor]
