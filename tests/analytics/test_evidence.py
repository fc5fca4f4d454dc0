"""What stands behind an alert: the right amounts, all files, and how many members."""

from datetime import date
from decimal import Decimal

import pytest

from analytics.choices import RuleCode
from analytics.selectors.evidence import MEMBERS_SHOWN, evidence_of
from tests.factories.analytics import AlertFactory, BillingImportFactory, add_member_bill

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P20")]
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def test_arrears_are_shown_as_arrears_the_biggest_first(own_client):
    reading = AlertFactory(client=own_client, rule=RuleCode.ARREARS).readings.get()
    for n, (before, now) in enumerate([(0, 500), (700, 9000), (100, 0)]):
        for month, arrears in ((MAY, before), (JUNE, now)):
            add_member_bill(
                period=month, msisdn=13_800_000_001 + n, client=own_client, total=n, arrears=arrears
            )

    evidence = evidence_of(reading)

    assert [(m.masked_number, m.previous, m.current) for m in evidence.members] == [
        ("138****0002", Decimal(7), Decimal(90)),
        ("138****0001", Decimal(0), Decimal(5)),
    ]
    assert (evidence.member_count, evidence.is_about_arrears) == (2, True)


def test_members_and_files_beyond_those_shown_are_counted(own_client, manager, login):
    alert = AlertFactory(client=own_client)
    first, last = BillingImportFactory.create_batch(2)
    for n in range(MEMBERS_SHOWN + 5):
        add_member_bill(
            period=MAY, msisdn=13_800_000_001 + n, client=own_client, total=1000 - n,
            import_number=(first if n < MEMBERS_SHOWN else last).number,
        )  # fmt: skip

    evidence = evidence_of(alert.readings.get())

    assert (len(evidence.members), evidence.member_count) == (MEMBERS_SHOWN, MEMBERS_SHOWN + 5)
    assert evidence.imports == [first, last]
    assert "20 of 25 shown" in login(manager).get(alert.get_absolute_url()).content.decode()
