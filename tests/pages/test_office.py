"""Policy texts, loans, duty, and what happens to idle sessions."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from staff import tasks
from staff.exceptions import LoanReturned, OutOfReach
from staff.models import Acknowledgement, DutyShift, Loan, Notification, PolicyVersion, User
from staff.selectors.duty import on_duty
from staff.selectors.policies import current_policy
from staff.services import duty, loans, policies
from tests.factories.staff import DutyShiftFactory, LoanFactory, PolicyVersionFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 8, tzinfo=UTC)
TODAY = date(2026, 7, 6)
ACCEPT = "/policies/accept/"


def publish(by, kind="confidentiality"):
    return policies.publish_policy(
        kind=kind, body_en="Keep quiet.", body_zh="保持缄默。", now=NOW, by=by
    )


# Policy texts -----------------------------------------------------------------------------------


@pytest.mark.rule("SEC-07", "SEC-06")
def test_the_first_thing_is_to_accept_confidentiality(units, login):
    newcomer = UserFactory(unit=units.team_1, must_acknowledge=True)
    browser = login(newcomer)
    policy = current_policy("confidentiality")

    for address in ("/", "/clients/", "/tasks/"):
        assert browser.get(address).headers["Location"] == ACCEPT
    assert browser.get("/api/v1/clients/").status_code == 403
    assert "belongs to our clients" in browser.get(ACCEPT).content.decode()
    browser.post(ACCEPT, {"policy": str(policy.pk)})

    assert browser.get("/clients/").status_code == 200
    assert Acknowledgement.objects.get().policy == policy
    assert Acknowledgement.objects.get().person == newcomer


@pytest.mark.rule("SEC-07")
def test_a_new_version_has_to_be_accepted_again(manager, province, login):
    old = current_policy("confidentiality")
    browser = login(manager)
    assert browser.get("/clients/").status_code == 200

    new = publish(province)

    assert browser.get("/clients/").headers["Location"] == ACCEPT
    for stale in (str(old.pk), "x", ""):
        browser.post(ACCEPT, {"policy": stale})
        assert browser.get("/clients/").status_code == 302
    browser.post(ACCEPT, {"policy": str(new.pk)})
    assert browser.get("/clients/").status_code == 200
    assert new.version == old.version + 1


@pytest.mark.rule("ORG-01", "SEC-07")
def test_only_the_owner_of_the_norms_edits_them(province, operations, supervisor, login):
    page = reverse("staff:policy_edit", args=["norms"])
    sent = {"body_en": "Serve well.", "body_zh": "服务为本。"}

    for person in (operations, supervisor):
        assert login(person).post(page, sent).status_code == 403
    login(province).post(page, sent)

    newest = current_policy("norms")
    assert (newest.version, newest.body_en, newest.published_by) == (2, "Serve well.", province)
    assert "Serve well." in login(supervisor).get("/policies/").content.decode()
    assert PolicyVersion.objects.filter(kind="norms").count() == 2
    assert login(province).get("/policies/x/edit/").status_code == 404
    assert login(province).post(page, {"body_en": ""}).status_code == 422


def test_norms_stop_nobody(manager, province, login):
    publish(province, kind="norms")

    assert login(manager).get("/clients/").status_code == 200


def test_a_text_speaks_the_readers_language(manager, login):
    User.objects.filter(pk=manager.pk).update(language="zh-hans")

    assert "属于客户和公司" in login(manager).get("/policies/").content.decode()


# Idle sessions ----------------------------------------------------------------------------------


@pytest.mark.rule("SEC-04")
@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 302)])
def test_an_idle_session_ends(manager, login, settings, minutes, status):
    settings.SESSION_IDLE_MINUTES = 60
    with time_machine.travel(NOW, tick=False) as clock:
        browser = login(manager)
        assert browser.get("/clients/").status_code == 200
        clock.shift(timedelta(minutes=minutes))
        assert browser.get("/clients/").status_code == status


@pytest.mark.rule("SEC-04")
def test_work_keeps_a_session_open(manager, login, settings):
    settings.SESSION_IDLE_MINUTES = 60
    with time_machine.travel(NOW, tick=False) as clock:
        browser = login(manager)
        for _ in range(4):
            assert browser.get("/clients/").status_code == 200
            clock.shift(timedelta(minutes=40))


@pytest.mark.rule("SEC-04")
def test_the_idle_limit_can_be_switched_off(manager, login, settings):
    settings.SESSION_IDLE_MINUTES = 0
    with time_machine.travel(NOW, tick=False) as clock:
        browser = login(manager)
        browser.get("/clients/")
        clock.shift(timedelta(hours=5))
        assert browser.get("/clients/").status_code == 200


# Loans ------------------------------------------------------------------------------------------


@pytest.mark.rule("SEC-14")
def test_something_is_lent_and_comes_back(manager, supervisor, login):
    browser = login(supervisor)
    sent = {
        "person": manager.pk, "kind": "phone", "item": "Demo phone X", "lent_on": "2026-07-01",
        "due_on": "2026-07-10",
    }  # fmt: skip
    assert browser.post("/loans/new/", sent | {"due_on": "2026-06-01"}).status_code == 422
    browser.post("/loans/new/", sent)
    loan = Loan.objects.get()
    back = reverse("staff:loan_return", args=[loan.pk])
    assert "Demo phone X" in login(manager).get("/loans/").content.decode()
    assert login(manager).post(back).status_code == 403

    browser.post(back)

    loan.refresh_from_db()
    assert loan.returned_on == timezone.localdate()
    assert loan.events.count() == 2
    with pytest.raises(LoanReturned):
        loans.take_item_back(loan=loan, today=TODAY, by=supervisor)


@pytest.mark.rule("SEC-14", "P1")
def test_loans_are_seen_by_borrower_and_unit(manager, peer, outsider, supervisor, login):
    LoanFactory(person=manager, item="Ours")
    LoanFactory(person=outsider, item="Theirs")

    html = login(supervisor).get("/loans/").content.decode()
    assert "Ours" in html
    assert "Theirs" not in html
    assert "Ours" not in login(peer).get("/loans/").content.decode()
    with pytest.raises(OutOfReach):
        loans.lend_item(
            person=outsider, kind="phone", item="x", lent_on=TODAY, due_on=TODAY, by=supervisor
        )


@pytest.mark.rule("SEC-14")
def test_overdue_loans_are_listed(manager, supervisor, login):
    today = timezone.localdate()
    late = LoanFactory(person=manager, due_on=today - timedelta(days=1), lent_on=date(2026, 1, 1))
    fine = LoanFactory(person=manager, due_on=today, lent_on=date(2026, 1, 1))
    back = LoanFactory(person=manager, returned_on=date(2026, 7, 20))
    browser = login(supervisor)

    def found(query):
        return set(browser.get(f"/loans/?{query}").context["table"].data)

    assert found("overdue=true") == {late}
    assert found("overdue=false") == {fine, back}
    assert found("out=true") == {late, fine}
    assert found("q=ma+li") == {late, fine, back}
    assert "overdue" in browser.get("/loans/").content.decode()


@pytest.mark.rule("SEC-14")
def test_borrowers_are_reminded_once_a_day(manager):
    LoanFactory(person=manager)
    LoanFactory(person=manager, due_on=TODAY + timedelta(days=9))

    for day in (date(2026, 7, 11), date(2026, 7, 11), date(2026, 7, 12)):
        assert loans.remind_of_overdue_loans(today=day, by=None) == 1

    told = Notification.objects.filter(recipient=manager, kind="loan-overdue")
    assert told.count() == 2
    assert str(told[0]) == "Please return Demo phone; it was due on 2026-07-10"
    tasks.remind_overdue_loans_task()  # today both are overdue
    assert told.count() == 4


def test_lists_take_the_same_queries_for_three_rows(manager, supervisor, login, queries_of):
    browser = login(supervisor)
    LoanFactory(person=manager)
    DutyShiftFactory(person=supervisor)
    for_one = queries_of(browser, "/loans/"), queries_of(browser, "/duty/")
    LoanFactory.create_batch(2, person=manager)
    DutyShiftFactory.create_batch(2, person=supervisor)

    assert (queries_of(browser, "/loans/"), queries_of(browser, "/duty/")) == for_one


# Duty -------------------------------------------------------------------------------------------


@pytest.mark.rule("ORG-28")
def test_who_is_on_duty_is_the_nearest_above(units, supervisor, province):
    boss = UserFactory(role="supervisor", unit=units.province)
    DutyShiftFactory(person=boss)
    now = timezone.now()
    assert on_duty(units.team_1, now) == [boss]

    near = DutyShiftFactory(person=supervisor)

    assert on_duty(units.team_1, now) == [supervisor]
    assert on_duty(units.team_2, now) == [boss]
    assert on_duty(units.team_1, near.ends_at) == []
    assert on_duty(units.team_1, near.starts_at - timedelta(seconds=1)) == []
    User.objects.filter(pk=supervisor.pk).update(is_active=False)
    assert on_duty(units.team_1, now) == [boss]


@pytest.mark.rule("ORG-28")
def test_everybody_below_sees_the_roster(manager, outsider, supervisor, login):
    DutyShiftFactory(person=supervisor)

    assert supervisor.full_name in login(manager).get("/duty/").content.decode()
    assert supervisor.full_name not in login(outsider).get("/duty/").content.decode()


@pytest.mark.rule("ORG-28")
def test_a_shift_is_entered_and_removed(units, supervisor, operations, login):
    browser = login(operations)
    sent = {
        "unit": units.city_1.pk, "person": supervisor.pk,
        "starts_at": "2099-07-06T08:00", "ends_at": "2099-07-06T20:00",
    }  # fmt: skip
    assert browser.post("/duty/new/", sent | {"ends_at": "2099-07-06T07:00"}).status_code == 422
    browser.post("/duty/new/", sent)
    shift = DutyShift.objects.get()
    assert shift.person.full_name in browser.get("/duty/").content.decode()

    browser.post(reverse("staff:duty_remove", args=[shift.pk]))

    assert not DutyShift.objects.exists()


def test_duty_outside_ones_units_is_refused(units, supervisor, outsider):
    with pytest.raises(OutOfReach):
        duty.add_shift(
            unit=units.city_2, person=supervisor, starts_at=NOW, ends_at=NOW, by=supervisor
        )
    with pytest.raises(ValidationError):
        duty.add_shift(
            unit=units.city_1, person=supervisor, starts_at=NOW, ends_at=NOW, by=supervisor
        )


def test_versions_are_counted_by_kind(province):
    PolicyVersionFactory(kind="norms", version=41)

    assert publish(province, kind="norms").version == 42
    assert publish(province).version == 2
