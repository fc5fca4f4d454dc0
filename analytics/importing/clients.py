"""Client codes looked up by the million, and unknown clients made when the upload says so."""

from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from accounts.models import Client
from accounts.selectors.merges import former_codes
from accounts.services.clients import client_keys
from analytics.importing.changes import keep_created
from analytics.importing.copying import id_array
from analytics.importing.loading import Load


class ClientIndex:
    """The codes of the clients the importer may see, with a small index each.

    When the upload says so, unknown codes become new clients of the importer's unit. They have
    their ids at once and are written by `save_new`. A code of somebody else's client stays
    unknown; that of a client which has gone into another one is the other's (ADR 0052).
    """

    def __init__(self, load: Load) -> None:
        self._import = load.billing_import
        self.creates = self._import.creates_clients
        self.by_code: dict[str, int] = {}
        self._unit = load.unit
        self._new: list[Client] = []
        self._ids: list[UUID] = []
        mine = load.mine(Client.objects.order_by("pk"))
        for code, pk in mine.values_list("code", "pk"):
            self._add(code, pk)
        self._former = self._add_former()
        self._foreign = foreign_codes(mine) - self._former
        self._array: np.ndarray | None = None

    def id_of(self, index: int) -> UUID:
        return self._ids[index]

    def ids(self) -> np.ndarray:
        """16-byte ids by index, shape (clients,), dtype V16."""
        if self._array is None or len(self._array) != len(self._ids):
            self._array = id_array([pk.bytes for pk in self._ids])
        return self._array

    def find(self, code: str, name: str) -> int | None:
        """Index of the client; a new one when allowed, else None."""
        if self.creates and code not in self.by_code and code not in self._foreign:
            client = Client(code=code, name=name or code, unit=self._unit)
            client_keys(client)
            self._new.append(client)
            self._add(code, client.pk)
        return self.by_code.get(code)

    def former_code(self, code: str) -> str:
        """The code when it is of a client that has gone into another, else empty."""
        return code if code in self._former else ""

    @property
    def new(self) -> list[Client]:
        """Clients that `save_new` would write."""
        return self._new

    def save_new(self) -> None:
        Client.objects.bulk_create(self._new, batch_size=1000)
        keep_created(self._import, self._new)

    def _add_former(self) -> set[str]:
        places = {pk: index for index, pk in enumerate(self._ids)}
        known = {code: places[pk] for code, pk in former_codes().items() if pk in places}
        self.by_code |= known
        return set(known)

    def _add(self, code: str, pk: UUID) -> None:
        self.by_code[code] = len(self._ids)
        self._ids.append(pk)


def foreign_codes(mine: QuerySet[Client]) -> set[str]:
    """Codes of clients that are not among these: nobody else may take them. Those of clients that
    have gone into others are nobody's to take."""
    others = Client.objects.exclude(pk__in=mine.order_by().values("pk"))
    return set(others.order_by().values_list("code", flat=True)) | former_codes().keys()
