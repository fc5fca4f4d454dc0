"""WF-1: a month of bills closes, income falls by 31 %, the alert is handled and closed."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import APIRequestContext, Page, Playwright, expect
from pytest_django.live_server_helper import LiveServer

from accounts.choices import ClientClass
from accounts.models import Client
from analytics.choices import AlertState, ImportState, Revision
from analytics.facts import month_before
from analytics.models import Alert, BillingImport
from staff.models import Notification, User
from sync import services as tokens
from sync.models import TokenScope
from tests.e2e.conftest import PHONE, Worker
from tests.factories.accounts import ClientFactory, ContactFactory
from visits.models import Visit

pytestmark = pytest.mark.rule("WF-1")
MEMBERS = 10
CHINESE = {
    "period": "账期", "client_code": "集团编号", "msisdn": "手机号码", "status": "状态",
    "local": "本地通话费", "total": "合计",
}  # fmt: skip


@pytest.fixture
def months() -> SimpleNamespace:
    current = month_before(timezone.localdate().replace(day=1))
    return SimpleNamespace(current=current, previous=month_before(current))


@pytest.fixture
def client(manager: User, representative: User) -> Client:
    client = ClientFactory(
        code="A001", name="Harbour Group", owner=manager, client_class=ClientClass.A,
        chief_representative=representative, address="1 Harbour Road",
    )  # fmt: skip
    ContactFactory(client=client, name="Zhao Min", kind="in_charge")
    return client


def bill(month: date, total: Decimal, *, in_chinese: bool = False) -> bytes:
    """A client's month, the sum spread over its members."""
    names = ("period", "client_code", "msisdn", "status", "local", "total")
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([CHINESE[name] for name in names] if in_chinese else names)
    share = f"{total / MEMBERS:.2f}"
    for number in range(MEMBERS):
        status = "正常" if in_chinese else "active"
        writer.writerow([f"{month:%Y-%m}", "A001", 13_800_000_000 + number, status, share, share])
    return stream.getvalue().encode("gb18030" if in_chinese else "utf-8")


def hand_in(page: Page, name: str, content: bytes) -> None:
    page.goto("/imports/")
    page.get_by_role("link", name="Hand in a file").first.click()
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Hand in").click()


def check(page: Page) -> None:
    """The columns are right as recognised; look at what loading would do."""
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Nothing is loaded yet.")).to_be_visible()


def load(page: Page) -> None:
    """Look at whatever is odd, then load."""
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name=re.compile("^Load")).click()


def complete(page: Page, month: date) -> None:
    page.goto("/periods/")
    row = page.get_by_role("row").filter(has_text=f"{month:%Y-%m}")
    row.get_by_role("link", name=re.compile("^(Complete|Compute again)$")).click()
    page.get_by_role("button", name="Complete the month").click()
    expect(page.get_by_text("facts and alerts are being made")).to_be_visible()
    row = page.get_by_role("row").filter(has_text=f"{month:%Y-%m}")
    expect(row.get_by_text("being computed")).to_have_count(0, timeout=30_000)
    expect(row.get_by_role("link", name="Compute again")).to_be_visible()


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def figure(page: Page, label: str) -> str:
    """What a tile of the page shows."""
    tile = page.locator(".stat", has=page.get_by_text(label, exact=True))
    return tile.locator(".stat-value").inner_text()


def shoot(page: Page, name: str, folder: object) -> None:
    page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.fixture
