"""Undoing an import gives the tables as they were before it (P12)."""

from datetime import timedelta

import pytest

from accounts.models import ClassProposal, Client, Contact, Member, NumberReveal, Ownership
from accounts.services.clients import assign_owner
from accounts.services.completeness import refresh_completeness
from analytics.choices import ImportState
from analytics.exceptions import CannotUndo
from analytics.models import (
    Alert,
    AlertReading,
    BillingImport,
    BillingPeriod,
    ClientMonth,
    ImportChange,
    MemberBill,
    ProductBill,
)
from analytics.services import undo
from staff.models import Notification, Task
from tests.analytics.billing_files import JUNE, NOW, bills, load, load_month, number, row
from tests.factories.accounts import ContactFactory
from tests.factories.visits import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P12")]
PRODUCT = {"period": "2026-06", "client_code": "C1", "product_code": "L1", "amount": "500.00"}


def snapshot() -> dict[str, list]:
    """Every table an import may change, without ids, times and import numbers.

    Withdrawn alerts are history, as after any corrected bill: open ones and readings that hold count.
    """
    clients = [
        field.name
        for field in Client._meta.concrete_fields
        if field.name not in ("id", "created_at", "updated_at")
    ]
    contacts = [
        field.name
        for field in Contact._meta.concrete_fields
        if field.name not in ("id", "client", "created_at", "updated_at")
    ]
    bill_fields = [
        field.name
        for field in MemberBill._meta.concrete_fields
        if field.name not in ("pk", "client")
    ]
    return {
        "bills": list(
            MemberBill.objects.order_by("period", "msisdn").values_list("client__code", *bill_fields)
        ),
        "products": list(
            ProductBill.objects.order_by("period", "client__code", "product_code").values_list(
                "client__code", "period", "product_code", "product_name", "amount", "line"
            )
        ),
        "members": list(
            Member.objects.order_by("msisdn").values_list(
                "msisdn", "client__code", "status", "tier", "joined_on", "is_corporate_paid"
            )
        ),
        "clients": list(Client.objects.order_by("code").values_list(*clients)),
        "contacts": list(
            Contact.objects.order_by("client__code", "name", "mobile").values_list(
                "client__code", *contacts
            )
        ),
        "ownerships": list(
            Ownership.objects.order_by("client__code", "started_at", "pk").values_list(
                "client__code", "owner", "started_at", "ended_at", "reason"
            )
        ),
        "classes": list(
            ClassProposal.objects.order_by("client__code", "pk").values_list(
                "client__code", "from_class", "to_class", "state", "reason"
            )
        ),
        "periods": list(BillingPeriod.objects.order_by("month").values_list("month", "state")),
        "facts": sorted(
            (
                tuple(fact)
                for fact in ClientMonth.objects.values_list(
                    "client__code", "period", "income", "previous_income", "arrears", "active",
                    "previous_active", "pre_churn", "lost", "joined", "new", "has_rows",
                )
            ),
            key=str,
        ),
        "readings": sorted(
            AlertReading.objects.holding().values_list(
                "client__code", "rule", "period", "previous", "current", "money_at_risk"
            )
        ),
        "alerts": sorted(
            Alert.objects.open().values_list(
                "client__code", "rule", "first_period", "latest_period", "money_at_risk"
            )
        ),
        "tasks": Task.objects.open().count(),
    }  # fmt: skip


def undone(billing_import: BillingImport, by, now=NOW) -> BillingImport:
    """Asked for by a person and done by the job."""
    undo.request_undo(billing_import=billing_import, now=now, by=by)
    return undo.run_undo(BillingImport.objects.get(pk=billing_import.pk), now=now)


def month(first, last, period="2026-06", client="C1", total="10.00", **more):
    return [row(n, client, total, period=period, **more) for n in range(first, last)]


def check(make, by) -> BillingImport:
    """What `make` imports is undone without a trace."""
    before = snapshot()
    done = make()
    assert done.state == "loaded", (done.error_code, done.error_params)
    assert snapshot() != before

    gone = undone(done, by)

    assert gone.state == ImportState.UNDONE
    assert (gone.undone_by, gone.undone_at is not None) == (by, True)
    assert snapshot() == before
    assert not ImportChange.objects.filter(billing_import=gone).exists()
    return gone


# Member bills -----------------------------------------------------------------------------------


@pytest.fixture
def may(operations) -> BillingImport:
    return load_month(month(0, 30, "2026-05", "C1") + month(30, 60, "2026-05", "C2"))


def test_the_first_file_of_all(operations):
    check(lambda: load_month(month(0, 5)), operations)

    assert not Client.objects.exists()
    assert not BillingPeriod.objects.exists()


