"""Watching the communication of all clients: drafts of suggestion reports (ARC-23)."""

from collections import Counter
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Report
from accounts.services.reports import draft_suggestions
from analytics.selectors.communication import watched
from crm.lib.services import service
from staff.models import User
from staff.services.work import notify

BLOCK = 500


@service
def watch_communication(*, now: datetime, by: User | None) -> int:
    """One draft a month for each client that shows something; its manager learns how many.

    Running it again the same month adds what has shown since; drafts put aside stay so.
    """
    drafts: list[Report] = []
    for block in watched(BLOCK):
        # Texts are the manager's to edit, so they come in the manager's language.
        for language in sorted({client.owner.language for client in block if client.owner}):
            mine = [each for each in block if each.owner and each.owner.language == language]
            with translation.override(language or settings.LANGUAGE_CODE):
                drafts += draft_suggestions(clients=mine, now=now, by=by)
    for person, count in Counter(draft.author for draft in drafts).items():
        notify(
            recipients=[person],
            kind="suggestions-drafted",
            key=f"suggestions-drafted:{timezone.localtime(now):%Y-%m-%d}",
            params={"count": count},
            link=f"{reverse('accounts:report_list')}?kind=suggestion&state=draft&author={person.pk}",
            by=by,
        )
    return len(drafts)
