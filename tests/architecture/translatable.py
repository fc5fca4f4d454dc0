"""Every text of ours that asks to be translated, read from the sources without GNU gettext."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("crm", "staff", "accounts", "visits", "complaints", "care", "analytics", "sync")
TRANSLATION_MODULE = "django.utils.translation"

# Which arguments of a function are the context, the text and its plural.
_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "gettext": ("text",),
    "gettext_noop": ("text",),
    "ngettext": ("text", "plural"),
    "pgettext": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
}
ARGUMENTS = _ARGUMENTS | {f"{name}_lazy": kinds for name, kinds in _ARGUMENTS.items()}

# What templatize() makes of a template: these calls, in a sea of X.
_LITERAL = r"""(u?"(?:[^"\\]|\\.)*"|u?'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*{_LITERAL}(?:,\s*{_LITERAL})?(?:,\s*{_LITERAL})?")


@dataclass(frozen=True)
class Message:
    text: str
    plural: str | None = None
    context: str | None = None


def messages() -> dict[Message, str]:
    """Each text with one of its places, as `path:line`."""
    found: dict[Message, str] = {}
    for package in PACKAGES:
        for path in sorted((PROJECT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                _note(found, path, _of_module(path.read_text("utf-8")))
    for folder in ("templates", *PACKAGES):
        for path in sorted((PROJECT / folder).rglob("*.html")):
            _note(found, path, _of_template(path.read_text("utf-8")))
    return found


def _note(found: dict[Message, str], path: Path, read: Iterator[tuple[int, Message]]) -> None:
    for line, message in read:
        found.setdefault(message, f"{path.relative_to(PROJECT)}:{line}")


def _of_module(source: str) -> Iterator[tuple[int, Message]]:
    tree = ast.parse(source)
    names = _names_of_functions(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (kinds := ARGUMENTS.get(_function(node.func, names))):
            texts = list(_texts(node.args[: len(kinds)]))
            if len(texts) == len(kinds):
                yield node.lineno, Message(**dict(zip(kinds, texts, strict=True)))


def _names_of_functions(tree: ast.Module) -> dict[str, str]:
    """What a module calls the functions: `_` for gettext_lazy, mostly."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION_MODULE
        for alias in node.names
    }


def _function(called: ast.expr, names: dict[str, str]) -> str:
    if isinstance(called, ast.Attribute):  # translation.gettext(…)
        return called.attr
    return names.get(called.id, "") if isinstance(called, ast.Name) else ""


def _texts(arguments: list[ast.expr]) -> Iterator[str]:
    for argument in arguments:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def _of_template(source: str) -> Iterator[tuple[int, Message]]:
    calls = templatize(source)
    for match in _CALL.finditer(calls):
        name, *literals = match.groups()
        kinds = ARGUMENTS["gettext" if name == "_" else name]
        texts = [ast.literal_eval(literal) for literal in literals[: len(kinds)]]
        line = calls.count("\n", 0, match.start()) + 1
        yield line, Message(**dict(zip(kinds, texts, strict=True)))