def test_a_further_month_with_alerts(may, operations):
    """Income falls, members move, go and come; a client is made."""

    def june():
        done = load_month(
            month(0, 10, client="C1", total="4.00")
            + month(10, 20, client="C2")
            + month(30, 55, client="C2", status="pre_churn")
            + month(90, 95, client="NEW")
        )
        assert Alert.objects.open().count() > 1
        return done

    check(june, operations)

    assert Alert.objects.open().count() == 0
    assert not Client.objects.filter(code="NEW").exists()


def test_a_corrected_file(may, operations):
    load_month(month(0, 30, total="3.00") + month(30, 60, client="C2"))
    assert Alert.objects.open().count() == 1

    gone = check(lambda: load(month(0, 25, total="10.00") + month(30, 62, client="C2")), operations)

    assert len(gone.replaced_imports) == 1
    assert Alert.objects.open().count() == 1


def test_a_further_part_that_overwrites_some_rows(may, operations):
    load_month(month(0, 30) + month(30, 60, client="C2"))

    check(lambda: load(month(28, 31, client="C3", total="7.00"), creates_clients=True), operations)


def test_several_months_in_one_file(may, operations):
    load_month(month(0, 60, "2026-07"))

    check(
        lambda: load_month(
            month(0, 40, "2026-05", total="9.00")
            + month(0, 20, "2026-06")
            + month(5, 60, "2026-07")
        ),
        operations,
    )


def test_an_older_month_changes_the_comparison_of_the_next(may, operations):
    load_month(month(0, 20, total="5.00"))

    check(lambda: load(month(0, 30, "2026-05", total="1.00")), operations)


def test_a_month_stays_complete_when_another_file_had_completed_it(may, operations):
    load_month(month(0, 30))

    check(lambda: load_month(month(0, 29)), operations)

    assert BillingPeriod.objects.get(pk=JUNE).is_complete


def test_a_month_completed_by_the_file_is_open_again(may, operations):
    load(month(0, 30))

    check(lambda: load_month(month(0, 29)), operations)

    assert not BillingPeriod.objects.get(pk=JUNE).is_complete
    assert not ClientMonth.objects.filter(period=JUNE).exists()


def test_a_held_month_that_the_file_filled_is_held_again(may, operations):
    """Of May's 60 bills half are there, which a program does not complete; then the rest comes."""
    whole = month(0, 30) + month(30, 60, client="C2")
    load(whole[:30], completes_period=True, holds_thin_month=True)
    assert BillingPeriod.objects.get(pk=JUNE).is_held

    gone = check(lambda: load(whole[30:]), operations)

    assert gone.completed_months == [JUNE]
    held = BillingPeriod.objects.get(pk=JUNE)
    assert (held.state, held.held_at, len(held.shortfalls)) == ("held", NOW, 1)


def test_a_month_that_the_file_had_held_is_only_open_again(may, operations):
    load(month(0, 10))

    check(lambda: load(month(10, 20), completes_period=True, holds_thin_month=True), operations)

    assert BillingPeriod.objects.get(pk=JUNE).state == "open"
    assert not Task.objects.open().filter(kind="period-held").exists()


def test_one_after_the_other_back_to_the_beginning(may, operations):
    states, files = [], []
    for rows in (
        month(0, 30), month(0, 28, total="11.00"), month(60, 70, client="C3"),
        month(0, 70, "2026-07"),
    ):  # fmt: skip
        states.append(snapshot())
        files.append(load_month(rows))

    for done, before in zip(reversed(files), reversed(states), strict=True):
        undone(done, operations)
        assert snapshot() == before


def test_a_file_loaded_again_after_its_undo_counts_as_before(may, operations):
    done = load_month(month(0, 20, total="4.00"))
    wanted = snapshot()
    undone(done, operations)

    load_month(month(0, 20, total="4.00"))

    assert {**snapshot(), "bills": 0} == {**wanted, "bills": 0}
    assert len(bills()) == 20


def test_an_alert_that_somebody_visited_is_kept_with_a_note(may, operations):
    done = load_month(month(0, 10))
    alert = Alert.objects.get(client__code="C1", rule="revenue_drop")
    alert.visit = VisitFactory(client=alert.client, done=True)
    alert.state = "visited"
    alert.save()

    undone(done, operations)

    alert.refresh_from_db()
    assert (alert.state, alert.revision) == ("visited", "kept")


def test_a_number_somebody_looked_at_stays_and_holds_its_client(operations):
    done = load_month(month(0, 2, client="NEW"))
    member = Member.objects.get(msisdn=number(0))
    NumberReveal.objects.create(member=member, revealed_by=operations, revealed_at=NOW, reason="x")

    gone = undone(done, operations)

    assert list(Member.objects.values_list("msisdn", flat=True)) == [number(0)]
    assert gone.undo_report["in_use"] == ["NEW (NEW)"]
    assert Client.objects.get().code == "NEW"


