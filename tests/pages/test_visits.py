"""Planning, recording and calling off visits through their pages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Events

from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.staff import TaskFactory
from tests.factories.visits import VisitFactory
from visits.choices import VisitState
from visits.models import Visit

pytestmark = pytest.mark.django_db
RECORD = {"summary": "They lack roaming packages.", "next_step": "Send an offer."}


def local(moment):
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def plan_input(**changes):
    return {
        "purpose": "retention", "mode": "door", "place": "Their office",
        "starts_at": local(timezone.now() + timedelta(days=2)), "outline": "Ask about the bill.",
    } | changes  # fmt: skip


def plan_url(client, **more):
    query = "&".join(f"{key}={value}" for key, value in ({"client": client.pk} | more).items())
    return f"{reverse('visits:visit_plan')}?{query}"


def test_the_form_proposes_a_time_a_place_and_a_contact(own_client, manager, login):
    own_client.address = "1 Harbour Road"
    own_client.save()
    contact = ContactFactory(client=own_client, name="Zhao Min")

    form = login(manager).get(plan_url(own_client)).context_data["form"]

    assert form["place"].value() == "1 Harbour Road"
    assert form["contact"].value() == contact.pk
    assert form["starts_at"].initial > timezone.now() + timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "purpose"), [("potential", "survey"), ("target", "survey"), ("signed", "")]
)
def test_a_prospect_is_visited_to_learn_its_needs(status, purpose, manager, login):
    client = ClientFactory(owner=manager, status=status)

    form = login(manager).get(plan_url(client)).context_data["form"]

    assert form["purpose"].value() == purpose


def test_a_visit_is_planned(own_client, manager, login):
    response = login(manager).post(plan_url(own_client), plan_input())

    visit = Visit.objects.get()
    assert response.headers["Location"] == visit.get_absolute_url()
    assert (visit.client, visit.visitor, visit.state) == (own_client, manager, VisitState.PLANNED)
    event = Events.objects.tracks(visit).get()
    assert event.pgh_context == {"verb": "visits.plan_visit", "actor": manager.pk}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"outline": ""}, "This field is required."),
        ({"place": ""}, "Where will you meet?"),
        ({"starts_at": "2020-01-01T10:00"}, "This time is past."),
        ({"starts_at": "tomorrow"}, "Enter a valid date/time."),
        ({"purpose": "golf"}, "Select a valid choice"),
    ],
)
def test_a_wrong_plan_says_why_and_keeps_the_input(wrong, sentence, own_client, manager, login):
    response = login(manager).post(
        plan_url(own_client), plan_input(short_notice_reason="Kept") | wrong
    )

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Kept" in response.content.decode()
    assert not Visit.objects.exists()


@pytest.mark.rule("VIS-20")
def test_short_notice_needs_a_reason(own_client, manager, login):
    soon = plan_input(starts_at=local(timezone.now() + timedelta(hours=3)))
    browser = login(manager)

    refused = browser.post(plan_url(own_client), soon)
    taken = browser.post(plan_url(own_client), soon | {"short_notice_reason": "Asked for it"})

    assert "at least one day ahead" in refused.content.decode()
    assert taken.status_code == 302


def test_a_contact_of_another_client_is_refused(own_client, manager, login):
    other = ContactFactory(client=ClientFactory(owner=manager))

    response = login(manager).post(plan_url(own_client), plan_input(contact=other.pk))

    assert response.status_code == 422


@pytest.mark.rule("P1")
@pytest.mark.parametrize("page", ["visit_plan", "visit_log"])
@pytest.mark.parametrize("client", ["", "nonsense", "foreign"])
def test_without_a_client_in_reach_there_is_no_form(page, client, foreign_client, manager, login):
    wanted = foreign_client.pk if client == "foreign" else client

    response = login(manager).get(f"{reverse(f'visits:{page}')}?client={wanted}")

    assert response.status_code == 404


@pytest.mark.rule("P1")
def test_a_task_of_somebody_else_cannot_be_answered(own_client, outsider, manager, login):
    task = TaskFactory(assignee=outsider)

    response = login(manager).post(plan_url(own_client, task=task.pk), plan_input())

    assert response.status_code == 404


def test_the_page_shows_outline_and_record(own_client, manager, login):
    visit = VisitFactory(client=own_client, visitor=manager, done=True, outline="Ask about it")

    html = login(manager).get(visit.get_absolute_url()).content.decode()

    for text in ("Ask about it", "Talked about the bill.", "Send an offer.", own_client.name):
        assert text in html
    assert "Log the visit" not in html


def test_an_overdue_record_is_marked(own_client, manager, login):
    visit = VisitFactory(client=own_client, visitor=manager, record_due_on="2026-01-05")

    assert "Record overdue" in login(manager).get(visit.get_absolute_url()).content.decode()


def test_a_visit_is_moved(own_client, manager, login):
    visit = VisitFactory(client=own_client, visitor=manager)
    moved = plan_input(place="A café")

    response = login(manager).post(reverse("visits:visit_edit", args=[visit.pk]), moved)

    assert response.status_code == 302
    visit.refresh_from_db()
    assert (visit.place, visit.outline) == ("A café", "Ask about the bill.")


@pytest.mark.rule("VIS-50")
def test_summary_and_next_step_are_enough_for_the_record(own_client, manager, login):
    visit = VisitFactory(client=own_client, visitor=manager)

    response = login(manager).post(reverse("visits:visit_record", args=[visit.pk]), RECORD)

    assert response.headers["Location"] == visit.get_absolute_url()
    visit.refresh_from_db()
    assert (visit.state, visit.summary) == (VisitState.DONE, RECORD["summary"])
    event = Events.objects.tracks(visit).order_by("pgh_id").last()
    assert event.pgh_context == {"verb": "visits.record_visit", "actor": manager.pk}


@pytest.mark.parametrize("missing", RECORD)
def test_a_record_without_summary_or_next_step_is_refused(missing, own_client, manager, login):
    visit = VisitFactory(client=own_client, visitor=manager)
    url = reverse("visits:visit_record", args=[visit.pk])

    response = login(manager).post(url, RECORD | {missing: " "})

    assert response.status_code == 422
    kept = next(text for name, text in RECORD.items() if name != missing)
    assert kept in response.content.decode()
    visit.refresh_from_db()
    assert visit.state == VisitState.PLANNED


@pytest.mark.parametrize("state", [VisitState.DONE, VisitState.CANCELLED])
@pytest.mark.parametrize(
    ("page", "data"),
    [("record", RECORD), ("edit", plan_input), ("cancel", {"reason": "Snow"})],
)
def test_a_visit_that_is_over_stays_as_it_is(page, data, state, own_client, manager, login):
    over = {"state": state, "cancelled_reason": "Ill"} if state == "cancelled" else {"done": True}
    visit = VisitFactory(client=own_client, visitor=manager, **over)
    before = Visit.objects.values().get(pk=visit.pk)
    url = reverse(f"visits:visit_{page}", args=[visit.pk])

    response = login(manager).post(url, data() if callable(data) else data)

    assert response.status_code in {409, 422}
    assert "already logged or cancelled" in response.content.decode()
    assert Visit.objects.values().get(pk=visit.pk) == before


@pytest.mark.rule("VIS-32")
def test_a_call_is_logged_at_once(own_client, manager, login):
    url = f"{reverse('visits:visit_log')}?client={own_client.pk}"
    call = RECORD | {"mode": "phone", "purpose": "liaison", "held_at": local(timezone.now())}

    response = login(manager).post(url, call)

    visit = Visit.objects.get()
    assert response.headers["Location"] == visit.get_absolute_url()
    assert (visit.state, visit.mode, visit.is_unplanned) == (VisitState.DONE, "phone", True)


def test_a_call_cannot_lie_in_the_future(own_client, manager, login):
    url = f"{reverse('visits:visit_log')}?client={own_client.pk}"
    tomorrow = local(timezone.now() + timedelta(days=1))

    response = login(manager).post(
        url, RECORD | {"mode": "phone", "purpose": "liaison", "held_at": tomorrow}
    )

    assert response.status_code == 422
    assert RECORD["summary"] in response.content.decode()


@pytest.mark.rule("VIS-31")
def test_a_visit_is_called_off_with_a_reason(own_client, manager, login):
    visit = VisitFactory(client=own_client, visitor=manager)
    url = reverse("visits:visit_cancel", args=[visit.pk])
    browser = login(manager)

    refused = browser.post(url, {"reason": ""})
    browser.post(url, {"reason": "Snow"})

    assert refused.status_code == 422
    visit.refresh_from_db()
    assert (visit.state, visit.cancelled_reason) == (VisitState.CANCELLED, "Snow")
    assert "Snow" in browser.get(visit.get_absolute_url()).content.decode()


@pytest.mark.parametrize("page", ["edit", "record", "cancel"])
def test_the_province_reads_only(page, own_client, manager, province, login):
    visit = VisitFactory(client=own_client, visitor=manager)
    browser = login(province)

    assert browser.get(visit.get_absolute_url()).status_code == 200
    assert browser.get(reverse(f"visits:visit_{page}", args=[visit.pk])).status_code == 403


@pytest.mark.parametrize("moment", ["9999-12-30T10:00", "0026-05-05T10:00", "0001-01-01T00:00"])
def test_dates_beyond_the_calendar_are_refused(moment, own_client, manager, login):
    visit, browser = VisitFactory(client=own_client, visitor=manager), login(manager)
    log_url = f"{reverse('visits:visit_log')}?client={own_client.pk}"
    call = RECORD | {"mode": "phone", "purpose": "liaison", "held_at": local(timezone.now())}

    for url, data, field in (
        (plan_url(own_client), plan_input(starts_at=moment), "starts_at"),
        (reverse("visits:visit_edit", args=[visit.pk]), plan_input(starts_at=moment), "starts_at"),
        (log_url, call | {"held_at": moment}, "held_at"),
        (log_url, call | {"next_step_on": moment[:10]}, "next_step_on"),
        (
            reverse("visits:visit_record", args=[visit.pk]),
            RECORD | {"next_step_on": moment[:10]},
            "next_step_on",
        ),
    ):
        response = browser.post(url, data)
        assert (response.status_code, list(response.context_data["form"].errors)) == (422, [field])
    assert Visit.objects.get().state == VisitState.PLANNED


def test_a_contact_who_left_stays_on_the_visit(own_client, manager, login):
    contact = ContactFactory(client=own_client, is_active=False)
    gone = ContactFactory(client=own_client, is_active=False)
    visit = VisitFactory(client=own_client, visitor=manager, contact=contact)
    url, browser = reverse("visits:visit_edit", args=[visit.pk]), login(manager)

    assert browser.post(url, plan_input(contact=contact.pk, place="Café")).status_code == 302
    assert browser.post(url, plan_input(contact=gone.pk)).status_code == 422

    visit.refresh_from_db()
    assert (visit.contact, visit.place) == (contact, "Café")


def test_a_visit_is_called_by_its_day_here():
    visit = Visit(starts_at=datetime(2026, 7, 6, 18, tzinfo=UTC), purpose="liaison")

    with timezone.override("Asia/Shanghai"):
        assert str(visit).startswith("2026-07-07")
