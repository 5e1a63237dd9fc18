"""Checks that students run, and grading by the same engine with other data.

In a notebook, ``check("A5.linear")`` finds the function ``linear`` among the names of that
notebook, tries it on fixed numbers and prints what it found. ``grade("A5.linear", points=3)``
does so on numbers nobody has seen, and on edge cases.
"""

import math
import pkgutil
import re
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from coursepkg.checks.engine import examine
from coursepkg.checks.finding import Finding
from coursepkg.checks.question import Question
from coursepkg.checks.report import Report, Score, score
from coursepkg.checks.seeds import hidden_rng, hidden_seed, public_rng
from coursepkg.checks.showing import show

__all__ = ["Finding", "Report", "Score", "check", "grade", "hidden_seed"]

# One module for each assignment: a0, a1, ...; a new one is found by its name.
_NUMBERS = sorted(
    int(module.name[1:])
    for module in pkgutil.iter_modules(__path__)
    if re.fullmatch(r"a\d+", module.name)
)
QUESTIONS: dict[str, Question] = {
    question.name: question
    for number in _NUMBERS
    for question in import_module(f"{__name__}.a{number}").QUESTIONS
}


def check(question: str) -> Report:
    """Check the caller's function on public data, and show what was found: printed, or as HTML.

    Parameters
    ----------
    question : name such as ``"A5.linear_backward"``
        The function is looked up by its own name in the globals of the caller.

    Raises
    ------
    ValueError
        If there is no such question.
    """
    report = examined(question, sys._getframe(1).f_globals)
    show(report)
    return report


def examined(question: str, functions: Mapping[str, Any]) -> Report:
    """Check a function among `functions` on public data, in silence.

    Raises
    ------
    ValueError
        If there is no such question.
    """
    return examine(_find(question), functions, public_rng(question))


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
