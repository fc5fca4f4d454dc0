"""A bill that is like none before: recognised, corrected, tried, loaded, and its rest loaded too."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.choices import MemberStatus
from accounts.models import Client
from analytics.facts import month_before
from analytics.models import ColumnMapping, MemberBill
from staff.models import User
from tests.e2e.conftest import PHONE, Worker
from tests.e2e.test_wf1 import check, hand_in, load, overflow
from tests.factories.accounts import ClientFactory

pytestmark = pytest.mark.rule("P13")
HEADER = (
    "序号",
    "所属集团编号",
    "联系号码",
    "用户的手机号码",
    "用户状态名称",
    "账务月份",
    "本月合计",
)
ROWS = 40
BAD = {5: "十元", 9: "1.234", 21: "?"}  # row -> what stands in its sum


@pytest.fixture
def month() -> date:
    return month_before(timezone.localdate().replace(day=1))


@pytest.fixture
def client(manager: User) -> Client:
    return ClientFactory(code="A001", name="Harbour Group", owner=manager)


def odd_bill(month: date) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(HEADER)
    for n in range(1, ROWS + 1):
        status = "在网" if n % 4 else "拆机"
        writer.writerow([
            n, "A001", "13999999999", 13_800_000_000 + n, status, f"{month:%Y年%m月}",
            BAD.get(n, f"{n}.50"),
        ])  # fmt: skip
    return stream.getvalue().encode("gb18030")


def choose(page: Page, header: str, column: str) -> None:
    """What a column of the file is; the page may then ask about other words."""
    with page.expect_response("**/columns/"):
        page.get_by_label(header, exact=True).first.select_option(column)


def corrected(path: Path, into: Path) -> None:
    """The quarantine file with good sums, saved by a spreadsheet."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    place = rows[0].index("本月合计")
    for row in rows[1:]:
        row[place] = "8.00"
    with into.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def test_an_unknown_bill_finds_its_way_in(
    sign_in: Callable[..., Page],
    worker: Worker,
    operations: User,
    client: Client,
    month: date,
    tmp_path: Path,
) -> None:
    page = sign_in(operations)
    hand_in(page, "十月账单.csv", odd_bill(month))

    # Recognised, and guessed what its names do not say.
    expect(page.get_by_text("About 40 rows, gb18030")).to_be_visible()
    expect(page.get_by_text("separated by semicolons")).to_be_visible()
    expect(page.get_by_label("所属集团编号")).to_have_value("client_code")
    expect(page.get_by_label("用户的手机号码")).to_have_value("msisdn")
    expect(page.get_by_label("账务月份")).to_have_value("period")
    expect(page.get_by_label("本月合计")).to_have_value("total")
    expect(page.get_by_text("guessed").first).to_be_visible()
    expect(page.get_by_text("138****0001")).to_be_visible()

    # Without a required column it says so; corrected, it asks about the words.
    choose(page, "用户状态名称", "")
    expect(page.get_by_text("they are required")).to_be_visible()
    expect(page.get_by_text("Words we do not know")).to_have_count(0)
    choose(page, "用户状态名称", "status")
    expect(page.get_by_text("Words we do not know")).to_be_visible()
    page.get_by_label("在网", exact=True).select_option("active")
    page.get_by_label("拆机", exact=True).select_option("churned")
    page.screenshot(path=tmp_path / "columns.png", full_page=True)

    # The dry run shows what is wrong and writes nothing.
    check(page)
    expect(page.get_by_text("3 of 40 rows (7 %) would be quarantined.")).to_be_visible()
    expect(page.get_by_text("十元").first).to_be_visible()
    assert not MemberBill.objects.exists()
    page.screenshot(path=tmp_path / "preview.png", full_page=True)
    load(page)
    expect(page.get_by_text("Download the quarantined rows")).to_be_visible(timeout=30_000)
    assert MemberBill.objects.count() == ROWS - len(BAD)
    churned = MemberBill.objects.filter(status=MemberStatus.CHURNED)
    assert churned.count() == ROWS // 4

    # The rest, corrected: nothing is asked again.
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the quarantined rows").click()
    download.value.save_as(tmp_path / "quarantine.csv")
    corrected(tmp_path / "quarantine.csv", tmp_path / "corrected.csv")
    hand_in(page, "corrected.csv", (tmp_path / "corrected.csv").read_bytes())
    expect(page.get_by_text("confirmed on")).to_be_visible()
    expect(page.get_by_label("在网", exact=True)).to_have_value("active")
    check(page)
    expect(page.get_by_role("button", name="Load 3 rows")).to_be_visible()
    load(page)
    expect(page.get_by_text("Took")).to_be_visible(timeout=30_000)

    assert MemberBill.objects.count() == ROWS
    good = sum(n * 100 + 50 for n in range(1, ROWS + 1) if n not in BAD)
    assert sum(MemberBill.objects.values_list("total", flat=True)) == good + 800 * len(BAD)
    assert ColumnMapping.objects.get().updated_by == operations


def test_the_wizard_fits_a_phone(sign_in, worker, operations, client, month, tmp_path):
    page = sign_in(operations, viewport=PHONE, has_touch=True, is_mobile=True)
    hand_in(page, "bill.csv", odd_bill(month))

    expect(page.get_by_label("所属集团编号")).to_be_visible()
    assert overflow(page) == 0
    page.screenshot(path=tmp_path / "columns-phone.png", full_page=True)
    check(page)
    assert overflow(page) == 0
    page.screenshot(path=tmp_path / "preview-phone.png", full_page=True)


def test_the_wizard_works_without_scripts(sign_in, worker, operations, client, month):
    page = sign_in(operations, java_script_enabled=False)
    hand_in(page, "bill.csv", odd_bill(month))
    page.wait_for_timeout(1500)
    while "columns" not in page.url:
        page.reload()
    page.get_by_label("在网", exact=True).select_option("active")
    page.get_by_role("button", name="Check the file").click()
    while "preview" not in page.url:
        page.wait_for_timeout(500)
        page.reload()

    load(page)

    page.wait_for_timeout(1500)
    expect(page.get_by_role("heading", name="bill.csv")).to_be_visible()
