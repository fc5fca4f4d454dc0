"""Real processes: killed at any moment and run again, or two at once; the tables come out right."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from accounts.models import Client, Member
from analytics.choices import ImportState
from analytics.models import (
    Alert,
    AlertReading,
    BillingImport,
    BillingPeriod,
    ClientMonth,
    MemberBill,
)
from analytics.services import imports, resuming
from crm.celery import app
from staff.models import Task
from tests.analytics.billing_files import csv_text, hand_in, load_month, problems, row
from tests.conftest import drop_bill_tables

pytestmark = pytest.mark.django_db(transaction=True)
MEMBERS = 20_000
KILLS = 12
CLIENTS = 60


def month_text(month: str, *, seed: int, faults: bool = False) -> str:
    """A month of bills; from one seed to the next some clients slip."""
    luck = random.Random(seed)  # noqa: S311
    moods = [luck.choice([1.0, 1.0, 0.5]) for _ in range(CLIENTS)]
    lines = []
    for n in range(MEMBERS):
        client = n % CLIENTS
        status = "active" if luck.random() > 0.05 else luck.choice(["pre_churn", "churned"])
        yuan = f"{int(2000 * moods[client] + n % 700) / 100:.2f}"
        line = row(n, f"C{client:02}", yuan, period=month, status=status)
        if faults and n % 1000 == 7:
            line["total"] = "?"
        lines.append(line)
    return csv_text(lines)


def tables() -> dict[str, list]:
    """Everything an import leads to, without ids, import numbers and times."""
    bills = MemberBill.objects.order_by("period", "msisdn")
    return {
        "bills": list(
            bills.values_list("period", "msisdn", "client__code", "total", "status", "line")
        ),
        "members": list(
            Member.objects.order_by("msisdn").values_list("msisdn", "client__code", "status")
        ),
        "clients": list(Client.objects.order_by("code").values_list("code", "name", "income")),
        "periods": list(BillingPeriod.objects.order_by("month").values_list("month", "state")),
        "facts": list(
            ClientMonth.objects.order_by("client__code", "period").values_list(
                "client__code", "period", "income", "previous_income", "active", "lost", "new"
            )
        ),
        "readings": sorted(
            AlertReading.objects.values_list(
                "client__code", "rule", "period", "holds", "previous", "current"
            )
        ),
        "alerts": sorted(Alert.objects.values_list("client__code", "rule", "state", "revision")),
        "tasks": Task.objects.count(),
        "left beside": _tables_left_beside(),
    }


def _tables_left_beside() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE '%\\_import\\_%'")
        return [name for (name,) in cursor.fetchall() if name.startswith("analytics_memberbill")]


def environment() -> dict[str, str]:
    """A process that works on this test's database, files and cache."""
    address, mark, options = os.environ["DATABASE_URL"].partition("?")
    server = address.rpartition("/")[0]
    return os.environ | {
        "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}{mark}{options}"
    }


RUN = """
import sys, django
django.setup()
from uuid import UUID
from django.utils import timezone
from analytics.models import BillingImport
from analytics.services import imports
print("ready", flush=True)
sys.stdin.readline()
imports.run_import(BillingImport.objects.get(pk=UUID(sys.argv[1])), now=timezone.now())
"""


