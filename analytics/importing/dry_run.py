"""What loading a file would do, found out without writing anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Any, Self

import numpy as np
from django.db import connection
from django.db.models import Count, Sum

from analytics.choices import ImportKind
from analytics.importing.checking import BadRow, Problem
from analytics.importing.copying import numbers_of
from analytics.importing.loading import Load, superseded
from analytics.importing.member_bills import JudgedBlock, MemberBillLoader, table_exists
from analytics.importing.product_bills import ProductBillLoader
from analytics.importing.quarantine import Quarantine
from analytics.importing.recognising import without_numbers
from analytics.importing.repeats import SeenNumbers
from analytics.importing.rosters import ClientRosterLoader, ContactRosterLoader
from analytics.importing.rows import Rows
from analytics.models import BillingPeriod, MemberBill, ProductBill
from analytics.models.billing import partition_name
from crm.lib.months import month_before

EXAMPLES = 20
EXAMPLES_OF_A_PROBLEM = 4
CELL_LENGTH = 60
CLIENTS_SHOWN = 20
NUMBER_COLUMNS = ("msisdn", "mobile", "phone")
HIDDEN_FROM_DIGITS = 8
# By how much rows or sum may differ from the month before without a question.
MOST_CHANGE_PERCENT = 30
MOST_BAD_PERCENT = 5
OLDEST_MONTHS = 13


class FirstProblems(Quarantine):
    """Counts bad rows like the quarantine and keeps a few to show, but writes no file."""

    def __init__(self, header: list[str], language: str) -> None:
        super().__init__(header, language)
        self.examples: list[BadRow] = []
        self._shown: dict[Problem, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """There is no file to close."""

    def add(self, row: BadRow) -> None:
        self.count += 1
        for problem in row.problems:
            self.tally.add(problem, row.line)
        self._show(row)

    def add_all(self, rows: Rows, problem: Problem) -> None:
        self.count += rows.height
        self.tally.add_all(problem, rows.numbers.tolist())
        for line, cells in rows.first(EXAMPLES_OF_A_PROBLEM).cells():
            self._show(BadRow(line, cells, [problem]))

    def _show(self, row: BadRow) -> None:
        shown = self._shown.get(row.problems[0], 0)
        if shown < EXAMPLES_OF_A_PROBLEM and len(self.examples) < EXAMPLES:
            self._shown[row.problems[0]] = shown + 1
            self.examples.append(row)


@dataclass
class Figures:
    """Control totals of some bills; `fen` is their sum."""

    rows: int = 0
    fen: int = 0
    clients: int = 0

    def as_json(self) -> dict[str, int]:
        return {"rows": self.rows, "fen": self.fen, "clients": self.clients}


@dataclass
class MonthPreview:
    """One month of the file beside what is loaded of it and of the month before."""

    month: date
    new: Figures
    stored: Figures
    before: Figures
    kept: Figures
    replaced: int
    replaces: list[int]
    is_complete: bool

    @property
    def after(self) -> Figures:
        """What the month would be: `clients` is not known without loading."""
        return Figures(self.new.rows + self.kept.rows, self.new.fen + self.kept.fen)

    def as_json(self) -> dict[str, Any]:
        return {
            "month": f"{self.month:%Y-%m}",
            "new": self.new.as_json(),
            "stored": self.stored.as_json(),
            "before": self.before.as_json(),
            "after": self.after.as_json(),
            "replaced": self.replaced,
            "replaces": self.replaces,
            "is_complete": self.is_complete,
        }


@dataclass
class MemberBillTally:
    """Takes judged blocks in the loader's place and adds them up by month."""

    load: Load
    loader: MemberBillLoader
    months: dict[date, Figures] = field(default_factory=dict)
    _clients: dict[date, np.ndarray] = field(default_factory=dict)

    def take(self, block: JudgedBlock) -> None:
        for month, bills in block.months:
            figures = self.months.setdefault(month, Figures())
            figures.rows += bills.height
            figures.fen += int(bills["total"].sum())
            here = np.union1d(self._clients.get(month, []), bills["client"])
            self._clients[month] = here
            figures.clients = len(here)
            self.load.totals.loaded += bills.height

    def month_preview(self, month: date, before: Figures, *, is_complete: bool) -> MonthPreview:
        new, seen = self.months[month], self.loader.numbers_of(month)
        stored = stored_figures(self.load, ImportKind.MEMBER_BILL, month)
        rows_of, shared_of, shared_fen_of = _overlaps(month, seen)
        replaces = superseded(rows_of, shared_of, new.rows)
        kept = Figures()
        for number, figures in stored.items():
            if number not in replaces:
                kept.rows += max(figures.rows - shared_of.get(number, 0), 0)
                kept.fen += figures.fen - shared_fen_of.get(number, 0)
        stays = sum(
            rows - shared_of[number] for number, rows in rows_of.items() if number not in replaces
        )
        return MonthPreview(
            month=month, new=new, stored=_together(stored), before=before, kept=kept,
            replaced=sum(rows_of.values()) - stays, replaces=sorted(replaces),
            is_complete=is_complete,
        )  # fmt: skip


