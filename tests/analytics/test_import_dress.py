"""The same bill in every encoding and as a workbook."""

from datetime import date

import pytest

from tests.analytics.billing_files import (
    ENCODINGS,
    bills,
    chinese,
    csv_text,
    encoded,
    load,
    problems,
    quarantine,
    row,
    xlsx,
)

pytestmark = pytest.mark.django_db


@pytest.mark.rule("P13")
def test_all_encodings_and_workbooks_give_the_same_rows(clients):
    lines = [
        row(n, f"C{n % 3 + 1}", client_name=f"集团{n}", total=f"{n}.{n:02}", status="正常")
        for n in range(1, 30)
    ]
    lines.append(row(30, total="x", client_name="坏"))
    text = chinese(csv_text(lines))
    cells = [line.split(",") for line in text.splitlines()]
    native = [
        cells[0],
        *([date(2026, 6, 1), c[1], int(c[2]), c[3], _float(c[4]), c[5]] for c in cells[1:]),
    ]
    dresses = [encoded(text, name) for name in ENCODINGS]
    dresses += [text.replace("\n", "\r\n").encode(), text.replace(",", ";").encode()]
    dresses += [xlsx(cells), xlsx(native)]
    results = []

    for data in dresses:
        done = load(data)
        results.append(
            (done.state, done.loaded, problems(done), done.total, bills(), quarantine(done)[1][1:])
        )

    assert all(result == results[0] for result in results)
    assert results[0][:3] == ("loaded", 29, {("bad_money", "total"): [31]})


def _float(text: str) -> float | str:
    return text if text == "x" else float(text)
