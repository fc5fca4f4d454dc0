"""Any sequence of imports and undos gives what the remaining imports alone would give (P12)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from analytics.models import BillingImport
from analytics.selectors.undoing import obstacle_to_undo
from analytics.services import undo
from tests.analytics.billing_files import NOW, load, row
from tests.analytics.undo_steps import snapshot
from tests.factories.accounts import ClientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P12")]
MONTHS = ("2026-05", "2026-06", "2026-07")
CODES = ("C1", "C2", "C3")

member_rows = st.dictionaries(
    st.integers(0, 7),
    st.tuples(st.sampled_from(CODES), st.sampled_from(("active", "pre_churn", "churned")), st.integers(1, 9)),
    min_size=1,
)  # fmt: skip


@dataclass(frozen=True)
class File:
    """What is handed in, and when."""

    kind: str
    rows: list[dict[str, str]]
    completes: bool
    now: datetime = NOW


@st.composite
def member_bills(draw: Callable) -> File:
    months = draw(st.sets(st.sampled_from(MONTHS), min_size=1, max_size=2))
    rows = [
        row(n, client, f"{yuan}0.00", period=month, status=status, arrears=f"{yuan * 20}.00")
        for month in sorted(months)
        for n, (client, status, yuan) in draw(member_rows).items()
    ]
    return File("member_bill", rows, draw(st.booleans()))


@st.composite
def product_bills(draw: Callable) -> File:
    month = draw(st.sampled_from(MONTHS))
    bills = st.dictionaries(
        st.tuples(st.sampled_from(CODES), st.sampled_from("PQ")), st.integers(1, 9), min_size=1
    )
    rows = [
        {"period": month, "client_code": code, "product_code": product, "amount": f"{yuan}0.00"}
        for (code, product), yuan in draw(bills).items()
    ]
    return File("product_bill", rows, draw(st.booleans()))


@st.composite
def rosters(draw: Callable) -> File:
    rows = draw(
        st.dictionaries(
            st.sampled_from((*CODES, "N1")),
            st.tuples(
                st.sampled_from("AB"),
                st.sampled_from(("", "manager", "peer")),
                st.sampled_from(("", "7", "8")),
            ),
            min_size=1,
        )
    )
    return File(
        "clients",
        [
            {"client_code": code, "name": name, "manager": manager, "employees": employees}
            for code, (name, manager, employees) in rows.items()
        ],
        False,
    )


@dataclass
class Story:
    """Imports in force, in the order of loading."""

    remaining: list[tuple[File, BillingImport]] = field(default_factory=list)
    undone: int = 0

    def load(self, file: File) -> None:
        options = {} if file.kind == "clients" else {"completes_period": file.completes}
        done = load(file.rows, kind=file.kind, now=file.now, **options)
        assert done.state == "loaded", (done.error_code, done.error_params)
        self.remaining.append((file, done))

    def undo(self, which: int, by) -> None:
        if not self.remaining:
            return
        entry = self.remaining[which % len(self.remaining)]
        if obstacle := obstacle_to_undo(entry[1], NOW):
            assert obstacle.code == "undo_newer_first"
            return
        undo.request_undo(billing_import=entry[1], now=NOW, by=by)
        done = undo.run_undo(BillingImport.objects.get(pk=entry[1].pk), now=NOW)
        assert done.state == "undone"
        assert done.undo_report["conflicts"] == []
        self.remaining.remove(entry)
        self.undone += 1


def outcome(steps: Callable[[], None]) -> dict:
    """The tables after the steps, which are then taken back."""
    with transaction.atomic():
        steps()
        found = snapshot()
        transaction.set_rollback(True)
    # The numbers of imports differ, also in the reason of an ownership.
    found["bills"] = [(*each[:3], *each[4:]) for each in found["bills"]]
    found["ownerships"] = [each[:-1] for each in found["ownerships"]]
    return found


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    steps=st.lists(
        st.one_of(member_bills(), product_bills(), rosters(), st.integers(0, 5)),
        min_size=3,
        max_size=8,
    )
)
def test_what_remains_is_as_if_it_had_been_alone(steps, units, manager, peer, operations):
    if not ClientFactory._meta.model.objects.exists():
        for code in CODES:
            ClientFactory(code=code, unit=units.team_1)
    story = Story()

    def everything() -> None:
        for n, step in enumerate(steps):
            if isinstance(step, int):
                story.undo(step, operations)
            else:
                story.load(File(step.kind, step.rows, step.completes, NOW + timedelta(minutes=n)))

    def remaining_only() -> None:
        again = Story()
        for file, _done in story.remaining:
            again.load(file)

    after_undos = outcome(everything)

    assert after_undos == outcome(remaining_only)
