"""What a client's value is judged by: figures of the bills, and the points they suggest (ARC-22)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from accounts.models import Client
from analytics.choices import ValueGrade
from analytics.models import ClientMonth, CriteriaVersion, ValueAssessment, ValueDue
from analytics.models.assessments import grade_of, score_of
from analytics.selectors.class_criteria import criteria_in_force
from staff.models import User

CENT = Decimal("0.01")
MONTHS = 12
QUARTER = 3
# Company settings, not from the handbook (ADR 0047).
STRONG_GROWTH = Decimal("0.10")
MOSTLY_OTHERS = Decimal("0.5")
SHOWN = 6
GRADE_TONES: dict[str, str] = {
    ValueGrade.TOP: "success",
    ValueGrade.HIGH: "info",
    ValueGrade.MIDDLE: "neutral",
    ValueGrade.LOW: "warning",
}


@dataclass(frozen=True)
class ValueFigures:
    """Existing volume of a client; `mean_income` in yuan a month, `growth` as a ratio.

    Without a complete month everything is None and `months` 0; `growth` needs six months.
    """

    figures_month: date | None = None
    months: int = 0
    mean_income: Decimal | None = None
    active_members: int | None = None
    growth: Decimal | None = None

    @property
    def expected_income(self) -> Decimal | None:
        """A year at the present level, growing or shrinking as lately, by half at most."""
        if self.mean_income is None:
            return None
        growth = max(min(self.growth or Decimal(0), Decimal("0.5")), Decimal("-0.5"))
        return (12 * self.mean_income * (1 + growth)).quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class ValueView:
    """A client's judgements as its page shows them, the newest first."""

    assessments: Sequence[ValueAssessment]
    due: ValueDue | None

    @property
    def newest(self) -> ValueAssessment | None:
        return self.assessments[0] if self.assessments else None

    @property
    def tone(self) -> str:
        return GRADE_TONES[self.assessments[0].grade] if self.assessments else "neutral"

    @property
    def line(self) -> list[int]:
        return [each.score for each in reversed(self.assessments)]


def value_view(client: Client, user: User) -> ValueView:
    rows = ValueAssessment.objects.visible_to(user).filter(client=client)
    due = ValueDue.objects.visible_to(user).filter(client=client).first()
    return ValueView(list(rows.select_related("assessed_by").newest_first()[:SHOWN]), due)


def value_figures(client: Client) -> ValueFigures:
    """Of the newest complete months of the client, twelve at most."""
    rows = ClientMonth.objects.filter(client=client).order_by("-period")
    months = list(rows.values_list("period", "income", "active")[:MONTHS])
    if not months:
        return ValueFigures()
    incomes = [income for _month, income, _active in months]
    return ValueFigures(
        figures_month=months[0][0],
        months=len(months),
        mean_income=_mean(incomes).quantize(CENT, rounding=ROUND_HALF_UP),
        active_members=months[0][2],
        growth=_growth(incomes),
    )


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


def _growth(incomes: Sequence[Decimal]) -> Decimal | None:
    """The newest three months against the three before."""
    if len(incomes) < 2 * QUARTER:
        return None
    before = _mean(incomes[QUARTER : 2 * QUARTER])
    if before <= 0:
        return None
    return (_mean(incomes[:QUARTER]) / before - 1).quantize(
        Decimal("0.0001"), rounding=ROUND_HALF_UP
    )


@dataclass(frozen=True)
class Suggestion:
    """Points that the figures suggest; a person decides."""

    points: dict[str, int]

    @property
    def score(self) -> int:
        return score_of(self.points)

    @property
    def grade_label(self) -> str:
        return str(grade_of(self.score).label)


def suggestion(client: Client, figures: ValueFigures) -> Suggestion:
    criteria = criteria_in_force().of(client.unit_id)
    return Suggestion(suggested_points(client, figures, criteria))


def suggested_points(
    client: Client, figures: ValueFigures, criteria: CriteriaVersion
) -> dict[str, int]:
    """Existing volume and revenue against the class criteria; potential by growth and rivals."""
    yearly = figures.expected_income
    return {
        "existing": _against(figures.mean_income, criteria),
        "potential": _potential(client, figures),
        "revenue": _against(yearly / 12 if yearly is not None else None, criteria),
    }


def _against(income: Decimal | None, criteria: CriteriaVersion) -> int:
    """5 from an A's income on, 4 half-way to it, 3 from a B's, 2 from half of that, else 1."""
    if income is None:
        return 1
    high, low = criteria.a_income, criteria.b_income
    steps = (high, (high + low) / 2, low, low / 2)
    return next((5 - place for place, least in enumerate(steps) if income >= least), 1)


def _potential(client: Client, figures: ValueFigures) -> int:
    points = 3
    if figures.growth is not None:
        points += (figures.growth >= STRONG_GROWTH) - (figures.growth <= -STRONG_GROWTH)
    share = client.own_share
    # Most of its people use another network: there is somebody to win.
    if share is not None and share < MOSTLY_OTHERS:
        points += 1
    return points
