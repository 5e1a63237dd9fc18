"""How a grading run tells how far it is: a bar for people, lines of JSON for programs, or silence.

And what it leaves to read afterwards: a log for each submission.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.rubric import Status, SubmissionResult

Told = Callable[[int, int, SubmissionResult | None], None]
"""Is told how many submissions of how many are done, and the result that came last."""


class Show(StrEnum):
    """How a run shows its progress."""

    BAR = "bar"
    JSON = "json"
    QUIET = "quiet"


@contextmanager
def shown(how: Show, console: Console) -> Iterator[Told]:
    """Show the progress of one run."""
    if how is Show.QUIET:
        yield lambda done, total, result: None
    elif how is Show.JSON:
        yield lambda done, total, result: print(line(done, total, result), flush=True)
    else:
        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        counts = TextColumn("{task.description}")
        with Progress(TextColumn("grading"), *columns, counts, console=console) as bar:
            yield _Bar(bar).tell


class _Bar:
    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.task = bar.add_task("")
        self.counts: Counter[str] = Counter()

    def tell(self, done: int, total: int, result: SubmissionResult | None) -> None:
        if result is not None:
            self.counts[summary(result)] += 1
        words = ", ".join(f"{n} {word}" for word, n in self.counts.most_common())
        self.bar.update(self.task, completed=done, total=total, description=words)


def summary(result: SubmissionResult) -> str:
    """One submission in a word or two.

    Examples
    --------
    >>> summary(SubmissionResult("ann", "A5", "", []))
    'right'
    """
    statuses = {question.status for question in result.questions}
    odd = [status for status in Status if status in statuses and status.needs_attention]
    if odd:
        return str(odd[0])
    lost = any(question.points < question.max_points for question in result.questions)
    return "partly right" if lost and result.points else "wrong" if lost else "right"


def line(done: int, total: int, result: SubmissionResult | None) -> str:
    """One line of JSON: counts, and the result that came last.

    Examples
    --------
    >>> line(0, 40, None)
    '{"done": 0, "total": 40}'
    """
    told: dict[str, object] = {"done": done, "total": total}
    if result is not None:
        told |= {"student": result.student, "points": round(result.points, 2)}
        told["statuses"] = {q.question: str(q.status) for q in result.questions}
    return json.dumps(told)


def log(result: SubmissionResult) -> str:
    """What happened to one submission, question by question, for whoever is asked about it."""
    lines = [f"{result.student}, {result.assignment}: {result.points:g} points by tests"]
    lines += [f"remark: {remark}" for remark in result.remarks]
    for question in result.questions:
        points = f"{question.points:g} of {question.max_points:g}"
        lines += ["", f"{question.question}: {question.status}, {points}, {question.seconds:.3f} s"]
        lines += indented(question.message)
        if question.output:
            lines += ["  output:", *indented(question.output)]
    return "\n".join(lines) + "\n"


def indented(text: str) -> list[str]:
    """The lines of a text, set in, fit for a terminal."""
    return [f"    {part}" for part in printable(text).splitlines()]


def printable(text: str) -> str:
    """A text without control characters, which could rewrite what a terminal shows above them.

    Examples
    --------
    >>> printable("a\\x1b[2Jb")
    'a�[2Jb'
    """
    return "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
