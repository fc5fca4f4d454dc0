"""Telling people of cases whose clock has run out."""

from datetime import datetime

from complaints.models import Case
from crm.lib.services import service
from staff.models import User
from staff.selectors import supervisors_by_unit
from staff.services.work import notify

AT_ONCE = 500


@service
def tell_overdue_cases(*, now: datetime, by: User | None) -> int:
    """Who owes the first reply or the solution, and who answers for their unit, once for each
    deadline; gives how many cases are overdue, AT_ONCE at most."""
    cases = list(Case.objects.overdue(now).with_people().order_by("due_at", "pk")[:AT_ONCE])
    supervisors = supervisors_by_unit() if cases else {}
    for case in cases:
        owing = case.first_responder if case.owes_first_reply else case.assignee
        unit = case.receiving_unit_id if case.owes_first_reply else case.responsible_unit_id
        notify(
            recipients=[*([owing] if owing else []), *supervisors.get(unit, [])],
            kind="case-overdue",
            key=f"case-overdue:{case.pk}:{case.due_at:%Y%m%d%H%M%S}",
            params={"number": case.number, "client": case.client.name},
            link=case.get_absolute_url(),
            by=by,
        )
    return len(cases)
