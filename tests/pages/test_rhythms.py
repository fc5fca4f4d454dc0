"""The settings page of rhythms."""

import pytest
from django.urls import reverse

from tests.factories.accounts import RhythmVersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-22", "ORG-11")]
LIST = reverse("accounts:rhythm_list")
CHANGE = reverse("accounts:rhythm_change", args=["assessment", "A"])


def test_everybody_reads_the_rhythms_and_the_top_changes_them(
    manager, supervisor, operations, province, login
):
    shown = login(province).get(LIST).text
    assert CHANGE in shown
    assert "every 3 months" in shown
    for person in (manager, supervisor):
        assert CHANGE not in login(person).get(LIST).text
        assert login(person).get(CHANGE).status_code == 403
    assert CHANGE not in login(operations).get(LIST).text
    sent = {"months": "6", "reason": "Enough"}
    assert login(operations).post(CHANGE, sent).status_code == 422
    assert login(province).get(CHANGE).status_code == 200
    assert login(province).post(CHANGE, {"months": "25", "reason": "x"}).status_code == 422

    assert login(province).post(CHANGE, sent).headers["Location"] == LIST

    shown = login(manager).get(LIST).text
    assert "every 6 months" in shown
    assert "Pu Rong" in shown
    wrong = reverse("accounts:rhythm_change", args=["assessment", "D"])
    assert login(province).get(wrong).status_code == 404


def test_the_page_costs_the_same_with_more_versions(province, login, queries_of):
    RhythmVersionFactory(created_by=province)
    few = queries_of(login(province), LIST)
    for number in (2, 3):
        RhythmVersionFactory(created_by=province, version=number, months=number)

    assert queries_of(login(province), LIST) == few
