"""Signs that an answer is not what was asked for: for the instructor to look at, no points lost.

A numerical gradient handed in as a backward pass, an import of the answers, the instructor's own
solution word for word.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from statistics import median

from autograder.manifest import Cell
from autograder.proxy import Use

CALLS = 8  # a backward pass calls the forward pass once or twice; a numerical one, twice an entry
SLOWER = 30  # and takes as many times as long
LONG = 60  # so many nodes of a syntax tree are no coincidence
OPEN = ("coursepkg.checks", "coursepkg.gradcheck", "coursepkg.datasets")  # hold no answer


def numerical_gradients(uses: Iterable[Use]) -> Iterator[str]:
    """Remarks on functions ``f_backward`` that seem to differentiate ``f`` numerically.

    Examples
    --------
    >>> list(numerical_gradients([Use("f_backward", 0.1, {"f": 24})]))
    ['`f_backward` calls `f` 24 times: is it a numerical gradient?']
    """
    uses = list(uses)
    for name in sorted({use.name for use in uses if use.name.endswith("_backward")}):
        calls: dict[str, int] = {}
        for use in uses:
            if use.name == name:
                calls |= {f: max(n, calls.get(f, 0)) for f, n in use.calls.items()}
        many = {f: n for f, n in calls.items() if n >= CALLS and not f.endswith("_backward")}
        for function, count in many.items():
            yield f"`{name}` calls `{function}` {count} times: is it a numerical gradient?"
        times = _ratio(uses, name)
        if not many and times >= SLOWER:
            yield (
                f"`{name}` takes {times:.0f} times as long as the forward pass: "
                "is it a numerical gradient?"
            )


def borrowed(cells: Iterable[Cell], answers: dict[str, str]) -> Iterator[str]:
    """Remarks on solution cells that import the answers, or are the instructor's own.

    Parameters
    ----------
    cells : iterable of Cell
        The solution cells of the manifest.
    answers : dict of str
        The student's text of each.
    """
    for cell in cells:
        answer = answers.get(cell.name, "")
        tree = _parse(answer)
        if tree is None:
            continue
        if "coursepkg" in answer:
            for name in sorted(set(_imports(tree))):
                yield f"The cell `{cell.name}` imports `{name}`, which holds answers."
        length, own_shape = _own(cell.original)
        if length >= LONG and _count(tree) == length and _shape(tree) == own_shape:
            yield f"The cell `{cell.name}` is the instructor's solution, up to names and comments."


def _ratio(uses: list[Use], backward: str) -> float:
    """How many times as long the backward pass takes, in the middle of all calls."""
    forward = backward.removesuffix("_backward")
    times = {name: [u.seconds for u in uses if u.name == name] for name in (backward, forward)}
    if not all(times.values()):
        return 0.0
    return median(times[backward]) / max(median(times[forward]), 1e-6)


@functools.cache
def _own(source: str) -> tuple[int, str]:
    """Length and shape of an instructor's solution."""
    tree = ast.parse(source)
    return _count(tree), _shape(tree)


def _count(tree: ast.Module) -> int:
    """Nodes of a syntax tree, without annotations and docstrings: cheap, and rarely the same."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:]
        elif isinstance(node, ast.arg):
            node.annotation = None
    return sum(1 for _ in ast.walk(tree))


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _imports(tree: ast.Module) -> Iterator[str]:
    """Modules of the library that are imported and hold answers."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (
            name for name in names if name.startswith("coursepkg.") and not name.startswith(OPEN)
        )


def _shape(tree: ast.Module) -> str:
    """A syntax tree as text in which names are numbered in the order they come in."""
    numbers: dict[str, str] = {}

    def number(name: str) -> str:
        return numbers.setdefault(name, f"n{len(numbers)}")

    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = number(node.id)
        elif isinstance(node, ast.arg):
            node.arg = number(node.arg)
        elif isinstance(node, ast.FunctionDef):
            node.name = number(node.name)
    return ast.dump(tree)
