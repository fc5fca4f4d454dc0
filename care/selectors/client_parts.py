"""What care shows on a client's page (`accounts.page_parts`)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import DateTimeField, Q
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.models import Client
from accounts.page_parts import Entry, Moment, TimelineQuery
from care.choices import GiftState
from care.models import Gift, ServiceRecord

GIFT_TONES = {
    GiftState.REGISTERED: "info",
    GiftState.WAITING: "warning",
    GiftState.APPROVED: "success",
    GiftState.REFUSED: "danger",
}


def _at(column: str) -> Any:
    """A day as the moment it begins, so that it stands among instants."""
    return Cast(column, DateTimeField())


def gift_entries(query: TimelineQuery) -> Iterable[Entry]:
    rows = Gift.objects.visible_to(query.user).filter(client=query.client)
    rows = query.newest(rows.annotate(at=_at("happened_on")), "gift", at="at", person="person")
    for row in rows.select_related("person", "contact"):
        words = [row.get_direction_display(), row.item, row.contact.name if row.contact else ""]
        yield Entry(
            Moment(row.at, "gift", row.pk),
            "care",
            " · ".join(filter(None, words)),
            row.get_absolute_url(),
            f"¥{row.value:,} · {row.get_occasion_display()}",
            row.person.full_name,
            "star",
            GIFT_TONES[GiftState(row.state)],
            [row.get_state_display()],
        )


def service_entries(query: TimelineQuery) -> Iterable[Entry]:
    rows = ServiceRecord.objects.visible_to(query.user).filter(client=query.client)
    rows = query.newest(rows.annotate(at=_at("served_on")), "service", at="at", person="served_by")
    url = reverse("care:client_care", args=[query.client.pk])
    for row in rows.select_related("served_by", "contact", "member"):
        yield Entry(
            Moment(row.at, "service", row.pk),
            "care",
            " · ".join(filter(None, [row.get_service_display(), row.whom])),
            url,
            f"{row.done}\n→ {row.result}" if row.result else row.done,
            row.served_by.full_name,
            "check",
            "success",
        )


def tasks(client: Client) -> Q:
    gifts = Gift.objects.filter(client=client).values("pk")
    return Q(subject_id__in=gifts, kind="gift-approval")
