"""The nightly search for records that may be the same, and what people say of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.exceptions import PairJudged, PairNotJudged
from accounts.models import Contact, SuspectedPair
from accounts.services.pair_search import CROWD, NEIGHBOURS, find_pairs
from accounts.services.pairs import judge_pair, reopen_pair
from accounts.tasks import find_pairs_task
from staff.choices import UnitKind
from staff.models import Task
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.pairs import SuspectedPairFactory, contact_pair
from tests.factories.staff import UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-20")]
NOW = datetime(2026, 7, 6, 4, tzinfo=UTC)
TODAY = date(2026, 7, 6)


def find(today=TODAY):
    return find_pairs(now=NOW, today=today, by=None)


def found():
    """Names in their order: ids made within one millisecond have none."""
    pairs = SuspectedPair.objects.with_records()
    return sorted((" / ".join(sorted(p.title.split(" / "))), p.reason) for p in pairs)


def judge(pair, verdict, by, today=TODAY):
    return judge_pair(pair=pair, verdict=verdict, now=NOW, today=today, by=by)


# The search --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "two", "reason"),
    [
        ("哈尔滨医院有限公司", "哈尔滨医院", "same_name"),
        ("哈尔滨医院（集团）", "哈尔滨·医院", "same_name"),
        ("ＡＢＣ－１２", "abc 12", "same_name"),
        ("Harbour Trading Co., Ltd.", "harbour trading", "same_name"),
        ("有限公司", "有限 公司", "same_name"),
        ("Harbour Trading", "Harbor Trading", "alike_name"),
        ("黑龙江省建筑工程总院", "黑龙江建筑工程总院", "alike_name"),
        ("黑龙江省第一建筑工程院", "黑龙江省第二建筑工程院", None),
        ("北京医院", "上海钢铁", None),
        ("北京银行", "北京", None),
    ],
)
def test_names_of_clients(one, two, reason, manager, peer):
    first, second = ClientFactory(name=one, owner=manager), ClientFactory(name=two, owner=peer)

    assert find() == (1 if reason else 0)

    pairs = SuspectedPair.objects.all()
    assert [(p.first, p.second, p.reason, p.state, p.found_at) for p in pairs] == (
        [(*sorted((first, second), key=lambda c: c.pk), reason, "open", NOW)] if reason else []
    )


def test_one_address_but_not_a_tower(manager):
    for name in ("Alpha", "Bravo"):
        ClientFactory(name=name, owner=manager, address="1 Quay ")
    ClientFactory(name="Elsewhere", owner=manager, address="2 Quay")
    for number in range(CROWD + 1):
        ClientFactory(name=f"T{number}", owner=manager, address="3 Tower")
    for name in ("None", "Nowhere"):
        ClientFactory(name=name, owner=manager)

    find()

    assert found() == [("Alpha / Bravo", "same_address")]


def test_only_in_one_city_in_whatever_unit_of_it(units, manager, outsider):
    deep = UnitFactory(parent=UnitFactory(parent=units.city_1, kind=UnitKind.COUNTY))
    ClientFactory(name="Harbour", owner=manager)
    ClientFactory(name="Harbour", owner=outsider)
    assert find() == 0

    ClientFactory(name="Harbour Ltd", unit=deep)

    assert find() == 1
    assert found() == [("Harbour / Harbour Ltd", "same_name")]


def test_a_large_group_gives_pairs_of_neighbours_only(manager):
    count = NEIGHBOURS + 3
    for _ in range(count):
        ClientFactory(name="Harbour", owner=manager)

    assert find() == NEIGHBOURS * count - NEIGHBOURS * (NEIGHBOURS + 1) // 2


def test_contacts(manager, peer, outsider):
    mine, theirs = ClientFactory(owner=manager, name="One"), ClientFactory(owner=peer, name="Two")
    far = ClientFactory(owner=outsider, name="Far")
    ContactFactory(client=mine, name="赵 敏", mobile="13900000001")
    ContactFactory(client=mine, name="赵敏", mobile="13900000002")
    ContactFactory(client=theirs, name="赵敏", mobile="13900000003")
    ContactFactory(client=theirs, name="Qian", mobile="+86 139-0000-0001")
    ContactFactory(client=far, name="Far", mobile="13900000001")
    ContactFactory(client=theirs, name="Alexander Grant", mobile="")
    ContactFactory(client=theirs, name="Aleksander Grant", mobile="")
    ContactFactory(client=theirs, name="Left", mobile="13900000002", is_active=False)

    find()

    assert {reason for _title, reason in found()} == {"same_name", "same_mobile", "alike_name"}
    assert {frozenset(title.split(" / ")) for title, _reason in found()} == {
        frozenset({"赵 敏", "赵敏"}),
        frozenset({"赵 敏", "Qian"}),
        frozenset({"Alexander Grant", "Aleksander Grant"}),
    }
    pair = SuspectedPair.objects.get(reason="same_mobile")
    assert {pair.first, pair.second} == {mine, theirs}
    assert (pair.first, pair.second) == (pair.first_contact.client, pair.second_contact.client)


def test_the_strongest_reason_is_kept_once(manager):
    for name in ("Harbour", "Harbour Ltd"):
        ClientFactory(name=name, owner=manager, address="1 Quay")

    assert (find(), find()) == (1, 0)
    assert found() == [("Harbour / Harbour Ltd", "same_name")]


@pytest.mark.parametrize("verdict", ["different", "same", "later"])
def test_judged_pairs_are_left_alone_even_when_no_longer_alike(verdict, manager, supervisor):
    one, _two = (ClientFactory(name="Harbour", owner=manager) for _ in range(2))
    find()
    pair = judge(SuspectedPair.objects.get(), verdict, supervisor)

    assert find() == 0
    type(one).objects.filter(pk=one.pk).update(name="Quite another")
    assert find() == 0

    kept = SuspectedPair.objects.get()
    assert (kept.state, kept.decided_by, kept.decided_at) == (verdict, supervisor, NOW)
    assert kept.later_until == pair.later_until


def test_a_pair_nobody_judged_goes_when_it_is_no_longer_alike(manager):
    one, _two = (ClientFactory(name="Harbour", owner=manager) for _ in range(2))
    ClientFactory(name="Mill", owner=manager)
    ClientFactory(name="Mill Ltd", owner=manager)
    find()
    type(one).objects.filter(pk=one.pk).update(name="Quite another")

    find()

    assert found() == [("Mill / Mill Ltd", "same_name")]


def test_later_comes_back_on_its_day(manager, supervisor):
    for _ in range(2):
        ClientFactory(name="Harbour", owner=manager)
    find()
    pair = judge(SuspectedPair.objects.get(), "later", supervisor)
    day = TODAY + timedelta(days=settings.PAIR_LATER_DAYS)
    assert pair.later_until == day

    find(today=day - timedelta(days=1))
    assert SuspectedPair.objects.get().state == "later"
    find(today=day)

    pair.refresh_from_db()
    assert (pair.state, pair.later_until, pair.decided_by) == ("open", None, None)


def test_as_many_statements_for_three_rows_as_for_one(manager):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            find()
        return len(captured)

    def more():
        client = ClientFactory(name="Harbour", owner=manager)
        ContactFactory(client=client, mobile="13900000001")

    more()
    for_one = statements()
    more()
    more()

    assert statements() == for_one
    assert SuspectedPair.objects.count() == 6


def test_the_job_is_run_by_night(manager):
    for _ in range(2):
        ClientFactory(name="Harbour", owner=manager)

    assert find_pairs_task() == 1
    entries = settings.CELERY_BEAT_SCHEDULE.values()
    assert "accounts.tasks.find_pairs_task" in [entry["task"] for entry in entries]


# What people say ---------------------------------------------------------------------------------


def test_the_same_raises_a_todo_for_operations_and_taking_back_ends_it(
    manager, supervisor, operations
):
    pair = judge(SuspectedPairFactory(owner=manager), "same", supervisor)

    task = Task.objects.get()
    assert (task.assignee, task.link) == (operations, pair.get_absolute_url())
    assert pair.title in str(task)
    pair = reopen_pair(pair=pair, now=NOW, by=supervisor)
    task.refresh_from_db()
    assert (pair.state, pair.decided_by, pair.decided_at, task.done_at) == ("open", None, None, NOW)


def test_without_operations_the_todo_is_the_judges(manager, supervisor):
    judge(contact_pair(manager), "same", supervisor)

    assert Task.objects.get().assignee == supervisor


def test_not_the_same_is_remembered_with_who_and_when(manager, supervisor):
    pair = judge(SuspectedPairFactory(owner=manager), "different", supervisor)

    assert (pair.state, pair.decided_by, pair.decided_at) == ("different", supervisor, NOW)
    assert not Task.objects.exists()
    events = apps.get_model("accounts", "SuspectedPairEvent").objects.filter(pgh_obj_id=pair.pk)
    event = events.get(state="different")
    assert event.pgh_context.metadata == {"verb": "accounts.judge_pair", "actor": supervisor.pk}
    with pytest.raises(PairJudged):
        judge(pair, "later", supervisor)
    with pytest.raises(PairNotJudged):
        reopen_pair(pair=SuspectedPairFactory(owner=manager), now=NOW, by=supervisor)


def test_what_was_put_off_may_be_judged(manager, supervisor):
    pair = judge(SuspectedPairFactory(owner=manager), "later", supervisor)

    pair = judge(pair, "different", supervisor)

    assert (pair.state, pair.later_until) == ("different", None)
    with pytest.raises(ValueError, match="open"):
        judge(SuspectedPairFactory(owner=manager), "open", supervisor)


@pytest.mark.rule("P1")
def test_only_who_sees_both_records_sees_the_pair(
    manager, peer, outsider, supervisor, province, own_client, foreign_client
):
    mine = SuspectedPairFactory(owner=manager)
    mixed = [
        SuspectedPairFactory(first=own_client, second=foreign_client),
        SuspectedPairFactory(
            first=ClientFactory(owner=outsider), second=ClientFactory(owner=manager)
        ),
    ]

    def seen(person):
        return set(SuspectedPair.objects.visible_to(person))

    assert seen(manager) == seen(supervisor) == {mine}
    assert seen(peer) == seen(outsider) == set()
    assert seen(province) == {mine, *mixed}


def test_a_pair_goes_with_its_record(manager):
    pair = contact_pair(manager)
    Contact.objects.filter(pk=pair.first_contact_id).delete()

    assert not SuspectedPair.objects.exists()
