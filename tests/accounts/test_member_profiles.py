"""Registered owner and actual user of a line, and the task to bring them together."""

from datetime import UTC, date, datetime

import pytest

from accounts.exceptions import IdentityNotChecked, SameOwner
from accounts.models import Member, MemberProfile, OwnerChange
from accounts.services import clients, member_profiles
from staff.models import Task
from tests.factories.accounts import MemberFactory
from tests.factories.members import MemberProfileFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)  # a Monday
TODAY = date(2026, 7, 6)
CHECK = {"document": "id_card", "document_tail": "123X", "note": "Came in person; copy filed."}


@pytest.fixture
def member(own_client):
    return MemberFactory(client=own_client, msisdn=13_812_345_678)


def update(member, by, **fields):
    return member_profiles.update_profile(member=member, now=NOW, today=TODAY, by=by, **fields)


def change_owner(member, by, **fields):
    return member_profiles.change_owner(
        member=member, now=NOW, today=TODAY, by=by, **{"new_owner": "Owner Wang", **CHECK, **fields}
    )


def test_a_line_nobody_wrote_about_has_no_row(member):
    assert member.known.actual_user == ""
    assert not MemberProfile.objects.exists()


def test_the_first_fact_makes_the_profile_and_is_audited(member, manager):
    profile = update(member, manager, actual_user="User Li", affection="water")

    assert Member.objects.get(pk=member.pk).known == profile
    event = profile.events.get()
    assert event.actual_user == "User Li"
    assert event.pgh_context.metadata == {
        "verb": "accounts.update_profile",
        "actor": manager.pk,
    }


def test_two_writers_do_not_overwrite_each_other(member, manager, peer):
    update(member, manager, actual_user="User Li")
    update(member, peer, notes="Prefers calls after lunch")

    profile = MemberProfile.objects.get()
    assert (profile.actual_user, profile.notes) == ("User Li", "Prefers calls after lunch")


# Transfer ---------------------------------------------------------------------------------------


@pytest.mark.rule("ARC-34")
@pytest.mark.parametrize(
    ("registered", "user", "waiver", "differs", "needs"),
    [
        ("Wang", "Li", "", True, True),
        ("Wang", "Li", "Both want it so", True, False),
        ("Wang", "Wang", "", False, False),
        ("Wang", "", "", False, False),
        ("", "Li", "", False, False),
    ],
)
def test_whether_a_number_stands_in_another_name(member, registered, user, waiver, differs, needs):
    profile = MemberProfileFactory(
        member=member, registered_owner=registered, actual_user=user, transfer_waiver=waiver
    )

    assert (profile.owner_differs, profile.needs_transfer) == (differs, needs)
    assert Member.objects.in_other_name().exists() is differs


@pytest.mark.rule("ARC-34")
def test_a_number_in_another_name_becomes_a_task_until_it_is_transferred(member, manager):
    change_owner(member, manager)
    assert not Task.objects.exists()

    update(member, manager, actual_user="User Li")
    task = Task.objects.open().get()
    assert (task.assignee, task.subject_id, task.link) == (
        manager, member.pk, member.get_absolute_url(),
    )  # fmt: skip
    assert task.due_on == date(2026, 7, 20)  # ten working days
    assert "138****5678" in str(task)
    assert "13812345678" not in f"{task.params}{task.link}"

    change_owner(member, manager, new_owner="User Li")
    assert not Task.objects.open().exists()


@pytest.mark.rule("ARC-34")
def test_a_reason_to_leave_it_ends_the_task(member, manager):
    MemberProfileFactory(member=member)
    update(member, manager, notes="Asked")
    assert Task.objects.open().exists()

    update(member, manager, transfer_waiver="Parents' number; both want it so")

    assert not Task.objects.open().exists()


@pytest.mark.rule("ARC-34")
def test_the_task_follows_the_client_to_its_new_manager(member, manager, peer, supervisor):
    MemberProfileFactory(member=member)
    update(member, manager, notes="")

    clients.assign_owner(client=member.client, owner=peer, reason="", now=NOW, by=supervisor)

    assert Task.objects.open().get().assignee == peer


def test_without_a_manager_there_is_nobody_to_ask(manager):
    member = MemberFactory()

    update(member, manager, actual_user="User Li")
    change_owner(member, manager)

    assert MemberProfile.objects.get().needs_transfer
    assert not Task.objects.exists()


# Identity ---------------------------------------------------------------------------------------


@pytest.mark.rule("SEC-11")
def test_a_new_owner_is_noted_with_the_identity_check(member, manager):
    MemberProfileFactory(member=member)

    change_owner(member, manager, new_owner="User Li")

    change = OwnerChange.objects.get()
    assert (change.old_owner, change.new_owner) == ("Owner Wang", "User Li")
    assert (change.document, change.document_tail, change.note) == tuple(CHECK.values())
    assert (change.checked_by, change.checked_at) == (manager, NOW)
    assert MemberProfile.objects.get().registered_owner == "User Li"


@pytest.mark.rule("SEC-11")
@pytest.mark.parametrize("missing", ["note", "document_tail"])
def test_no_new_owner_without_an_identity_check(member, manager, missing):
    MemberProfileFactory(member=member)

    with pytest.raises(IdentityNotChecked):
        change_owner(member, manager, new_owner="User Li", **{missing: " "})

    assert MemberProfile.objects.get().registered_owner == "Owner Wang"
    assert not OwnerChange.objects.exists()


@pytest.mark.parametrize("name", ["Owner Wang", " Owner Wang ", " "])
def test_the_same_owner_is_no_change(member, manager, name):
    MemberProfileFactory(member=member)

    with pytest.raises(SameOwner):
        change_owner(member, manager, new_owner=name)
