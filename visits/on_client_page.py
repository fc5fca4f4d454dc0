"""What visits show on a client's page; `apps.py` loads this when the models exist."""

from django.utils.translation import gettext_lazy as _

from accounts import page_parts
from accounts.page_parts import QuickAction, TimelineSource
from visits.selectors import client_parts

page_parts.register(
    head=page_parts.HeadPart(
        right="visits.view_visit",
        columns=client_parts.columns,
        figures=client_parts.figures,
        touches=client_parts.touches,
        badges=client_parts.badges,
    ),
    actions=[
        QuickAction(
            "o",
            _("Log a visit without appointment"),
            "map-pin",
            "visits:visit_log",
            "visits.record_visit",
            with_query=True,
            is_dialog=True,
        ),
        QuickAction(
            "v",
            _("Plan a visit"),
            "calendar-event",
            "visits:visit_plan",
            "visits.plan_visit",
            with_query=True,
            is_dialog=True,
            is_primary=True,
        ),
    ],
    timeline=[
        TimelineSource("visit", _("Visits"), "visits.view_visit", client_parts.visit_entries)
    ],
)
