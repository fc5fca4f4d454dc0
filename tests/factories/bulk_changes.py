"""Bulk changes, made by the service: what it writes is what the pages read."""

from accounts.models import BulkChange
from accounts.services.bulk_changes import order_bulk_change
from crm.lib.models import uuid7
from staff.choices import Role
from staff.models import User
from tests.factories.accounts import ClientFactory
from tests.factories.handovers import NOON
from tests.factories.staff import UserFactory


def make_bulk_change(person: User) -> BulkChange:
    """The industry of one client of the person, by a supervisor of their unit."""
    client = ClientFactory(owner=person)
    return order_bulk_change(
        key=uuid7(),
        rows={client.pk: client.updated_at},
        values={"industry": "school"},
        reason="tidying",
        now=NOON,
        by=UserFactory(role=Role.SUPERVISOR, unit=person.unit),
    )
