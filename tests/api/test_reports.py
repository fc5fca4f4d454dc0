"""Reports over REST."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.reports import ReportFactory

pytestmark = pytest.mark.rule("ARC-23", "ORG-33")


def test_an_urgent_report_goes_its_way(api, manager, supervisor):
    row_id = uuid.uuid4()
    learned = timezone.now() - timedelta(hours=1)
    body = {"id": row_id, "kind": "urgent", "title": "Price war", "learned_at": learned}

    made = api(manager).post("reports/", body)
    assert made.status_code == 201, made.content
    path = f"reports/{row_id}/"
    api(manager).patch(path, {"lines": [{"finding": "Half price", "action": "Match it"}]})
    sent = api(manager).post(f"{path}submit/")
    done = api(supervisor).post(f"{path}answer/", {"answer": "Yes"})

    assert sent.json()["state"] == "submitted"
    assert sent.json()["lines"] == [
        {"source": "", "finding": "Half price", "action": "Match it"},
    ]
    assert (done.json()["state"], done.json()["answer"]) == ("answered", "Yes")
    listed = api(manager).get("reports/", kind="urgent", state="answered").json()["results"]
    assert [row["id"] for row in listed] == [str(row_id)]


def test_a_suggestion_is_asked_for(api, manager, own_client, foreign_client):
    own_client.own_users, own_client.other_users = 1, 9
    own_client.save()

    made = api(manager).post("reports/suggest/", {"client": own_client.pk})

    assert made.status_code == 201, made.content
    assert made.json()["client"]["code"] == "OWN"
    path = f"reports/{made.json()['id']}/"
    assert api(manager).post(f"{path}discard/").json()["state"] == "discarded"
    assert api(manager).post(f"{path}restore/").json()["state"] == "draft"
    wrong = {"client": foreign_client.pk}
    assert api(manager).post("reports/suggest/", wrong).status_code == 400


def test_refusals(api, manager, outsider, assert_problem):
    mine = ReportFactory(author=manager)
    foreign = ReportFactory(author=outsider)
    path = f"reports/{mine.pk}"

    for kind in ("urgent", "market_month"):
        body = {"kind": kind, "title": "x"}
        assert_problem(api(manager).post("reports/", body), 400, "validation_failed")
    many = [{"finding": "x"}] * 61
    assert_problem(api(manager).patch(f"{path}/", {"lines": many}), 400, "validation_failed")
    assert_problem(api(manager).post(f"{path}/answer/", {"answer": "x"}), 403, "permission_denied")
    assert_problem(api(manager).post(f"{path}/restore/"), 409, "not_discarded")
    assert_problem(api(manager).get(f"reports/{foreign.pk}/"), 404, "not_found")