def _overlaps(
    month: date, seen: SeenNumbers
) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Per earlier import of the month: its rows, those the file has too, and the fen of these."""
    with connection.cursor() as cursor:
        if not table_exists(cursor, partition_name(month)):
            return {}, {}, {}
        stored = numbers_of(cursor, partition_name(month))
    shared = seen.contains(stored["msisdn"].astype(np.int64))
    imports, place = np.unique(stored["import_number"].astype(np.int64), return_inverse=True)
    fen = stored["total"].astype(np.int64)
    numbers = imports.tolist()

    def by_import(weights: np.ndarray) -> dict[int, int]:
        # Sums of fen fit into a double exactly up to 90 million million yuan.
        sums = np.bincount(place, weights, minlength=len(numbers))
        return dict(zip(numbers, map(int, sums.tolist()), strict=True))

    return by_import(np.ones(len(fen))), by_import(shared), by_import(np.where(shared, fen, 0))


def product_bill_preview(
    loader: ProductBillLoader, load: Load, month: date, before: Figures, *, is_complete: bool
) -> MonthPreview:
    stored = stored_figures(load, ImportKind.PRODUCT_BILL, month)
    rows, fen, clients = loader.figures_of(month)
    replaces, gone = loader.gone(month)
    gone_fen = gone_rows = 0
    for amount in load.mine(gone).values_list("amount", flat=True):
        gone_rows += 1
        gone_fen += int(amount * 100)
    there = _together(stored)
    return MonthPreview(
        month=month, new=Figures(rows, fen, clients), stored=there, before=before,
        kept=Figures(there.rows - gone_rows, there.fen - gone_fen),
        replaced=gone.count(), replaces=sorted(replaces), is_complete=is_complete,
    )  # fmt: skip


def stored_figures(load: Load, kind: str, month: date) -> dict[int, Figures]:
    """By import, the month's bills that the importer may see."""
    rows: Any
    if kind == ImportKind.MEMBER_BILL:
        rows, money, scale = load.mine(MemberBill.objects.filter(period=month)), "total", 1
    else:
        rows, money, scale = load.mine(ProductBill.objects.filter(period=month)), "amount", 100
    sums = rows.order_by().values("import_number").annotate(rows=Count("*"), sum=Sum(money))
    found = {
        each["import_number"]: Figures(each["rows"], int(each["sum"] * scale)) for each in sums
    }
    if found:
        # One import carries the count, so that adding up counts each client once.
        clients = rows.order_by().values("client").distinct().count()
        next(iter(found.values())).clients = clients
    return found


def _together(figures: Mapping[int, Figures]) -> Figures:
    return Figures(
        sum(each.rows for each in figures.values()),
        sum(each.fen for each in figures.values()),
        sum(each.clients for each in figures.values()),
    )


