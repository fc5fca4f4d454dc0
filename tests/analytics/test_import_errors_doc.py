"""docs/import-errors.md tells of every code, in the table where it belongs."""

import re
from pathlib import Path

from analytics.importing.problems import FILE_PROBLEMS, ROW_PROBLEMS

PAGE = Path(__file__).parents[2] / "docs" / "import-errors.md"
CODE = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def test_page_lists_every_code_once_and_no_other():
    _intro, files, *rows = PAGE.read_text(encoding="utf-8").split("\n## ")

    assert CODE.findall(files) == list(FILE_PROBLEMS)
    assert CODE.findall("\n".join(rows)) == list(ROW_PROBLEMS)