def two_months_loaded(
    sign_in: Callable[..., Page],
    worker: Worker,
    operations: User,
    supervisor: User,
    client: Client,
    months: SimpleNamespace,
) -> Page:
    """Operations hand in both files, watch them load and mark the months complete."""
    page = sign_in(operations)
    expect(page).to_have_url(re.compile("/imports/$"))
    worker.hold()
    hand_in(page, "previous.csv", bill(months.previous, Decimal(100_000), in_chinese=True))
    expect(page.get_by_text("Looking at the file")).to_be_visible()
    worker.go_on()
    check(page)  # the page came by itself
    worker.hold()
    load(page)
    expect(page.get_by_text("Waiting")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    worker.go_on()
    expect(page.get_by_text("¥100,000.00")).to_be_visible()  # without a reload
    expect(page.get_by_text("gb18030")).to_be_visible()
    hand_in(page, "current.csv", bill(months.current, Decimal(69_000)))
    check(page)
    load(page)
    expect(page.get_by_text("Took")).to_be_visible()
    expect(page.get_by_text("¥69,000.00")).to_be_visible()
    complete(page, months.previous)
    complete(page, months.current)
    return page


def test_from_the_bill_to_the_closed_alert(
    two_months_loaded, sign_in, client, manager, supervisor, representative, months, tmp_path
):
    alert = Alert.objects.get()
    told = Notification.objects.filter(kind="alert-raised").values_list("recipient", flat=True)
    assert set(told) == {manager.pk, supervisor.pk, representative.pk}

    # The supervisor sees it on the dashboard.
    boss = sign_in(supervisor)
    boss.goto("/dashboard/")
    shoot(boss, "dashboard", tmp_path)
    assert figure(boss, "Open alerts") == "1"
    assert boss.get_by_role("row").filter(has_text="Open").get_by_role("link").first

    # The account manager hears of it and sees it first thing in the morning.
    desk = sign_in(manager)
    shoot(desk, "my-day", tmp_path)
    assert figure(desk, "Open alerts") == "1"
    assert figure(desk, "Money at risk") == "¥31,000.00"
    desk.get_by_role("link", name="1 unread notification").click()
    desk.get_by_role("link", name=re.compile("New alert for Harbour Group")).click()
    expect(desk).to_have_url(re.compile(str(alert.pk)))
    expect(desk.get_by_text(
        f"Income fell from ¥100,000.00 ({months.previous:%Y-%m}) to ¥69,000.00"
        f" ({months.current:%Y-%m}): −31.00 %."
    )).to_be_visible()  # fmt: skip
    expect(desk.get_by_text("previous.csv")).to_be_visible()
    shoot(desk, "alert", tmp_path)
    desk.get_by_role("button", name="Acknowledge").click()
    expect(desk.get_by_text("Acknowledged")).to_be_visible()

    # Closing is refused, with what is missing.
    desk.get_by_label("Survey").fill("They compare offers.")
    desk.get_by_role("button", name="Save and close the alert").click()
    expect(desk.get_by_text(
        "Before the alert can be closed, record: a logged visit, cause, action."
    )).to_be_visible()  # fmt: skip
    expect(desk.get_by_label("Survey")).to_have_value("They compare offers.")

    # A visit is planned from the alert; the form knows client, purpose, place and contact.
    desk.get_by_role("link", name="Plan a visit").click()
    expect(desk.get_by_label("Place")).to_have_value("1 Harbour Road")
    expect(desk.get_by_label("Purpose")).to_have_value("retention")
    desk.get_by_label("Outline").fill("Ask what changed; offer a package.")
    shoot(desk, "plan", tmp_path)
    desk.get_by_role("button", name="Plan the visit").click()
    expect(desk.get_by_text("The visit is planned.")).to_be_visible()
    visit = Visit.objects.get()
    alert.refresh_from_db()
    assert (visit.visitor, alert.state) == (manager, AlertState.VISIT_PLANNED)

    # The day has come.
    Visit.objects.update(starts_at=timezone.now() - timedelta(hours=1))
    log_on_the_phone(
        sign_in(manager, viewport=PHONE, has_touch=True, is_mobile=True), visit, tmp_path
    )
    alert.refresh_from_db()
    assert (alert.state, alert.visit) == (AlertState.VISITED, visit)

    # The three other items, then it closes.
    desk.goto(alert.get_absolute_url())
    desk.get_by_label("Survey").fill("They compare offers; the roaming fee hurts.")
    desk.get_by_label("Cause").select_option("tariff")
    desk.get_by_label("Action").fill("Offered a roaming package.")
    desk.get_by_role("button", name="Save and close the alert").click()
    expect(desk.get_by_text("Closed").first).to_be_visible()
    shoot(desk, "closed", tmp_path)
    alert.refresh_from_db()
    assert (alert.state, alert.closed_by) == (AlertState.CLOSED, manager)
    assert alert.task.done_at is not None

    # The numbers of the supervisor have moved, and open to their rows.
    boss.goto("/dashboard/")
    assert figure(boss, "Open alerts") == "0"
    assert figure(boss, "Visits done this month") == "1"
    boss.get_by_role("link", name=re.compile("Visits done this month")).click()
    expect(boss.get_by_role("row").filter(has_text="Harbour Group")).to_have_count(1)
    boss.goto("/alerts/?state=closed")
    expect(boss.get_by_role("row").filter(has_text="Harbour Group")).to_have_count(1)


def log_on_the_phone(phone: Page, visit: Visit, folder: object) -> None:
    """From My day to the logged visit: two taps, two texts, one more tap."""
    assert overflow(phone) == 0
    shoot(phone, "phone-my-day", folder)
    phone.get_by_role("link", name=re.compile("Harbour Group.*Retention", re.DOTALL)).first.tap()
    expect(phone).to_have_url(re.compile(f"/visits/{visit.pk}/$"))
    assert overflow(phone) == 0
    phone.get_by_role("link", name="Log the visit").tap()
    phone.wait_for_url(re.compile("/record/$"))
    needed = phone.locator("main form [required]").evaluate_all("all => all.map(one => one.name)")
    assert needed == ["summary", "next_step"]
    assert overflow(phone) == 0
    done = phone.get_by_role("button", name="Done")
    expect(done).to_be_in_viewport()
    shoot(phone, "phone-record", folder)
    phone.get_by_label("What came out of it?").fill("They compare offers.")
    phone.get_by_label("Next step").fill("Send a roaming package.")
    done.tap()
    expect(phone.get_by_text("The visit is logged.")).to_be_visible()
    shoot(phone, "phone-alert", folder)
    assert overflow(phone) == 0


@pytest.fixture
def rest(
    live_server: LiveServer, manager: User, playwright_api: Playwright
) -> Iterator[APIRequestContext]:
    """A program that the account manager gave a token to."""
    now = timezone.now()
    _token, text = tokens.create_token(
        name="mobile app", access=TokenScope.WRITE, expires_at=now + timedelta(days=1), now=now,
        by=manager,
    )  # fmt: skip
    program = playwright_api.request.new_context(
        base_url=live_server.url, extra_http_headers={"Authorization": f"Bearer {text}"}
    )
    yield program
    program.dispose()


def test_a_program_reads_the_same_alert_and_plans_the_visit(
    two_months_loaded, rest, client, months
):
    alert = Alert.objects.get()

    [found] = rest.get("/api/v1/alerts/?open=true").json()["results"]
    assert found["id"] == str(alert.pk)
    assert (found["rule"], found["state"], found["money_at_risk"]) == (
        "revenue_drop", "open", "31000.00",
    )  # fmt: skip
    assert found["client"]["code"] == "A001"
    same = rest.get(f"/api/v1/clients/{client.pk}/").json()
    assert (same["name"], same["income"]) == ("Harbour Group", "69000.00")

    contact = rest.post(
        "/api/v1/contacts/",
        data={"client": str(client.pk), "name": "Qian Hua", "mobile": "13912345678"},
    )
    assert contact.status == 201, contact.text()
    starts_at = timezone.now() + timedelta(days=2)
    visit = rest.post(
        "/api/v1/visits/",
        data={
            "client": str(client.pk), "purpose": "retention", "outline": "Ask what changed.",
            "starts_at": starts_at.isoformat(), "place": "1 Harbour Road",
            "task": str(alert.task_id), "contact": contact.json()["id"],
        },
    )  # fmt: skip
    assert visit.status == 201, visit.text()
    assert rest.get(f"/api/v1/alerts/{alert.pk}/").json()["state"] == "visit_planned"


@pytest.mark.rule("CHN-46")
def test_a_corrected_bill_withdraws_the_alert(two_months_loaded, sign_in, client, manager, months):
    alert = Alert.objects.get()
    page = two_months_loaded

    hand_in(page, "corrected.csv", bill(months.current, Decimal(72_000)))
    check(page)
    expect(page.get_by_text("is complete already")).to_be_visible()
    load(page)
    expect(page.get_by_text("Took")).to_be_visible()
    expect(page.get_by_text("¥72,000.00")).to_be_visible()
    expect(page.get_by_text("10 rows loaded earlier")).to_be_visible()

    alert.refresh_from_db()
    assert (alert.state, alert.revision) == (AlertState.WITHDRAWN, Revision.WITHDRAWN)
    desk = sign_in(manager)
    assert figure(desk, "Open alerts") == "0"
    desk.goto(alert.get_absolute_url())
    expect(desk.get_by_text("Withdrawn (revised)")).to_be_visible()
    expect(desk.get_by_text("no longer holds")).to_be_visible()


def test_a_fall_of_exactly_thirty_per_cent_is_silent(sign_in, worker, operations, client, months):
    page = sign_in(operations)

    for month, total in ((months.previous, 100_000), (months.current, 70_000)):
        hand_in(page, f"{month:%Y-%m}.csv", bill(month, Decimal(total)))
        check(page)
        load(page)
        expect(page.get_by_text("Took")).to_be_visible()
        expect(page.get_by_text(f"¥{total:,}.00")).to_be_visible()
        complete(page, month)

    assert not Alert.objects.exists()


def test_an_import_is_cancelled(sign_in, worker, operations, client, months):
    page = sign_in(operations)
    hand_in(page, "current.csv", bill(months.current, Decimal(69_000)))
    check(page)
    worker.hold()
    load(page)

    page.get_by_role("button", name="Cancel the import").click()
    expect(page.get_by_text("Stopping…")).to_be_visible()
    worker.go_on()

    expect(page.get_by_text("Nothing of this file was loaded")).to_be_visible()
    assert BillingImport.objects.get().state == ImportState.CANCELLED
