"""The lists around a client's value, side by side: one menu entry, a row of links on each."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Section:
    label: str | Promise
    url: str
    is_active: bool
    icon: str = ""
    badge: int | None = None


# URL name -> label, right. Those of upper apps are known by name only.
SECTIONS = {
    "accounts:proposal_list": (_("Class changes"), "accounts.view_client"),
    "analytics:suggestion_list": (_("Suggested classes"), "accounts.view_client"),
    "analytics:criteria_list": (_("Class criteria"), "analytics.view_alert"),
    "analytics:value_list": (_("Values to judge"), "accounts.view_client"),
    "accounts:change_list": (_("Major changes"), "accounts.view_client"),
    "accounts:promise_list": (_("Promises"), "accounts.view_client"),
    "accounts:instruction_list": (_("Instructions"), "accounts.view_client"),
    "accounts:escalation_list": (_("Escalations"), "accounts.view_client"),
    "accounts:unrepresented_list": (_("Without representative"), "accounts.view_client"),
    "accounts:representation_list": (_("Representatives' visits"), "accounts.view_client"),
    "accounts:rhythm_list": (_("Rhythms"), "accounts.view_client"),
}


def sections(request: HttpRequest, active: str) -> list[Section]:
    """Links to the lists that the person may open."""
    return [
        Section(label, reverse(name), name == active)
        for name, (label, right) in SECTIONS.items()
        if request.user.has_perm(right)
    ]
