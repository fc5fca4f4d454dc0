"""Who has read which case to learn from."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.cases import Case
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import User


class LessonRead(UUIDModel, ScopedModel):
    """Somebody read a lesson: the receipt of STF-08."""

    scope: ClassVar = ScopePaths(people=("person",), unit="person__unit")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="lesson_reads")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="lessons_read")
    read_at = models.DateTimeField(_("read at"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesson read")
        verbose_name_plural = _("lessons read")
        constraints = [
            models.UniqueConstraint(fields=["case", "person"], name="%(app_label)s_%(class)s_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.read_at:%Y-%m-%d}"
