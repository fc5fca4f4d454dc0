"""Writes about things lent to people."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.lib.services import service
from staff.exceptions import LoanReturned
from staff.models import Loan, User
from staff.services.authority import require_unit
from staff.services.work import notify


@service
def lend_item(*, person: User, by: User, **fields: Any) -> Loan:
    """Something goes out to a person of one's own units; ValidationError for days in disorder."""
    require_unit(by, person.unit)
    loan = Loan(person=person, **fields)
    loan.full_clean()
    loan.save(force_insert=True)
    return loan


@service
def take_item_back(*, loan: Loan, today: date, by: User) -> Loan:
    require_unit(by, loan.person.unit)
    loan = Loan.objects.select_for_update(of=("self",)).get(pk=loan.pk)
    if loan.returned_on is not None:
        raise LoanReturned(_("This has been returned already."))
    loan.returned_on = today
    loan.save(update_fields=["returned_on"])
    return loan


@service
def remind_of_overdue_loans(*, today: date, by: User | None) -> int:
    """Tell each borrower once a day; gives how many things are overdue (SEC-14)."""
    overdue = list(Loan.objects.overdue(today).select_related("person"))
    for loan in overdue:
        notify(
            recipients=[loan.person],
            kind="loan-overdue",
            key=f"loan-overdue:{loan.pk}:{today}",
            params={"item": loan.item, "day": f"{loan.due_on:%Y-%m-%d}"},
            link=reverse("staff:loan_list"),
            by=by,
        )
    return len(overdue)
