"""Texts of the owner of the norms, in versions, and who has accepted them (ORG-01, SEC-07)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.choices import PolicyKind
from staff.models.people import User


class PolicyVersion(UUIDModel):
    """One version of a text; never edited: a change is a new version."""

    kind = models.CharField(_("kind"), max_length=16, choices=PolicyKind.choices)
    version = models.PositiveIntegerField(_("version"))
    body_en = models.TextField(_("English text"))
    body_zh = models.TextField(_("Chinese text"))
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = _("policy text")
        verbose_name_plural = _("policy texts")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="%(app_label)s_%(class)s_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"

    @property
    def body(self) -> str:
        """In the reader's language."""
        return self.body_zh if (get_language() or "").startswith("zh") else self.body_en


class Acknowledgement(UUIDModel, ScopedModel):
    """Somebody read a version and promised to keep it."""

    scope: ClassVar = ScopePaths(people=("person",), unit="person__unit")

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="acknowledgements")
    policy = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="acknowledgements"
    )
    acknowledged_at = models.DateTimeField(_("accepted"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "policy"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.acknowledged_at:%Y-%m-%d}"
