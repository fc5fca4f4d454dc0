"""What is known of a contact besides the fields: told matters, good times, relations."""

import datetime as dt
from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from accounts.choices import DIRECTED_RELATIONS, RelationKind
from accounts.models.clients import Client
from accounts.models.contacts import Contact
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from crm.lib.text import listed
from staff.models import User


def with_deletion() -> tuple[pghistory.RowEvent, ...]:
    """For rows that people take away: the trail keeps what they said. Trackers are one model's."""
    return (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())


@pghistory.track()
class ContactNote(UUIDModel, ScopedModel):
    """A person or matter that the contact told us of, or a small change noticed (CON-17)."""

    scope: ClassVar = Client.scope.via("contact__client")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="notes")
    told_on = models.DateField(_("told on"))
    text = models.TextField(_("persons and matters told"), max_length=2000)
    written_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="contact_notes", null=True
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("note about a contact")
        verbose_name_plural = _("notes about contacts")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="%(app_label)s_%(class)s_says_it")
        ]
        indexes = [models.Index(fields=["contact", "-told_on"], name="accounts_contactnote_newest")]

    def __str__(self) -> str:
        return f"{self.told_on:%Y-%m-%d} {self.text[:40]}"


@pghistory.track(*with_deletion())
class ContactWindow(UUIDModel, ScopedModel):
    """When a person likes to be called or visited, by the clock of the client (CON-21)."""

    scope: ClassVar = Client.scope.via("contact__client")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="windows")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("weekdays"))
    """1 is Monday, 7 Sunday."""
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("good time")
        verbose_name_plural = _("good times")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="%(app_label)s_%(class)s_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__len__gt=0, weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]),
                name="%(app_label)s_%(class)s_real_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekdays} {self.hours}"

    @property
    def hours(self) -> str:
        return f"{self.starts:%H:%M}-{self.ends:%H:%M}"

    @property
    def days(self) -> str:
        """Names of the weekdays in the reader's language; a run of three or more as from - to."""
        names = [str(WEEKDAYS_ABBR[day - 1]) for day in self.weekdays]
        is_run = len(names) > 2 and self.weekdays[-1] - self.weekdays[0] == len(names) - 1
        return f"{names[0]} - {names[-1]}" if is_run else listed(names)

    def holds(self, instant: dt.datetime) -> bool:
        """Whether the instant lies in this window, in the reader's time zone."""
        local = timezone.localtime(instant)
        return local.isoweekday() in self.weekdays and self.starts <= local.time() < self.ends


@pghistory.track(*with_deletion())
class ContactRelation(UUIDModel, ScopedModel):
    """How two people are related; a symmetric relation is stored once, lower id first."""

    scope: ClassVar = Client.scope.via("person__client")

    person = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="relations_back")
    kind = models.CharField(_("relation"), max_length=16, choices=RelationKind.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="contact_relations", null=True
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation between contacts")
        verbose_name_plural = _("relations between contacts")
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("other")), name="%(app_label)s_%(class)s_two_people"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DIRECTED_RELATIONS) | Q(person__lt=F("other")),
                name="%(app_label)s_%(class)s_symmetric_once",
            ),
            models.UniqueConstraint(
                fields=["person", "other", "kind"], name="%(app_label)s_%(class)s_once"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(kind=RelationKind.REPORTS_TO),
                name="%(app_label)s_%(class)s_one_boss",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.other_id}"

    @property
    def is_directed(self) -> bool:
        return self.kind in DIRECTED_RELATIONS
