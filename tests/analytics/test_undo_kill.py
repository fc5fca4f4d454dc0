"""An undo in a process of its own: killed at any moment and run again, it comes out right."""

import random
import time

import pytest
from django.utils import timezone

from analytics.choices import ImportState
from analytics.models import BillingImport
from analytics.services import resuming, undo
from crm.celery import app
from staff.choices import Role
from tests.analytics.billing_files import load_month
from tests.analytics.test_import_kill import (
    RUN,
    Worker,
    month_text,
    sum_of_may,
    tables,
    wait_until_its_connection_is_gone,
)
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
UNDO = RUN.replace("import imports", "import undo").replace("imports.run_import", "undo.run_undo")


def in_force() -> dict[str, list]:
    """Without what is only history: alerts withdrawn and their tasks."""
    found = tables()
    del found["tasks"]
    found["readings"] = [reading for reading in found["readings"] if reading[3]]
    found["alerts"] = [alert[:2] for alert in found["alerts"] if alert[2] == "open"]
    return found


@pytest.fixture
def corrected() -> tuple[BillingImport, dict]:
    """May was loaded and then corrected; the undo of the correction is ordered."""
    load_month(month_text("2026-04", seed=1))
    load_month(month_text("2026-05", seed=2))
    before = in_force()
    done = load_month(month_text("2026-05", seed=3), now=timezone.now())
    person = UserFactory(role=Role.OPERATIONS)
    return undo.request_undo(billing_import=done, now=timezone.now(), by=person), before


@pytest.mark.rule("P12")
@pytest.mark.rule("P9")
def test_undo_killed_at_any_moment_and_run_again_gives_the_tables_before(corrected):
    ordered, before = corrected
    loaded = in_force()
    assert loaded != before
    luck = random.Random(12)  # noqa: S311
    workers = [Worker(ordered, UNDO) for _ in range(5)]

    for worker in workers:
        worker.start()
        time.sleep(luck.uniform(0, 1))
        worker.kill()
        wait_until_its_connection_is_gone(ordered)
        ordered.refresh_from_db()
        assert ordered.state in (ImportState.UNDOING, ImportState.UNDONE)
        assert in_force() == (before if ordered.state == ImportState.UNDONE else loaded)

    assert undo.run_undo(ordered, now=timezone.now()).state == ImportState.UNDONE
    assert in_force() == before


@pytest.mark.rule("P12")
def test_killed_undo_is_taken_up_and_readers_see_one_of_the_two(corrected):
    ordered, before = corrected
    sums, seen = {sum_of_may()}, []
    with app.connection_for_write() as broker, broker.SimpleQueue("billing") as queue:
        queue.clear()
        left = resuming.resume_imports(now=timezone.now())
        message = queue.get(timeout=5)
        message.ack()
    worker = Worker(ordered, UNDO)
    worker.start()

    while worker.is_running:
        seen.append(sum_of_may())
    worker.wait()
    sums.add(sum_of_may())

    assert (left, message.payload[0]) == ([ordered], [str(ordered.pk)])
    assert message.headers["task"] == "analytics.tasks.undo_import_task"
    assert len(sums) == 2
    assert set(seen) <= sums
    assert in_force() == before
