"""Reads about visits."""

from accounts.selectors.search import found_client_ids
from crm.lib.search import Hit, Search
from visits.choices import VisitState
from visits.models import Visit

STATE_TONES = {VisitState.PLANNED: "info", VisitState.DONE: "success"}


def find_visits(search: Search, limit: int) -> list[Hit]:
    """The newest visits to the clients that the search finds."""
    clients = found_client_ids(search)
    if not clients:
        return []
    visits = Visit.objects.visible_to(search.user).filter(client__in=clients).with_people()
    return [
        Hit(
            title=str(visit),
            url=visit.get_absolute_url(),
            subtitle=f"{visit.client.name} · {visit.visitor.full_name}",
            badge=visit.get_state_display(),
            tone=STATE_TONES.get(VisitState(visit.state), "neutral"),
        )
        for visit in visits.order_by("-starts_at", "-pk")[:limit]
    ]
