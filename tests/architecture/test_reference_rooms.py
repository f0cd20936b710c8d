"""The laws of the reference's rooms that no linter holds, read from the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[2] / "reference_impl" / "vos_reference"
SETTERS = {"setattr", "__setattr__"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def attributes_set(module: ast.Module) -> Iterator[str]:
    """Every `x.y = ...`, also as part of a tuple, a loop, a `with` or an augmented assignment, and every `setattr`."""
    for node in ast.walk(module):
        target = isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
        setter = isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in SETTERS
        if target or setter:
            yield ast.unparse(node)


def imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_bootstrap_assigns_nothing_on_a_finished_object() -> None:
    assert list(attributes_set(tree(REFERENCE / "bootstrap.py"))) == []


def test_the_law_sees_every_kind_of_assignment() -> None:
    code = "a.b = 1\na.b, c = 1, 2\na.b += 1\na.b: int = 1\ndel a.b\nsetattr(a, 'b', 1)\nobject.__setattr__(a, 'b', 1)"
    assert len(list(attributes_set(ast.parse(code)))) == 7
    assert list(attributes_set(ast.parse("b = a.b\na.b(c=1)\nf(b=a.c)"))) == []


def test_the_edges_import_no_event_loop() -> None:
    edges = sorted((REFERENCE / "edge").rglob("*.py"))
    assert len(edges) > 10
    assert {
        edge.name: [*imported(tree(edge))] for edge in edges if {"asyncio", "threading"} & {*imported(tree(edge))}
    } == {}
