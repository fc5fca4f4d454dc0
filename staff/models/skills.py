"""What people can do and learn: qualities, assessments, training, career steps (STF)."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.choices import AssessmentKind, CourseKind, ProfileKind
from staff.models.named import TwoNames
from staff.models.people import Unit, User
from staff.models.positions import Position


@pghistory.track()
class Quality(UUIDModel, TwoNames):
    """One line of a competence profile: fourteen of an account manager, twelve of an agent."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    profile = models.CharField(_("profile"), max_length=8, choices=ProfileKind.choices)
    place = models.PositiveSmallIntegerField(_("place"))

    class Meta:
        verbose_name = _("quality")
        verbose_name_plural = _("qualities")


class Assessment(UUIDModel, ScopedModel):
    """A profile filled in on one day by the person or by who answers for them; never edited."""

    scope: ClassVar = ScopePaths(people=("person",), unit="person__unit")

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assessments")
    assessed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=AssessmentKind.choices)
    assessed_on = models.DateField(_("day"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")

    def __str__(self) -> str:
        return f"{self.person_id} {self.assessed_on:%Y-%m-%d}"


class Score(UUIDModel, ScopedModel):
    """One quality, from 1 to 5."""

    scope: ClassVar = Assessment.scope.via("assessment")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    quality = models.ForeignKey(Quality, on_delete=models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField(_("value"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.CheckConstraint(
                condition=Q(value__range=(1, 5)), name="%(app_label)s_%(class)s_one_to_five"
            ),
            models.UniqueConstraint(
                fields=["assessment", "quality"], name="%(app_label)s_%(class)s_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_id} {self.value}"


@pghistory.track()
class Course(UUIDModel, TwoNames):
    """The catalogue of training: subjects, skills, simulated visits (STF-03, STF-06, STF-09)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=CourseKind.choices)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")


@pghistory.track()
class TrainingSession(UUIDModel, ScopedModel):
    """A course held for the people of a unit."""

    scope: ClassVar = ScopePaths(unit="unit")

    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("course")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="training_sessions", verbose_name=_("unit")
    )
    held_on = models.DateField(_("day"))
    trainer = models.CharField(_("trainer"), max_length=64, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d}"


@pghistory.track()
class Attendance(UUIDModel, ScopedModel):
    """Somebody took part, with their notes (STF-04)."""

    scope: ClassVar = ScopePaths(people=("person",), unit="person__unit")

    session = models.ForeignKey(
        TrainingSession, on_delete=models.PROTECT, related_name="attendances"
    )
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="attendances", verbose_name=_("person")
    )
    notes = models.TextField(_("notes"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.session_id}"


@pghistory.track()
class CareerStep(UUIDModel):
    """From one position to the next after some years, and what to learn on the way (STF-05).

    The handbook's figures are lost: the years are a setting, empty until somebody fills them in.
    """

    from_position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    to_position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    years = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    skills_en = models.CharField(_("to learn, in English"), max_length=300)
    skills_zh = models.CharField(_("to learn, in Chinese"), max_length=300)

    class Meta:
        verbose_name = _("career step")
        verbose_name_plural = _("career steps")
        constraints = [
            models.UniqueConstraint(
                fields=["from_position", "to_position"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_position_id} → {self.to_position_id}"

    @property
    def skills(self) -> str:
        """In the reader's language."""
        return self.skills_zh if (get_language() or "").startswith("zh") else self.skills_en
