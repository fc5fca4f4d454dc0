"""Data with a name in each language."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class TwoNames(models.Model):
    """Seeded lists that people edit: an English and a Chinese name instead of a translated text."""

    name_en = models.CharField(_("English name"), max_length=100)
    name_zh = models.CharField(_("Chinese name"), max_length=100)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en
