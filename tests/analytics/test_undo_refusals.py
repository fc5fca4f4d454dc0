"""Undoing imports: its order, refusals and repeats (P12)."""

from datetime import timedelta

import pytest

from accounts.models import Client
from analytics.exceptions import CannotUndo
from analytics.models import BillingImport
from analytics.services import undo
from staff.models import Notification
from tests.analytics.billing_files import NOW, load, load_month
from tests.analytics.undo_steps import PRODUCT, ROSTER, month, snapshot, undone

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P12")]


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
