"""The page of the settings: form, preview, history, taking back."""

from decimal import Decimal

import pytest
from django.urls import reverse

from analytics.models import RuleVersion
from staff.choices import Role
from tests.factories.accounts import ClientFactory
from tests.factories.analytics import (
    MONTH,
    BillingPeriodFactory,
    ClientMonthFactory,
    RuleVersionFactory,
)
from tests.factories.staff import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CHN-01")]
CHANGE = reverse("analytics:rule_change", args=["revenue_drop"])
REMOVE = reverse("analytics:rule_remove", args=["revenue_drop"])
LIST = reverse("analytics:rule_list")


@pytest.fixture
def browser(units, login):
    return login(UserFactory(role=Role.OPERATIONS, unit=units.province, full_name="Tao Qi"))


def sent(**more):
    return {
        "client_class": "",
        "unit": "",
        "is_enabled": "on",
        "is_strict": "true",
        "percent": "40",
        "minimum": "0",
        "due_working_days": "5",
        "reason": "Too many alerts.",
    } | more


def test_the_form_shows_what_is_in_force(browser, units):
    RuleVersionFactory(unit=units.city_1, percent=Decimal("12.50"))

    html = browser.get(f"{CHANGE}?unit=C1").content.decode()

    assert 'value="12.5"' in html
    assert '<option value="C1" selected>' in html


def test_preview_says_what_would_have_been(browser, units):
    BillingPeriodFactory(month=MONTH, complete=True)
    client = ClientFactory(unit=units.team_1, name="Slipping Ltd")
    ClientMonthFactory(client=client, income=Decimal(650))

    html = browser.post(CHANGE, sent(preview="1", reason="")).content.decode()

    assert "With these settings 2026-06 would have raised 0 alerts instead of 1." in html
    assert f'<a href="{client.get_absolute_url()}">Slipping Ltd</a>' in html
    assert RuleVersion.objects.count() == 4


def test_preview_without_any_month(browser):
    html = browser.post(CHANGE, sent(preview="1")).content.decode()

    assert "There is no complete month to try it on." in html


def test_saving_makes_a_version_and_shows_it(browser):
    response = browser.post(CHANGE, sent(save="1"))

    assert response.headers["Location"] == LIST
    assert "&gt; 40 %" in browser.get(LIST).content.decode()
    history = browser.get(CHANGE).content.decode()
    for text in ("Too many alerts.", "Tao Qi", "&gt; 30 %"):
        assert text in history


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": "-1"}, {"percent": ""}, {"minimum": "-0.01"}, {"due_working_days": "0"},
        {"unit": "NOWHERE"}, {"client_class": "Z"}, {"reason": ""}, {"is_strict": "perhaps"},
    ],
)  # fmt: skip
def test_a_wrong_form_saves_nothing(browser, wrong):
    response = browser.post(CHANGE, sent(save="1", **wrong))

    assert response.status_code == 422
    assert RuleVersion.objects.count() == 4


@pytest.mark.rule("P5")
def test_below_the_province_the_own_units_only(operations, login, units):
    browser = login(operations)

    assert browser.post(CHANGE, sent(save="1")).status_code == 422
    assert browser.post(CHANGE, sent(save="1", unit="C2")).status_code == 422
    assert RuleVersion.objects.count() == 4
    assert browser.post(CHANGE, sent(save="1", unit="T1")).status_code == 302
    assert RuleVersion.objects.get(unit=units.team_1).percent == 40
    html = browser.get(LIST).content.decode()
    assert "Set for my unit" in html
    assert f"{CHANGE}?client_class=&amp;unit=T1" in html
    assert f'{CHANGE}?client_class=&amp;unit="' not in html


@pytest.mark.rule("P5")
@pytest.mark.parametrize("person", ["manager", "supervisor", "province"])
def test_others_only_look(person, request, login):
    browser = login(request.getfixturevalue(person))

    assert browser.get(CHANGE).status_code == 403
    assert browser.post(CHANGE, sent(save="1")).status_code == 403
    html = browser.get(LIST).content.decode()
    assert "&gt; 30 %" in html
    assert CHANGE not in html


def test_a_setting_is_taken_back(browser, units):
    RuleVersionFactory(unit=units.city_1, client_class="A", percent=Decimal(12))
    url = f"{REMOVE}?unit=C1&client_class=A"

    asked = browser.get(url).content.decode()
    without = browser.post(url, {"reason": ""})
    done = browser.post(url, {"reason": "Trial over."})

    assert "City 1 A" in asked
    assert without.status_code == 422
    assert done.headers["Location"] == LIST
    assert "City 1" not in browser.get(LIST).content.decode()
    assert "back to the wider setting" in browser.get(CHANGE).content.decode()


def test_what_is_not_set_cannot_be_taken_back(browser, operations, login, units):
    assert browser.get(f"{REMOVE}?unit=C1").status_code == 404
    assert browser.get(f"{REMOVE}?unit=NOWHERE").status_code == 404
    RuleVersionFactory(unit=units.city_2)
    assert login(operations).get(f"{REMOVE}?unit=C2").status_code == 404
    assert login(operations).get(REMOVE).status_code == 403


def test_an_unknown_rule_is_not_there(browser):
    assert browser.get(reverse("analytics:rule_change", args=["other"])).status_code == 404
    assert browser.get(reverse("analytics:rule_remove", args=["other"])).status_code == 404


def test_the_list_takes_the_same_queries_for_many_settings(browser, units, queries_of):
    RuleVersionFactory(unit=units.city_1)
    for_one = queries_of(browser, LIST)
    for unit in (units.city_2, units.team_1, units.team_2):
        RuleVersionFactory(unit=unit)

    assert queries_of(browser, LIST) == for_one
