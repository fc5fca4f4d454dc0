"""Alerts over REST."""

from datetime import UTC, date, datetime
from typing import Any

import time_machine

from analytics.models import Alert
from tests.factories.analytics import AlertFactory
from tests.factories.visits import VisitFactory


def ids(response):
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_alerts_list_shows_own_clients_only_with_their_figures(
    api, manager, own_client, foreign_client
):
    alert = AlertFactory(client=own_client)
    AlertFactory(client=foreign_client)

    (row,) = api(manager).get("alerts/").json()["results"]

    assert (row["id"], row["client"]["code"]) == (str(alert.pk), "OWN")
    assert (row["latest_period"], row["money_at_risk"]) == ("2026-06", "400.00")
    assert row["missing_items"] == ["survey", "visit", "cause", "action"]
    assert row["readings"] == [
        {
            "period": "2026-06",
            "holds": True,
            "previous": "1000.00",
            "current": "600.00",
            "ratio": "0.4000",
            "money_at_risk": "400.00",
            "rule_version": 1,
        }
    ]


def test_alert_out_of_scope_is_404(api, manager, foreign_client, assert_problem):
    path = f"alerts/{AlertFactory(client=foreign_client).pk}/"

    assert_problem(api(manager).get(path), 404, "not_found")
    for verb in ("acknowledge", "handle", "close"):
        assert_problem(api(manager).post(f"{path}{verb}/", {}), 404, "not_found")


def test_missing_right_is_403(api, operations, own_client, assert_problem):
    path = f"alerts/{AlertFactory(client=own_client).pk}/"

    assert api(operations).get(path).status_code == 200
    for verb in ("acknowledge", "handle", "close"):
        assert_problem(api(operations).post(f"{path}{verb}/", {}), 403, "permission_denied")


def test_alerts_are_not_written_directly(api, manager, own_client, assert_problem):
    path = f"alerts/{AlertFactory(client=own_client).pk}/"

    assert_problem(api(manager).post("alerts/", {}), 405, "method_not_allowed")
    assert_problem(api(manager).patch(path, {"state": "closed"}), 405, "method_not_allowed")


def test_from_acknowledging_to_closing(api, manager, own_client, assert_problem):
    alert = AlertFactory(client=own_client)
    visit = VisitFactory(client=own_client, visitor=manager, done=True)
    path = f"alerts/{alert.pk}/"
    items = {"survey": "s", "cause": "tariff", "action": "a"}
    me = api(manager)

    seen = me.post(f"{path}acknowledge/").json()
    assert (seen["state"], seen["acknowledged_by"]["username"]) == ("acknowledged", "manager")
    assert_problem(me.post(f"{path}close/"), 409, "items_missing")
    assert me.post(f"{path}handle/", items).json()["missing_items"] == ["visit"]
    assert me.post(f"{path}handle/", {**items, "visit": visit.pk}).json()["state"] == "handled"
    assert me.post(f"{path}close/").json()["state"] == "closed"
    assert_problem(me.post(f"{path}close/"), 409, "alert_not_open")


def test_verbs_without_input_refuse_input(api, manager, own_client, assert_problem):
    alert = AlertFactory(client=own_client)

    response = api(manager).post(f"alerts/{alert.pk}/close/", {"survey": "late"})

    assert_problem(response, 400, "validation_failed")


def test_only_a_logged_visit_to_this_client_counts(api, supervisor, own_client, peer):
    alert = AlertFactory(client=own_client)
    planned = VisitFactory(client=own_client)
    other = VisitFactory(client__owner=peer, done=True)
    items = {"survey": "s", "cause": "tariff", "action": "a"}

    for visit in (planned, other):
        response = api(supervisor).post(f"alerts/{alert.pk}/handle/", {**items, "visit": visit.pk})
        assert [error["pointer"] for error in response.json()["errors"]] == ["#/visit"]
    assert Alert.objects.get().visit is None


@time_machine.travel(datetime(2026, 7, 20, 1, tzinfo=UTC), tick=False)
def test_filters_narrow(api, supervisor, manager, peer, own_client):
    cases: list[tuple[dict[str, Any], list]]
    own_client.client_class = "A"
    own_client.save()
    closed = AlertFactory(
        client=own_client, rule="arrears", state="closed", survey="s", cause="tariff",
        action="a", closed_at=datetime(2026, 6, 9, tzinfo=UTC), latest_period=date(2026, 5, 1),
        money_at_risk=900,
    )  # fmt: skip
    opened = AlertFactory(client__owner=peer, client__name="中国移动", due_on=date(2026, 7, 19))
    Alert.objects.filter(pk=closed.pk).update(created_at=datetime(2026, 7, 10, 2, tzinfo=UTC))
    find = api(supervisor)

    cases = [
        ({}, [closed, opened]),
        ({"open": "true"}, [opened]),
        ({"open": "false"}, [closed]),
        ({"overdue": "true"}, [opened]),
        ({"overdue": "false"}, [closed]),
        ({"rule": "arrears"}, [closed]),
        ({"state": ["open", "closed"], "sort": "money_at_risk"}, [opened, closed]),
        ({"client": own_client.pk}, [closed]),
        ({"client_class": "A"}, [closed]),
        ({"owner": peer.pk}, [opened]),
        ({"unit": "T1"}, [closed, opened]),
        ({"period": "2026-05"}, [closed]),
        ({"age_min": 10}, [closed]),
        ({"age_min": 11}, []),
        ({"age_max": 9}, [opened]),
        ({"age_min": 0, "age_max": 10}, [closed, opened]),
        ({"q": "zgyd"}, [opened]),
    ]
    for query, expected in cases:
        assert ids(find.get("alerts/", **query)) == [str(alert.pk) for alert in expected], query
