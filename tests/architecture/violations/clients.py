"""Rows of clients, their archives and files that their constraints refuse."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from accounts.models import Industry, RecentClient
from crm.lib.models import uuid7
from tests.architecture.violations.common import NOON, twice
from tests.factories.accounts import (
    ClassProposalFactory,
    ClientFactory,
    OwnershipFactory,
    RepresentationFactory,
)
from tests.factories.archive import (
    AgreementFactory,
    AnniversaryFactory,
    ArchiveCheckFactory,
    AreaFactory,
    CollectionCountFactory,
    DepartmentFactory,
    PolicyFactory,
    SegmentFactory,
)
from tests.factories.files import ClientFileFactory
from tests.factories.staff import UserFactory


def same_file() -> None:
    first = ClientFileFactory()
    ClientFileFactory(client=first.client, sha256=first.sha256)


def second_owner() -> None:
    OwnershipFactory(client=OwnershipFactory().client)


def second_proposal() -> None:
    ClassProposalFactory(client=ClassProposalFactory().client)


def own_decision() -> None:
    person = UserFactory()
    ClassProposalFactory(proposed_by=person, state="approved", decided_at=NOON, decided_by=person)


def second_representative() -> None:
    RepresentationFactory(client=RepresentationFactory().client)


def same_item(factory: Callable, *names: str) -> Callable[[], object]:
    """A second row of the client with the same values."""

    def violate() -> None:
        first = factory()
        factory(client=first.client, **{name: getattr(first, name) for name in names})

    return violate


def superior_of_itself() -> None:
    client = ClientFactory()
    client.superior = client
    client.save()


def same_opening() -> None:
    first = RecentClient.objects.create(
        client=ClientFactory(), person=UserFactory(), opened_at=NOON
    )
    RecentClient.objects.create(client=first.client, person=first.person, opened_at=NOON)


VIOLATIONS: dict[str, list[Callable[[], object]]] = {
    "accounts_client_code_not_empty": [lambda: ClientFactory(code="")],
    "accounts_client_position_whole": [
        lambda: ClientFactory(latitude=45),
        lambda: ClientFactory(longitude=126),
        lambda: ClientFactory(latitude=91, longitude=126),
        lambda: ClientFactory(latitude=45, longitude=-181),
    ],
    "accounts_client_not_its_own_superior": [superior_of_itself],
    "accounts_client_completeness_percent": [lambda: ClientFactory(completeness=101)],
    "accounts_client_reviewed_by_somebody": [lambda: ClientFactory(reviewed_at=NOON)],
    "accounts_department_once": [same_item(DepartmentFactory, "name")],
    "accounts_anniversary_once": [same_item(AnniversaryFactory, "kind", "name", "day")],
    "accounts_collectioncount_once": [same_item(CollectionCountFactory, "month")],
    "accounts_collectioncount_first_day": [lambda: CollectionCountFactory(month=date(2026, 6, 2))],
    "accounts_segment_once": [same_item(SegmentFactory, "factor", "value")],
    "accounts_area_once": [same_item(AreaFactory, "name")],
    "accounts_agreement_ends_after_start": [
        lambda: AgreementFactory(valid_from=date(2026, 6, 2), valid_until=date(2026, 6, 1))
    ],
    "accounts_policy_ends_after_start": [
        lambda: PolicyFactory(valid_from=date(2026, 6, 2), valid_until=date(2026, 6, 1))
    ],
    "accounts_archivecheck_resolved_with_cause": [
        lambda: ArchiveCheckFactory(resolved_at=NOON, cause="c"),
        lambda: ArchiveCheckFactory(resolved_at=NOON, resolved_by=UserFactory()),
    ],
    "accounts_ownership_one_current": [second_owner],
    "accounts_ownership_ends_after_start": [
        lambda: OwnershipFactory(started_at=NOON, ended_at=datetime(2026, 7, 6, 3, tzinfo=UTC))
    ],
    "accounts_classproposal_one_open": [second_proposal],
    "accounts_classproposal_changes_class": [lambda: ClassProposalFactory(from_class="A")],
    "accounts_classproposal_ended_has_time": [
        lambda: ClassProposalFactory(state="withdrawn"),
        lambda: ClassProposalFactory(decided_at=NOON),
    ],
    "accounts_classproposal_refused_with_word": [
        lambda: ClassProposalFactory(state="refused", decided_at=NOON, decided_by=UserFactory())
    ],
    "accounts_classproposal_not_ones_own": [
        own_decision,
        lambda: ClassProposalFactory(state="approved", decided_at=NOON),
    ],
    "accounts_representation_one_current": [second_representative],
    "accounts_representation_ends_after_start": [
        lambda: RepresentationFactory(ended_at=datetime(2026, 1, 4, tzinfo=UTC))
    ],
    "accounts_recentclient_once": [same_opening],
    "accounts_clientfile_title_not_empty": [lambda: ClientFileFactory(title="")],
    "accounts_clientfile_both_place_and_record": [
        lambda: ClientFileFactory(place="visit"),
        lambda: ClientFileFactory(record=uuid7()),
    ],
    "accounts_clientfile_both_sides": [
        lambda: ClientFileFactory(width=5),
        lambda: ClientFileFactory(width=0, height=5),
    ],
    "accounts_clientfile_infected_by_something": [
        lambda: ClientFileFactory(scan="infected", settled_at=NOON),
        lambda: ClientFileFactory(scan="infected", signature="x"),
    ],
    "accounts_clientfile_bytes_until_purged": [
        lambda: ClientFileFactory(stored_name=""),
        lambda: ClientFileFactory(purged_at=NOON, removed_at=NOON),
        lambda: ClientFileFactory(purged_at=NOON, stored_name="", thumbnail_name="x"),
    ],
    "accounts_clientfile_once": [same_file],
    # Unique columns and keys, named as PostgreSQL names them.
    "accounts_industry_name_key": [lambda: Industry.objects.bulk_create([Industry(name="x")] * 2)],
    "accounts_client_code_key": [twice(ClientFactory, code="C1")],
}
