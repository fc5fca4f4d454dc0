"""Voices, improvements, reports and files of the demo company."""

from datetime import UTC, datetime

import pytest

from accounts.choices import ImprovementState, ReportKind, ReportState
from accounts.models import ClientFile, ClientVoice, Improvement, Report
from analytics.demo.papers import FILES, VOICES, make_papers
from tests.factories.accounts import ClientFactory

pytestmark = pytest.mark.django_db


def test_a_few_of_each(manager, supervisor, units):
    ClientFactory.create_batch(len(VOICES) + 1, owner=manager)
    ClientFactory(owner=None, unit=units.team_1)

    make_papers(now=datetime(2026, 7, 20, 2, tzinfo=UTC))

    assert {voice.recorded_by for voice in ClientVoice.objects.all()} == {manager}
    assert len({voice.client_id for voice in ClientVoice.objects.all()}) == len(VOICES) == 5
    states = Improvement.objects.order_by("state").values_list("state", flat=True)
    assert list(states) == [ImprovementState.OPEN, ImprovementState.TAKEN_UP]
    found = {(report.kind, report.state) for report in Report.objects.all()}
    assert found == {
        (ReportKind.URGENT, ReportState.DRAFT),
        (ReportKind.URGENT, ReportState.SUBMITTED),
        (ReportKind.MARKET_MONTH, ReportState.DRAFT),
    }
    assert not Report.objects.overdue(datetime(2026, 7, 20, 2, tzinfo=UTC)).filter(
        kind=ReportKind.URGENT
    )
    assert ClientFile.objects.count() == 2 * len(FILES)
    assert {row.kind for row in ClientFile.objects.all()} == {kind for kind, *_ in FILES}


def test_a_company_without_clients_gets_none(supervisor):
    make_papers(now=datetime(2026, 7, 20, 2, tzinfo=UTC))

    assert not ClientVoice.objects.exists()
    assert not ClientFile.objects.exists()
