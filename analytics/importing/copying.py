"""PostgreSQL's binary COPY format made by NumPy: the one module tied to the column types."""

import io
import struct
from collections.abc import Sequence

import numpy as np
from django.db.backends.utils import CursorWrapper

from analytics.importing.bills import CATEGORIES, NO_DATE, Bills

HEADER = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)
NULL = -1  # as the length of a value

# Columns of analytics_memberbill that a bill has as well, in the order of the record.
COLUMNS = (
    "msisdn", "period", "line", *CATEGORIES, "discount", "total", "arrears", "points",
    "status", "tier", "payment_method",
)  # fmt: skip
WIDTHS = dict.fromkeys(COLUMNS, 4) | {"msisdn": 8, "status": 2, "tier": 2, "payment_method": 2}
WIDTHS |= {"client_id": 16, "import_number": 4, "is_corporate_paid": 1, "joined_on": 4}
COPY_BYTES = 8 * 1024 * 1024


def records_of(bills: Bills, client_ids: np.ndarray, import_number: int) -> bytes:
    """What `copy_records` sends for them.

    `client_ids`: 16-byte ids by client index, shape (clients,), dtype V16.
    """
    dated = bills["joined_on"] != NO_DATE
    with_date = _records(bills.only(dated), client_ids, import_number, WIDTHS)
    without = WIDTHS | {"joined_on": NULL}
    undated = _records(bills.only(~dated), client_ids, import_number, without)
    return b"".join((HEADER, with_date.data, undated.data, TRAILER))


def copy_records(cursor: CursorWrapper, table: str, records: bytes) -> None:
    """Append them to a table that was made in this transaction."""
    cursor.copy_expert(
        f"COPY {table} ({', '.join(WIDTHS)}) FROM STDIN (FORMAT binary, FREEZE)",
        io.BytesIO(records),
        COPY_BYTES,
    )


def _records(
    bills: Bills, client_ids: np.ndarray, import_number: int, widths: dict[str, int]
) -> np.ndarray:
    """The bytes of a record for each bill."""
    lengths = {f"{name}_length": width for name, width in widths.items()}
    template = np.zeros(1, dtype=_record(widths))
    for name, value in {"fields": len(widths), "import_number": import_number, **lengths}.items():
        template[name] = value
    records = np.repeat(template, bills.height)
    records["client_id"] = client_ids[bills["client"]]
    records["is_corporate_paid"] = bills["corporate_paid"]
    for name in COLUMNS:
        records[name] = bills[name]
    if widths["joined_on"] != NULL:
        records["joined_on"] = bills["joined_on"]
    return records.view(np.uint8)


def numbers_of(cursor: CursorWrapper, table: str) -> np.ndarray:
    """Import, phone number and total in fen of every row, 30 bytes each; writes nothing."""
    columns = {"import_number": 4, "msisdn": 8, "total": 4}
    stream = io.BytesIO()
    cursor.copy_expert(
        f"COPY (SELECT {', '.join(columns)} FROM {table}) TO STDOUT (FORMAT binary)", stream
    )
    raw = stream.getbuffer()[len(HEADER) : -len(TRAILER)]
    return np.frombuffer(raw, dtype=_record(columns))


def _record(widths: dict[str, int]) -> np.dtype:
    """A packed record: number of fields, then length and big-endian value of each, if any."""
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, width in widths.items():
        fields.append((f"{name}_length", ">i4"))
        if width != NULL:
            fields.append((name, "V16" if width == 16 else f">i{width}"))
    return np.dtype(fields)


def id_array(ids: Sequence[bytes]) -> np.ndarray:
    """UUID bytes as an array that can be indexed by client index."""
    return np.frombuffer(b"".join(ids), dtype="V16")
