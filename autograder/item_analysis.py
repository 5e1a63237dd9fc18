"""How hard a question is, and whether it tells strong work from weak."""

from __future__ import annotations

from statistics import correlation, fmean

from autograder.rubric import QuestionResult

ENOUGH = 10  # submissions; a correlation of fewer says nothing
EASY, HARD = 0.95, 0.3  # of its points, on average
LITTLE = 0.1  # correlation: as good as none


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
