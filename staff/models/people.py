"""Units and our own people."""

import zoneinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from crm.lib.scoping import RowScope, ScopedQuerySet, ScopePaths
from staff.choices import (
    UNIT_ROLES,
    Language,
    Role,
    UnitKind,
)
from staff.roles import rights_of

if TYPE_CHECKING:
    from staff.models.absences import Absence, AbsenceQuerySet
    from staff.models.lists import ListSetting, SavedFilter


class UnitQuerySet(TreeQuerySet):
    def open(self) -> Self:
        return self.filter(closed_on=None)


@pghistory.track()
class Unit(TreeNode):
    """A node of the operator's tree: province, city, county, team (ORG-01, ORG-29)."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=UnitKind.choices)
    # A closed unit stays for the records that name it; nothing new goes there.
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("staff:unit_detail", args=[self.pk])


class UserQuerySet(ScopedQuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@pghistory.track(exclude=["password", "last_login", "must_acknowledge"])
class User(AbstractBaseUser):
    """A member of staff. The role gives rights (`staff.roles`), role and unit give rows.

    Names are no secret among colleagues; the page about a person is scoped.
    """

    scope: ClassVar = ScopePaths(people=("pk",), unit="unit")

    username = models.CharField(
        _("user name"), max_length=64, unique=True, validators=[UnicodeUsernameValidator()]
    )
    full_name = models.CharField(pgettext_lazy("of a person", "name"), max_length=64)
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="people", verbose_name=_("unit")
    )
    title = models.CharField(_("title"), max_length=64, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    language = models.CharField(
        _("language"), max_length=8, choices=Language.choices, blank=True, default=""
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    is_active = models.BooleanField(_("active"), default=True)
    # Somebody else knows the password: nothing works before the person has set their own.
    must_change_password = models.BooleanField(default=False)
    # Of the newest confidentiality text; set for everybody when there is a new one (SEC-07).
    must_acknowledge = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name", "role"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("staff:person_detail", args=[self.pk])

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def has_perm(self, right: str, obj: object = None) -> bool:
        return self.is_active and right in rights_of(self.role)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and any(r.startswith(f"{app_label}.") for r in rights_of(self.role))

    @property
    def sees_unit(self) -> bool:
        """True for people who answer for a whole unit, not for single clients."""
        return self.role in UNIT_ROLES or self.role == Role.PROVINCE

    def row_scope(self) -> RowScope:
        """What `visible_to` asks: everything, or own rows plus those of the unit's subtree."""
        if self.role == Role.PROVINCE:
            return RowScope(everything=True, person_id=self.pk)
        if self.role in UNIT_ROLES:
            units, away = self._subtree_and_away
        else:
            units, away = (), tuple(absence.person_id for absence in self.standing_in)
        return RowScope(
            person_id=self.pk, own_unit_id=self.unit_id, unit_ids=units, stands_in_for=away
        )

    @cached_property
    def standing_in(self) -> "list[Absence]":
        """Absences in force today in which this person is the deputy (ORG-30).

        Today is the person's own: the clock is read here because `visible_to` takes no time.
        Kept for one request, like the subtree.
        """
        return list(self._deputyships_today.select_related("person").order_by("ends_on"))

    @property
    def _deputyships_today(self) -> "AbsenceQuerySet":
        today = timezone.localdate(timezone=zoneinfo.ZoneInfo(self.time_zone))
        return self.deputyships.in_force(today)

    def chosen_columns(self, list_name: str) -> list[str]:
        """The person's columns of that list in their order; none: as it comes."""
        setting = self._list_setting(list_name)
        return setting.columns if setting else []

    def filter_to_open(self, list_name: str) -> "SavedFilter | None":
        """The filter that the list opens with, as long as the person may use it."""
        setting = self._list_setting(list_name)
        wanted = setting.default_filter_id if setting else None
        return next((f for f in self.usable_filters(list_name) if f.pk == wanted), None)

    def usable_filters(self, list_name: str) -> "list[SavedFilter]":
        """Own ones in their order, then those shared by others."""
        if list_name not in self._filters:
            found = apps.get_model("staff", "SavedFilter").objects.usable_by(self)
            rows = found.filter(list_name=list_name).order_by("position", "name", "pk")
            self._filters[list_name] = sorted(rows, key=lambda each: each.owner_id != self.pk)
        return self._filters[list_name]

    def _list_setting(self, list_name: str) -> "ListSetting | None":
        if list_name not in self._settings:
            settings = self.list_settings.filter(list_name=list_name)
            self._settings[list_name] = settings.first()
        return self._settings[list_name]

    # Kept for one request, as below.
    @cached_property
    def _filters(self) -> "dict[str, list[SavedFilter]]":
        return {}

    @cached_property
    def _settings(self) -> "dict[str, ListSetting | None]":
        return {}

    @cached_property
    def _subtree_and_away(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Ids of the unit and all below it, and of the people stood in for, by one statement."""
        # Kept for one request: the user object is loaded anew for each.
        away = ArraySubquery(self._deputyships_today.order_by().values("person_id"))
        units = Unit.objects.descendants(self.unit_id, include_self=True).order_by()
        rows = list(units.annotate(away=away).values_list("pk", "away"))
        return tuple(pk for pk, _away in rows), tuple(rows[0][1]) if rows else ()
