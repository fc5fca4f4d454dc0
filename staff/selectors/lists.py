"""Reads about saved filters."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from staff.models import ListSetting, SavedFilter, Unit, User

KEPT_DAYS = 30


def shareable_units(user: User) -> QuerySet[Unit]:
    """Own unit and every one below it."""
    below = Unit.objects.descendants(user.unit_id, include_self=True).order_by()
    return Unit.objects.with_tree_fields().filter(pk__in=below.values("pk"))


def filters_by_list(user: User) -> dict[str, list[SavedFilter]]:
    """What the person may use, list by list: own filters in their order, then shared ones."""
    found = SavedFilter.objects.usable_by(user).select_related("owner", "unit")
    groups: dict[str, list[SavedFilter]] = {}
    for saved in sorted(
        found.order_by("list_name", "position", "name", "pk"),
        key=lambda each: (each.list_name, each.owner_id != user.pk),
    ):
        groups.setdefault(saved.list_name, []).append(saved)
    return groups


def deleted_filters(user: User, now: datetime) -> QuerySet[SavedFilter]:
    """The person's own that were deleted lately, the last one first."""
    own = SavedFilter.objects.visible_to(user)
    lately = own.filter(deleted_at__gte=now - timedelta(days=KEPT_DAYS))
    return lately.order_by("-deleted_at", "-pk")


def default_filters(user: User) -> set[UUID]:
    """Keys of the filters that the person's lists open with."""
    defaults = ListSetting.objects.visible_to(user).exclude(default_filter=None)
    return set(defaults.values_list("default_filter", flat=True))
