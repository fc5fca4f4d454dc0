"""Makers of the objects that routes name, each of the person given."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.files.base import ContentFile

from staff.choices import Role
from staff.models import SavedFilter, UnitMove, User
from sync.models import Token
from tests.factories.accounts import (
    ClassProposalFactory,
    ClientFactory,
    ContactFactory,
    ContactLogFactory,
    ContactNoteFactory,
    ContactRelationFactory,
    EscalationFactory,
    InstructionFactory,
    MajorChangeFactory,
    MemberFactory,
    NoteFactory,
    PromiseFactory,
)
from tests.factories.analytics import (
    AlertFactory,
    BillingImportFactory,
    BillingUploadFactory,
    ValueAssessmentFactory,
    ValueDueFactory,
)
from tests.factories.archive import FACTORIES as ARCHIVE_LISTS
from tests.factories.archive import ArchiveCheckFactory, StatusChangeFactory
from tests.factories.bulk_changes import make_bulk_change
from tests.factories.care import GiftFactory, ServiceRecordFactory
from tests.factories.complaints import CaseFactory, CaseStepFactory
from tests.factories.files import PhotoFactory
from tests.factories.handovers import make_handover
from tests.factories.members import EntitlementUseFactory, TierGrantFactory
from tests.factories.merges import make_merge
from tests.factories.pairs import SuspectedPairFactory
from tests.factories.reports import (
    ChangeRequestFactory,
    ClientVoiceFactory,
    ImprovementFactory,
    ReportFactory,
)
from tests.factories.staff import (
    AbsenceFactory,
    AppointmentFactory,
    DutyShiftFactory,
    ExportFactory,
    LoanFactory,
    NotificationFactory,
    TrainingSessionFactory,
)
from tests.factories.visits import VisitFactory


def client(person: User) -> Any:
    return ClientFactory(owner=person)


def handover(person: User) -> Any:
    return make_handover(person)


def bulk_change(person: User) -> Any:
    return make_bulk_change(person)


def merge(person: User) -> Any:
    return make_merge(person)


def suspected_pair(person: User) -> Any:
    return SuspectedPairFactory(owner=person)


def handover_share(person: User) -> Any:
    return make_handover(person).shares.get()


def contact(person: User) -> Any:
    return ContactFactory(client__owner=person)


def contact_note(person: User) -> Any:
    return ContactNoteFactory(contact__client__owner=person)


def relation(person: User) -> Any:
    return ContactRelationFactory(person__client__owner=person)


def contact_log(person: User) -> Any:
    return ContactLogFactory(logged_by=person)


def assessment(person: User) -> Any:
    return ValueAssessmentFactory(client__owner=person)


def report(person: User) -> Any:
    return ReportFactory(author=person)


def change_request(person: User) -> Any:
    return ChangeRequestFactory(requested_by=person)


def voice(person: User) -> Any:
    return ClientVoiceFactory(recorded_by=person)


def improvement(person: User) -> Any:
    return ImprovementFactory(suggested_by=person)


def value_due(person: User) -> Any:
    return ValueDueFactory(client__owner=person)


def note(person: User) -> Any:
    return NoteFactory(author=person)


def photo(person: User) -> Any:
    return PhotoFactory(client__owner=person, kind="photo")


def client_file(person: User) -> Any:
    return PhotoFactory(client__owner=person, kind="identity")


def member(person: User) -> Any:
    return MemberFactory(client__owner=person)


def proposal(person: User) -> Any:
    return ClassProposalFactory(client__owner=person, proposed_by=person)


def entitlement_use(person: User) -> Any:
    return EntitlementUseFactory(member__client__owner=person)


def grant(person: User) -> Any:
    return TierGrantFactory(member__client__owner=person)


def archive_check(person: User) -> Any:
    return ArchiveCheckFactory(client__owner=person)


def status_change(person: User) -> Any:
    return StatusChangeFactory(client__owner=person)


def archive_item(slug: str) -> Callable[[User], Any]:
    return lambda person: ARCHIVE_LISTS[slug](client__owner=person)


# The API's names of the lists of an archive.
ITEM_RESOURCES = {
    "segments": "segment", "anniversaries": "anniversary", "departments": "department",
    "collection-counts": "collection-count", "policies": "policy", "agreements": "agreement",
    "areas": "area", "success-cases": "success-case",
}  # fmt: skip
ARCHIVE_OBJECTS: dict[str, Callable[[User], Any]] = {
    **{f"accounts:{slug}_create": client for slug in ARCHIVE_LISTS},
    **{
        f"accounts:{slug}_{verb}": archive_item(slug)
        for slug in ARCHIVE_LISTS
        for verb in ("edit", "remove", "restore")
    },
    **{
        f"api:{name}-{verb}": archive_item(slug)
        for slug, name in ITEM_RESOURCES.items()
        for verb in ("detail", "remove", "restore")
    },
    **dict.fromkeys(
        ("accounts:check_resolve", "api:archive-check-detail", "api:archive-check-resolve"),
        archive_check,
    ),
    "api:status-change-detail": status_change,
}


def major_change(person: User) -> Any:
    return MajorChangeFactory(client__owner=person)


def instruction(person: User) -> Any:
    return InstructionFactory(client__owner=person)


def escalation(person: User) -> Any:
    return EscalationFactory(client__owner=person)


def promise(person: User) -> Any:
    return PromiseFactory(client__owner=person)


def visit(person: User) -> Any:
    return VisitFactory(visitor=person)


def case(person: User) -> Any:
    return CaseFactory(first_responder=person)


def gift(person: User) -> Any:
    return GiftFactory(person=person)


def service_record(person: User) -> Any:
    return ServiceRecordFactory(served_by=person)


def case_step(person: User) -> Any:
    return CaseStepFactory(case__first_responder=person)


def alert(person: User) -> Any:
    return AlertFactory(client__owner=person)


def billing_import(person: User) -> Any:
    file = ContentFile(b"line,reason\n", name="bad.csv")
    return BillingImportFactory(created_by=person, quarantine_file=file)


def upload(person: User) -> Any:
    person.role = Role.OPERATIONS  # of others' uploads they see nothing, so the owner must have it
    person.save()
    return BillingUploadFactory(created_by=person)


def person(person: User) -> Any:
    return person


def unit(person: User) -> Any:
    return person.unit


def unit_move(person: User) -> Any:
    top = person.unit.parent
    return UnitMove.objects.create(
        unit=person.unit, from_parent=top, to_parent=top, moved_at=datetime(2026, 7, 6, tzinfo=UTC)
    )


def absence(person: User) -> Any:
    return AbsenceFactory(person=person, state="requested")


def loan(person: User) -> Any:
    return LoanFactory(person=person)


def duty_shift(person: User) -> Any:
    return DutyShiftFactory(person=person)


def training_session(person: User) -> Any:
    return TrainingSessionFactory(unit=person.unit)


def appointment(person: User) -> Any:
    return AppointmentFactory(person=person)


def notification(person: User) -> Any:
    return NotificationFactory(recipient=person)


def export(person: User) -> Any:
    return ExportFactory(owner=person, file=ContentFile(b"a,b\n", name="clients.csv"))


def logged_export(person: User) -> Any:
    """Its entry in the log, which those above may read, unlike the file."""
    return export(person)


def export_to_decide(person: User) -> Any:
    return ExportFactory(
        owner=person, state="approval", rows=999, expires_at=datetime(2099, 1, 1, tzinfo=UTC)
    )


def saved_filter(person: User) -> Any:
    return SavedFilter.objects.create(
        owner=person, list_name="accounts:client_list", name="Mine", query="q=own"
    )


def token(person: User) -> Any:
    return Token.objects.create(
        owner=person,
        name="mine",
        digest=f"{person.pk:064}",
        expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    )
