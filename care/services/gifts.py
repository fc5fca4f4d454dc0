"""Registering gifts and approving the dear ones (SEC-13)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Client, Contact
from accounts.selectors.concerned import supervisors_of
from care.choices import GiftDirection, GiftState
from care.exceptions import AlreadyDecided, InTheFuture, OtherClient, OwnGift, TextMissing
from care.models import Gift
from crm.lib.models import uuid7
from crm.lib.repeats import made_once
from crm.lib.services import service
from staff.models import Task, User
from staff.selectors import working_calendar
from staff.services.work import finish_task, notify, raise_task

APPROVAL = "gift-approval"
APPROVAL_WORKING_DAYS = 3


@service
def register_gift(
    *,
    client: Client,
    item: str,
    value: Decimal,
    happened_on: date,
    now: datetime,
    by: User,
    id: UUID | None = None,  # noqa: A002 -- the field's name
    contact: Contact | None = None,
    person: User | None = None,
    direction: str = GiftDirection.GIVEN,
    **fields: Any,
) -> Gift:
    """Above the set value it waits for the approval of somebody else; a received gift is reported
    whatever its value. Sent again with the same id it is the same gift."""
    if contact and contact.client_id != client.pk:
        raise OtherClient(_("This person belongs to another client."))
    if not item.strip():
        raise TextMissing(_("Say what the gift is."))
    if happened_on > timezone.localtime(now).date():
        raise InTheFuture(_("This lies in the future."))
    is_dear = value > settings.GIFT_APPROVAL_VALUE
    gift = Gift(
        id=id or uuid7(),
        client=client,
        contact=contact,
        item=item.strip(),
        value=value,
        happened_on=happened_on,
        person=person or by,
        direction=direction,
        registered_by=by,
        state=GiftState.WAITING if is_dear else GiftState.REGISTERED,
        created_at=now,
        **fields,
    )

    def insert() -> Gift:
        gift.save(force_insert=True)
        return gift

    row, is_new = made_once(
        insert,
        Gift,
        gift.pk,
        is_same=lambda row: (row.client_id, row.registered_by_id) == (client.pk, by.pk),
    )
    if is_new:
        _tell(row, now, by)
    return row


@service
def decide_gift(*, gift: Gift, approves: bool, now: datetime, by: User, decision: str = "") -> Gift:
    """By a supervisor who neither gave, got nor registered it; a refusal says why."""
    gift = Gift.objects.select_for_update(of=("self",)).with_people().get(pk=gift.pk)
    if gift.state != GiftState.WAITING:
        raise AlreadyDecided(_("This gift does not wait for an approval."))
    if by.pk in (gift.person_id, gift.registered_by_id):
        raise OwnGift(_("Somebody else has to decide about one's own gift."))
    if not approves and not decision.strip():
        raise TextMissing(_("Say why it is refused."))
    gift.state = GiftState.APPROVED if approves else GiftState.REFUSED
    gift.decided_by = by
    gift.decided_at = now
    gift.decision = decision.strip()
    gift.save()
    for task in Task.objects.open().filter(kind=APPROVAL, subject_id=gift.pk):
        finish_task(task=task, now=now, by=by)
    notify(
        recipients=[person for person in (gift.person, gift.registered_by) if person != by],
        kind="gift-approved" if approves else "gift-refused",
        key=f"gift-decided:{gift.pk}",
        params=_params(gift),
        link=gift.get_absolute_url(),
        by=by,
    )
    return gift


def _tell(gift: Gift, now: datetime, by: User) -> None:
    """Who has to approve gets a task; of what was received who answers for the client hears."""
    bosses = supervisors_of(gift.client, besides=[by, gift.person])
    if gift.state == GiftState.WAITING and bosses:
        today = timezone.localtime(now).date()
        raise_task(
            kind=APPROVAL,
            subject_id=gift.pk,
            params=_params(gift),
            link=gift.get_absolute_url(),
            assignee=bosses[0],
            due_on=working_calendar().add(today, APPROVAL_WORKING_DAYS),
            by=by,
        )
    if gift.direction == GiftDirection.RECEIVED:
        notify(
            recipients=bosses,
            kind="gift-received",
            key=f"gift-received:{gift.pk}",
            params=_params(gift),
            link=gift.get_absolute_url(),
            by=by,
        )


def _params(gift: Gift) -> dict[str, object]:
    return {
        "client": gift.client.name,
        "item": gift.item,
        "value": str(gift.value),
        "person": gift.person.full_name,
    }
