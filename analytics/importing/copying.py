"""PostgreSQL's binary COPY format made by NumPy: the one module tied to the column types."""

import io
import struct
from collections.abc import Sequence

import numpy as np
import polars as pl
from django.db.backends.utils import CursorWrapper

from analytics.importing.accepting import CATEGORIES
from analytics.importing.reading import LINE

HEADER = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)

# Column of analytics_memberbill -> column of the typed frame, in the order of the record.
COLUMNS = {
    "msisdn": "msisdn",
    "period": "period",
    "line": LINE,
    **{name: name for name in (*CATEGORIES, "discount", "total", "arrears", "points")},
    "status": "status",
    "tier": "tier",
    "payment_method": "payment_method",
}
WIDTHS = {"msisdn": 8, "status": 2, "tier": 2, "payment_method": 2}
COPY_BYTES = 8 * 1024 * 1024


def copy_member_bills(
    cursor: CursorWrapper,
    table: str,
    rows: pl.DataFrame,
    client_ids: np.ndarray,
    import_number: int,
) -> None:
    """Append typed rows (accepting.SCHEMA) to the table.

    `client_ids`: 16-byte ids by client index, shape (clients,), dtype V16.
    """
    dated = rows["joined_on"].is_not_null()
    for part, with_date in ((rows.filter(dated), True), (rows.filter(~dated), False)):
        if part.height:
            _copy(cursor, table, part, client_ids, import_number, with_date=with_date)


def _copy(
    cursor: CursorWrapper,
    table: str,
    rows: pl.DataFrame,
    client_ids: np.ndarray,
    import_number: int,
    *,
    with_date: bool,
) -> None:
    columns = {"client_id": 16, "import_number": 4, "is_corporate_paid": 1}
    columns |= {name: WIDTHS.get(name, 4) for name in COLUMNS}
    if with_date:
        columns["joined_on"] = 4
    records = np.empty(rows.height, dtype=_record(columns))
    records["fields"] = len(columns)
    for name, width in columns.items():
        records[f"{name}_length"] = width
    records["client_id"] = client_ids[rows["client"].to_numpy()]
    records["import_number"] = import_number
    records["is_corporate_paid"] = rows["corporate_paid"].to_numpy()
    for name, source in COLUMNS.items():
        records[name] = rows[source].to_numpy()
    if with_date:
        records["joined_on"] = rows["joined_on"].to_numpy()
    stream = io.BytesIO(b"".join((HEADER, records.view(np.uint8).data, TRAILER)))
    cursor.copy_expert(
        f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary, FREEZE)",
        stream,
        COPY_BYTES,
    )


def numbers_of(cursor: CursorWrapper, table: str) -> np.ndarray:
    """Import, phone number and total in fen of every row, 30 bytes each; writes nothing."""
    columns = {"import_number": 4, "msisdn": 8, "total": 4}
    stream = io.BytesIO()
    cursor.copy_expert(
        f"COPY (SELECT {', '.join(columns)} FROM {table}) TO STDOUT (FORMAT binary)", stream
    )
    raw = stream.getbuffer()[len(HEADER) : -len(TRAILER)]
    return np.frombuffer(raw, dtype=_record(columns))


def _record(columns: dict[str, int]) -> np.dtype:
    """A packed record: number of fields, then length and big-endian value of each."""
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, width in columns.items():
        fields.append((f"{name}_length", ">i4"))
        fields.append((name, "V16" if width == 16 else f">i{width}"))
    return np.dtype(fields)


def id_array(ids: Sequence[bytes]) -> np.ndarray:
    """UUID bytes as an array that can be indexed by client index."""
    return np.frombuffer(b"".join(ids), dtype="V16")
