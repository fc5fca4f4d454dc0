"""What the page of a case shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.choices import TipSubject
from accounts.models import Client, Tip
from complaints.models import Case, CaseStep
from staff.models import User


@dataclass(frozen=True)
class CasePage:
    """`tip`: how to answer this sort of person (CON-14); `phone` is masked for those without right."""

    steps: Sequence[CaseStep]
    tip: Tip | None
    tips: Sequence[Tip]
    phone: str
    may_call: bool
    sees_client: bool
    may_take: bool


def case_page(case: Case, user: User) -> CasePage:
    tips = personality_tips()
    sees_client = Client.objects.visible_to(user).filter(pk=case.client_id).exists()
    archived = case.contact.personality if case.contact and sees_client else ""
    known = case.personality or archived
    may_call = case.may_be_called_by(user)
    steps = case.steps.with_people().order_by("at", "pk")
    return CasePage(
        steps=list(steps),
        tip=next((tip for tip in tips if tip.value == known), None),
        tips=tips,
        phone=case.caller_phone if may_call else case.masked_caller_phone,
        may_call=may_call,
        sees_client=sees_client,
        may_take=case.is_running and case.assignee_id is None and case.handed_unit_id is not None,
    )


def personality_tips() -> list[Tip]:
    """One for each sort of person (CON-14)."""
    return list(Tip.objects.filter(subject=TipSubject.PERSONALITY).order_by("pk"))
