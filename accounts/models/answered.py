"""What somebody tells and somebody else answers."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.lib.scoping import ScopedQuerySet
from staff.models import User


class AnsweredQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Not answered yet."""
        return self.filter(answered_at=None)


class Answered(models.Model):
    """Who answered, when, and what; all of it or nothing."""

    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="%(class)ss_answered",
        null=True,
        blank=True,
        verbose_name=_("answered by"),
    )
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="%(app_label)s_%(class)s_answered_whole",
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.answered_at is None
