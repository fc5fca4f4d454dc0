"""What the search box finds here."""

from accounts.selectors.search import found_client_ids
from complaints.choices import CaseStatus
from complaints.models import Case
from crm.lib.search import Hit, Search

TONES = {
    CaseStatus.OPEN: "warning",
    CaseStatus.REPLIED: "info",
    CaseStatus.RESOLVED: "success",
}


def find_cases(search: Search, limit: int) -> list[Hit]:
    """The case of that number, or the newest of the clients that the search finds."""
    seen = Case.objects.visible_to(search.user).with_people()
    exact = list(seen.filter(number=search.text.upper())[:1])
    if exact:
        return [_hit(case, is_exact=True) for case in exact]
    clients = found_client_ids(search)
    if not clients:
        return []
    rows = seen.filter(client__in=clients).order_by("-first_contact_at", "-pk")
    return [_hit(case) for case in rows[:limit]]


def _hit(case: Case, *, is_exact: bool = False) -> Hit:
    return Hit(
        title=f"{case.number} · {case.get_kind_display()}",
        url=case.get_absolute_url(),
        subtitle=f"{case.client.name} · {case.first_responder.full_name}",
        badge=case.get_status_display(),
        tone=TONES.get(CaseStatus(case.status), "neutral"),
        is_exact=is_exact,
    )
