"""A client's life from prospect to churned, and success cases of clients alike."""

from datetime import UTC, datetime

import pytest

from accounts.choices import NEXT_STATUSES, ClientStatus, InfoSource, LeadSource
from accounts.exceptions import BasicProfileIncomplete, ReasonMissing, StatusStepNotAllowed
from accounts.models import Client
from accounts.selectors.archive import similar_cases
from accounts.services import prospecting
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.archive import IndustryFactory, SuccessCaseFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 8, tzinfo=UTC)


def step(client, status, by, reason="They asked for it"):
    return prospecting.change_status(client=client, status=status, reason=reason, now=NOW, by=by)


@pytest.fixture
def potential(manager):
    return ClientFactory(owner=manager, status="potential", name="New School", nature="institution",
                         industry="教育", address="中山路", employees=80)  # fmt: skip


@pytest.mark.rule("ARC-01", "ARC-04", "ARC-05")
def test_a_prospect_begins_with_a_name(manager, units):
    client = prospecting.create_prospect(
        owner=manager, unit=units.team_1, now=NOW, by=manager, name="New School",
        lead_source=LeadSource.DIRECTORY, info_source=InfoSource.MEDIA,
        contact={"name": "Wang", "mobile": "13900000000", "title": ""},
    )  # fmt: skip

    client.refresh_from_db()
    assert (client.status, client.owner, client.has_provisional_code) == (
        "potential", manager, True,
    )  # fmt: skip
    assert [contact.name for contact in client.contacts.all()] == ["Wang"]
    assert client.completeness > 0


@pytest.mark.rule("ARC-04", "ARC-05")
def test_the_lists_have_the_handbooks_choices():
    assert len(LeadSource) == 6
    assert len(InfoSource) == 5


@pytest.mark.rule("ARC-02")
@pytest.mark.parametrize("failed", ["can_pay", "has_need", "can_decide", "accepts_marketing", ""])
def test_qualified_means_all_four_tests(potential, failed):
    tests = dict.fromkeys(("can_pay", "has_need", "can_decide", "accepts_marketing"), True)
    Client.objects.update(**{**tests, **({failed: False} if failed else {})})

    potential.refresh_from_db()
    assert potential.is_qualified == (not failed)
    assert Client.objects.qualified().exists() == (not failed)
    assert Client.objects.not_qualified().exists() == bool(failed)


@pytest.mark.rule("ARC-01")
def test_the_whole_life_is_kept_with_reasons(potential, manager):
    ContactFactory(client=potential)

    for status in ("target", "signed", "pre_churn", "signed", "pre_churn", "churned", "target"):
        step(potential, status, manager, reason=f"to {status}")

    changes = potential.status_changes.order_by("pk").values_list("old", "new", "reason")
    assert list(changes)[:3] == [
        ("potential", "target", "to target"),
        ("target", "signed", "to signed"),
        ("signed", "pre_churn", "to pre_churn"),
    ]
    event = potential.events.order_by("-pgh_id").first()
    assert (event.status, event.pgh_context.metadata["verb"]) == (
        "target", "accounts.change_status",
    )  # fmt: skip


@pytest.mark.rule("ARC-01")
@pytest.mark.parametrize("old", ClientStatus.values)
def test_no_stage_is_skipped(old, manager):
    client = ClientFactory(owner=manager, status=old)

    for new in set(ClientStatus.values) - set(NEXT_STATUSES[old]):
        with pytest.raises(StatusStepNotAllowed):
            step(client, new, manager)


@pytest.mark.rule("ARC-06", "AMB-46")
def test_a_target_needs_its_basic_profile_but_not_the_tests(potential, manager):
    with pytest.raises(BasicProfileIncomplete) as refused:
        step(potential, "target", manager)
    assert "a contact" in refused.value.message

    ContactFactory(client=potential)
    step(potential, "target", manager)

    potential.refresh_from_db()
    assert (potential.status, potential.is_qualified) == ("target", False)


def test_a_step_needs_a_reason(potential, manager):
    with pytest.raises(ReasonMissing):
        step(potential, "target", manager, reason="  ")


# Success cases --------------------------------------------------------------------------------


@pytest.mark.rule("ARC-07", "SEC-03")
def test_cases_of_the_industry_come_without_the_name(potential, foreign_client, manager):
    foreign_client.industry, foreign_client.employees = "教育", 137
    foreign_client.save()
    SuccessCaseFactory(
        client=foreign_client, title="Campus lines", need="Foreign Client wanted 200 lines"
    )

    (case,) = similar_cases(potential, manager)

    assert (case.title, case.need, case.url) == ("Campus lines", "… wanted 200 lines", "")
    assert "Foreign Client" not in str(case)
    assert case.who == "教育, about 100 employees"


@pytest.mark.rule("ARC-07")
def test_cases_of_the_same_sector_come_after_those_of_the_industry(potential, manager, peer):
    IndustryFactory._meta.model.objects.filter(name__in=("教育", "卫生", "石油")).delete()
    for name, sector in (("教育", "S1"), ("卫生", "S1"), ("石油", "S2")):
        IndustryFactory(name=name, sector=sector)
    for name in ("教育", "卫生", "石油"):
        SuccessCaseFactory(client=ClientFactory(industry=name), title=name)
    SuccessCaseFactory(client=ClientFactory(industry="教育"), title="gone", removed_at=NOW)
    SuccessCaseFactory(client=potential, title="its own")

    assert [case.title for case in similar_cases(potential, manager)] == ["教育", "卫生"]
    potential.industry = ""
    assert similar_cases(potential, manager) == []


@pytest.mark.rule("SEC-03")
def test_a_name_is_shown_to_those_who_see_the_client_or_when_it_may_be(potential, manager):
    own = ClientFactory(owner=manager, industry="教育", name="Own School")
    shown = ClientFactory(industry="教育", name="Open School")
    SuccessCaseFactory(client=own, need="Own School asked")
    SuccessCaseFactory(client=shown, shows_name=True)

    named, mine = similar_cases(potential, manager)

    assert (mine.who, mine.need, mine.url) == (
        "Own School", "Own School asked", own.get_absolute_url(),
    )  # fmt: skip
    assert (named.who, named.url) == ("Open School", "")
