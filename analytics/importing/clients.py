"""Client codes looked up by the million, and unknown clients made when the upload says so."""

from collections.abc import Mapping
from uuid import UUID

import numpy as np

from accounts.models import Client
from accounts.services import client_keys
from analytics.importing.copying import id_array
from staff.models import Unit


class ClientIndex:
    """All client codes with a small index each; new clients go to the unit of the importer."""

    def __init__(self, *, creates: bool, unit: Unit) -> None:
        self.creates = creates
        self.created = 0
        self._unit = unit
        self.by_code: dict[str, int] = {}
        self._ids: list[UUID] = []
        for code, pk in Client.objects.order_by("pk").values_list("code", "pk"):
            self._add(code, pk)
        self._array: np.ndarray | None = None

    def codes(self) -> dict[str, int]:
        return self.by_code

    def id_of(self, index: int) -> UUID:
        return self._ids[index]

    def ids(self) -> np.ndarray:
        if self._array is None or len(self._array) != len(self._ids):
            self._array = id_array([pk.bytes for pk in self._ids])
        return self._array

    def find(self, code: str, name: str) -> int | None:
        """Index of the client; made on the spot when allowed, else None."""
        if code not in self.by_code and self.creates:
            self.create({code: name})
        return self.by_code.get(code)

    def create(self, names_by_code: Mapping[str, str]) -> None:
        clients = [
            Client(code=code, name=name or code, unit=self._unit)
            for code, name in names_by_code.items()
        ]
        for client in clients:
            client_keys(client)
        Client.objects.bulk_create(clients, batch_size=1000)
        self.created += len(clients)
        for client in clients:
            self._add(client.code, client.pk)

    def _add(self, code: str, pk: UUID) -> None:
        self.by_code[code] = len(self._ids)
        self._ids.append(pk)
