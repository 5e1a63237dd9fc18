"""The fresh process: runs the cells of a notebook, and tries the questions on what they define.

It reads a list of steps from its input, and writes a line of JSON for each that is done. Nothing
that a student's code prints can get between those lines.
"""

import ast
import json
import os
import re
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from typing import Any, TextIO

MAGIC = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)
READY = "ready"


def main() -> None:
    """Do every step, in order."""
    steps = json.load(sys.stdin)
    channel = _private_output()
    namespace = _fresh_namespace()
    import coursepkg.checks  # noqa: F401 (seconds on a slow machine, which are nobody's cell's)

    _tell(channel, READY)
    notebooks: dict[str, dict[str, Any]] = {}
    does: dict[str, Callable[..., Any]] = {"cell": run_cell, "question": ask}
    for kind, *arguments in steps:
        if kind == "notebook":
            name, folder = arguments
            namespace = notebooks[name] = _opened(folder)
        elif kind == "replay":
            for told in _replayed(notebooks, *arguments):
                _tell(channel, told)
        else:
            _tell(channel, does[kind](namespace, *arguments))


def _fresh_namespace() -> dict[str, Any]:
    """The names of an empty notebook, as in Jupyter."""
    module = types.ModuleType("__main__")
    module.__dict__["display"] = lambda *args, **kwargs: None
    sys.modules["__main__"] = module
    return module.__dict__


def _opened(folder: str) -> dict[str, Any]:
    """Begin another notebook, in its folder, whose own modules it may import."""
    os.chdir(folder)
    sys.path.insert(0, folder)
    return _fresh_namespace()


def _replayed(
    notebooks: dict[str, dict[str, Any]], year: int, questions: list[str]
) -> Iterator[dict[str, Any]]:
    """Replay a milestone on the functions of these questions."""
    from coursepkg.student.milestones.replays import replay

    functions = {}
    for question in questions:
        assignment, name = question.split(".")
        functions[name] = notebooks[assignment][name]  # its check was right a moment ago
    yield from replay(year, functions)


def _private_output() -> TextIO:
    """The output of this process, out of reach; what is printed from now on goes nowhere."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return channel


def _tell(channel: TextIO, what: Any) -> None:
    channel.write(json.dumps(what) + "\n")
    channel.flush()


def run_cell(namespace: dict[str, Any], name: str, source: str) -> str | None:
    """Run one cell; return what went wrong, with its line, or None.

    Examples
    --------
    >>> run_cell({}, "cell 3", "x = 1\\ny = x + z")
    "line 2: NameError: name 'z' is not defined"
    """
    try:
        exec(_compiled(name, source), namespace)
    except SyntaxError as error:
        return f"line {error.lineno}: SyntaxError: {error.msg}"
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == name]
        where = f"line {lines[-1]}: " if lines else ""
        words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return where + words
    return None


def _compiled(name: str, source: str) -> types.CodeType:
    """Compile plain Python; of anything else, all but the lines that are for IPython."""
    try:
        tree = ast.parse(source, name)
    except SyntaxError:
        if source.startswith("%%"):
            source = ""
        tree = ast.parse(MAGIC.sub(r"\1pass", source), name)
    return compile(tree, name, "exec")


def ask(namespace: dict[str, Any], question: str) -> dict[str, Any]:
    """Check one question; return what there is to say about it as plain data."""
    from coursepkg.checks import examined
    from coursepkg.checks.hints import ladder

    report = examined(question, namespace)
    return {
        "ok": report.ok,
        "passed": report.passed,
        "of": len(report.findings),
        "verdict": report.verdict,
        "unanswered": report.unanswered,
        "kept_back": report.kept_back,
        "hints": ladder(report),
        "text": str(report),
    }


if __name__ == "__main__":
    main()
