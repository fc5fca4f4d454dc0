"""A manager leaves: preview, all clients to two others, what they find, and the way back."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Client, Handover
from staff.models import User
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UserFactory
from tests.factories.visits import VisitFactory
from visits.models import Visit

pytestmark = pytest.mark.rule("ORG-02")


@pytest.fixture
def third(units) -> User:
    return UserFactory(username="third", full_name="Qi San", unit=units.team_1)


@pytest.fixture
def clients(manager) -> list[Client]:
    """Four of the manager's, one with a visit planned."""
    found = [
        ClientFactory(owner=manager, code=f"HO{n}", name=f"Harbour {n}", income="100.00")
        for n in range(4)
    ]
    VisitFactory(client=found[0], visitor=manager, starts_at=timezone.now())
    return found


def test_clients_of_a_leaving_manager_go_to_two_others_and_back(
    manager: User,
    peer: User,
    third: User,
    supervisor: User,
    clients: list[Client],
    sign_in: Callable[..., Page],
) -> None:
    boss = sign_in(supervisor)
    _look_at_the_preview(boss, manager, peer, third)
    assert not Handover.objects.exists()

    boss.locator("[name=reason]").fill("Leaves the company")
    boss.get_by_role("button", name="Hand over now").click()

    boss.wait_for_url("**/handovers/*-*/")
    expect(boss.locator("h1")).to_contain_text("Ma Li")
    counts = {
        person.full_name: Client.objects.filter(owner=person).count()
        for person in (manager, peer, third)
    }
    assert counts == {"Ma Li": 0, "Pan Wei": 2, "Qi San": 2}
    receiver = Visit.objects.get().visitor
    _the_new_manager_finds_them(sign_in(receiver), receiver)
    gone = sign_in(manager)
    assert gone.request.get(f"{clients[0].get_absolute_url()}").status == 404

    boss.get_by_role("link", name="Undo the handover").click()
    boss.locator("[name=reason]").fill("Stays after all")
    boss.locator("main form").get_by_role("button", name="Undo the handover").click()

    boss.wait_for_url("**/handovers/*-*/")
    assert Client.objects.filter(owner=manager).count() == 4
    assert Visit.objects.get().visitor == manager
    assert gone.request.get(f"{clients[0].get_absolute_url()}").status == 200


def _look_at_the_preview(boss: Page, manager: User, *targets: User) -> None:
    boss.goto("/handovers/new/")
    boss.locator("[name=source]").select_option(str(manager.pk))
    for target in targets:
        boss.locator(f"[name=targets][value='{target.pk}']").check()
    boss.get_by_role("button", name="Preview").click()
    shares = boss.locator("#handover-shares")
    for target in targets:
        expect(shares).to_contain_text(target.full_name)
    expect(boss.locator("#handover-clients tbody tr")).to_have_count(4)


def _the_new_manager_finds_them(page: Page, person: User) -> None:
    """The visit on My day, the clients in the list, the name on a client's page."""
    page.goto("/")
    expect(page.locator("main")).to_contain_text("Harbour 0")
    page.goto("/clients/")
    for client in Client.objects.filter(owner=person):
        expect(page.locator("main")).to_contain_text(client.name)
    page.get_by_role("link", name="Harbour 0").first.click()
    expect(page.locator("#client-head")).to_contain_text(person.full_name)
