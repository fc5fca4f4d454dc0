"""What a parser of cells complains of."""

import pytest

from analytics.importing.problems import CellError


def complaint(parse, text: str) -> str:
    with pytest.raises(CellError) as caught:
        parse(text)
    return caught.value.code
