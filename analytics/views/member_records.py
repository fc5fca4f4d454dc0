"""What one line paid, had done and used: shown after a reason, each look registered (SEC-05)."""

import tempfile
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.choices import PaymentMethod, RecordWay
from accounts.member_forms import RecordsForm
from accounts.models import Member
from accounts.services.record_looks import look_at_records
from accounts.views.member_page import get_member, member_tab
from analytics.selectors import member_pages
from analytics.selectors.member_pages import MemberRecords
from crm.lib.http import StaffRequest
from crm.lib.spreadsheets import write_xlsx
from crm.lib.views import permission

TEMPLATE = "analytics/_member_records.html"


@never_cache
@permission("accounts.view_records")
def member_records(request: StaffRequest, pk: UUID) -> HttpResponse | FileResponse:
    member = get_member(request, pk)
    form = RecordsForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        response = member_tab(request, member, "records", TEMPLATE, {"form": form})
        response.status_code = 422 if form.is_bound else 200
        return response
    look = look_at_records(member=member, now=timezone.now(), by=request.user, **form.cleaned_data)
    records = member_pages.member_records(member, request.user)
    if look.way == RecordWay.FILE:
        return _file(member, records)
    context = {"form": form, "records": records, "look": look}
    return member_tab(request, member, "records", TEMPLATE, context)


def _file(member: Member, records: MemberRecords) -> FileResponse:
    """A workbook; its name holds the line's id, for numbers are in no file name (P35)."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    write_xlsx(file, _rows(member, records))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"records-{member.pk}.xlsx")


def _rows(member: Member, records: MemberRecords) -> Iterator[Sequence[object]]:
    yield (_("What"), _("When"), _("Number"), _("Type"), _("Amount"), _("Payment method"),
           _("Voice minutes"), _("Mobile data (MB)"), _("SMS"), _("Place"))  # fmt: skip
    number = member.masked_number
    for row in records.payments:
        method = PaymentMethod(row.payment_method).label
        yield (_("Payment"), row.when, number, row.get_operation_type_display(), row.amount,
               method)  # fmt: skip
    for handled in records.handlings:
        method = PaymentMethod(handled.payment_method).label
        yield (_("Business handled"), handled.when, number, handled.operation_type,
               handled.amount, method, "", "", "", handled.place)  # fmt: skip
    for day in records.usage:
        yield (_("Usage"), day.day.isoformat(), number, "", "", "", day.voice_minutes,
               day.data_mb, day.sms)  # fmt: skip
