"""Each constraint of our tables refuses one violating row, and none is without its row here."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import (
    BulkChange,
    Contact,
    Handover,
    HandoverItem,
    HandoverMove,
    HandoverShare,
    Industry,
    RecentClient,
    Tip,
)
from analytics.models import Alert, ColumnMapping, ImportChange, ImportProblem, RuleVersion
from care.models import Gift
from crm.lib.models import uuid7
from staff.models import CareerStep, ListSetting, SavedFilter
from tests.architecture.our_models import our_models
from tests.factories.accounts import (
    ClassProposalFactory,
    ClientFactory,
    ContactFactory,
    ContactLogFactory,
    ContactNoteFactory,
    ContactRelationFactory,
    ContactWindowFactory,
    EscalationFactory,
    InstructionFactory,
    MajorChangeFactory,
    MemberFactory,
    NoteFactory,
    OwnershipFactory,
    PromiseFactory,
    RepresentationFactory,
    RhythmVersionFactory,
    TipFactory,
)
from tests.factories.analytics import (
    AlertFactory,
    BillingImportFactory,
    BillingPeriodFactory,
    BillingUploadFactory,
    BusinessHandlingFactory,
    ClassSuggestionFactory,
    CriteriaVersionFactory,
    DailyUsageFactory,
    PaymentFactory,
    PeriodCoverageFactory,
    ProductBillFactory,
    ValueAssessmentFactory,
    ValueDueFactory,
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
from tests.factories.bulk_changes import make_bulk_change
from tests.factories.care import GiftFactory, ServiceRecordFactory
from tests.factories.complaints import CaseFactory, LessonReadFactory
from tests.factories.files import ClientFileFactory
from tests.factories.handovers import make_clients, make_handover
from tests.factories.members import (
    EntitlementFactory,
    EntitlementUseFactory,
    OwnerChangeFactory,
    RecordLookFactory,
    TierGrantFactory,
    TierTermFactory,
)
from tests.factories.reports import (
    ChangeRequestFactory,
    ClientVoiceFactory,
    ImprovementFactory,
    ReportFactory,
    ReportRecipientFactory,
)
from tests.factories.staff import (
    AbsenceFactory,
    AcknowledgementFactory,
    AppointmentFactory,
    AttendanceFactory,
    DutyShiftFactory,
    ExportFactory,
    LoanFactory,
    NotificationFactory,
    PolicyVersionFactory,
    PositionFactory,
    ScoreFactory,
    TaskFactory,
    UserFactory,
)
from tests.factories.visits import VisitFactory

NOON = datetime(2026, 7, 6, 4, tzinfo=UTC)


def twice(factory: Callable, **fields) -> Callable[[], object]:
    """The same values in a second row."""
    return lambda: [factory(**fields) for _ in range(2)]


def same_task() -> None:
    TaskFactory(subject_id=TaskFactory().subject_id)


def same_news() -> None:
    NotificationFactory(recipient=NotificationFactory(key="k").recipient, key="k")


def accepted_twice() -> None:
    first = AcknowledgementFactory()
    AcknowledgementFactory(person=first.person, policy=first.policy)


def scored_twice() -> None:
    first = ScoreFactory()
    ScoreFactory(assessment=first.assessment, quality=first.quality)


def attended_twice() -> None:
    first = AttendanceFactory()
    AttendanceFactory(session=first.session, person=first.person)


def same_career_step() -> None:
    first = CareerStep.objects.first()
    CareerStep.objects.create(from_position=first.from_position, to_position=first.to_position)


def same_file() -> None:
    first = ClientFileFactory()
    ClientFileFactory(client=first.client, sha256=first.sha256)


def own_deputy() -> None:
    person = UserFactory()
    AbsenceFactory(person=person, deputy=person)


def same_appointment() -> None:
    first = AppointmentFactory()
    AppointmentFactory(person=first.person, position=first.position, unit=first.unit)


def export_of(**fields) -> None:
    ExportFactory(**{"list_name": "", **fields})


def own_export_decided() -> None:
    person = UserFactory()
    ExportFactory(owner=person, decided_by=person, decided_at=NOON)


def second_owner() -> None:
    OwnershipFactory(client=OwnershipFactory().client)


def second_proposal() -> None:
    ClassProposalFactory(client=ClassProposalFactory().client)


def own_decision() -> None:
    person = UserFactory()
    ClassProposalFactory(proposed_by=person, state="approved", decided_at=NOON, decided_by=person)


def second_representative() -> None:
    RepresentationFactory(client=RepresentationFactory().client)


def twice_escalated_further() -> None:
    earlier = EscalationFactory()
    for _ in range(2):
        EscalationFactory(earlier=earlier, level=2)


def half_answered(factory: Callable) -> list[Callable[[], object]]:
    return [lambda: factory(answered_at=NOON), lambda: factory(answer="Yes")]


def second_suggestion() -> None:
    ClassSuggestionFactory(client=ClassSuggestionFactory().client)


def same_criteria() -> None:
    first = CriteriaVersionFactory()
    first.pk = None
    first.save(force_insert=True)


def same_contact() -> None:
    first = ContactFactory()
    Contact.objects.create(client=first.client, name=first.name, mobile=first.mobile)


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


def second_decision_maker() -> None:
    first = ContactFactory(is_decision_maker=True)
    ContactFactory(client=first.client, is_decision_maker=True)


def own_past() -> None:
    contact = ContactFactory()
    contact.formerly = contact
    contact.save()


def second_boss() -> None:
    first = ContactRelationFactory()
    ContactRelationFactory(person=first.person)


def relation_to_oneself() -> None:
    contact = ContactFactory()
    ContactRelationFactory(person=contact, other=contact)


def relation_the_other_way_round() -> None:
    first, second = sorted((ContactFactory(), ContactFactory()), key=lambda each: each.pk)
    ContactRelationFactory(person=second, other=first, kind="kin")


def same_relation() -> None:
    first = ContactRelationFactory(kind="introduced_by")
    ContactRelationFactory(person=first.person, other=first.other, kind="introduced_by")


def same_tip() -> None:
    Tip.objects.all().delete()
    for _ in range(2):
        Tip.objects.create(subject="personality", value="silent", text_en="a", text_zh="b")


def same_rule_version() -> None:
    first = RuleVersion.objects.first()
    first.pk = None
    first.save(force_insert=True)


def negative_per_cent() -> None:
    first = RuleVersion.objects.first()
    first.pk, first.version, first.percent = None, 9, Decimal("-0.01")
    first.save(force_insert=True)


def general_taken_back() -> None:
    first = RuleVersion.objects.first()
    first.pk, first.version, first.is_removed = None, 9, True
    first.save(force_insert=True)


def second_open_alert() -> None:
    AlertFactory(client=AlertFactory().client, reading=None)


def same_reading() -> None:
    AlertFactory(client=AlertFactory().client, state="withdrawn")


def same_problem() -> None:
    done = BillingImportFactory()
    for _ in range(2):
        ImportProblem.objects.create(billing_import=done, code="missing", column="total")


def same_mapping() -> None:
    for _ in range(2):
        ColumnMapping.objects.create(kind="member_bill", fingerprint="0" * 64, updated_at=NOON)


def same_change() -> None:
    done = BillingImportFactory()
    for _ in range(2):
        ImportChange.objects.create(billing_import=done, model="accounts.client", object_id="1")


def same_product() -> None:
    first = ProductBillFactory()
    ProductBillFactory(client=first.client, product_code=first.product_code)


def same_payment() -> None:
    first = PaymentFactory()  # without a time, which counts like any other
    PaymentFactory(member=first.member, serial_number=first.serial_number)


def same_handling() -> None:
    first = BusinessHandlingFactory()  # without a time and an amount
    BusinessHandlingFactory(member=first.member, operation_type=first.operation_type)


def same_usage() -> None:
    DailyUsageFactory._meta.model.objects.bulk_create(
        DailyUsageFactory.build_batch(2, member=MemberFactory())
    )


def same_coverage() -> None:
    PeriodCoverageFactory(unit=PeriodCoverageFactory().unit)


def same_filter() -> None:
    person = UserFactory()
    for query in ("q=a", "q=b"):
        SavedFilter.objects.create(owner=person, list_name="x", name="Mine", query=query)


def same_setting() -> None:
    person = UserFactory()
    for _ in range(2):
        ListSetting.objects.create(person=person, list_name="x")


def same_opening() -> None:
    first = RecentClient.objects.create(
        client=ClientFactory(), person=UserFactory(), opened_at=NOON
    )
    RecentClient.objects.create(client=first.client, person=first.person, opened_at=NOON)


def same_use(**holder) -> Callable[[], object]:
    def violate() -> None:
        first = EntitlementUseFactory(**{name: make() for name, make in holder.items()})
        EntitlementUseFactory(
            entitlement=first.entitlement, member=first.member, contact=first.contact
        )

    return violate


def same_term() -> None:
    TierTermFactory(member=TierTermFactory().member)


def read_twice() -> None:
    first = LessonReadFactory()
    LessonReadFactory(case=first.case, person=first.person)


def own_gift() -> None:
    gift = GiftFactory(waiting=True)
    Gift.objects.update(state="approved", decided_by=gift.person, decided_at=NOON)


def undone_by_nobody() -> None:
    make_handover(UserFactory())
    Handover.objects.update(undone_at=NOON)


def handed_over_without_reason() -> None:
    make_handover(UserFactory())
    Handover.objects.update(reason="")


def handed_over_nothing() -> None:
    make_handover(UserFactory())
    Handover.objects.update(clients=0)


def bulk_changed(**wrong) -> Callable[[], object]:
    """A bulk change that says this of itself."""

    def change() -> None:
        make_bulk_change(UserFactory())
        BulkChange.objects.update(**wrong)

    return change


def same_bulk_item() -> None:
    item = make_bulk_change(UserFactory()).items.get()
    item.pk = uuid7()
    item.save(force_insert=True)


def same_row_again(model) -> Callable[[], object]:
    """A second row with the same values but its key."""

    def again() -> None:
        owner = UserFactory()
        client = make_clients(owner, 1)[0]
        VisitFactory(client=client, visitor=owner)
        make_handover(owner, clients=[client])
        row = model.objects.get()
        row.pk = uuid7()
        row.save(force_insert=True)

    return again


VIOLATIONS: dict[str, list[Callable[[], object]]] = {
    "staff_task_one_open_per_subject": [same_task],
    "staff_savedfilter_once": [same_filter],
    "staff_listsetting_once": [same_setting],
    "staff_notification_told_once": [same_news],
    "staff_absence_ends_after_start": [
        lambda: AbsenceFactory(starts_on=date(2026, 7, 6), ends_on=date(2026, 7, 5))
    ],
    "staff_absence_deputy_is_another": [own_deputy],
    "staff_absence_decision_whole": [
        lambda: AbsenceFactory(decided_at=NOON),
        lambda: AbsenceFactory(decided_by=UserFactory()),
    ],
    "staff_score_one_to_five": [lambda: ScoreFactory(value=0), lambda: ScoreFactory(value=6)],
    "staff_score_once": [scored_twice],
    "staff_attendance_once": [attended_twice],
    "staff_careerstep_once": [same_career_step],
    "staff_policyversion_once": [twice(PolicyVersionFactory, version=7)],
    "staff_acknowledgement_once": [accepted_twice],
    "staff_loan_due_after_lent": [lambda: LoanFactory(due_on=date(2026, 6, 30))],
    "staff_loan_returned_after_lent": [lambda: LoanFactory(returned_on=date(2026, 6, 30))],
    "staff_dutyshift_ends_after_start": [lambda: DutyShiftFactory(starts_at=NOON, ends_at=NOON)],
    "staff_appointment_ends_after_start": [
        lambda: AppointmentFactory(started_on=date(2026, 7, 6), ended_on=date(2026, 7, 5))
    ],
    "staff_appointment_held_once": [same_appointment],
    "staff_export_list_or_document": [
        export_of,
        lambda: export_of(list_name="x:y", document="z", subject="1"),
        lambda: export_of(document="z"),
    ],
    "staff_export_has_reason": [
        lambda: export_of(document="z", subject="1", reason=""),
        lambda: export_of(list_name="x:y", reason=""),
    ],
    "staff_export_waits_for_a_time": [lambda: ExportFactory(state="approval")],
    "staff_export_decision_whole": [
        lambda: ExportFactory(decided_at=NOON),
        lambda: ExportFactory(decided_by=UserFactory()),
    ],
    "staff_export_decided_by_another": [own_export_decided],
    "staff_export_refused_by_somebody": [lambda: ExportFactory(state="refused")],
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
    "accounts_majorchange_answered_whole": half_answered(MajorChangeFactory),
    "accounts_instruction_answered_whole": half_answered(InstructionFactory),
    "accounts_escalation_answered_whole": half_answered(EscalationFactory),
    "accounts_promise_answered_whole": half_answered(PromiseFactory),
    "accounts_majorchange_learned_first": [
        lambda: MajorChangeFactory(learned_at=NOON, reported_at=datetime(2026, 7, 1, tzinfo=UTC))
    ],
    "accounts_promise_kept_has_time": [
        lambda: PromiseFactory(state="kept"),
        lambda: PromiseFactory(kept_at=NOON),
    ],
    "accounts_promise_waits_for_authority": [lambda: PromiseFactory(state="waiting")],
    "accounts_representation_one_current": [second_representative],
    "accounts_representation_ends_after_start": [
        lambda: RepresentationFactory(ended_at=datetime(2026, 1, 4, tzinfo=UTC))
    ],
    "accounts_changerequest_one_open": [
        lambda: ChangeRequestFactory.create_batch(
            2, client=ClientFactory(), requested_by=UserFactory()
        )
    ],
    "accounts_changerequest_decided_by_somebody": [
        lambda: ChangeRequestFactory(state="approved"),
        lambda: ChangeRequestFactory(decided_at=NOON),
    ],
    "accounts_changerequest_no_has_reason": [
        lambda: ChangeRequestFactory(state="refused", decided_at=NOON, decided_by=UserFactory()),
        lambda: ChangeRequestFactory(state="partly", decided_at=NOON, decided_by=UserFactory()),
    ],
    "accounts_changerequest_changes_something": [lambda: ChangeRequestFactory(changes=[])],
    "accounts_clientvoice_somebody_said_something": [
        lambda: ClientVoiceFactory(said_by=""),
        lambda: ClientVoiceFactory(text=""),
    ],
    "accounts_improvement_answered_by_somebody": [
        lambda: ImprovementFactory(state="taken_up"),
        lambda: ImprovementFactory(answered_at=NOON),
    ],
    "accounts_improvement_ended_with_answer": [
        lambda: ImprovementFactory(state="done", answered_at=NOON, answered_by=UserFactory()),
        lambda: ImprovementFactory(state="declined", answered_at=NOON, answered_by=UserFactory()),
    ],
    "accounts_improvement_voice_id_key": [
        lambda: ImprovementFactory.create_batch(2, voice=ClientVoiceFactory())
    ],
    "accounts_report_answered_whole": half_answered(ReportFactory),
    "accounts_report_suggestion_has_client": [lambda: ReportFactory(about=None)],
    "accounts_report_urgent_has_clock": [
        lambda: ReportFactory(urgent=True, learned_at=None),
        lambda: ReportFactory(urgent=True, due_at=None),
        lambda: ReportFactory(urgent=True, due_at=datetime(2026, 7, 1, tzinfo=UTC)),
    ],
    "accounts_report_market_has_month": [
        lambda: ReportFactory(market=True, month=None),
        lambda: ReportFactory(market=True, due_at=None),
    ],
    "accounts_report_state_has_time": [
        lambda: ReportFactory(state="submitted"),
        lambda: ReportFactory(submitted_at=NOON),
        lambda: ReportFactory(submitted=True, state="answered"),
    ],
    "accounts_report_one_market_month": [
        lambda: ReportFactory.create_batch(2, market=True, author=UserFactory())
    ],
    "accounts_report_one_suggestion_a_month": [
        lambda: ReportFactory.create_batch(2, about=ClientFactory(), month=date(2026, 6, 1))
    ],
    "accounts_reportrecipient_person_or_position": [
        lambda: ReportRecipientFactory(person=None),
        lambda: ReportRecipientFactory(position=PositionFactory()),
    ],
    "accounts_reportrecipient_person_id_key": [
        lambda: ReportRecipientFactory.create_batch(2, person=UserFactory())
    ],
    "accounts_reportrecipient_position_id_key": [
        lambda: ReportRecipientFactory.create_batch(2, person=None, position=PositionFactory())
    ],
    "analytics_valueassessment_once_a_day": [
        lambda: ValueAssessmentFactory.create_batch(2, client=ClientFactory())
    ],
    "analytics_valueassessment_points": [
        lambda: ValueAssessmentFactory(existing=0),
        lambda: ValueAssessmentFactory(potential=6),
        lambda: ValueAssessmentFactory(revenue=6),
    ],
    "analytics_valueassessment_score_and_reason": [
        lambda: ValueAssessmentFactory(score=101),
        lambda: ValueAssessmentFactory(reason=""),
    ],
    "analytics_valuedue_after_begin": [lambda: ValueDueFactory(due_on=date(2026, 1, 4))],
    "analytics_valuedue_client_id_key": [
        lambda: ValueDueFactory.create_batch(2, client=ClientFactory())
    ],
    "analytics_valuedue_newest_id_key": [
        lambda: ValueDueFactory.create_batch(2, newest=ValueAssessmentFactory())
    ],
    "accounts_rhythmversion_once": [lambda: RhythmVersionFactory.create_batch(2)],
    "accounts_rhythmversion_sensible": [
        lambda: RhythmVersionFactory(months=0),
        lambda: RhythmVersionFactory(months=25),
    ],
    "accounts_escalation_earlier_id_key": [twice_escalated_further],
    "accounts_bulkchange_undone_by_somebody": [
        bulk_changed(undone_at=NOON),
        bulk_changed(undone_at=NOON, undo_reason="x"),
    ],
    "accounts_bulkchange_has_reason_and_clients": [
        bulk_changed(reason=""),
        bulk_changed(clients=0),
    ],
    "accounts_bulkitem_once": [same_bulk_item],
    "accounts_handover_undone_by_somebody": [undone_by_nobody],
    "accounts_handover_has_reason_and_clients": [handed_over_without_reason, handed_over_nothing],
    "accounts_handovershare_once": [same_row_again(HandoverShare)],
    "accounts_handoveritem_once": [same_row_again(HandoverItem)],
    "accounts_handovermove_once": [same_row_again(HandoverMove)],
    "accounts_contact_birthday_whole": [
        lambda: ContactFactory(birth_month=8),
        lambda: ContactFactory(birth_day=15),
        lambda: ContactFactory() and Contact.objects.update(birth_month=13, birth_day=1),
        lambda: ContactFactory() and Contact.objects.update(birth_month=1, birth_day=32),
    ],
    "accounts_contact_once": [same_contact],
    "accounts_recentclient_once": [same_opening],
    "accounts_ownerchange_identity_checked": [
        lambda: OwnerChangeFactory(note=""),
        lambda: OwnerChangeFactory(document_tail=""),
        lambda: OwnerChangeFactory(new_owner=""),
    ],
    "accounts_entitlement_verified_by_somebody": [
        lambda: EntitlementFactory(verified_by="Somebody"),
        lambda: EntitlementFactory(verified_on=date(2026, 7, 6)),
    ],
    "accounts_entitlement_limits_positive": [
        lambda: EntitlementFactory(quantity=0),
        lambda: EntitlementFactory(value=Decimal(0)),
    ],
    "accounts_entitlement_needs_card": [lambda: EntitlementFactory(tier=0)],
    "accounts_entitlementuse_one_holder": [
        lambda: EntitlementUseFactory(contact=ContactFactory()),
        lambda: EntitlementUseFactory(member=None, client=ClientFactory()),
    ],
    "accounts_entitlementuse_year_of_use": [lambda: EntitlementUseFactory(year=2025)],
    "accounts_entitlementuse_positive": [
        lambda: EntitlementUseFactory(number=0),
        lambda: EntitlementUseFactory(amount=Decimal(0)),
    ],
    "accounts_entitlementuse_cancelled_whole": [
        lambda: EntitlementUseFactory(cancelled_at=NOON),
        lambda: EntitlementUseFactory(cancel_reason="By mistake"),
    ],
    "accounts_entitlementuse_once_by_member": [same_use(member=MemberFactory)],
    "accounts_entitlementuse_once_by_contact": [
        same_use(member=lambda: None, contact=ContactFactory)
    ],
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
    "accounts_recordlook_has_reason": [lambda: RecordLookFactory(reason="")],
    "accounts_tierterm_once": [same_term],
    "accounts_tiergrant_whole_months": [
        lambda: TierGrantFactory(from_month=date(2026, 6, 1), until_month=date(2026, 5, 1)),
        lambda: TierGrantFactory(from_month=date(2026, 6, 2)),
        lambda: TierGrantFactory(until_month=date(2026, 12, 31)),
        lambda: TierGrantFactory(tier=0),
    ],
    "accounts_tiergrant_one_year": [lambda: TierGrantFactory(until_month=date(2027, 1, 1))],
    "accounts_contact_one_decision_maker": [second_decision_maker],
    "accounts_contact_not_own_past": [own_past],
    "accounts_contact_leap_is_lunar": [
        lambda: ContactFactory() and Contact.objects.update(is_leap_month_birthday=True)
    ],
    "accounts_contact_organisation_is_outside": [
        lambda: ContactFactory() and Contact.objects.update(organisation="Design institute")
    ],
    "accounts_contact_left_is_not_there": [
        lambda: ContactFactory(left_on=date(2026, 7, 1)),
        lambda: ContactFactory(left_reason="Retired"),
    ],
    "accounts_contactnote_says_it": [lambda: ContactNoteFactory(text="")],
    "accounts_contactwindow_ends_later": [lambda: ContactWindowFactory(ends=time(9))],
    "accounts_contactwindow_real_days": [
        lambda: ContactWindowFactory(weekdays=[]),
        lambda: ContactWindowFactory(weekdays=[0]),
    ],
    "accounts_contactrelation_two_people": [relation_to_oneself],
    "accounts_contactrelation_symmetric_once": [relation_the_other_way_round],
    "accounts_contactrelation_once": [same_relation],
    "accounts_contactrelation_one_boss": [second_boss],
    "accounts_tip_once": [same_tip],
    "accounts_tip_says_it": [
        lambda: TipFactory(value="new", text_en=""),
        lambda: TipFactory(value="new", text_zh=""),
    ],
    "accounts_contactlog_content_not_empty": [lambda: ContactLogFactory(content="")],
    "accounts_contactlog_walk_in_is_in_person": [
        lambda: ContactLogFactory(direction="walk_in", channel="phone"),
        lambda: ContactLogFactory(direction="outgoing", channel="visit"),
    ],
    "accounts_contactlog_day_has_step": [lambda: ContactLogFactory(next_step_on=date(2026, 7, 10))],
    "accounts_note_text_not_empty": [lambda: NoteFactory(text="")],
    "visits_visit_done_has_record": [
        lambda: VisitFactory(done=True, summary=""),
        lambda: VisitFactory(done=True, next_step=""),
        lambda: VisitFactory(done=True, recorded_at=None),
    ],
    "visits_visit_cancelled_has_reason": [lambda: VisitFactory(state="cancelled")],
    "care_gift_has_value": [lambda: GiftFactory(value=-1), lambda: GiftFactory(item="")],
    "care_gift_decided_by_somebody": [
        lambda: GiftFactory(approved=True, decided_by=None),
        lambda: GiftFactory(waiting=True, decided_by=UserFactory(), decided_at=NOON),
    ],
    "care_gift_not_ones_own": [own_gift],
    "care_servicerecord_says_what": [lambda: ServiceRecordFactory(done="")],
    "care_servicerecord_for_one": [
        lambda: ServiceRecordFactory(contact=ContactFactory(), member=MemberFactory())
    ],
    "complaints_case_says_something": [lambda: CaseFactory(said="")],
    "complaints_case_somebody_called": [lambda: CaseFactory(caller_name="")],
    "complaints_case_replied_has_time": [
        lambda: CaseFactory(replied=True, first_replied_at=None),
        lambda: CaseFactory(first_replied_at=NOON),
    ],
    "complaints_case_solved_has_result": [
        lambda: CaseFactory(resolved=True, result=""),
        lambda: CaseFactory(closed=True, resolved_at=None),
    ],
    "complaints_case_closed_whole": [
        lambda: CaseFactory(closed=True, closed_at=None),
        lambda: CaseFactory(closed=True, satisfaction=""),
        lambda: CaseFactory(closed=True, summary=""),
        lambda: CaseFactory(resolved=True, is_lesson=True),
    ],
    "complaints_case_due_after_contact": [
        lambda: CaseFactory(first_reply_due_at=datetime(2026, 7, 6, 2, tzinfo=UTC)),
        lambda: CaseFactory(resolution_due_at=datetime(2026, 7, 6, 1, tzinfo=UTC)),
    ],
    "complaints_lessonread_once": [read_twice],
    "complaints_case_number_key": [twice(CaseFactory, number="C1")],
    "analytics_ruleversion_once": [same_rule_version],
    "analytics_ruleversion_general_stays": [general_taken_back],
    "analytics_ruleversion_percent_positive": [negative_per_cent],
    "analytics_criteriaversion_once": [same_criteria],
    "analytics_criteriaversion_within_a_year": [
        lambda: CriteriaVersionFactory(version=2, months=0),
        lambda: CriteriaVersionFactory(version=2, months=13),
    ],
    "analytics_criteriaversion_a_above_b": [
        lambda: CriteriaVersionFactory(version=2, a_income=9),
        lambda: CriteriaVersionFactory(version=2, a_members=9),
        lambda: CriteriaVersionFactory(version=2, b_income=-1),
    ],
    "analytics_criteriaversion_general_stays": [
        lambda: CriteriaVersionFactory(version=2, is_removed=True)
    ],
    "analytics_classsuggestion_one_open": [second_suggestion],
    "analytics_classsuggestion_changes_class": [lambda: ClassSuggestionFactory(from_class="A")],
    "analytics_classsuggestion_ended_has_time": [
        lambda: ClassSuggestionFactory(state="accepted"),
        lambda: ClassSuggestionFactory(decided_at=NOON),
    ],
    "analytics_classsuggestion_dismissed_has_reason": [
        lambda: ClassSuggestionFactory(state="dismissed", decided_at=NOON)
    ],
    "analytics_alert_one_open": [second_open_alert],
    "analytics_alert_closed_with_four_items": [
        lambda: AlertFactory(state="closed", closed_at=NOON, reading=None),
        lambda: Alert.objects.update(state="closed") if AlertFactory() else None,
    ],
    "analytics_alertreading_once": [same_reading],
    "analytics_billingperiod_first_day": [lambda: BillingPeriodFactory(month=date(2026, 6, 2))],
    "analytics_billingperiod_complete_has_time": [
        lambda: BillingPeriodFactory(state="complete"),
        lambda: BillingPeriodFactory(completed_at=NOON),
    ],
    "analytics_billingupload_received_within_size": [
        lambda: BillingUploadFactory(size=5, received=6),
        lambda: BillingUploadFactory(received=-1),
    ],
    "analytics_billingperiod_held_has_time": [
        lambda: BillingPeriodFactory(state="held"),
        lambda: BillingPeriodFactory(held_at=NOON),
    ],
    "analytics_billingperiod_closed_has_time": [
        lambda: BillingPeriodFactory(state="closed", completed_at=NOON),
        lambda: BillingPeriodFactory(closed_at=NOON),
    ],
    "analytics_periodcoverage_once": [same_coverage],
    "analytics_importproblem_once": [same_problem],
    "analytics_columnmapping_once": [same_mapping],
    "analytics_importchange_once": [same_change],
    "analytics_productbill_once": [same_product],
    "analytics_payment_once": [same_payment],
    "analytics_businesshandling_once": [same_handling],
    # Unique columns and keys, named as PostgreSQL names them.
    "accounts_industry_name_key": [lambda: Industry.objects.bulk_create([Industry(name="x")] * 2)],
    "accounts_client_code_key": [twice(ClientFactory, code="C1")],
    "analytics_dailyusage_pkey": [same_usage],
    "accounts_member_msisdn_key": [twice(MemberFactory, msisdn=13_800_000_001)],
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "violate"),
    [(name, violate) for name, violations in VIOLATIONS.items() for violate in violations],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_constraint_refuses_a_violating_row(name, violate):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        violate()


def test_every_constraint_has_its_violating_row():
    ours = {constraint.name for model in our_models() for constraint in model._meta.constraints}

    assert ours == {name for name in VIOLATIONS if not name.endswith("key")}