def months_preview(load: Load, loader: Any, tally: MemberBillTally | None) -> list[MonthPreview]:
    """Every month of a file of bills; nothing for other kinds."""
    kind = load.billing_import.kind
    if tally:
        months = sorted(tally.months)
    else:
        months = sorted(loader.months) if kind == ImportKind.PRODUCT_BILL else []
    complete = set(
        BillingPeriod.objects.complete().filter(pk__in=months).values_list("pk", flat=True)
    )
    previews: list[MonthPreview] = []
    for month in months:
        before = _together(stored_figures(load, kind, month_before(month)))
        if tally:
            preview = tally.month_preview(month, before, is_complete=month in complete)
        else:
            preview = product_bill_preview(
                loader, load, month, before, is_complete=month in complete
            )
        if previews and previews[-1].month == month_before(month):
            # The month before is in the same file.
            preview.before = previews[-1].after
        previews.append(preview)
    return previews


def new_clients(loader: Any) -> dict[str, Any]:
    """Clients that loading would make: how many, and the first."""
    made = loader.new_clients if hasattr(loader, "new_clients") else []
    return {
        "count": len(made),
        "first": [[client.code, without_numbers(client.name)] for client in made[:CLIENTS_SHOWN]],
    }


def roster_counts(loader: Any) -> dict[str, int] | None:
    """How many rows of a roster are new and how many change one that is there."""
    if isinstance(loader, ClientRosterLoader | ContactRosterLoader):
        return {"new": loader.new_count, "changed": loader.changed_count}
    return None


def examples_of(quarantine: FirstProblems, positions: Mapping[str, int]) -> list[dict[str, Any]]:
    """A few bad rows as they stand in the file, phone numbers masked, broken ones too."""
    numbers = {positions[name] for name in NUMBER_COLUMNS if name in positions}
    return [
        {
            "line": row.line,
            "problems": [[problem.code, problem.column] for problem in row.problems],
            "cells": [
                (_hidden(cell) if place in numbers else without_numbers(cell))[:CELL_LENGTH]
                for place, cell in enumerate(row.cells[:100])
            ],
        }
        for row in sorted(quarantine.examples, key=lambda row: row.line)
    ]


def _hidden(number: str) -> str:
    """A number that may lack a digit or have one too many, its middle masked all the same."""
    if sum(character.isdigit() for character in number) < HIDDEN_FROM_DIGITS:
        return number
    return f"{number[:3]}****{number[-4:]}"


def problems_of(quarantine: FirstProblems) -> list[dict[str, Any]]:
    tally = quarantine.tally
    return [
        {
            "code": code, "column": column, "is_warning": is_warning, "count": count,
            "lines": tally.lines[code, column, is_warning][:5],
        }
        for (code, column, is_warning), count in sorted(
            tally.counts.items(), key=lambda item: (item[0][2], -item[1], item[0])
        )
    ]  # fmt: skip


def oddities(
    *, rows: int, bad: int, months: list[MonthPreview], today: date
) -> list[dict[str, Any]]:
    """What a person must have looked at before the file is loaded."""
    odd: list[dict[str, Any]] = []
    if bad * 100 > rows * MOST_BAD_PERCENT:
        odd.append({"code": "many_bad", "bad": bad, "rows": rows, "percent": bad * 100 // rows})
    this_month = today.replace(day=1)
    for preview in months:
        month, name = preview.month, f"{preview.month:%Y-%m}"
        age = (this_month.year - month.year) * 12 + this_month.month - month.month
        if age < 0:
            odd.append({"code": "future_month", "month": name})
        elif age > OLDEST_MONTHS:
            odd.append({"code": "old_month", "month": name, "age": age})
        if preview.is_complete:
            odd.append({"code": "complete_month", "month": name})
        for code, after, before in (
            ("rows_differ", preview.after.rows, preview.before.rows),
            ("sum_differs", preview.after.fen, preview.before.fen),
        ):
            if before > 0 and abs(after - before) * 100 > before * MOST_CHANGE_PERCENT:
                change = round((after - before) * 100 / before)
                odd.append(
                    {
                        "code": code,
                        "month": name,
                        "after": after,
                        "before": before,
                        "change": change,
                    }
                )
    return odd
