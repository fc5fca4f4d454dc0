"""Demo phones and laptops lent to people (SEC-14)."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.choices import LoanKind
from staff.models.people import User


class LoanQuerySet(ScopedQuerySet):
    def out(self) -> Self:
        return self.filter(returned_on=None)

    def overdue(self, today: date) -> Self:
        return self.out().filter(due_on__lt=today)


@pghistory.track()
class Loan(UUIDModel, ScopedModel):
    """A thing of the company that somebody has to bring back."""

    scope: ClassVar = ScopePaths(people=("person",), unit="person__unit")

    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="loans", verbose_name=_("borrower")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=LoanKind.choices)
    item = models.CharField(_("item"), max_length=100)
    serial_number = models.CharField(_("serial number"), max_length=64, blank=True)
    lent_on = models.DateField(_("lent on"))
    due_on = models.DateField(_("due back"))
    returned_on = models.DateField(_("returned on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan")
        verbose_name_plural = _("loans")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("lent_on")),
                name="%(app_label)s_%(class)s_due_after_lent",
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None) | Q(returned_on__gte=F("lent_on")),
                name="%(app_label)s_%(class)s_returned_after_lent",
            ),
        ]

    def __str__(self) -> str:
        return self.item

    def is_overdue(self, today: date) -> bool:
        """See also `overdue`."""
        return self.returned_on is None and self.due_on < today
