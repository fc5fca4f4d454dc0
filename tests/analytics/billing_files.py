"""Bill files for tests, and the short way from rows to a finished import."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from accounts.models import Client, Member
from analytics.importing.columns import FORMATS
from analytics.models import BillingImport, BillingPeriod, ClientMonth, ImportProblem, MemberBill
from analytics.services import imports

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
NOW = datetime(2026, 7, 3, 2, tzinfo=UTC)  # a Friday, 10:00 in Beijing
COLUMNS = ("period", "client_code", "msisdn", "status", "total")
ENCODINGS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "gb18030": b"",
    "utf-16": b"",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
}


def number(n: int) -> int:
    """The n-th phone number of a test."""
    return 13_800_000_000 + n


def row(n: int, client: str = "C1", total: str = "10.00", **more: str) -> dict[str, str]:
    """A good line: an active member in June."""
    line = {
        "period": "2026-06",
        "client_code": client,
        "msisdn": str(number(n)),
        "status": "active",
        "total": total,
    }
    return line | more


def csv_text(
    rows: Iterable[Mapping[str, str]],
    columns: Sequence[str] = (),
    *,
    delimiter: str = ",",
    newline: str = "\n",
) -> str:
    rows = list(rows)
    columns = columns or list(dict.fromkeys(name for each in rows for name in each))
    stream = io.StringIO()
    writer = csv.DictWriter(
        stream,
        columns,
        restval="",
        extrasaction="ignore",
        delimiter=delimiter,
        lineterminator=newline,
    )
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def chinese(text: str, kind: str = "member_bill") -> str:
    """The same file with the first Chinese alias of each column in its header line."""
    header, newline, rest = text.partition("\n")
    labels = {column.name: column.label for column in FORMATS[kind]}
    return ",".join(labels[name] for name in header.split(",")) + newline + rest


def encoded(text: str, encoding: str) -> bytes:
    return ENCODINGS[encoding] + text.encode(encoding)


def xlsx(rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook with one sheet of native cells: text, numbers, dates."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        for y, cells in enumerate(rows):
            for x, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(y, x, datetime.combine(value, datetime.min.time()), day)
                elif isinstance(value, str):
                    sheet.write_string(y, x, value)
                else:
                    sheet.write(y, x, value)
    return stream.getvalue()


def hand_in(
    content: str | bytes | Iterable[Mapping[str, str]],
    *,
    kind: str = "member_bill",
    file_name: str = "",
    **options: Any,
) -> BillingImport:
    """A file that waits for its run."""
    if isinstance(content, bytes):
        data = content
    else:
        data = (content if isinstance(content, str) else csv_text(content)).encode()
    ending = "xlsx" if data.startswith(b"PK") else "csv"
    return imports.hand_in_file(
        file=io.BytesIO(data),
        file_name=file_name or f"file.{ending}",
        size=len(data),
        kind=kind,
        in_background=False,
        by=options.pop("by", None),
        **options,
    )


def load(content: str | bytes | Iterable[Mapping[str, str]], **options: Any) -> BillingImport:
    """Hand in and run."""
    now = options.pop("now", NOW)
    return imports.run_import(hand_in(content, **options), now=now)


def load_month(rows: Iterable[Mapping[str, str]], **options: Any) -> BillingImport:
    """Load bills that make their month complete; unknown clients are made."""
    done = load(rows, **({"creates_clients": True, "completes_period": True} | options))
    assert done.state == "loaded", (done.error_code, done.error_params)
    return done


def bills(month: date = JUNE) -> dict[int, tuple[str, int]]:
    """Number -> (client code, total in fen) of a month."""
    rows = (
        MemberBill.objects.filter(period=month)
        .order_by("msisdn")
        .values_list("msisdn", "client__code", "total")
    )
    return {msisdn: (code, total) for msisdn, code, total in rows}


def problems(billing_import: BillingImport) -> dict[tuple[str, str], list[int]]:
    """(code, column) -> lines, of refused rows."""
    return _lines(billing_import, is_warning=False)


def warnings(billing_import: BillingImport) -> dict[tuple[str, str], list[int]]:
    return _lines(billing_import, is_warning=True)


def _lines(billing_import: BillingImport, *, is_warning: bool) -> dict[tuple[str, str], list[int]]:
    found = ImportProblem.objects.filter(billing_import=billing_import, is_warning=is_warning)
    return {(problem.code, problem.column): problem.first_lines for problem in found}


def quarantine(billing_import: BillingImport) -> list[list[str]]:
    """Header and rows of the quarantine file."""
    text = Path(billing_import.quarantine_file.path).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def everything() -> dict[str, list]:
    """What an import may change, without the numbers of imports."""
    return {
        "bills": sorted(
            MemberBill.objects.values_list("period", "msisdn", "client", "total", "status")
        ),
        "members": sorted(Member.objects.values_list("msisdn", "client", "status", "tier")),
        "facts": sorted(ClientMonth.objects.values_list("client", "period", "income", "active")),
        "periods": sorted(BillingPeriod.objects.values_list("month", "state")),
        "clients": sorted(Client.objects.values_list("code", "name", "income")),
    }
