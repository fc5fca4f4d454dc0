"""The header of a client's page: one query for the figures of all apps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts import page_parts
from accounts.models import Client
from accounts.page_parts import Figure, HeadRow, HeadWarning, QuickAction, Touch
from staff.models import User


@dataclass(frozen=True)
class ActionLink:
    """A quick action on this client."""

    action: QuickAction
    url: str


@dataclass(frozen=True)
class ClientHead:
    """`badges`: counts beside the tabs, by their names, capped at `crm.lib.columns.COUNTED`."""

    figures: Sequence[Figure]
    warnings: Sequence[HeadWarning]
    last_contact: Touch | None
    badges: dict[str, int]
    actions: Sequence[ActionLink]
    call: dict[str, str] | None

    @property
    def key_figures(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.is_key]

    @property
    def thumb_actions(self) -> list[ActionLink]:
        return [link for link in self.actions if link.action.is_primary]

    @property
    def more_actions(self) -> list[ActionLink]:
        return [link for link in self.actions if not link.action.is_primary]


def client_head(client: Client, user: User, *, now: datetime) -> ClientHead:
    """Figures, warnings, counts and actions for this person, from one query."""
    parts = page_parts.head_parts(user)
    wanted: dict[str, Any] = {}
    for part in parts:
        wanted |= part.columns(user, now)
    row_of = Client.objects.filter(pk=client.pk)
    columns: dict[str, Any] = dict(row_of.values(**wanted).get()) if wanted else {}
    row = HeadRow(client, user, now, columns)
    touches = [touch for part in parts for touch in part.touches(row)]
    badges: dict[str, int] = {}
    for part in parts:
        badges |= part.badges(row)
    links = [ActionLink(each, each.url(client)) for each in page_parts.quick_actions(user)]
    figures = [figure for part in parts for figure in part.figures(row)]
    return ClientHead(
        figures=sorted(figures, key=lambda figure: figure.order),
        warnings=[warning for part in parts for warning in part.warnings(row)],
        last_contact=max(touches, key=lambda touch: touch.at, default=None),
        badges=badges,
        actions=[link for link in links if link.url],
        # Those who keep the contacts are those who call them (SEC-10).
        call=columns.get("accounts_call") if user.has_perm("accounts.edit_contact") else None,
    )
