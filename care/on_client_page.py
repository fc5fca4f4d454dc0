"""What care shows on a client's page; `apps.py` loads this when the models exist."""

from django.utils.translation import gettext_lazy as _

from accounts import page_parts
from accounts.page_parts import TimelineSource
from care.models import Gift, ServiceRecord
from care.selectors import client_parts

page_parts.register(
    timeline=[
        TimelineSource(
            "care",
            _("Care"),
            "care.view_care",
            client_parts.gift_entries,
            lambda client: Gift.objects.filter(client=client),
        ),
        TimelineSource(
            "care",
            _("Care"),
            "care.view_care",
            client_parts.service_entries,
            lambda client: ServiceRecord.objects.filter(client=client),
        ),
    ],
    tasks=client_parts.tasks,
)
