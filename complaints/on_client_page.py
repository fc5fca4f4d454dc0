"""What cases show on a client's page; `apps.py` loads this when the models exist.

The button "Open a complaint" is `accounts/on_client_page.py`'s: it stands in the order of that app's.
"""

from django.utils.translation import gettext_lazy as _

from accounts import page_parts
from accounts.page_parts import TimelineSource
from complaints.models import Case
from complaints.selectors import client_parts

page_parts.register(
    head=page_parts.HeadPart(
        right="complaints.view_case",
        columns=client_parts.columns,
        figures=client_parts.figures,
        badges=client_parts.badges,
    ),
    timeline=[
        TimelineSource(
            "case",
            _("Cases"),
            "complaints.view_case",
            client_parts.case_entries,
            lambda client: Case.objects.filter(client=client),
        )
    ],
    tasks=client_parts.tasks,
)
