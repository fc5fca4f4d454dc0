"""What a visitor reads before going, and what was said after."""

from dataclasses import dataclass
from datetime import date

from accounts.choices import TipSubject
from accounts.models import Contact, Tip
from accounts.selectors.contact_page import ContactBrief, contact_brief
from staff.models import User
from visits.choices import VisitPurpose
from visits.models import Visit

NOTES_BEFORE_VISIT = 5


@dataclass(frozen=True)
class Preparation:
    """Who will be met, how it went last time, what speaks against the time (VIS-11, CON-15)."""

    brief: ContactBrief | None
    last_visit: Visit | None
    last_tip: Tip | None
    is_outside_good_times: bool
    lacks_decision_maker: bool


def preparation(visit: Visit, user: User, *, today: date) -> Preparation:
    """For a visit that is still to come."""
    brief = _brief(visit, user, today)
    last = _last_visit(visit, user)
    attitude = last.client_attitude if last else ""
    return Preparation(
        brief=brief,
        last_visit=last,
        last_tip=Tip.objects.about(TipSubject.ATTITUDE, attitude).first(),
        is_outside_good_times=bool(
            brief
            and brief.windows
            and not any(window.holds(visit.starts_at) for window in brief.windows)
        ),
        lacks_decision_maker=_lacks_decision_maker(visit, user),
    )


def attitude_tips() -> list[Tip]:
    """One for each way a client may receive us (CON-22)."""
    return list(Tip.objects.filter(subject=TipSubject.ATTITUDE).order_by("pk"))


def _brief(visit: Visit, user: User, today: date) -> ContactBrief | None:
    people = Contact.objects.visible_to(user).select_related("client").with_service_tier()
    contact = people.filter(pk=visit.contact_id).first() if visit.contact_id else None
    if contact is None:
        return None
    return contact_brief(contact, user, today=today, notes=NOTES_BEFORE_VISIT)


def _last_visit(visit: Visit, user: User) -> Visit | None:
    """The newest logged one with the same person; without a person, with the client (ARC-F29)."""
    logged = Visit.objects.visible_to(user).done().filter(client=visit.client_id)
    if visit.contact_id:
        logged = logged.filter(contact=visit.contact_id)
    return logged.with_people().order_by("-held_at", "-pk").first()


def _lacks_decision_maker(visit: Visit, user: User) -> bool:
    """Before talking about a contract one knows who really decides (CON-06)."""
    if visit.purpose != VisitPurpose.CONTRACT:
        return False
    people = Contact.objects.visible_to(user).active().filter(client=visit.client_id)
    return not people.filter(is_decision_maker=True).exists()
