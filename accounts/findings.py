"""What upper apps find about clients, for suggestion reports (ARC-23).

An app registers a finder in `ready()`; it is asked for many clients at once and answers with a
constant number of queries. Findings are texts in the active language: whoever writes the report
goes on editing them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from accounts.models import Client


@dataclass(frozen=True)
class Finding:
    """One fact and what might be done about it; `source` says which rule found it."""

    source: str
    finding: str
    action: str = ""

    def as_line(self) -> dict[str, str]:
        return asdict(self)


Finder = Callable[["Sequence[Client]"], Mapping[UUID, Sequence[Finding]]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    _finders.append(finder)


def find(clients: "Sequence[Client]") -> dict[UUID, list[Finding]]:
    """What all apps found, by client; those without a finding are not in it."""
    found: dict[UUID, list[Finding]] = {}
    for finder in _finders:
        for client_id, findings in finder(clients).items():
            if findings:
                found.setdefault(client_id, []).extend(findings)
    return found