class Worker:
    """A process that is ready to run an import (or an undo) and waits for the word."""

    def __init__(self, waiting: BillingImport, program: str = RUN) -> None:
        self._process = subprocess.Popen(  # noqa: S603 -- our own program
            [sys.executable, "-W", "ignore", "-c", program, str(waiting.pk)],
            cwd=settings.BASE_DIR,
            env=environment() | {"DJANGO_SETTINGS_MODULE": "crm.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self) -> None:
        assert self._process.stdout.readline() == "ready\n"
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()
        self._end()

    def wait(self) -> None:
        assert self._end() == 0

    def _end(self) -> int:
        code = self._process.wait(timeout=180)
        self._process.stdin.close()
        self._process.stdout.close()
        return code


def wait_until_its_connection_is_gone(waiting: BillingImport) -> None:
    """PostgreSQL notices a killed client a moment later."""
    for _ in range(600):
        if resuming._nobody_runs(waiting):
            return
        time.sleep(0.05)
    pytest.fail("the killed import still holds its lock")


@contextmanager
def somebody_keeps_clients_as_they_are() -> Iterator[None]:
    """An import that is to write them waits for it."""
    with (
        closing(psycopg2.connect(**connection.get_connection_params())) as other,
        other.cursor() as cursor,
    ):
        cursor.execute("LOCK TABLE accounts_client IN SHARE MODE")
        yield


@pytest.fixture
def may() -> None:
    load_month(month_text("2026-05", seed=1))


@pytest.fixture
def uninterrupted(may) -> tuple[dict, float]:
    """Tables after June went through in one go, and how long that took; June is gone again."""
    worker = Worker(june())
    worker.start()
    began = time.monotonic()
    worker.wait()
    seconds = time.monotonic() - began
    wanted = tables()
    _forget_everything()
    load_month(month_text("2026-05", seed=1))
    return wanted, seconds


def june(seed: int = 2, **options) -> BillingImport:
    """June waits for its run; every thousandth line is bad."""
    text = month_text("2026-06", seed=seed, faults=True)
    return hand_in(text, creates_clients=True, completes_period=True, **options)


def _forget_everything() -> None:
    for model in (Alert, Task, ClientMonth, Member, BillingPeriod, BillingImport):
        model.objects.all().delete()
    drop_bill_tables()
    Client.objects.all().delete()


@pytest.mark.rule("P9")
def test_import_killed_at_any_moment_and_run_again_gives_the_same_tables(uninterrupted):
    wanted, seconds = uninterrupted
    luck = random.Random(9)  # noqa: S311
    before = tables()
    waiting = june()
    shares = sorted(luck.uniform(0, 0.95) for _ in range(KILLS))
    workers = [Worker(waiting) for _ in shares]

    for worker, share in zip(workers, shares, strict=True):
        worker.start()
        time.sleep(share * seconds)
        worker.kill()
        wait_until_its_connection_is_gone(waiting)
        waiting.refresh_from_db()
        if waiting.state != ImportState.LOADED:
            assert tables() == before

    done = imports.run_import(waiting, now=timezone.now())

    assert (done.state, done.rows, done.quarantined) == ("loaded", MEMBERS, MEMBERS // 1000)
    assert list(problems(done)) == [("bad_money", "total")]
    assert tables() == wanted
    assert default_storage.exists(done.quarantine_file.name)


@pytest.mark.rule("P9")
def test_killed_import_is_taken_up_by_the_next_look_round(may):
    waiting = june()
    worker = Worker(waiting)
    with somebody_keeps_clients_as_they_are():  # else it may be over before it is killed
        worker.start()
        while waiting.state == ImportState.QUEUED or resuming._nobody_runs(waiting):
            waiting.refresh_from_db()
            assert worker.is_running

        while_it_runs = resuming.resume_imports(now=timezone.now())
        worker.kill()
    wait_until_its_connection_is_gone(waiting)
    with app.connection_for_write() as broker, broker.SimpleQueue("billing") as queue:
        queue.clear()
        left = resuming.resume_imports(now=timezone.now())
        message = queue.get(timeout=5)
        message.ack()

    assert (while_it_runs, left) == ([], [waiting])
    assert message.payload[0] == [str(waiting.pk)]
    assert imports.run_import(waiting, now=timezone.now()).state == "loaded"


@pytest.mark.rule("P10")
def test_reader_sees_the_old_month_or_the_new_but_never_half(may):
    """While a corrected month goes in, every look finds one of the two sums."""
    sums = {sum_of_may()}
    worker = Worker(hand_in(month_text("2026-05", seed=3)))
    worker.start()

    seen = []
    while worker.is_running:
        seen.append(sum_of_may())
    worker.wait()
    sums.add(sum_of_may())

    assert len(sums) == 2
    assert set(seen) <= sums
    assert len(seen) > 3


def sum_of_may() -> int:
    return MemberBill.objects.filter(period="2026-05-01").aggregate(sum=Sum("total"))["sum"]


@pytest.mark.rule("P10")
def test_two_imports_of_a_month_at_once_both_end_and_the_later_one_counts(may):
    """The same members with other sums: whoever comes second replaces the first, whole."""
    both = [june(seed=2), june(seed=3)]
    workers = [Worker(each) for each in both]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.wait()

    for each in both:
        each.refresh_from_db()
    first, last = sorted(both, key=lambda each: each.replaced)
    good = MEMBERS - MEMBERS // 1000
    assert [(each.state, each.loaded, each.replaced) for each in (first, last)] == [
        ("loaded", good, 0),
        ("loaded", good, good),
    ]
    stored = MemberBill.objects.filter(period="2026-06-01").values_list("import_number").distinct()
    assert list(stored) == [(last.number,)]
    together = tables()
    _forget_everything()
    load_month(month_text("2026-05", seed=1))
    for seed in (2, 3) if first == both[0] else (3, 2):
        load_month(month_text("2026-06", seed=seed, faults=True))
    assert together == tables()


@pytest.mark.rule("P18")
def test_same_import_started_twice_runs_once(may):
    waiting = june()
    workers = [Worker(waiting), Worker(waiting)]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.wait()

    waiting.refresh_from_db()
    assert (waiting.state, waiting.replaced) == ("loaded", 0)
    assert waiting.loaded + waiting.quarantined == MEMBERS


def test_command_works_in_a_process_of_its_own(tmp_path: Path):
    path = tmp_path / "bills.csv"
    path.write_text(csv_text([row(1), row(2)]))

    done = subprocess.run(  # noqa: S603
        [
            sys.executable,
            "manage.py",
            "import_file",
            str(path),
            "--kind=member_bill",
            "--create-clients",
        ],
        cwd=settings.BASE_DIR,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )

    assert json.loads(done.stdout.splitlines()[-1])["loaded"] == 2
    assert MemberBill.objects.count() == 2
