"""How to deal with people: advice shown before a visit and after it (CON-09..CON-13, CON-22)."""

from typing import Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import ClientAttitude, Personality, TipSubject


class TipQuerySet(models.QuerySet):
    def about(self, subject: str, value: str) -> Self:
        """Advice for one personality or one attitude; nothing for an unknown one."""
        return self.filter(subject=subject, value=value) if value else self.none()


@pghistory.track(exclude=["updated_at"])
class Tip(models.Model):
    """One piece of advice in both languages; seeded from the handbooks, edited by people."""

    subject = models.CharField(_("subject"), max_length=12, choices=TipSubject.choices)
    value = models.SlugField(_("value"), max_length=16)
    text_en = models.TextField(_("in English"))
    text_zh = models.TextField(_("in Chinese"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = TipQuerySet.as_manager()

    class Meta:
        verbose_name = _("tip")
        verbose_name_plural = _("tips")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "value"], name="%(app_label)s_%(class)s_once"
            ),
            models.CheckConstraint(
                condition=~Q(text_en="") & ~Q(text_zh=""), name="%(app_label)s_%(class)s_says_it"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.value}"

    @property
    def title(self) -> str:
        """What it is about, in the reader's language."""
        names = dict(Personality.choices) | dict(ClientAttitude.choices)
        return str(names.get(self.value, self.value))

    @property
    def text(self) -> str:
        """In the reader's language."""
        return self.text_zh if (get_language() or "").startswith("zh") else self.text_en
