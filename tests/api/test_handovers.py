"""Handing clients over, over REST."""

import uuid

import pytest

from accounts.models import Client, Handover
from tests.factories.handovers import make_clients, make_handover
from tests.factories.staff import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ORG-02", "ORG-22")]


def test_preview_hand_over_and_undo(api, manager, peer, supervisor, settings):
    settings.PORTFOLIO_CLIENTS = 2
    make_clients(manager, 3, income=100, active_members=2)
    me = api(supervisor)
    question = {"source": manager.pk, "targets": [peer.pk], "way": "number"}

    shown = me.post("handovers/preview/", question).json()

    assert shown["shares"] == [
        {
            "person": {"id": peer.pk, "username": "peer", "full_name": "Pan Wei"},
            "clients": 3, "members": 6, "income": "300.00", "clients_after": 3,
            "is_too_many": True,
        }
    ]  # fmt: skip
    assert Client.objects.filter(owner=manager).count() == 3

    key = uuid.uuid4()
    body = {"id": key, "source": manager.pk, "plan": shown["plan"], "reason": "leave"}
    made = me.post("handovers/", body)
    assert (made.status_code, made.json()["clients"]) == (201, 3)
    assert me.post("handovers/", body).json()["id"] == str(key)
    assert Handover.objects.count() == 1
    assert Client.objects.filter(owner=peer).count() == 3

    undone = me.post(f"handovers/{key}/undo/", {"reason": "too early"}).json()
    assert (undone["undo_reason"], undone["undone_by"]["username"]) == ("too early", "supervisor")
    assert Client.objects.filter(owner=manager).count() == 3


def test_classes_narrow_the_preview(api, manager, peer, supervisor):
    (a,) = make_clients(manager, 1, client_class="A")
    make_clients(manager, 1, client_class="C")
    question = {
        "source": manager.pk, "targets": [peer.pk], "way": "income", "client_class": ["A"],
    }  # fmt: skip

    assert api(supervisor).post("handovers/preview/", question).json()["plan"] == {
        str(a.pk): peer.pk
    }


@pytest.mark.rule("P1")
def test_outsiders_and_those_without_the_right(
    api, manager, outsider, supervisor, assert_problem, settings
):
    handover = make_handover(manager)
    path = f"handovers/{handover.pk}/"

    assert api(manager).get(path).json()["id"] == str(handover.pk)
    assert_problem(api(outsider).get(path), 404, "not_found")
    assert_problem(api(manager).get("handovers/"), 403, "permission_denied")
    assert_problem(api(manager).post(f"{path}undo/", {"reason": "x"}), 403, "permission_denied")
    assert [row["id"] for row in api(supervisor).get("handovers/").json()["results"]] == [
        str(handover.pk)
    ]
    asked = {"source": outsider.pk, "targets": [manager.pk], "way": "number"}
    assert_problem(api(supervisor).post("handovers/preview/", asked), 400, "validation_failed")
    settings.HANDOVER_CLIENTS = 1
    make_clients(manager, 2)
    asked = {"source": manager.pk, "targets": [UserFactory(unit=manager.unit).pk], "way": "number"}
    assert_problem(api(supervisor).post("handovers/preview/", asked), 409, "handover_too_large")
    assert_problem(api(supervisor).post("handovers/", {"source": manager.pk, "plan": {"x": 1},
                   "reason": "y"}), 400, "validation_failed")  # fmt: skip
