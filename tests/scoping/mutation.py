"""Small changes to a function, one at a time: each should make some check fail (P7).

Works on the syntax tree of a function that is loaded already; a mutant takes its place in the
class for the time of one check. What a change does is said in words, so that a survivor is found.
"""

import ast
import copy
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

INVERSE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.Lt: ast.GtE, ast.GtE: ast.Lt,
    ast.Gt: ast.LtE, ast.LtE: ast.Gt,
}  # fmt: skip
# Calls that narrow rows: without them there are more.
NARROWING = {"filter", "exclude", "none", "in_force"}


@dataclass(frozen=True)
class Mutant:
    """`owner.name` with one change, put in place by `monkeypatch.setattr(owner, name, value)`."""

    owner: type
    name: str
    change: str
    value: Any

    def __str__(self) -> str:
        return f"{self.owner.__name__}.{self.name}: {self.change}"


def mutants_of(owner: type, name: str) -> Iterator[Mutant]:
    """Every mutant of a method or property of the class."""
    original = inspect.getattr_static(owner, name)
    function = _function_in(original)
    tree = _bare(ast.parse(textwrap.dedent(inspect.getsource(function))))
    for place, node in enumerate(ast.walk(tree)):
        for change, replacement in _changes(node):
            mutated = _compiled(_replaced(tree, place, replacement), function)
            yield Mutant(owner, name, change, _dressed_like(original, mutated, owner, name))


def _bare(tree: ast.Module) -> ast.Module:
    """Without decorators and types, which decide nothing."""
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.decorator_list, definition.returns = [], None
    for argument in (*definition.args.args, *definition.args.kwonlyargs):
        argument.annotation = None
    return tree


def _function_in(attribute: Any) -> Any:
    if isinstance(attribute, property):
        return attribute.fget
    return attribute.func if isinstance(attribute, cached_property) else attribute


def _dressed_like(original: Any, function: Any, owner: type, name: str) -> Any:
    if isinstance(original, property):
        return property(function)
    if isinstance(original, cached_property):
        cached = cached_property(function)
        cached.__set_name__(owner, name)
        return cached
    return function


def _replaced(tree: ast.Module, place: int, replacement: ast.AST) -> ast.Module:
    """A copy of the tree with another node at that place of the walk."""
    changed = copy.deepcopy(tree)
    old = list(ast.walk(changed))[place]
    for parent in ast.walk(changed):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, replacement)
            elif isinstance(value, list):
                setattr(parent, field, [replacement if item is old else item for item in value])
    return ast.fix_missing_locations(changed)


def _compiled(tree: ast.Module, function: Any) -> Any:
    found: dict[str, Any] = {}
    exec(compile(tree, f"<mutant of {function.__qualname__}>", "exec"), function.__globals__, found)  # noqa: S102
    return found[function.__name__]


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What can become of a node, with words for it."""
    said = ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""
    for text, replacement in _replacements(node):
        yield f"{said.splitlines()[0] if said else ''} → {text}", replacement


def _replacements(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    yield from _of_conditions(node)
    yield from _of_sets(node)
    if isinstance(node, ast.Call):
        yield from _of_calls(node)


def _of_conditions(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in INVERSE:
            changed = copy.deepcopy(node)
            changed.ops = [INVERSE[type(operator)]()]
            yield ast.unparse(changed), changed
        case ast.BoolOp(values=values):
            other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
            swapped = ast.BoolOp(other, copy.deepcopy(values))
            yield ast.unparse(swapped), swapped
            yield from ((ast.unparse(value), copy.deepcopy(value)) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield ast.unparse(operand), copy.deepcopy(operand)
        case ast.If() | ast.IfExp():
            for constant in (True, False):
                decided = copy.deepcopy(node)
                decided.test = ast.Constant(constant)
                yield f"if {constant}", decided
        case ast.Constant(value=bool(value)):
            yield str(not value), ast.Constant(not value)


def _of_sets(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Unions become cuts, loops find nothing."""
    match node:
        case ast.AugAssign(op=ast.BitOr()):
            cut = copy.deepcopy(node)
            cut.op = ast.BitAnd()
            yield ast.unparse(cut), cut
        case ast.BinOp(op=ast.BitOr()):
            yield ast.unparse(node.left), copy.deepcopy(node.left)
            yield ast.unparse(node.right), copy.deepcopy(node.right)
        case ast.For():
            empty = copy.deepcopy(node)
            empty.iter = ast.Tuple([], ast.Load())
            yield "for … in ()", empty


def _of_calls(call: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    """Without the call, when it narrows rows, and without each of its keywords."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in NARROWING:
        yield ast.unparse(call.func.value), copy.deepcopy(call.func.value)
    for place, keyword in enumerate(call.keywords):
        changed = copy.deepcopy(call)
        del changed.keywords[place]
        yield f"without {keyword.arg or '**'}", changed
