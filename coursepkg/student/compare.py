"""What in a student's notebook is not as it was given out, not written yet, or not for others."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from coursepkg.student.notebook import Cell

KEYS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[opsu]_\w{36}"
    r"|\bgithub_pat_\w{22,}|\bhf_[A-Za-z0-9]{30,}|\bsk-[\w-]{20,}|\bxox[abprs]-[\w-]{10,}"
    r"|\bAIza[\w-]{35}"
)
"""How keys begin: of SSH, Amazon, GitHub, Hugging Face, OpenAI, Slack and Google."""


def differences(cells: list[Cell], released: list[Cell]) -> Iterator[str]:
    """Say which named cells were deleted, are there twice, or were changed though locked."""
    by_name: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_name[cell.name].append(cell)
    for given in released:
        if not given.name or not (given.is_answer or given.is_locked):
            continue
        found = by_name[given.name]
        if not found:
            yield f"{_words(given)} was deleted: {_remedy(given)}"
        if len(found) > 1:
            numbers = " and ".join(str(cell.number) for cell in found)
            yield f"{_words(given)} is there {len(found)} times, as cells {numbers}: keep one"
        if given.is_locked and any(c.source.strip() != given.source.strip() for c in found):
            yield f"{_words(given)} was changed: it is graded as it was given out"


def _words(cell: Cell) -> str:
    first = cell.source.strip().split("\n")[0][:60]
    return f"the cell {cell.name} ({first})"


def _remedy(cell: Cell) -> str:
    if cell.is_answer:
        return "without it, what it asks for counts as not written"
    return "it is graded all the same"


def not_written(cells: list[Cell]) -> Iterator[str]:
    """Say where an answer still raises NotImplementedError, by line, or is no Python at all.

    Examples
    --------
    >>> source = "def f():\\n    raise NotImplementedError"
    >>> list(not_written([Cell(4, "f_solution", True, True, False, None, source)]))
    ['cell 4 (def f():), line 2: NotImplementedError is still there']
    """
    for cell in cells:
        if not (cell.is_answer and cell.is_code):
            continue
        try:
            nodes = list(ast.walk(ast.parse(cell.source)))
        except SyntaxError:
            continue  # a magic, or an error that the run names
        for node in nodes:
            if isinstance(node, ast.Raise) and _is_stub(node.exc):
                yield f"{cell.title}, line {node.lineno}: NotImplementedError is still there"


def secrets(cells: list[Cell]) -> Iterator[str]:
    """Say where there seems to be a key that opens something; the key itself is not repeated.

    Examples
    --------
    >>> source = "x = 1\\ntoken = 'ghp_" + 36 * "a" + "'"
    >>> list(secrets([Cell(4, "", True, False, False, None, source)]))
    ['cell 4 (x = 1), line 2: this looks like a key to an account of yours; take it out']
    """
    for cell in cells:
        for number, line in enumerate(cell.source.split("\n"), start=1):
            if KEYS.search(line):
                advice = "this looks like a key to an account of yours; take it out"
                yield f"{cell.title}, line {number}: {advice}"


def _is_stub(raised: ast.expr | None) -> bool:
    if isinstance(raised, ast.Call):
        raised = raised.func
    return isinstance(raised, ast.Name) and raised.id == NotImplementedError.__name__
