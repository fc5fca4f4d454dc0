"""Solar and lunar birthdays: when they come round, and that the stored date keeps up."""

from datetime import date, timedelta

import pytest

from accounts.filters import ContactFilter
from accounts.models import Contact
from accounts.services import contacts
from crm.lib.birthdays import Birthday, is_possible
from tests.factories.accounts import TODAY, ContactFactory

pytestmark = pytest.mark.rule("CON-20")
# Days that the almanac gives: New Year 2026 is 17 February, New Year's Eve of that year the 16th.
LUNAR_NEW_YEAR = date(2026, 2, 17)


@pytest.mark.parametrize(
    ("birthday", "today", "coming"),
    [
        (Birthday(8, 15), date(2026, 8, 15), date(2026, 8, 15)),
        (Birthday(8, 15), date(2026, 8, 16), date(2027, 8, 15)),
        (Birthday(2, 29), date(2028, 1, 1), date(2028, 2, 29)),
        (Birthday(2, 29), date(2026, 1, 1), date(2026, 2, 28)),
        (Birthday(2, 29), date(2026, 3, 1), date(2027, 2, 28)),
        # The first day of the lunar year, seen from before and after.
        (Birthday(1, 1, is_lunar=True), date(2026, 1, 5), LUNAR_NEW_YEAR),
        (Birthday(1, 1, is_lunar=True), date(2026, 2, 18), date(2027, 2, 6)),
        # The twelfth month of the old lunar year lies in the new solar one.
        (Birthday(12, 8, is_lunar=True), date(2026, 1, 1), date(2026, 1, 26)),
        # Month 12 has 30 days in lunar 2023 and 29 in lunar 2025.
        (Birthday(12, 30, is_lunar=True), date(2024, 1, 1), date(2024, 2, 9)),
        (Birthday(12, 30, is_lunar=True), date(2026, 1, 1), date(2026, 2, 16)),
        # 2025 has a second sixth month; in other years the ordinary one is kept.
        (Birthday(6, 15, is_lunar=True), date(2025, 6, 1), date(2025, 7, 9)),
        (Birthday(6, 15, is_lunar=True, is_leap_month=True), date(2025, 6, 1), date(2025, 8, 8)),
        (Birthday(6, 15, is_lunar=True, is_leap_month=True), date(2026, 6, 1), date(2026, 7, 28)),
    ],
)
def test_the_next_birthday(birthday, today, coming):
    assert birthday.next_from(today) == coming


def test_a_lunar_birthday_comes_at_least_once_in_385_days_of_every_year():
    for month in range(1, 13):
        for day in (1, 29, 30):
            today = date(2026, 1, 1)
            while today.year < 2046:
                coming = Birthday(month, day, is_lunar=True).next_from(today)
                assert today <= coming <= today + timedelta(days=385)
                today = coming + timedelta(days=1)


def test_beyond_the_lunar_tables_there_is_no_date_and_no_error():
    assert Birthday(1, 1, is_lunar=True).next_from(date(2101, 1, 1)) is None


@pytest.mark.parametrize(
    ("month", "day", "year", "is_lunar", "possible"),
    [
        (4, 30, None, False, True),
        (4, 31, None, False, False),
        (2, 29, None, False, True),
        (2, 29, 2023, False, False),
        (4, 30, None, True, True),
        (4, 31, None, True, False),
        (13, 1, None, True, False),
    ],
)
def test_days_that_do_not_exist(month, day, year, is_lunar, possible):
    assert is_possible(month=month, day=day, year=year, is_lunar=is_lunar) is possible


@pytest.mark.django_db
def test_the_date_is_stored_with_the_contact(own_client, manager):
    contact = contacts.create_contact(
        client=own_client, name="王芳", birth_month=8, birth_day=15, today=TODAY, by=manager
    )
    assert contact.next_birthday == date(2026, 8, 15)

    changed = contacts.update_contact(
        contact=contact, is_lunar_birthday=True, today=TODAY, by=manager
    )

    assert changed.next_birthday == date(2026, 9, 25)  # the Mid-Autumn Festival


@pytest.mark.django_db
def test_birthdays_that_are_over_move_on_and_others_stay(own_client):
    over = ContactFactory(client=own_client, birth_month=7, birth_day=7)
    coming = ContactFactory(client=own_client, birth_month=7, birth_day=9)
    unknown = ContactFactory(client=own_client, birth_month=7, birth_day=20)
    Contact.objects.filter(pk=unknown.pk).update(next_birthday=None)  # from before it was stored
    ContactFactory(client=own_client)

    moved = contacts.refresh_birthdays(today=date(2026, 7, 8), by=None)

    days = dict(Contact.objects.values_list("pk", "next_birthday"))
    assert moved == 2
    assert (days[over.pk], days[coming.pk], days[unknown.pk]) == (
        date(2027, 7, 7), date(2026, 7, 9), date(2026, 7, 20),
    )  # fmt: skip
    assert contacts.refresh_birthdays(today=date(2026, 7, 8), by=None) == 0


@pytest.mark.django_db
def test_the_daily_job_takes_as_many_queries_for_ten_as_for_one(
    own_client, django_assert_max_num_queries
):
    for day in range(1, 11):
        ContactFactory(client=own_client, birth_month=7, birth_day=5 + day)

    with django_assert_max_num_queries(10):
        assert contacts.refresh_birthdays(today=date(2026, 7, 30), by=None) == 10


@pytest.mark.django_db
def test_birthdays_of_the_next_days_are_found_by_the_stored_date(own_client, time_machine):
    time_machine.move_to("2026-07-06T04:00Z")
    today = ContactFactory(client=own_client, name="today", birth_month=7, birth_day=6)
    last = ContactFactory(client=own_client, name="last", birth_month=7, birth_day=13)
    ContactFactory(client=own_client, name="later", birth_month=7, birth_day=14)
    ContactFactory(client=own_client, name="gone", birth_month=7, birth_day=8, is_active=False)

    found = ContactFilter({"birthday_within": "7"}, Contact.objects.all()).qs

    assert set(found) == {today, last}


@pytest.mark.parametrize(
    ("today", "age"),
    [(date(2026, 8, 14), 50), (date(2026, 8, 15), 51), (date(2026, 8, 16), 51)],
)
@pytest.mark.rule("ARC-F28")
def test_age_counts_whole_years(today, age):
    born = ContactFactory.build(client=None, birth_year=1975, birth_month=8, birth_day=15)

    assert born.age(today) == age
    assert ContactFactory.build(client=None).age(today) is None
