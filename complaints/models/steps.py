"""The steps of a case."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.choices import StepKind
from complaints.models.cases import Case
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import Unit, User

# What was written about a case stays as it was written; who was wrong writes another step.
APPEND_ONLY = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class CaseStepQuerySet(ScopedQuerySet):
    def with_people(self) -> "CaseStepQuerySet":
        return self.select_related("by", "to_person", "to_unit")


class CaseStep(UUIDModel, ScopedModel):
    """One step, written once."""

    scope: ClassVar = Case.scope.via("case")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(_("kind"), max_length=12, choices=StepKind.choices)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="case_steps", verbose_name=_("person")
    )
    text = models.TextField(_("text"), max_length=8000, blank=True)
    to_person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    to_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = CaseStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a case")
        verbose_name_plural = _("steps of cases")
        triggers = APPEND_ONLY
        indexes = [
            models.Index(fields=["case", "at", "id"], name="complaints_casestep_line"),
            models.Index(fields=["at", "id"], name="complaints_casestep_by_time"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def whom(self) -> str:
        """To whom the case went with this step."""
        if self.to_person:
            return self.to_person.full_name
        return self.to_unit.name if self.to_unit else ""
