"""What the page about somebody's skills shows."""

from dataclasses import dataclass
from uuid import UUID

from staff.choices import AssessmentKind, ProfileKind, Role
from staff.models import Assessment, Quality, Score, User

SHOWN = 20


@dataclass(frozen=True)
class ProfileRow:
    """One quality with the newest value of either side; None when never assessed."""

    quality: Quality
    own: int | None
    supervisor: int | None


def profile_of(person: User) -> list[Quality]:
    """The template that fits the role (STF-01, STF-02), in its order."""
    kind = ProfileKind.AGENT if person.role == Role.AGENT else ProfileKind.MANAGER
    return list(Quality.objects.filter(profile=kind).order_by("place", "pk"))


def competence(user: User, person: User) -> tuple[list[ProfileRow], list[Assessment]]:
    """The profile as it stands, and the newest assessments that made it."""
    rows = Assessment.objects.visible_to(user).filter(person=person).select_related("assessed_by")
    history = list(rows.order_by("-assessed_on", "-created_at", "-pk")[:SHOWN])
    newest = {
        kind: next((a.pk for a in history if a.kind == kind), None) for kind in AssessmentKind
    }
    values: dict[tuple[UUID | None, UUID], int] = {
        (assessment, quality): value
        for assessment, quality, value in Score.objects.visible_to(user)
        .filter(assessment__in=[pk for pk in newest.values() if pk])
        .values_list("assessment", "quality", "value")
    }
    own, supervisor = newest[AssessmentKind.SELF], newest[AssessmentKind.SUPERVISOR]
    profile = [
        ProfileRow(each, values.get((own, each.pk)), values.get((supervisor, each.pk)))
        for each in profile_of(person)
    ]
    return profile, history
