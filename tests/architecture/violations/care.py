"""Rows of visits, care and complaints that their constraints refuse."""

from collections.abc import Callable
from datetime import UTC, datetime

from care.models import Gift
from tests.architecture.violations.common import NOON, twice
from tests.factories.accounts import ContactFactory, MemberFactory
from tests.factories.care import GiftFactory, ServiceRecordFactory
from tests.factories.complaints import CaseFactory, LessonReadFactory
from tests.factories.staff import UserFactory
from tests.factories.visits import VisitFactory


def read_twice() -> None:
    first = LessonReadFactory()
    LessonReadFactory(case=first.case, person=first.person)


def own_gift() -> None:
    gift = GiftFactory(waiting=True)
    Gift.objects.update(state="approved", decided_by=gift.person, decided_at=NOON)


VIOLATIONS: dict[str, list[Callable[[], object]]] = {
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
}
