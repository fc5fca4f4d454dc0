"""What the frame of every page shows: menu, unread news, for whom somebody stands in."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from staff import badges
from staff.menu import MENU, PRIMARY_ENTRIES, MenuEntry, MenuSection
from staff.models import Notification, User


@dataclass(frozen=True)
class MenuItem:
    label: str | Promise
    url: str
    icon: str
    is_active: bool
    is_primary: bool
    badge: int | None = None
    section: str | Promise = ""


def workplace(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "standing_in": user.standing_in,
        "navigation": _items(request, user),
        "unread_notifications": Notification.objects.visible_to(user).unread()[:100].count(),
    }


def _items(request: HttpRequest, user: User) -> list[MenuItem]:
    entries = [
        (section, entry, reverse(entry.url_name))
        for section in MENU
        for entry in section.entries
        if user.has_perm(entry.right) and not (entry.is_own and user.sees_unit)
    ]
    # The longest address wins: /alerts/rules/ is not also /alerts/.
    covering = [url for *_rest, url in entries if _covers(url, request.path)]
    here = max(covering, key=len, default=None)
    primary = [entry for _section, entry, _url in entries if entry.is_primary][:PRIMARY_ENTRIES]
    return [
        _item(section, entry, url, user, is_active=url == here, is_primary=entry in primary)
        for section, entry, url in entries
    ]


def _item(
    section: MenuSection,
    entry: MenuEntry,
    url: str,
    user: User,
    *,
    is_active: bool,
    is_primary: bool,
) -> MenuItem:
    badge = badges.count_for(entry.url_name, user)
    if badge:
        url += badges.query_for(entry.url_name)
    return MenuItem(entry.label, url, entry.icon, is_active, is_primary, badge, section.heading)


def _covers(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
