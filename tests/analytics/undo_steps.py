"""What an import may change, and its undoing."""

from accounts.models import ClassProposal, Client, Contact, Member, Ownership
from analytics.choices import ImportState
from analytics.models import (
    Alert,
    AlertReading,
    BillingImport,
    BillingPeriod,
    ClientMonth,
    ImportChange,
    MemberBill,
    ProductBill,
)
from analytics.services import undo
from staff.models import Task
from tests.analytics.billing_files import NOW, row

PRODUCT = {"period": "2026-06", "client_code": "C1", "product_code": "L1", "amount": "500.00"}


def snapshot() -> dict[str, list]:
    """Every table an import may change, without ids, times and import numbers.

    Withdrawn alerts are history, as after any corrected bill: open ones and readings that hold count.
    """
    clients = [
        field.name
        for field in Client._meta.concrete_fields
        if field.name not in ("id", "created_at", "updated_at")
    ]
    contacts = [
        field.name
        for field in Contact._meta.concrete_fields
        if field.name not in ("id", "client", "created_at", "updated_at")
    ]
    bill_fields = [
        field.name
        for field in MemberBill._meta.concrete_fields
        if field.name not in ("pk", "client")
    ]
    return {
        "bills": list(
            MemberBill.objects.order_by("period", "msisdn").values_list("client__code", *bill_fields)
        ),
        "products": list(
            ProductBill.objects.order_by("period", "client__code", "product_code").values_list(
                "client__code", "period", "product_code", "product_name", "amount", "line"
            )
        ),
        "members": list(
            Member.objects.order_by("msisdn").values_list(
                "msisdn", "client__code", "status", "tier", "joined_on", "is_corporate_paid"
            )
        ),
        "clients": list(Client.objects.order_by("code").values_list(*clients)),
        "contacts": list(
            Contact.objects.order_by("client__code", "name", "mobile").values_list(
                "client__code", *contacts
            )
        ),
        "ownerships": list(
            Ownership.objects.order_by("client__code", "started_at", "pk").values_list(
                "client__code", "owner", "started_at", "ended_at", "reason"
            )
        ),
        "classes": list(
            ClassProposal.objects.order_by("client__code", "pk").values_list(
                "client__code", "from_class", "to_class", "state", "reason"
            )
        ),
        "periods": list(BillingPeriod.objects.order_by("month").values_list("month", "state")),
        "facts": sorted(
            (
                tuple(fact)
                for fact in ClientMonth.objects.values_list(
                    "client__code", "period", "income", "previous_income", "arrears", "active",
                    "previous_active", "pre_churn", "lost", "joined", "new", "has_rows",
                )
            ),
            key=str,
        ),
        "readings": sorted(
            AlertReading.objects.holding().values_list(
                "client__code", "rule", "period", "previous", "current", "money_at_risk"
            )
        ),
        "alerts": sorted(
            Alert.objects.open().values_list(
                "client__code", "rule", "first_period", "latest_period", "money_at_risk"
            )
        ),
        "tasks": Task.objects.open().count(),
    }  # fmt: skip


def undone(billing_import: BillingImport, by, now=NOW) -> BillingImport:
    """Asked for by a person and done by the job."""
    undo.request_undo(billing_import=billing_import, now=now, by=by)
    return undo.run_undo(BillingImport.objects.get(pk=billing_import.pk), now=now)


def month(first, last, period="2026-06", client="C1", total="10.00", **more):
    return [row(n, client, total, period=period, **more) for n in range(first, last)]


def check(make, by) -> BillingImport:
    """What `make` imports is undone without a trace."""
    before = snapshot()
    done = make()
    assert done.state == "loaded", (done.error_code, done.error_params)
    assert snapshot() != before

    gone = undone(done, by)

    assert gone.state == ImportState.UNDONE
    assert (gone.undone_by, gone.undone_at is not None) == (by, True)
    assert snapshot() == before
    assert not ImportChange.objects.filter(billing_import=gone).exists()
    return gone


ROSTER = [
    {"client_code": "C1", "name": "改名", "manager": "manager", "employees": "70",
     "class": "B", "latitude": "45.75", "longitude": "126.65"},
    {"client_code": "N1", "name": "新集团", "manager": "manager", "class": "A",
     "founded_on": "1998-01-02"},
]  # fmt: skip