def test_a_client_somebody_edited_or_visited_stays_and_is_named(operations):
    done = load_month(
        [*month(0, 1, client="A"), *month(1, 2, client="B"), *month(2, 3, client="D")]
    )
    VisitFactory(client=Client.objects.get(code="A"))
    Client.objects.filter(code="B").update(notes="called them")

    gone = undone(done, operations)

    assert sorted(Client.objects.values_list("code", flat=True)) == ["A", "B"]
    assert (gone.undo_report["in_use"], gone.undo_report["edited"]) == (["A (A)"], ["B (B)"])
    assert gone.undo_report["deleted"] == 1


def test_a_client_of_product_bills_stays(operations):
    done = load_month(month(0, 2, client="C1"))
    load([PRODUCT], kind="product_bill")

    gone = undone(done, operations)

    assert gone.undo_report["in_use"] == ["C1 (C1)"]
    assert BillingPeriod.objects.get(pk=JUNE).state == "open"


# Product bills ----------------------------------------------------------------------------------


def test_product_bills(may, operations):
    check(lambda: load_month([PRODUCT], kind="product_bill"), operations)


def test_product_bills_that_replaced_others(may, operations):
    first = [PRODUCT, PRODUCT | {"product_code": "L2"}, PRODUCT | {"client_code": "C2"}]
    load_month(first, kind="product_bill")

    gone = check(
        lambda: load([first[0] | {"amount": "1.00"}, first[1]], kind="product_bill"), operations
    )

    assert (gone.replaced, len(gone.replaced_imports)) == (3, 1)


def test_product_bills_that_made_a_client(operations):
    check(
        lambda: load([PRODUCT | {"client_code": "X"}], kind="product_bill", creates_clients=True),
        operations,
    )


# Rosters ----------------------------------------------------------------------------------------

ROSTER = [
    {"client_code": "C1", "name": "改名", "manager": "manager", "employees": "70",
     "class": "B", "latitude": "45.75", "longitude": "126.65"},
    {"client_code": "N1", "name": "新集团", "manager": "manager", "class": "A",
     "founded_on": "1998-01-02"},
]  # fmt: skip


def test_client_roster(clients, manager, operations):
    check(lambda: load(ROSTER, kind="clients"), operations)


def test_client_roster_that_takes_a_client_from_its_manager(clients, manager, peer, operations):
    load(ROSTER, kind="clients")

    check(
        lambda: load(
            [each | {"manager": "peer"} for each in ROSTER],
            kind="clients",
            now=NOW + timedelta(hours=1),
        ),
        operations,
    )

    assert Client.objects.get(code="N1").owner == manager


def test_what_somebody_changed_since_stays(clients, manager, peer, operations):
    load(ROSTER, kind="clients")
    done = load(
        [{"client_code": "C1", "name": "再改", "manager": "peer", "employees": "80"}],
        kind="clients",
        now=NOW + timedelta(hours=1),
    )
    Client.objects.filter(code="C1").update(employees=99)

    gone = undone(done, operations)

    client = Client.objects.get(code="C1")
    assert (client.name, client.employees, client.owner) == ("改名", 99, manager)
    assert [(each["field"], each["name"]) for each in gone.undo_report["conflicts"]] == [
        ("employees", "改名")
    ]


def test_a_hand_over_since_stays(clients, manager, peer, operations):
    done = load(ROSTER, kind="clients")
    client = Client.objects.get(code="C1")
    assign_owner(client=client, owner=peer, reason="", now=NOW + timedelta(days=1), by=operations)
    assign_owner(
        client=client, owner=manager, reason="", now=NOW + timedelta(days=2), by=operations
    )
    history = list(client.ownerships.order_by("started_at").values_list("owner", "ended_at"))

    gone = undone(done, operations)

    client.refresh_from_db()
    assert client.owner == manager
    assert (
        list(client.ownerships.order_by("started_at").values_list("owner", "ended_at")) == history
    )
    assert [each["field"] for each in gone.undo_report["conflicts"]] == ["owner"]


def doing() -> set[int]:
    """Who has the to-dos of C1."""
    tasks = Task.objects.open().filter(alerts__client__code="C1")
    return set(tasks.values_list("assignee", flat=True))


def test_to_dos_go_back_to_the_supervisor_when_nobody_owns_the_client(
    may, manager, supervisor, operations
):
    Client.objects.update(unit=manager.unit)
    load_month(month(0, 10))
    assert doing() == {supervisor.pk}

    def roster():
        done = load([{"client_code": "C1", "name": "C1", "manager": "manager"}], kind="clients")
        assert doing() == {manager.pk}
        return done

    check(roster, operations)

    assert doing() == {supervisor.pk}


CONTACT = {"client_code": "C1", "name": "王敏", "mobile": "13900000001", "birthday": "L08-15"}


