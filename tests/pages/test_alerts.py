"""From the evidence to the four items, through the alert's page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Events

from accounts.choices import MemberStatus
from analytics.choices import AlertState, Revision, RuleCode
from tests.factories.analytics import (
    AlertFactory,
    AlertReadingFactory,
    BillingImportFactory,
    ClientMonthFactory,
    ProductBillFactory,
    add_member_bill,
)
from tests.factories.staff import TaskFactory
from tests.factories.visits import VisitFactory
from visits.models import Visit

pytestmark = pytest.mark.django_db
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
ITEMS = {"survey": "They compare offers.", "cause": "tariff", "action": "Offered a package."}


@pytest.fixture
def alert(own_client, manager):
    task = TaskFactory(assignee=manager)
    alert = AlertFactory(
        client=own_client,
        task=task,
        money_at_risk="31000.00",
        reading__previous="100000.00",
        reading__current="69000.00",
        reading__ratio="0.3100",
    )
    task.subject_id, task.link = alert.pk, alert.get_absolute_url()
    task.save()
    return alert


def page(browser, alert, query=""):
    return browser.get(alert.get_absolute_url() + query).content.decode()


@pytest.mark.rule("P20")
def test_the_page_says_why(alert, own_client, manager, login):
    files = [BillingImportFactory(file_name=f"{month}.csv") for month in ("may", "june")]
    for month, file, local, status in (
        (MAY, files[0], 5000, MemberStatus.ACTIVE),
        (JUNE, files[1], 1234, MemberStatus.PRE_CHURN),
    ):
        add_member_bill(
            period=month, msisdn=13_812_345_678, client=own_client, local=local, total=local,
            status=status, import_number=file.number,
        )  # fmt: skip
        ProductBillFactory(
            client=own_client, period=month, product_code="LINE", product_name="Leased line",
            amount=Decimal(month.month * 1000), import_number=file.number,
        )  # fmt: skip

    html = page(login(manager), alert)

    for text in (
        "Income fell from ¥100,000.00 (2026-05) to ¥69,000.00 (2026-06): −31.00 %.",
        "more than 30 %.", "may.csv, ", "june.csv",
        "Local calls", "¥50.00", "¥12.34", "Leased line", "¥5,000.00", "¥6,000.00",
        "138****5678", "Active", "Pre-churn", "¥31,000.00",
    ):  # fmt: skip
        assert text in html, text
    assert "13812345678" not in html


@pytest.mark.parametrize(
    ("rule", "figures", "sentence"),
    [
        (RuleCode.PRE_CHURN, (41, 5, "0.1220"), "5 of 41 active members are about to leave"),
        (RuleCode.MEMBER_LOSS, (30, 3, "0.1000"), "3 of 30 members active in 2026-05 are gone"),
        (RuleCode.ARREARS, (0, 150, "0.1500"), "Arrears are ¥150.00"),
        (RuleCode.ARREARS, (0, 150, None), "Arrears are ¥150.00"),
    ],
)
def test_each_rule_has_its_sentence(rule, figures, sentence, own_client, manager, login):
    previous, current, ratio = figures
    alert = AlertFactory(
        client=own_client, rule=rule, reading__previous=previous, reading__current=current,
        reading__ratio=ratio,
    )  # fmt: skip

    assert sentence in page(login(manager), alert)


def test_every_month_of_an_alert_can_be_opened(alert, manager, login):
    alert.latest_period = JULY
    alert.save()
    AlertReadingFactory(alert=alert, previous="69000.00", current="40000.00", ratio="0.4203")
    browser = login(manager)

    assert "−42.03 %" in page(browser, alert)
    assert "−31.00 %" in page(browser, alert, "?month=2026-06")
    assert "−42.03 %" in page(browser, alert, "?month=nonsense")


def test_the_months_after_show_what_came_back(alert, own_client, manager, login):
    ClientMonthFactory(client=own_client, period=JULY, income="90000.00")

    html = page(login(manager), alert)

    assert "Recovered against the alert" in html
    assert "¥21,000.00" in html


def test_an_alert_is_acknowledged_once(alert, manager, login):
    url, browser = reverse("analytics:alert_acknowledge", args=[alert.pk]), login(manager)

    assert browser.get(url).status_code == 405
    response = browser.post(url)
    browser.post(url)

    assert response.headers["Location"] == alert.get_absolute_url()
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, manager)
    events = Events.objects.tracks(alert).filter(pgh_label="update")
    assert [event.pgh_context["verb"] for event in events] == ["analytics.acknowledge_alert"]


@pytest.mark.rule("CHN-22")
def test_closing_without_the_four_items_names_what_is_missing(alert, manager, login):
    url = reverse("analytics:alert_handle", args=[alert.pk])

    response = login(manager).post(url, {"survey": "They compare offers.", "close": "1"})

    assert response.status_code == 422
    html = response.content.decode()
    assert "Before the alert can be closed, record: a logged visit, cause, action." in html
    assert "They compare offers." in html
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN


@pytest.mark.rule("CHN-22")
def test_an_alert_is_closed_with_the_four_items(alert, own_client, manager, login):
    visit = VisitFactory(client=own_client, visitor=manager, done=True)
    url = reverse("analytics:alert_handle", args=[alert.pk])

    response = login(manager).post(url, ITEMS | {"visit": visit.pk, "close": "1"})

    assert response.headers["Location"] == alert.get_absolute_url()
    alert.refresh_from_db()
    assert (alert.state, alert.closed_by, alert.visit) == (AlertState.CLOSED, manager, visit)
    alert.task.refresh_from_db()
    assert alert.task.done_at is not None
    html = page(login(manager), alert)
    assert "They compare offers." in html
    assert "Save and close" not in html


def test_saving_alone_keeps_the_alert_open(alert, own_client, manager, login):
    visit = VisitFactory(client=own_client, visitor=manager, done=True)
    url = reverse("analytics:alert_handle", args=[alert.pk])

    login(manager).post(url, ITEMS | {"visit": visit.pk, "save": "1"})

    alert.refresh_from_db()
    assert alert.state == AlertState.HANDLED


@pytest.mark.parametrize("which", ["planned", "of another client"])
def test_only_a_logged_visit_to_the_client_counts(which, alert, own_client, manager, login):
    visit = (
        VisitFactory(client=own_client, visitor=manager)
        if which == "planned"
        else VisitFactory(visitor=manager, done=True)
    )
    url = reverse("analytics:alert_handle", args=[alert.pk])

    response = login(manager).post(url, ITEMS | {"visit": visit.pk, "close": "1"})

    assert response.status_code == 422
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN


@pytest.mark.parametrize("url_name", ["alert_acknowledge", "alert_handle"])
def test_a_closed_alert_stays_closed(url_name, alert, manager, login):
    alert.state, alert.closed_at = AlertState.CLOSED, timezone.now()
    alert.survey, alert.cause, alert.action = "s", "other", "a"
    alert.save()

    response = login(manager).post(reverse(f"analytics:{url_name}", args=[alert.pk]), ITEMS)

    assert response.status_code in {409, 422}
    assert "closed or withdrawn" in response.content.decode()
    alert.refresh_from_db()
    assert alert.survey == "s"


def test_a_visit_planned_from_the_alert_moves_it_along(alert, own_client, manager, login):
    browser = login(manager)
    link = f"{reverse('visits:visit_plan')}?client={own_client.pk}&task={alert.task_id}"
    assert link.replace("&", "&amp;") in page(browser, alert)
    at = timezone.localtime(timezone.now() + timedelta(days=2))

    browser.post(link, {
        "purpose": "retention", "mode": "phone", "outline": "Ask why.",
        "starts_at": f"{at:%Y-%m-%dT%H:%M}",
    })  # fmt: skip

    alert.refresh_from_db()
    assert alert.state == AlertState.VISIT_PLANNED
    visit = Visit.objects.get()
    response = browser.post(
        reverse("visits:visit_record", args=[visit.pk]),
        {"summary": "Talked.", "next_step": "Offer."},
    )
    assert response.headers["Location"] == alert.get_absolute_url()
    alert.refresh_from_db()
    assert (alert.state, alert.visit) == (AlertState.VISITED, visit)


def test_a_visit_to_another_client_does_not_answer_the_alert(alert, manager, login):
    other = VisitFactory(visitor=manager).client
    url = f"{reverse('visits:visit_log')}?client={other.pk}&task={alert.task_id}"
    now = f"{timezone.localtime():%Y-%m-%dT%H:%M}"

    login(manager).post(url, {
        "mode": "phone", "purpose": "liaison", "held_at": now, "summary": "s", "next_step": "n",
    })  # fmt: skip

    alert.refresh_from_db()
    assert (alert.state, alert.visit) == (AlertState.OPEN, None)


def test_a_correction_is_announced_on_the_page(alert, manager, login):
    alert.revision = Revision.KEPT
    alert.save()

    assert "Kept although the corrected bill" in page(login(manager), alert)


def test_an_overdue_visit_is_marked(alert, manager, login):
    alert.due_on = date(2026, 1, 5)
    alert.save()

    assert "Visit overdue" in page(login(manager), alert)


def test_a_client_without_owner_has_a_page_too(alert, own_client, supervisor, login):
    own_client.owner = None
    own_client.save()

    assert "Income fell from" in page(login(supervisor), alert)


def test_the_province_reads_only(alert, province, login):
    browser = login(province)

    html = page(browser, alert)

    assert "Acknowledge" not in html
    assert "Save and close" not in html
    for url_name in ("alert_acknowledge", "alert_handle"):
        url = reverse(f"analytics:{url_name}", args=[alert.pk])
        assert browser.post(url).status_code == 403


def test_the_number_of_queries_is_the_same_for_three_visits_and_readings(
    alert, own_client, manager, login, queries_of
):
    browser, url = login(manager), alert.get_absolute_url()
    VisitFactory(client=own_client, visitor=manager, task=alert.task, done=True)
    AlertReadingFactory(alert=alert, period=MAY)
    for_one = queries_of(browser, url)
    for month in (3, 4):
        VisitFactory(client=own_client, visitor=manager, task=alert.task, done=True)
        AlertReadingFactory(alert=alert, period=date(2026, month, 1))

    assert queries_of(browser, url) == for_one


def test_the_rules_are_shown_with_their_thresholds(manager, login):
    html = login(manager).get(reverse("analytics:rule_list")).content.decode()

    assert "&gt; 30 %" in html
    assert "≥ 10 %" in html
    assert "5 working days" in html
