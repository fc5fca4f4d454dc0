"""A list asks the database as often for three rows as for one."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.accounts import (
    ClientFactory,
    ContactFactory,
    ContactNoteFactory,
    ContactRelationFactory,
    MemberFactory,
)
from tests.factories.analytics import AlertFactory, BillingImportFactory
from tests.factories.archive import FACTORIES as ARCHIVE_LISTS
from tests.factories.archive import ArchiveCheckFactory, StatusChangeFactory
from tests.factories.care import GiftFactory, ServiceRecordFactory
from tests.factories.complaints import CaseFactory, CaseStepFactory
from tests.factories.files import ClientFileFactory
from tests.factories.members import EntitlementUseFactory
from tests.factories.pairs import contact_pair
from tests.factories.visits import VisitFactory

NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)


def new_client(owner):
    return ClientFactory(owner=owner, chief_representative=owner)


ROWS = {
    "clients": new_client,
    "contacts": lambda owner: ContactFactory(client=new_client(owner)),
    "contact-notes": lambda owner: ContactNoteFactory(contact__client=new_client(owner)),
    "contact-relations": lambda owner: ContactRelationFactory(person__client=new_client(owner)),
    "client-files": lambda owner: ClientFileFactory(
        client=(client := new_client(owner)), contact=ContactFactory(client=client)
    ),
    "suspected-pairs": lambda owner: contact_pair(
        owner, state="same", decided_by=owner, decided_at=NOW
    ),
    "members": lambda owner: MemberFactory(client=new_client(owner)),
    "entitlement-uses": lambda owner: EntitlementUseFactory(
        member__client=new_client(owner), cancelled_by=owner, cancelled_at=NOW, cancel_reason="x"
    ),
    "visits": lambda owner: VisitFactory(
        client=(client := new_client(owner)), visitor=owner, contact=ContactFactory(client=client)
    ),
    "cases": lambda owner: CaseFactory(
        client=(client := new_client(owner)),
        first_responder=owner,
        leader=owner,
        contact=ContactFactory(client=client),
        handed_unit=owner.unit,
    ),
    "gifts": lambda owner: GiftFactory(
        person=owner,
        contact=ContactFactory(client=(client := new_client(owner))),
        client=client,
        approved=True,
    ),
    "service-records": lambda owner: ServiceRecordFactory(
        served_by=owner,
        contact=ContactFactory(client=(client := new_client(owner))),
        client=client,
    ),
    "case-steps": lambda owner: CaseStepFactory(
        case__first_responder=owner, to_person=owner, to_unit=owner.unit
    ),
    "alerts": lambda owner: AlertFactory(
        client=new_client(owner), acknowledged_by=owner, closed_by=owner
    ),
    **{
        slug: lambda owner, factory=factory: factory(client=new_client(owner))
        for slug, factory in ARCHIVE_LISTS.items()
    },
    "archive-checks": lambda owner: ArchiveCheckFactory(client=new_client(owner), checked_by=owner),
    "status-changes": lambda owner: StatusChangeFactory(client=new_client(owner), changed_by=owner),
    "billing-imports": lambda owner: BillingImportFactory(created_by=owner),
}


@pytest.mark.parametrize("path", ROWS)
def test_list_asks_as_often_for_three_rows_as_for_one(api, supervisor, manager, path):
    me = api(supervisor)

    def queries(rows):
        with CaptureQueriesContext(connection) as captured:
            assert len(me.get(f"{path}/").json()["results"]) == rows
        return len(captured)

    ROWS[path](manager)
    queries(1)  # notes the token's use
    one = queries(1)
    for _ in range(2):
        ROWS[path](manager)

    assert queries(3) == one
    assert one <= 4, "token, subtree with stand-ins, rows, readings"