def test_contact_roster(clients, operations):
    ContactFactory(client=clients[0], name="李雷", mobile="", title="经理")
    refresh_completeness(by=None)

    check(
        lambda: load(
            [CONTACT, {"client_code": "C1", "name": "李雷", "title": "总经理"}], kind="contacts"
        ),
        operations,
    )


def test_a_contact_somebody_visited_stays(clients, operations):
    done = load([CONTACT], kind="contacts")
    contact = Contact.objects.get()
    VisitFactory(client=contact.client, contact=contact)

    gone = undone(done, operations)

    assert gone.undo_report["in_use"] == ["王敏"]
    assert Contact.objects.get() == contact


# Order, refusals, repeats -----------------------------------------------------------------------


def refusal(billing_import, by, now=NOW) -> CannotUndo:
    with pytest.raises(CannotUndo) as refused:
        undo.request_undo(billing_import=billing_import, now=now, by=by)
    return refused.value


def test_newer_files_of_the_month_are_undone_first(may, operations):
    first = load_month(month(0, 30))
    second = load_month(month(0, 29))
    load_month(month(0, 30, "2026-07"))
    load_month([PRODUCT], kind="product_bill")

    error = refusal(first, operations)

    assert (error.code, f"#{second.number}" in error.message) == ("undo_newer_first", True)
    assert undone(second, operations).state == "undone"
    assert undone(first, operations).state == "undone"


def test_newer_rosters_that_changed_the_same_client_are_undone_first(clients, manager, operations):
    first = load(ROSTER, kind="clients")
    load([{"client_code": "C2", "name": "其他"}], kind="clients")
    load(ROSTER, kind="clients")  # changes nothing
    third = load([{"client_code": "N1", "name": "又改"}], kind="clients")

    assert f"#{third.number}" in refusal(first, operations).message
    undone(third, operations)
    assert undone(first, operations).state == "undone"


def test_an_import_can_be_undone_for_some_days_only(may, operations, settings):
    settings.IMPORT_UNDO_DAYS = 3

    assert refusal(may, operations, NOW + timedelta(days=4)).code == "undo_expired"
    assert undone(may, operations, NOW + timedelta(days=2)).state == "undone"


def test_what_was_not_loaded_cannot_be_undone(operations):
    refused = load("a,b\n1,2\n")

    assert refusal(refused, operations).code == "nothing_loaded"


def test_again_changes_nothing(may, operations):
    done = load_month(month(0, 20))
    undo.request_undo(billing_import=done, now=NOW, by=operations)
    undo.request_undo(billing_import=done, now=NOW, by=operations)
    undo.run_undo(done, now=NOW)
    before = snapshot()

    assert undo.run_undo(done, now=NOW).state == "undone"
    assert snapshot() == before
    assert refusal(done, operations).code == "already_undone"


def test_without_an_order_nothing_is_undone(may):
    before = snapshot()

    assert undo.run_undo(may, now=NOW).state == "loaded"
    assert snapshot() == before


def test_a_file_loaded_meanwhile_stops_the_undo(may, operations):
    first = load_month(month(0, 30))
    undo.request_undo(billing_import=first, now=NOW, by=operations)
    load_month(month(0, 29))
    before = snapshot()

    assert undo.run_undo(BillingImport.objects.get(pk=first.pk), now=NOW).state == "loaded"
    assert snapshot() == before
    assert Notification.objects.get(recipient=operations).kind == "import-undo-refused"


def test_the_author_is_told_when_somebody_else_undid_it(units, operations, province):
    done = load_month(month(0, 3), by=province)
    Notification.objects.all().delete()

    undone(done, operations)

    told = Notification.objects.get()
    assert (told.recipient, told.kind, told.params["person"]) == (
        province, "import-undone", operations.full_name,
    )  # fmt: skip


def test_the_undo_is_audited(clients, manager, operations):
    done = load(ROSTER, kind="clients")

    undone(done, operations)

    event = Client.pgh_event_model.objects.filter(pgh_obj__code="C1").latest("pgh_id")
    assert event.pgh_context.metadata == {"verb": "analytics.undo_import", "actor": operations.pk}


def test_a_failure_leaves_everything_as_it_was(may, operations, monkeypatch):
    done = load_month(month(0, 20))
    before = snapshot()

    def break_off(*_):
        raise RuntimeError

    monkeypatch.setattr(undo, "put_back", break_off)
    undo.request_undo(billing_import=done, now=NOW, by=operations)

    assert undo.run_undo(done, now=NOW).state == "loaded"
    assert snapshot() == before


def test_imports_number_the_order_of_loading():
    first, second = load_month(month(0, 3)), load_month(month(0, 3, "2026-07"))

    assert second.loaded_as == first.loaded_as + 1
