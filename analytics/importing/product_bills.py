"""Group product bills: a row per client, product and month."""

from collections import Counter
from datetime import date
from decimal import Decimal

from django.db.models import Q

from accounts.models import Client
from analytics.importing.changes import keep_deleted
from analytics.importing.checking import Problem
from analytics.importing.clients import ClientIndex
from analytics.importing.loading import Load
from analytics.importing.reading import Block
from analytics.models import ProductBill
from crm.lib.scoping import ScopedQuerySet


class ProductBillLoader:
    """Collects the good rows and writes them at the end; a file replaces or adds by month."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._clients = ClientIndex(load)
        self._bills: dict[tuple[date, int, str, str], ProductBill] = {}

    @property
    def months(self) -> set[date]:
        return {month for month, *_ in self._bills}

    @property
    def new_clients(self) -> list[Client]:
        return self._clients.new

    def figures_of(self, month: date) -> tuple[int, int, int]:
        """Rows, fen and clients that the file has for a month."""
        bills = self._in_month(month)
        return len(bills), self._load.totals.fen[month], len({bill.client_id for bill in bills})

    def take(self, block: Block) -> None:
        for line, cells, values in self._load.judge(block):
            client = self._clients.find(values["client_code"], "")
            if client is None:
                self._load.refuse(
                    line, cells, Problem("unknown_client", "client_code"), counted=True
                )
                continue
            former = self._clients.former_code(values["client_code"])
            key = (values["period"], client, former, values["product_code"])
            if key in self._bills:
                self._load.refuse(line, cells, Problem("duplicate", "product_code"), counted=True)
                continue
            self._bills[key] = ProductBill(
                period=values["period"],
                client_id=self._clients.id_of(client),
                former_code=former,
                product_code=values["product_code"],
                product_name=values.get("product_name", ""),
                category=values.get("category", "other"),
                amount=Decimal(values["amount"]) / 100,
                import_number=self._load.billing_import.number,
                line=line,
            )
            self._load.totals.loaded += 1
            self._load.totals.add_money(values["period"], values["amount"])

    def finish(self) -> None:
        """Earlier files that this one replaces go; rows with the same key give way (ADR 0004)."""
        self._clients.save_new()
        for month in sorted(self.months):
            self._make_room(month)
        ProductBill.objects.bulk_create(self._bills.values(), batch_size=2000)

    def _make_room(self, month: date) -> None:
        _replaced, gone = self.gone(month)
        self._load.totals.replaced_imports.update(gone.values_list("import_number", flat=True))
        keep_deleted(self._load.billing_import, gone)
        self._load.totals.replaced += gone.delete()[0]

    def gone(self, month: date) -> tuple[list[int], ScopedQuerySet[ProductBill]]:
        """The earlier imports that this file replaces, and all rows that give way to it."""
        mine = {
            (bill.client_id, bill.former_code, bill.product_code) for bill in self._in_month(month)
        }
        stored = ProductBill.objects.filter(period=month).values_list(
            "pk", "client_id", "former_code", "product_code", "import_number"
        )
        rows_of: Counter[int] = Counter()
        shared_of: Counter[int] = Counter()
        same_key = []
        for pk, client_id, former_code, product_code, number in stored:
            rows_of[number] += 1
            if (client_id, former_code, product_code) in mine:
                shared_of[number] += 1
                same_key.append(pk)
        replaced = self._load.superseded(rows_of, shared_of, len(mine))
        gone = ProductBill.objects.filter(period=month).filter(
            Q(import_number__in=replaced) | Q(pk__in=same_key)
        )
        return replaced, gone

    def _in_month(self, month: date) -> list[ProductBill]:
        return [bill for key, bill in self._bills.items() if key[0] == month]
