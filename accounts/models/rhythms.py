"""How often something comes round, by class."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import ClientClass, RhythmKind
from staff.models import User


class RhythmVersionQuerySet(models.QuerySet):
    def current(self) -> Self:
        """The newest version of each kind and class."""
        return self.order_by("kind", "client_class", "-version").distinct("kind", "client_class")


class RhythmVersion(models.Model):
    """Months between two visits of the representative or two assessments (ARC-22, ORG-11).

    Never edited: a change is a new version. Without one, RHYTHM_DEFAULTS counts; null months mean
    never.
    """

    kind = models.CharField(_("kind"), max_length=14, choices=RhythmKind.choices)
    client_class = models.CharField(_("class"), max_length=1, choices=ClientClass.choices)
    version = models.PositiveIntegerField(_("version"))
    months = models.PositiveSmallIntegerField(_("months between"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="rhythm_versions", null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RhythmVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rhythm")
        verbose_name_plural = _("rhythms")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "client_class", "version"],
                name="%(app_label)s_%(class)s_once",
            ),
            models.CheckConstraint(
                condition=Q(months=None) | Q(months__range=(1, 24)),
                name="%(app_label)s_%(class)s_sensible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.client_class} v{self.version}"
