"""Three hints, each saying more than the one before: a nudge, a pointer, almost the line.

They are put together from what the question and the register of mistakes know already.
"""

from typing import TYPE_CHECKING

from coursepkg.checks.finding import Finding
from coursepkg.checks.report import Report

if TYPE_CHECKING:
    from coursepkg.mistakes import Mistake

USUAL = 3


def ladder(report: Report) -> tuple[str, ...]:
    """Return the hints for what is wrong first, the smallest first; none if all is right.

    Examples
    --------
    >>> from coursepkg.checks import examined
    >>> ladder(examined("A5.relu", {"relu": lambda x: (x, x)}))[0]
    'entry by entry: what is positive stays, the rest becomes 0'
    """
    if report.ok:
        return ()
    first = report.worth_showing()[0]
    named = [mistake for mistake in report.mistakes if first.tensor in mistake.affects]
    known = next(iter(named or report.mistakes), None)
    hints = (
        _nudge(report, first, known),
        _pointer(report, first, known),
        _almost(report, first, known),
    )
    return tuple(hint for hint in hints if hint)


def _nudge(report: Report, finding: Finding, known: "Mistake | None") -> str | None:
    if known is not None:
        return known.question
    if report.unanswered and report.hints:
        several = len(report.hints) > 1
        return "; ".join(f"{k}: {v}" if several else v for k, v in report.hints.items())
    return report.hints.get(finding.tensor or "") or finding.problem


def _pointer(report: Report, finding: Finding, known: "Mistake | None") -> str:
    parts = [f"Read {report.section if known is None else known.section}."]
    if finding.detail is not None and finding.detail.pattern is not None:
        parts.insert(0, f"{finding.tensor}: {finding.detail.pattern}.")
    if known is not None and known.hidden_when:
        parts.append(f"Nothing shows where this holds: {known.hidden_when}")
    return " ".join(parts)


def _almost(report: Report, finding: Finding, known: "Mistake | None") -> str | None:
    if known is not None:
        return known.symptom
    if report.unanswered:
        return None
    from coursepkg.mistakes import of  # large, and seldom needed

    every = of(report.operation) if report.operation else ()
    usual = [m.symptom for m in every if finding.tensor in m.affects][:USUAL]
    if usual:
        return f"No known mistake gives your numbers. The usual ones here: {' '.join(usual)}"
    on_paper = (f.by_hand for f in report.findings if f.by_hand and f.tensor == finding.tensor)
    line = next(on_paper, None)
    return line and f"Follow your own lines with the numbers of this one: {line}"
