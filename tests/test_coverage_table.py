from tests.coverage_table import (
    TABLE,
    TESTS,
    Rule,
    catalogue,
    rules_of,
    table_of,
)


def test_table_in_docs_is_current():
    assert TABLE.read_text(encoding="utf-8") == table_of(rules_of(TESTS), catalogue()), (
        "run `make coverage`"
    )


def test_each_rule_of_the_archive_is_held_or_left_out_with_a_reason():
    held = rules_of(TESTS)

    bare = [
        rule.number
        for rule in catalogue()
        if rule.strength in "HS" and rule.number not in held and not rule.left_out_because
    ]

    assert bare == []


def test_listed_rules_say_what_holds_them():
    listed = [Rule("A-1", "H", "Held", ""), Rule("A-2", "S", "Later", "no such thing yet")]

    table = table_of({"A-1": {"tests/test_one.py": ["test_it"]}}, listed)

    assert "| A-1 | H | Held | `tests/test_one.py`: test_it |\n" in table
    assert "| A-2 | S | Later | *Left out: no such thing yet* |\n" in table


def test_marks_are_found_wherever_they_stand(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_one.py").write_text(
        "import pytest\n"
        "@pytest.mark.rule('B-10')\n"
        "@pytest.mark.rule('B-2')\n"
        "def test_decorated(): ...\n"
        "@pytest.mark.parametrize('n', [pytest.param(1, marks=pytest.mark.rule('A-1'))])\n"
        "def test_parameter(n): ...\n"
    )
    (tmp_path / "tests" / "test_two.py").write_text(
        "import pytest\npytestmark = pytest.mark.rule('A-1')\n"
    )

    table = table_of(rules_of(tmp_path / "tests"), []).splitlines()

    assert table[-3:] == [
        "| A-1 | `tests/test_one.py`: test_parameter<br>`tests/test_two.py`: all |",
        "| B-2 | `tests/test_one.py`: test_decorated |",
        "| B-10 | `tests/test_one.py`: test_decorated |",
    ]
