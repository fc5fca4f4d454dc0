"""The archive of a client: its fields, lists, checks and reviews."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.archive_lists import KINDS
from accounts.catalogue import GROUPS
from accounts.exceptions import (
    AlreadyInArchive,
    CheckNotOpen,
    CircularSuperior,
    DepartmentElsewhere,
    ReasonMissing,
    ReferralIncomplete,
    SameName,
)
from accounts.models import Client, Department
from accounts.models.archive import ClientArchive
from accounts.selectors.archive import archive
from accounts.services import archive_items, checks, clients
from accounts.services.archive import review_archive
from staff.models import Task
from tests.factories.accounts import ClientFactory
from tests.factories.archive import (
    FACTORIES,
    ArchiveCheckFactory,
    CollectionCountFactory,
    DepartmentFactory,
    SegmentFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 8, tzinfo=UTC)


@pytest.mark.rule("ARC-F02", "ARC-F05", "ARC-F06", "ARC-F11", "ARC-F13", "ARC-F15", "ARC-F18")
@pytest.mark.rule("ARC-F19", "ARC-F20", "ARC-F23", "ARC-F30", "ARC-11")
def test_every_field_of_the_archive_stands_in_one_group():
    grouped = [name for group in GROUPS for name in group.fields]
    kept_by_services = {"completeness", "archive_current_at", "reviewed_at", "reviewed_by"}

    assert len(grouped) == len(set(grouped))
    own = {field.name for field in ClientArchive._meta.local_fields}
    assert own - set(grouped) == kept_by_services
    for name in grouped:
        assert Client._meta.get_field(name)


# Names, superiors, referrals ------------------------------------------------------------------


@pytest.mark.rule("ARC-F01")
def test_a_name_is_taken_once_in_a_unit(own_client, manager, units):
    with pytest.raises(SameName):
        clients.create_client(
            owner=None, now=NOW, by=manager, code="N1", name="own client", unit=units.team_1
        )

    clients.create_client(
        owner=None, now=NOW, by=manager, code="N2", name="Own Client", unit=units.team_2
    )
    clients.create_client(
        owner=None, now=NOW, by=manager, code="N3", name="Own Client", unit=units.team_1,
        allow_same_name=True,
    )  # fmt: skip
    assert set(Client.objects.filter(name="Own Client").values_list("code", flat=True)) == {
        "OWN", "N2", "N3",
    }  # fmt: skip


@pytest.mark.rule("ARC-F01")
def test_names_that_stand_twice_already_do_not_stop_an_edit(own_client, manager):
    ClientFactory(name="Own Client", owner=manager)

    clients.update_client(client=own_client, lead_source="media", referring_client=None, by=manager)
    clients.update_client(client=own_client, address="中山路", by=manager)
    with pytest.raises(SameName):
        clients.update_client(client=ClientFactory(owner=manager), name="Own Client", by=manager)


@pytest.mark.rule("ARC-F04")
def test_nobody_is_above_itself(own_client, manager):
    branch = ClientFactory(owner=manager, superior=own_client)
    leaf = ClientFactory(owner=manager, superior=branch)

    with pytest.raises(CircularSuperior):
        clients.update_client(client=own_client, superior=leaf, by=manager)

    clients.update_client(client=leaf, superior=own_client, by=manager)
    assert set(own_client.branches.all()) == {branch, leaf}


@pytest.mark.rule("ARC-04")
def test_a_referral_says_who_referred(own_client, manager, peer):
    for source in ("client", "colleague"):
        with pytest.raises(ReferralIncomplete):
            clients.update_client(client=own_client, lead_source=source, by=manager)
    with pytest.raises(ReferralIncomplete):
        clients.update_client(
            client=own_client, lead_source="client", referring_client=own_client, by=manager
        )

    friend = ClientFactory(owner=manager)
    clients.update_client(
        client=own_client, lead_source="client", referring_client=friend, by=manager
    )
    clients.update_client(
        client=own_client, lead_source="colleague", referring_colleague=peer, by=manager
    )
    own_client.refresh_from_db()
    assert (own_client.referring_client, own_client.referring_colleague) == (friend, peer)


@pytest.mark.rule("ARC-F07", "ARC-F08")
@pytest.mark.parametrize(
    ("own", "other", "employees", "share", "unlikely"),
    [
        (30, 10, 20, Decimal("0.75"), False),
        (31, 10, 20, Decimal(31) / 41, True),
        (0, 0, 20, None, False),
        (None, 10, 20, None, False),
        (90, 10, None, Decimal("0.9"), False),
    ],
)
def test_share_and_unlikely_numbers(own, other, employees, share, unlikely):
    client = Client(own_users=own, other_users=other, employees=employees)

    assert (client.own_share, client.users_unlikely) == (share, unlikely)


# Lists ----------------------------------------------------------------------------------------


@pytest.mark.rule("ARC-F03", "ARC-F10", "ARC-F12", "ARC-F21", "ARC-F22", "ARC-25", "ARC-26",
                  "ARC-27", "ARC-28", "ARC-29")  # fmt: skip
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_a_row_is_added_changed_removed_and_put_back(kind, own_client, manager):
    given = FACTORIES[kind.slug].build(client=own_client)
    fields = {name: getattr(given, name) for name in kind.fields}

    item = archive_items.add_item(model=kind.model, client=own_client, by=manager, **fields)
    text = (
        next(
            name
            for name in (*kind.fields[::-1],)
            if name in ("note", "duties", "value", "name", "result", "families")
        )
        if kind.slug != "collection-counts"
        else "users"
    )
    new = 99 if text == "users" else "另一个"
    archive_items.update_item(item=item, by=manager, **{text: new})
    archive_items.remove_item(item=item, now=NOW, by=manager)
    gone = kind.model.objects.live().filter(client=own_client).exists()
    archive_items.restore_item(item=item, by=manager)

    item.refresh_from_db()
    assert (getattr(item, text), item.removed_at, gone) == (new, None, False)
    verbs = [event.pgh_context.metadata["verb"] for event in item.events.order_by("pgh_id")]
    assert verbs == [f"accounts.{verb}" for verb in
                     ("add_item", "update_item", "remove_item", "restore_item")]  # fmt: skip


def test_the_same_row_twice_is_refused_until_the_first_is_gone(own_client, manager):
    fields = {"factor": "size", "value": "large"}
    first = archive_items.add_item(
        model=SegmentFactory._meta.model, client=own_client, by=manager, **fields
    )
    with pytest.raises(AlreadyInArchive):
        archive_items.add_item(
            model=SegmentFactory._meta.model, client=own_client, by=manager, **fields
        )

    archive_items.remove_item(item=first, now=NOW, by=manager)
    archive_items.add_item(
        model=SegmentFactory._meta.model, client=own_client, by=manager, **fields
    )
    with pytest.raises(AlreadyInArchive):
        archive_items.restore_item(item=first, by=manager)


@pytest.mark.rule("ARC-F03")
def test_departments_are_a_tree_of_one_client(own_client, foreign_client, manager):
    top = DepartmentFactory(client=own_client)
    below = DepartmentFactory(client=own_client, part_of=top)
    elsewhere = DepartmentFactory(client=foreign_client)

    for wrong in (below, elsewhere):
        with pytest.raises(DepartmentElsewhere):
            archive_items.update_item(item=top, part_of=wrong, by=manager)
    with pytest.raises(DepartmentElsewhere):
        archive_items.add_item(
            model=Department, client=own_client, name="New", part_of=elsewhere, by=manager
        )


@pytest.mark.rule("ARC-F12")
def test_users_paying_by_collection_show_their_change(own_client, manager):
    for month, users in ((4, 10), (5, 7), (6, 9)):
        CollectionCountFactory(client=own_client, month=date(2026, month, 1), users=users)

    cards = {
        card.kind.slug: card
        for group in archive(own_client, manager).groups
        for card in group.lists
    }
    rows = cards["collection-counts"].rows
    assert [(row.title, row.hint) for row in rows] == [
        ("2026-06", "+2"), ("2026-05", "-3"), ("2026-04", ""),
    ]  # fmt: skip


@pytest.mark.rule("ARC-25")
def test_clients_are_found_by_segment(own_client, manager):
    SegmentFactory(client=own_client, factor="size", value="large school")
    SegmentFactory(client=own_client, factor="loyalty", value="wavering", removed_at=NOW)
    SegmentFactory(client=ClientFactory(owner=manager), factor="buying", value="large tender")

    found = Client.objects.segmented

    assert [client.code for client in found(factor="size", mark="LARGE")] == ["OWN"]
    assert not found(factor="buying", mark="school").exists()
    assert not found(factor="loyalty").exists()
    assert found(mark="large").count() == 2


# Reviews and freshness ------------------------------------------------------------------------


@pytest.mark.rule("ARC-13", "ARC-19")
def test_an_archive_is_stale_until_somebody_changes_or_reviews_it(own_client, manager, settings):
    settings.STALE_PROFILE_DAYS = 90
    long_ago = timezone.now() - timedelta(days=91)
    Client.objects.update(archive_current_at=long_ago)

    assert list(Client.objects.stale(timezone.now())) == [own_client]
    assert not Client.objects.fresh(timezone.now()).exists()
    clients.update_client(client=own_client, address=own_client.address, by=manager)
    assert Client.objects.stale(timezone.now()).exists(), "nothing was changed"

    clients.update_client(client=own_client, address="中山路", by=manager)
    assert not Client.objects.stale(timezone.now()).exists()

    Client.objects.update(archive_current_at=long_ago)
    reviewed = review_archive(client=own_client, now=timezone.now(), by=manager)
    assert not Client.objects.stale(timezone.now()).exists()
    assert (reviewed.reviewed_by, reviewed.is_stale(timezone.now())) == (manager, False)


def test_changing_a_list_makes_the_archive_fresh(own_client, manager):
    Client.objects.update(archive_current_at=NOW - timedelta(days=200))

    archive_items.add_item(model=Department, client=own_client, name="Office", by=manager)

    own_client.refresh_from_db()
    assert not own_client.is_stale(timezone.now())


# Checks on the spot ---------------------------------------------------------------------------


def found(client, by, **other):
    fields = {"name_matches": True, "address_matches": True, "nature_matches": True, "found": ""}
    return checks.record_check(client=client, now=NOW, by=by, **{**fields, **other})


@pytest.mark.rule("ARC-30")
def test_a_mismatch_becomes_a_task_of_the_account_manager(own_client, supervisor, manager):
    check = found(own_client, supervisor, address_matches=False, found="Moved")

    task = Task.objects.get(kind="archive-correction")
    assert (task.assignee, task.subject_id, task.done_at) == (manager, check.pk, None)
    assert task.due_on == date(2026, 7, 13), "five working days"
    assert "Own Client" in str(task)

    checks.resolve_check(check=check, cause="The roster was old", now=NOW, by=manager)

    task.refresh_from_db()
    check.refresh_from_db()
    assert (task.done_at, check.resolved_by, check.is_open) == (NOW, manager, False)
    with pytest.raises(CheckNotOpen):
        checks.resolve_check(check=check, cause="again", now=NOW, by=manager)


@pytest.mark.rule("ARC-30")
def test_a_check_that_finds_everything_right_raises_nothing(own_client, manager):
    check = found(own_client, manager)

    assert check.matches
    assert not Task.objects.exists()
    with pytest.raises(CheckNotOpen):
        checks.resolve_check(check=check, cause="none", now=NOW, by=manager)


def test_a_check_says_what_was_found_and_why(own_client, manager):
    with pytest.raises(ReasonMissing):
        found(own_client, manager, name_matches=False, found="  ")
    with pytest.raises(ReasonMissing):
        checks.resolve_check(
            check=ArchiveCheckFactory(client=own_client), cause=" ", now=NOW, by=manager
        )


@pytest.mark.rule("ARC-33")
def test_a_high_end_client_is_marked(own_client, manager):
    clients.update_client(client=own_client, is_high_end=True, by=manager)

    own_client.refresh_from_db()
    assert own_client.is_high_end
