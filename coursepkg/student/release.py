"""What students get of what the instructor wrote: no solution, no hidden test.

Standard library only: the wheel's build hook runs this file where nothing else is installed.
"""

import re
from pathlib import Path

SHIPPED = Path(__file__).with_name("starters")
SOURCES = Path(__file__).parents[2] / "assignments" / "source"
CODE_STUB = 'raise NotImplementedError("write your solution here")'
TEXT_STUB = "*Write your answer here.*"
MARK = re.compile(r"^(?P<indent>.*?)### (?P<side>BEGIN|END) (?P<what>SOLUTION|HIDDEN TESTS)")


def without_answers(source: str) -> str:
    """Return an assignment's text with stubs for its solutions and without its hidden tests.

    Parameters
    ----------
    source : text in jupytext's py:percent form

    Raises
    ------
    ValueError
        If BEGIN and END do not pair up: rather nothing is released than an answer.

    Examples
    --------
    >>> without_answers("### BEGIN SOLUTION\\nx = 2\\n### END SOLUTION")
    'raise NotImplementedError("write your solution here")'
    """
    kept: list[str] = []
    inside = None
    for number, line in enumerate(source.split("\n"), start=1):
        mark = MARK.match(line)
        if mark is None:
            kept += [line] if inside is None else []
            continue
        before, side, what = mark.groups()
        if inside != (None if side == "BEGIN" else what):
            raise ValueError(f"line {number}: {side} {what} does not pair up")
        inside = what if side == "BEGIN" else None
        if inside == "SOLUTION":
            kept.append(before + (TEXT_STUB if before.startswith("#") else CODE_STUB))
    if inside is not None or re.search(r"(BEGIN|END) (SOLUTION|HIDDEN)", "\n".join(kept)):
        raise ValueError("BEGIN and END of solutions and hidden tests do not pair up")
    return "\n".join(kept)


def write_starters(sources: Path, folder: Path) -> list[Path]:
    """Write each `sources`/A5/A5.py into `folder`, without its answers.

    Raises
    ------
    ValueError
        If there are none, or one does not mark its answers properly.
    """
    written = []
    for source in sorted(sources.glob("A*/A*.py")):
        try:
            text = without_answers(source.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{source}: {error}") from None
        path = folder / source.name
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    if not written:
        raise ValueError(f"no assignments in {sources}")
    return written


def starters() -> dict[str, str]:
    """Return the text of every assignment that came along, by name.

    Those of the installed wheel, or, in a checkout, made from the sources.

    Examples
    --------
    >>> "BEGIN SOLUTION" in starters()["A5"]
    False
    """
    if SHIPPED.is_dir():
        return {path.stem: path.read_text(encoding="utf-8") for path in SHIPPED.glob("A*.py")}
    return {
        path.stem: without_answers(path.read_text(encoding="utf-8"))
        for path in SOURCES.glob("A*/A*.py")
    }
