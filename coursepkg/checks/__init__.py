"""Checks that students run, and grading by the same engine with other data.

In a notebook, ``check("A5.linear")`` finds the function ``linear`` among the names of that
notebook, tries it on fixed numbers and prints what it found. ``grade("A5.linear", points=3)``
does so on numbers nobody has seen, and on edge cases.
"""

import math
import sys

from coursepkg.checks import a0, a1, a2, a3, a4, a5, a6, a7, a8, a9
from coursepkg.checks.engine import examine
from coursepkg.checks.question import Question
from coursepkg.checks.report import Finding, Report, Score, score
from coursepkg.checks.seeds import hidden_rng, hidden_seed, public_rng

__all__ = ["Finding", "Report", "Score", "check", "grade", "hidden_seed"]

QUESTIONS = {
    question.name: question
    for module in (a0, a1, a2, a3, a4, a5, a6, a7, a8, a9)
    for question in module.QUESTIONS
}


def check(question: str) -> Report:
    """Check the caller's function on public data, and print what was found.

    Parameters
    ----------
    question : name such as ``"A5.linear_backward"``
        The function is looked up by its own name in the globals of the caller.

    Raises
    ------
    ValueError
        If there is no such question.
    """
    functions = sys._getframe(1).f_globals
    report = examine(_find(question), functions, public_rng(question))
    print(report)
    return report


def grade(question: str, points: float) -> Score:
    """Grade the caller's function on hidden data and edge cases, and print what was found.

    Parameters
    ----------
    question : name such as ``"A5.linear_backward"``
    points : what a right answer is worth

    Returns
    -------
    Score
        A plain float in [0, points], rounded to hundredths, with the `Report` in ``.report``.

    Raises
    ------
    ValueError
        If there is no such question, or `points` is not a positive number.
    """
    if not (math.isfinite(points) and points > 0):
        raise ValueError(f"points must be a positive number, got {points}")
    functions = sys._getframe(1).f_globals
    report = examine(_find(question), functions, hidden_rng(question), points)
    print(report)
    return score(report)


def _find(name: str) -> Question:
    if name not in QUESTIONS:
        near = [known for known in QUESTIONS if known.split(".")[0] == name.split(".")[0]]
        raise ValueError(
            f"no question is called {name!r}; there are: {', '.join(near or QUESTIONS)}"
        )
    return QUESTIONS[name]
