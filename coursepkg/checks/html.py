"""A report as a small piece of HTML for a notebook: readable aloud, in any theme, at any width."""

from html import escape

from coursepkg.checks.hints import ladder
from coursepkg.checks.report import Report

LABEL = 15
"""The width of the column of labels in the text."""
COLOURS = {True: "#1a7f37", False: "#b35900"}
"""Of the bar at the side, which only repeats the words: seen on white and on black."""
STYLE = "padding: 0.2em 0.8em; max-width: 50em; overflow-wrap: anywhere; border-left: 4px solid"


def as_html(report: Report) -> str:
    """Return the report as HTML, with its hints folded up one inside the other."""
    rows = "".join(map(_row, report.details()))
    hints = ladder(report) if report.points is None else ()
    totals = " ".join(line.strip() for line in report.totals())
    return (
        f'<div role="group" aria-label="{escape(report.question)}" '
        f'style="{STYLE} {COLOURS[report.ok]}">'
        f"<p><strong>{escape(f'{report.question}: {report.verdict}')}</strong></p>"
        f"{f'<dl>{rows}</dl>' if rows else ''}{_folded(hints)}<p>{escape(totals)}</p></div>"
    )


def _row(line: str) -> str:
    return f"<dt>{escape(line[:LABEL].strip())}</dt><dd>{escape(line[LABEL:])}</dd>"


def _folded(hints: tuple[str, ...]) -> str:
    """The hints inside one another: who wants the third has seen the two before it."""
    inner = ""
    for number, hint in reversed(list(enumerate(hints, start=1))):
        title = f"Hint {number} of {len(hints)}"
        inner = f"<details><summary>{title}</summary><p>{escape(hint)}</p>{inner}</details>"
    return inner
