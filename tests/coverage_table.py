"""`make coverage`: which tests hold which business rule, from their `rule` marks, as docs/coverage.md.

Reads the files' syntax only: nothing is imported, no database is needed.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = TESTS.parent / "docs" / "coverage.md"
HEAD = """\
# Which tests hold which rule

Written by `make coverage` from `@pytest.mark.rule("CHN-01")` in `tests/`; do not edit.
A number with letters such as CHN-01 is a business rule of the operators' handbooks, as the code
cites it in comments; P1 to P40 are promises of the product. A rule without a row has no test that
names it.

| Rule | Tests |
|---|---|
"""

Rules = dict[str, dict[str, list[str]]]


def rules_of(folder: Path) -> Rules:
    """Rule -> file -> names of tests, an empty list for a mark of the whole file."""
    found: Rules = defaultdict(dict)
    for path in sorted(folder.rglob("test_*.py")):
        name = path.relative_to(folder.parent).as_posix()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            test = node.name if isinstance(node, ast.FunctionDef) else ""
            for rule in _marks(node):
                tests = found[rule].setdefault(name, [])
                if test and test not in tests:
                    tests.append(test)
    return found


def _marks(node: ast.AST) -> Iterator[str]:
    """Rules named by `mark.rule(...)` anywhere in a statement: decorators, `pytestmark`, params."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and ast.unparse(each.func).endswith("mark.rule"):
            yield from (ast.literal_eval(word) for word in each.args)


def table_of(rules: Rules) -> str:
    rows = (f"| {rule} | {_cell(rules[rule])} |\n" for rule in sorted(rules, key=_by_number))
    return HEAD + "".join(rows)


def _cell(tests_by_file: dict[str, list[str]]) -> str:
    return "<br>".join(
        f"`{file}`: {', '.join(tests) or 'all'}" for file, tests in sorted(tests_by_file.items())
    )


def _by_number(rule: str) -> list[tuple[int, str]]:
    """CHN-2 before CHN-10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", rule)]


if __name__ == "__main__":
    TABLE.write_text(table_of(rules_of(TESTS)), encoding="utf-8")
