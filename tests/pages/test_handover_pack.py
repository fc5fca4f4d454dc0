"""The document for whoever takes clients over."""

import io
from datetime import date, timedelta

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import printing
from accounts.models import Contact
from staff import documents
from staff.models import Export
from staff.tasks import run_export_task
from tests.factories.accounts import (
    ContactFactory,
    EscalationFactory,
    InstructionFactory,
    PromiseFactory,
)
from tests.factories.analytics import AlertFactory
from tests.factories.archive import AnniversaryFactory
from tests.factories.handovers import make_clients, make_handover
from tests.factories.visits import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ORG-02", "SEC-05")]


def fill(client, manager):
    """Everything that a pack tells about, once for the client."""
    soon = timezone.localdate() + timedelta(days=3)
    PromiseFactory(client=client, text="a better price")
    InstructionFactory(client=client, text="ask about the new building")
    EscalationFactory(client=client, reason="too slow for us")
    AlertFactory(client=client, money_at_risk="777.70")
    VisitFactory(client=client, visitor=manager, outline="talk about 5G")
    ContactFactory(client=client, name="Zhao Min", mobile="13911112222")
    Contact.objects.filter(name="Zhao Min").update(next_birthday=soon)
    AnniversaryFactory(client=client, name="Founding day", day=soon, is_recurring=True)


def words(browser, url) -> str:
    response = browser.post(url, {"format": "docx", "reason": "takes over"})
    assert response.status_code == 302
    export = Export.objects.latest("created_at")
    run_export_task(str(export.pk))
    got = browser.get(reverse("staff:export_download", args=[export.pk]))
    book = docx.Document(io.BytesIO(b"".join(got.streaming_content)))
    cells = (cell.text for table in book.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in book.paragraphs), *cells])


def test_the_pack_tells_everything_about_the_clients_in_sight(
    manager, peer, supervisor, login, outsider
):
    (client,) = make_clients(manager, 1, name="Harbour Group", client_class="A", income="123.40")
    (other,) = make_clients(manager, 1, name="Not among them")
    fill(client, manager)
    PromiseFactory(client=other, text="somebody else's promise")
    handover = make_handover(manager, peer, clients=[client])

    text = words(login(supervisor), reverse("accounts:handover_pack", args=[handover.pk]))

    for said in (
        "Harbour Group", "123.40", "Pan Wei", "a better price", "ask about the new building",
        "too slow for us", "777.70", "talk about 5G", "Birthday of Zhao Min", "Founding day",
    ):  # fmt: skip
        assert said in text, said
    assert "Not among them" not in text
    assert "somebody else's promise" not in text
    assert "13911112222" not in text


def test_who_got_clients_orders_the_pack_of_their_share(manager, peer, login):
    one, two = make_clients(manager, 2)
    fill(one, manager)
    handover = make_handover(manager, peer, clients=[one])
    share = handover.shares.get()
    browser = login(peer)
    page = browser.get(share.get_absolute_url()).content.decode()
    url = reverse("accounts:handover_share_pack", args=[share.pk])
    assert url in page

    text = words(browser, url)

    assert one.name in text
    assert two.name not in text
    assert "From Ma Li to Pan Wei" in text


@pytest.mark.rule("P1")
def test_who_gave_the_clients_away_reads_nothing_about_them(manager, peer, login):
    (client,) = make_clients(manager, 1, name="Given away")
    handover = make_handover(manager, peer, clients=[client])

    text = words(login(manager), reverse("accounts:handover_pack", args=[handover.pk]))

    assert "Given away" not in text
    assert "None of these clients is in your sight any more." in text


def test_the_number_of_queries_does_not_grow(manager, peer, supervisor):
    def queries(number):
        clients = make_clients(manager, number)
        for client in clients:
            fill(client, manager)
        handover = make_handover(manager, peer, clients=clients)
        order = documents.Order(
            printing.find_handover(supervisor, str(handover.pk)),
            supervisor, {}, timezone.localtime(),
        )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            documents.KINDS[printing.HANDOVER_PACK].build(order)
        return len(captured)

    assert queries(3) == queries(1)


def test_a_day_that_comes_once_is_told_once(manager, peer, supervisor, login):
    (client,) = make_clients(manager, 1)
    AnniversaryFactory(client=client, name="Gone by", day=date(2001, 1, 1), is_recurring=False)
    handover = make_handover(manager, peer, clients=[client])

    text = words(login(supervisor), reverse("accounts:handover_pack", args=[handover.pk]))

    assert "Gone by" not in text
    assert "No birthdays or anniversaries in the next 90 days" in text
