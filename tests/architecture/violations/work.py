"""Rows of reports, requests and handovers that their constraints refuse."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from accounts.models import BulkChange, Handover, HandoverItem, HandoverMove, HandoverShare
from crm.lib.models import uuid7
from tests.architecture.violations.common import NOON
from tests.factories.accounts import (
    ClientFactory,
    EscalationFactory,
    InstructionFactory,
    MajorChangeFactory,
    PromiseFactory,
    RhythmVersionFactory,
)
from tests.factories.bulk_changes import make_bulk_change
from tests.factories.handovers import make_clients, make_handover
from tests.factories.reports import (
    ChangeRequestFactory,
    ClientVoiceFactory,
    ImprovementFactory,
    ReportFactory,
    ReportRecipientFactory,
)
from tests.factories.staff import PositionFactory, UserFactory
from tests.factories.visits import VisitFactory


def twice_escalated_further() -> None:
    earlier = EscalationFactory()
    for _ in range(2):
        EscalationFactory(earlier=earlier, level=2)


def half_answered(factory: Callable) -> list[Callable[[], object]]:
    return [lambda: factory(answered_at=NOON), lambda: factory(answer="Yes")]


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
}
