"""What became of the rows of an import that were not loaded."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain

from django.conf import settings

from analytics.choices import UNFINISHED_IMPORT_STATES, ImportState
from analytics.models import BillingImport
from staff.models import User


@dataclass(frozen=True)
class Corrections:
    """`imports`: those that handed rows in again, the oldest first.

    `left`: rows that nobody has handed in again yet; `fit_the_page`: few enough for it.
    """

    imports: list[BillingImport]
    left: int
    fit_the_page: bool


def corrections_of(billing_import: BillingImport, user: User) -> Corrections:
    """The imports that corrected this one, as far as the person sees them."""
    seen = billing_import.corrections.visible_to(user).order_by("number")
    return Corrections(
        imports=list(seen),
        left=billing_import.quarantined - len(corrected_places(billing_import)),
        fit_the_page=0 < billing_import.quarantined <= settings.QUARANTINE_PAGE_ROWS,
    )


def corrected_places(billing_import: BillingImport) -> set[int]:
    """Places in the quarantine file of the rows that are loaded by now, waiting, or in the
    quarantine of the import that took them up."""
    taken = billing_import.corrections.filter(
        state__in=[*UNFINISHED_IMPORT_STATES, ImportState.LOADED]
    )
    return set(chain.from_iterable(taken.values_list("corrects_rows", flat=True)))


def problems_by_line(billing_import: BillingImport) -> dict[int, list[tuple[str, str]]]:
    """Line -> (code, column) of everything wrong with it; the first lines of each problem only."""
    found = defaultdict(list)
    for problem in billing_import.problems.filter(is_warning=False).order_by("column", "code"):
        for line in problem.first_lines:
            found[line].append((problem.code, problem.column))
    return dict(found)
