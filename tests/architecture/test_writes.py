"""Writes live in services: the outer layers call them and never the tables."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.our_models import APPS

OUTER = {"views", "api", "forms", "tasks", "filters", "tables", "admin", "urls", "receivers",
         "context_processors", "middleware"}  # fmt: skip
WRITES = {
    "save", "create", "update", "delete", "get_or_create", "update_or_create", "bulk_create",
    "bulk_update", "acreate", "aupdate", "adelete", "asave",
}  # fmt: skip
# Calls of the same name that touch no table: file -> the receivers, and why.
HARMLESS: dict[str, dict[str, str]] = {}


def outer_files() -> list[Path]:
    """Modules and packages named like an outer layer."""
    base = Path(settings.BASE_DIR)
    return sorted(
        path
        for app in (*APPS, "crm")
        for path in (base / app).rglob("*.py")
        if OUTER & {part.removesuffix(".py") for part in path.relative_to(base / app).parts}
        and "migrations" not in path.parts
    )


def writes_in(path: Path) -> list[str]:
    """The calls in a file that look like writes, as `receiver.verb`."""
    harmless = HARMLESS.get(str(path.relative_to(settings.BASE_DIR)), {})
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in WRITES
        ):
            receiver = ast.unparse(node.func.value)
            if receiver not in harmless:
                found.append(f"{receiver}.{node.func.attr}")
    return found


@pytest.mark.parametrize(
    "path", outer_files(), ids=lambda path: str(path.relative_to(settings.BASE_DIR))
)
def test_outer_layers_write_nothing(path):
    assert writes_in(path) == []


def test_the_list_of_harmless_calls_is_not_stale():
    for name, receivers in HARMLESS.items():
        source = (Path(settings.BASE_DIR) / name).read_text()
        assert all(f"{receiver}." in source for receiver in receivers)


def test_the_guard_sees_a_write(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    path = tmp_path / "views.py"
    path.write_text("def view(request):\n    Client.objects.filter(pk=1).update(name='x')\n")

    assert writes_in(path) == ["Client.objects.filter(pk=1).update"]


def test_services_take_the_actor():
    """Every @service is called with keyword arguments only, among them `by`."""
    base = Path(settings.BASE_DIR)
    without = []
    for path in (p for app in APPS for p in (base / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(mark, ast.Name) and mark.id == "service" for mark in node.decorator_list
            ):
                names = {argument.arg for argument in node.args.kwonlyargs}
                if node.args.args or "by" not in names:
                    without.append(f"{path.stem}.{node.name}")

    assert without == []


def test_no_row_is_written_by_a_model_signal():
    """post_save and post_delete are banned: a write is a service that says what it does."""
    base = Path(settings.BASE_DIR)
    users = [
        str(path.relative_to(base))
        for app in (*APPS, "crm")
        for path in (base / app).rglob("*.py")
        if any(word in path.read_text() for word in ("post_save", "pre_save", "post_delete"))
    ]

    assert users == []
