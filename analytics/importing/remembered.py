"""How a file's header is to be read: as confirmed for this file, else as remembered for its header."""

from collections.abc import Sequence

from analytics.importing.columns import FORMATS, fingerprint, own_columns_left_out
from analytics.importing.reading import Choose, Chosen
from analytics.models import BillingImport, ColumnMapping


def choose_for(billing_import: BillingImport) -> Choose:
    """What a person confirmed for this file wins; files of programs follow what is remembered."""
    mapping, words = billing_import.mapping, billing_import.words
    if mapping is not None:
        return lambda _names: Chosen(mapping, words)
    return lambda names: remembered(names, billing_import.kind)


def remembered(names: Sequence[str], kind: str) -> Chosen | None:
    """What was confirmed last for a header like this."""
    found = find_mapping(names, kind)
    return as_chosen(found, names) if found else None


def find_mapping(names: Sequence[str], kind: str) -> ColumnMapping | None:
    mappings = ColumnMapping.objects.select_related("updated_by")
    return mappings.filter(kind=kind, fingerprint=fingerprint(names)).first()


def as_chosen(mapping: ColumnMapping, names: Sequence[str]) -> Chosen:
    """The mapping for a file with these columns, our own ones among them."""
    known = {column.name for column in FORMATS[mapping.kind]}
    places = own_columns_left_out(names)
    positions = {
        name: places[place]
        for name, place in mapping.mapping.items()
        if name in known and place < len(places)
    }
    return Chosen(positions, mapping.words)


def to_remember(names: Sequence[str], positions: dict[str, int]) -> dict[str, int]:
    """The same positions counted without the columns that our quarantine file adds."""
    places = own_columns_left_out(names)
    return {
        name: places.index(position) for name, position in positions.items() if position in places
    }
