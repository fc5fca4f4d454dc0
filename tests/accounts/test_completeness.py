"""How complete an archive is: stored, right, and kept right."""

from datetime import date

import pytest

from accounts import completeness
from accounts.completeness import CRITERIA, missing, missing_basics, weight_of
from accounts.models import Client
from accounts.services import archive_items, clients, contacts
from accounts.services.completeness import keep_scores, refresh_completeness
from accounts.tasks import refresh_completeness_task
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.archive import AnniversaryFactory, DepartmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-13", "ARC-20")]
TEXTS = {
    criterion.name: "x" for criterion in CRITERIA
    if criterion.group and criterion.name not in ("employees", "own_users", "other_users",
                                                   "founded_on")
}  # fmt: skip
CHOSEN = {"nature": "enterprise", "payment_method": "cash", "fee_reimbursement": "none",
          "office_automation": "none"}  # fmt: skip
TODAY = date(2026, 7, 6)
NUMBERS = {"employees": 0, "own_users": 5, "other_users": 0, "founded_on": "1998-01-02"}


def score_of(client) -> int:
    client.refresh_from_db()
    return client.completeness


def test_an_empty_archive_has_nothing_and_a_full_one_everything(own_client, manager):
    assert score_of(own_client) == 0

    clients.update_client(client=own_client, by=manager, **{**TEXTS, **CHOSEN, **NUMBERS})
    contacts.create_contact(
        client=own_client, today=TODAY, by=manager, name="Wang", mobile="13900000000", kind="in_charge",
        buying_roles=["decider"],
    )  # fmt: skip
    AnniversaryFactory(client=own_client)
    keep_scores(Client.objects.all())

    assert (score_of(own_client), missing(own_client)) == (100, [])


@pytest.mark.rule("ARC-12")
def test_what_is_different_from_others_counts(own_client, manager):
    clients.update_client(client=own_client, features="Night shifts all year", by=manager)

    total = sum(weight_of(criterion) for criterion in CRITERIA)
    assert score_of(own_client) == round(100 * 4 / total)
    assert "features" not in {each.criterion.name for each in missing(own_client)}


def test_nought_employees_is_known_and_unknown_is_not(own_client, manager):
    clients.update_client(client=own_client, employees=0, by=manager)
    with_nought = score_of(own_client)
    clients.update_client(client=own_client, employees=None, by=manager)

    assert (with_nought > 0, score_of(own_client)) == (True, 0)


def test_the_score_follows_lists_and_people(own_client, manager):
    department = DepartmentFactory(client=own_client)
    keep_scores(Client.objects.all())
    with_department = score_of(own_client)
    archive_items.remove_item(item=department, now="2026-07-06T08:00Z", by=manager)
    without = score_of(own_client)
    contact = contacts.create_contact(
        client=own_client, today=TODAY, by=manager, name="Wang", mobile="13900000000"
    )
    with_contact = score_of(own_client)
    contacts.update_contact(contact=contact, is_active=False, today=TODAY, by=manager)

    assert (with_department > 0, without, with_contact > 0) == (True, 0, True)
    assert score_of(own_client) == 0, "who has left is no contact"


def test_settings_change_weights(own_client, manager, settings):
    settings.COMPLETENESS_WEIGHTS = {criterion.name: 0 for criterion in CRITERIA} | {"features": 3,
                                                                                     "shops": 1}  # fmt: skip
    assert [criterion.name for criterion in completeness.counted()] == ["features"]

    clients.update_client(client=own_client, features="x", by=manager)

    assert score_of(own_client) == 100


def test_the_job_mends_what_was_written_past_the_services(own_client, foreign_client):
    Client.objects.filter(pk=own_client.pk).update(features="x", completeness=77)
    before = own_client.archive_current_at

    assert refresh_completeness_task() == 1
    assert refresh_completeness(by=None) == 0
    own_client.refresh_from_db()
    assert (own_client.archive_current_at, own_client.completeness != 77) == (before, True)


def test_all_scores_are_written_by_one_statement(django_assert_num_queries, manager):
    ClientFactory.create_batch(3, owner=manager, features="x")

    with django_assert_num_queries(1):
        assert keep_scores(Client.objects.all()) == 3


@pytest.mark.rule("ARC-06")
def test_what_a_target_needs(own_client, manager):
    assert {each.name for each in missing_basics(own_client)} == set(completeness.BASIC)

    clients.update_client(
        client=own_client,
        nature="other",
        industry="教育",
        address="中山路",
        employees=3,
        by=manager,
    )
    assert [each.name for each in missing_basics(own_client)] == ["contact"]
    ContactFactory(client=own_client)
    assert missing_basics(own_client) == []


def test_the_heaviest_gap_comes_first(own_client):
    percents = [each.percent for each in missing(own_client)]

    assert percents == sorted(percents, reverse=True)
    assert missing(own_client)[0].criterion.name == "features"
