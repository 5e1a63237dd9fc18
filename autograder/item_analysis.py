"""How a class did on a question: how hard it is, what went wrong, and how long it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import correlation, fmean, median

from autograder.findings import in_short, mistakes
from autograder.measured import Measured
from autograder.rubric import QuestionResult, Status

ENOUGH = 10  # submissions; a correlation of fewer says nothing
EASY, HARD = 0.95, 0.3  # of its points, on average
LITTLE = 0.1  # correlation: as good as none


@dataclass(frozen=True)
class QuestionSummary:
    """How the class did on one question; only work that was handed in counts.

    Attributes
    ----------
    misconceptions : list of (str, int)
        Known mistakes and how many made them, most frequent first.
    findings : list of (str, int)
        All that went wrong, likewise; five at most.
    times : list of (float, str)
        Seconds that grading took, and whose answer it was, slowest first.
    """

    name: str
    max_points: float
    mean: float
    full: int
    counts: dict[Status, int]
    misconceptions: list[tuple[str, int]]
    findings: list[tuple[str, int]]
    difficulty: float
    discrimination: float | None
    times: list[tuple[float, str]]

    @property
    def advice(self) -> str:
        """What to do about it, if anything."""
        return in_words(self.difficulty, self.discrimination) if sum(self.counts.values()) else ""

    @property
    def median_seconds(self) -> float:
        """What grading took in the middle of the class."""
        return median(seconds for seconds, _ in self.times)


def summary(
    answers: Mapping[str, QuestionResult],
    totals: Mapping[str, float],
    measured: Mapping[tuple[str, str], Measured],
) -> QuestionSummary:
    """How those did who handed in.

    Parameters
    ----------
    answers : mapping of QuestionResult
        To one question, by student; at least one.
    totals : mapping of float
        Points in all questions, by student.
    measured : mapping of Measured
        By student and question.
    """
    mine = list(answers.values())
    lost = [answer for answer in mine if answer.points < answer.max_points]
    name = mine[0].question
    times = [(m.seconds, who) for who in answers if (m := measured.get((who, name)))]
    return QuestionSummary(
        name=name,
        max_points=mine[0].max_points,
        mean=fmean(answer.points for answer in mine),
        full=len(mine) - len(lost),
        counts=dict(Counter(answer.status for answer in mine)),
        misconceptions=Counter(m for a in lost for m in mistakes(a.message)).most_common(),
        findings=Counter(text for a in lost for text in in_short(a)).most_common(5),
        difficulty=difficulty(mine),
        discrimination=discrimination(mine, [totals[student] for student in answers]),
        times=sorted(times, reverse=True),
    )


def difficulty(answers: list[QuestionResult]) -> float:
    """The share of its points that a question brought in, on average; 1 is easy, 0 is hard."""
    return fmean(answer.points / (answer.max_points or 1) for answer in answers)


def discrimination(answers: list[QuestionResult], totals: list[float]) -> float | None:
    """The point-biserial correlation of full points in a question with the points of all others.

    None where it says nothing: for few submissions, or if all are the same on one side.

    Parameters
    ----------
    answers : list of QuestionResult
        To one question, one for each submission.
    totals : list of float
        The points of these submissions in all questions.
    """
    full = [float(answer.points >= answer.max_points) for answer in answers]
    rest = [total - answer.points for total, answer in zip(totals, answers, strict=True)]
    if len(full) < ENOUGH or len(set(full)) < 2 or len(set(rest)) < 2:
        return None
    return correlation(full, rest)


def in_words(share: float, separates: float | None) -> str:
    """What an instructor may want to do about a question.

    Examples
    --------
    >>> in_words(0.97, None)
    'nearly everybody has it'
    >>> in_words(0.5, -0.2)
    'who is good elsewhere fails here: look at its tests'
    >>> in_words(0.6, 0.5)
    ''
    """
    if separates is not None and separates < -LITTLE:
        return "who is good elsewhere fails here: look at its tests"
    if share >= EASY:
        return "nearly everybody has it"
    if separates is not None and separates < LITTLE:
        return "hardly tells strong work from weak"
    return "hard" if share < HARD else ""
