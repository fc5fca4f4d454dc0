"""`make coverage`: which tests hold which business rule, from their `rule` marks, as docs/coverage.md.

Reads the files' syntax only: nothing is imported, no database is needed.
"""

import ast
import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parent
DOCS = TESTS.parent / "docs"
TABLE = DOCS / "coverage.md"
CATALOGUE = DOCS / "rules.csv"
HEAD = """\
# Which tests hold which rule

Written by `make coverage` from `@pytest.mark.rule("CHN-01")` in `tests/` and from
[rules.csv](rules.csv); do not edit.
A number with letters such as CHN-01 is a business rule of the operators' handbooks, as the code
cites it in comments; P1 to P40 are promises of the product.
"""
ARCHIVE = """
## Organisation, archive, tiers, contacts, security, skills

Every rule that is enforced (H) or supported (S) in these parts of the handbooks, and what holds it.

| Rule | | Says | Tests |
|---|---|---|---|
"""
OTHERS = """
## Other rules and promises

A rule without a row has no test that names it.

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


class Rule(NamedTuple):
    """A row of the handbooks: `strength` is H (enforced), S (supported) or K (knowledge)."""

    number: str
    strength: str
    says: str
    left_out_because: str


def catalogue() -> list[Rule]:
    """The rules of the parts that are covered as a whole."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return [Rule(*row) for row in list(csv.reader(file))[1:]]


def table_of(rules: Rules, listed: list[Rule]) -> str:
    """The whole page; `listed` are the rules that get a row whatever holds them."""
    rows = [_row(rule, rules) for rule in listed if rule.strength in "HS" or rule.number in rules]
    others = sorted(set(rules) - {rule.number for rule in listed}, key=_by_number)
    return "".join(
        [HEAD, ARCHIVE, *rows, OTHERS, *(f"| {rule} | {_cell(rules[rule])} |\n" for rule in others)]
    )


def _row(rule: Rule, rules: Rules) -> str:
    held = _cell(rules[rule.number]) if rule.number in rules else ""
    why_not = f"*Left out: {rule.left_out_because}*" if rule.left_out_because else ""
    by = "<br>".join(filter(None, [held, why_not])) or "**nothing yet**"
    return f"| {rule.number} | {rule.strength} | {rule.says} | {by} |\n"


def _cell(tests_by_file: dict[str, list[str]]) -> str:
    return "<br>".join(
        f"`{file}`: {', '.join(tests) or 'all'}" for file, tests in sorted(tests_by_file.items())
    )


def _by_number(rule: str) -> list[tuple[int, str]]:
    """CHN-2 before CHN-10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", rule)]


if __name__ == "__main__":
    TABLE.write_text(table_of(rules_of(TESTS), catalogue()), encoding="utf-8")
