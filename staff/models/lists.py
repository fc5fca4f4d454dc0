"""How people keep their lists: saved filters, chosen columns."""

from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models.people import Unit, User


class SavedFilterQuerySet(ScopedQuerySet):
    def kept(self) -> Self:
        return self.filter(deleted_at=None)

    def usable_by(self, user: User) -> Self:
        """Own ones, and those shared with the person's unit or one above it.

        A filter holds no rows: whoever uses it sees those of their own.
        """
        above = Unit.objects.ancestors(user.unit_id, include_self=True).order_by()
        return self.kept().filter(Q(owner=user) | Q(unit__in=above.values("pk")))


@pghistory.track()
class SavedFilter(UUIDModel, ScopedModel):
    """Filters and order of a list under a name; with a unit, everybody there and below has it."""

    scope: ClassVar = ScopePaths(people=("owner",))

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_filters")
    unit = models.ForeignKey(
        Unit,
        on_delete=models.CASCADE,
        related_name="shared_filters",
        null=True,
        blank=True,
        verbose_name=_("shared with"),
    )
    list_name = models.CharField(_("list"), max_length=64)
    name = models.CharField(_("name"), max_length=40)
    query = models.TextField(_("filters"))
    position = models.PositiveSmallIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list_name", "name"],
                condition=Q(deleted_at=None),
                name="%(app_label)s_%(class)s_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list as this filter shows it."""
        return f"{reverse(self.list_name)}?{self.query}"


class ListSetting(UUIDModel, ScopedModel):
    """A person's columns of a list, in their order, and the filter it opens with."""

    scope: ClassVar = ScopePaths(people=("person",))

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="list_settings")
    list_name = models.CharField(max_length=64)
    columns = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    default_filter = models.ForeignKey(
        SavedFilter, on_delete=models.SET_NULL, related_name="defaults", null=True, blank=True
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "list_name"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.list_name}"
