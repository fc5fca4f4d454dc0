"""Looking at what a line was used for, and the log of who saw whose data."""

from datetime import date
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from accounts.choices import RecordWay
from accounts.exceptions import ReasonMissing
from accounts.models import RecordLook
from accounts.services.record_looks import look_at_records
from staff.choices import Role
from tests.factories.accounts import MemberFactory, NumberRevealFactory
from tests.factories.analytics import BusinessHandlingFactory, DailyUsageFactory, PaymentFactory
from tests.factories.members import RecordLookFactory
from tests.factories.staff import ExportFactory, UserFactory

pytestmark = pytest.mark.django_db
REASON = {"reason": "The client doubts a fee"}
LOGS = ("accounts:reveal_log", "accounts:record_log", "accounts:export_log")


@pytest.fixture
def member(own_client):
    return MemberFactory(client=own_client, msisdn=13_812_345_678)


@pytest.fixture
def url(member):
    """The tab of a line with one record of each kind."""
    PaymentFactory(member=member, serial_number="SERIAL-1")
    BusinessHandlingFactory(member=member, operation_type="改服务方法", place="中心营业厅")
    DailyUsageFactory(member=member, voice_minutes="77.25")
    return reverse("analytics:member_records", args=[member.pk])


SECRETS = ("SERIAL-1", "改服务方法", "77.25")


# Records ----------------------------------------------------------------------------------------


@pytest.mark.rule("SEC-05")
def test_records_are_shown_after_a_reason_and_the_look_registered(url, member, manager, login):
    browser = login(manager)

    asked = browser.get(url).content.decode()
    shown = browser.post(url, {**REASON, "way": "screen"})

    assert not any(secret in asked for secret in SECRETS)
    assert all(secret in shown.content.decode() for secret in SECRETS)
    assert "no-store" in shown.headers["Cache-Control"]
    look = RecordLook.objects.get()
    assert (look.member, look.looked_by, look.way, look.reason) == (
        member, manager, RecordWay.SCREEN, REASON["reason"],
    )  # fmt: skip


@pytest.mark.rule("SEC-05")
@pytest.mark.parametrize("sent", [{}, {"reason": " ", "way": "file"}, {**REASON, "way": "fax"}])
def test_no_records_without_a_reason(sent, url, manager, login):
    response = login(manager).post(url, sent)

    assert response.status_code == 422
    assert not any(secret in response.content.decode() for secret in SECRETS)
    assert not RecordLook.objects.exists()


@pytest.mark.rule("SEC-05")
def test_printing_is_registered_before_paper_shows_anything(url, manager, login):
    browser = login(manager)

    seen = browser.post(url, {**REASON, "way": "screen"}).content.decode()
    printed = browser.post(url, {**REASON, "way": "print"}).content.decode()

    assert '<div class="d-print-none">' in seen  # around the records: paper stays empty
    assert '<div class="d-print-none">' not in printed
    ways = RecordLook.objects.order_by("looked_at").values_list("way", flat=True)
    assert list(ways) == ["screen", "print"]


@pytest.mark.rule("SEC-05", "SEC-10")
def test_the_file_is_registered_and_masked(url, member, manager, login):
    response = login(manager).post(url, {**REASON, "way": "file"})

    content = b"".join(response.streaming_content)
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["What", "Payment", "Business handled", "Usage"]
    assert {row[2] for row in rows[1:]} == {"138****5678"}
    assert "13812345678" not in response.headers["Content-Disposition"]
    assert RecordLook.objects.get().way == RecordWay.FILE


def test_the_service_refuses_without_a_reason(member, manager):
    with pytest.raises(ReasonMissing):
        look_at_records(member=member, way="screen", reason=" ", now=None, by=manager)

    assert not RecordLook.objects.exists()


@pytest.mark.rule("SEC-01")
def test_records_of_somebody_elses_line_are_not_found(foreign_client, manager, login):
    url = reverse("analytics:member_records", args=[MemberFactory(client=foreign_client).pk])

    assert login(manager).post(url, {**REASON, "way": "screen"}).status_code == 404
    assert not RecordLook.objects.exists()


@pytest.mark.rule("SEC-05")
def test_an_agent_sees_the_line_but_no_records(units, login):
    agent = UserFactory(role=Role.AGENT, unit=units.team_1)
    member = MemberFactory(client__owner=agent)
    browser = login(agent)

    assert browser.get(member.get_absolute_url()).status_code == 200
    url = reverse("analytics:member_records", args=[member.pk])
    assert browser.get(url).status_code == 403
    assert browser.post(url, {**REASON, "way": "screen"}).status_code == 403


def test_the_number_of_queries_is_the_same_for_three_records(url, member, manager, login,
                                                             queries_of):  # fmt: skip
    browser = login(manager)
    before = queries_of(browser, url)
    for day in range(1, 3):
        PaymentFactory(member=member, operated_on=date(2026, 5, day))

    assert queries_of(browser, url) == before


# Log --------------------------------------------------------------------------------------------


@pytest.mark.rule("P34", "P35", "SEC-05", "SEC-08")
def test_a_supervisor_reads_who_saw_what_and_why(
    own_client, foreign_client, manager, outsider, supervisor, login
):
    line = MemberFactory(client=own_client, msisdn=13_812_345_678)
    NumberRevealFactory(member=line, revealed_by=manager, reason="Call back")
    RecordLookFactory(member=line, looked_by=manager, reason="Doubts a fee")
    ExportFactory(owner=manager, list_name="accounts:member_list", query="tier=gold")
    foreign = MemberFactory(client=foreign_client)
    NumberRevealFactory(member=foreign, revealed_by=outsider, reason="Foreign reason")
    RecordLookFactory(member=foreign, looked_by=outsider, reason="Foreign reason")
    ExportFactory(owner=outsider, reason="Foreign reason")
    browser = login(supervisor)

    numbers, records, exports = (browser.get(reverse(log)).content.decode() for log in LOGS)

    for html, what in ((numbers, "Call back"), (records, "Doubts a fee"), (exports, "tier=gold")):
        assert what in html
        assert "Ma Li" in html
        assert "Foreign" not in html
        assert "Ouyang Fei" not in html
        assert "13812345678" not in html


@pytest.mark.rule("P34")
@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("person", ["manager", "representative"])
def test_the_log_is_for_who_answers_for_a_unit(log, person, request, login):
    assert login(request.getfixturevalue(person)).get(reverse(log)).status_code == 403


@pytest.mark.parametrize(
    ("log", "make"), [(LOGS[0], NumberRevealFactory), (LOGS[1], RecordLookFactory)]
)
def test_the_log_is_filtered(log, make, own_client, manager, peer, supervisor, login):
    who = {LOGS[0]: "revealed_by", LOGS[1]: "looked_by"}[log]
    mine, theirs = (make(member__client=own_client, **{who: person}) for person in (manager, peer))
    browser = login(supervisor)

    def found(query):
        return set(browser.get(f"{reverse(log)}?{query}").context_data["page"].rows)

    assert found(f"who={manager.pk}") == {mine}
    assert found("since=2026-07-06") == {mine, theirs}
    assert found("since=2026-07-07") == set()


@pytest.mark.rule("P34")
@pytest.mark.parametrize(
    "write", [lambda rows: rows.update(reason="Nicer"), lambda rows: rows.delete()]
)
def test_the_trace_of_a_look_cannot_be_changed(write, member):
    look = RecordLookFactory(member=member)

    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        write(RecordLook.objects.filter(pk=look.pk))
