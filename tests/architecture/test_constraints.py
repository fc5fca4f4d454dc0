"""Each constraint of our tables refuses one violating row, and none is without its row here."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from tests.architecture.our_models import our_models
from tests.architecture.violations import (
    analytics,
    care,
    clients,
    merges,
    pairs,
    people,
    staff,
    work,
)

VIOLATIONS: dict[str, list[Callable[[], object]]] = {
    **staff.VIOLATIONS,
    **clients.VIOLATIONS,
    **work.VIOLATIONS,
    **merges.VIOLATIONS,
    **pairs.VIOLATIONS,
    **people.VIOLATIONS,
    **care.VIOLATIONS,
    **analytics.VIOLATIONS,
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "violate"),
    [(name, violate) for name, violations in VIOLATIONS.items() for violate in violations],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_constraint_refuses_a_violating_row(name, violate):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        violate()


def test_every_constraint_has_its_violating_row():
    ours = {constraint.name for model in our_models() for constraint in model._meta.constraints}

    assert ours == {name for name in VIOLATIONS if not name.endswith("key")}
