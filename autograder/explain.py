"""One grade as a proof: the same numbers again, what came out, and what it was judged by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.course import Course, CourseError
from autograder.examine import Examination, seed_for
from autograder.intake import submissions
from autograder.manifest import Manifest
from autograder.progress import indented
from autograder.proxy import Call, recording
from autograder.results import stored_results
from autograder.rubric import QuestionResult
from autograder.sandbox import Jail
from coursepkg.checks import hidden_seed

WIDTH = 100


@dataclass(frozen=True)
class Explanation:
    """The stored result of one question, and what grading it again gave.

    Attributes
    ----------
    number : str
        What the student's page tells to quote about the stored result.
    seed : bytes
        What this student's hidden numbers are drawn from.
    calls : list of Call
        The calls of the student's functions, in order.
    then, now : dict
        Versions of tests, library, Python, NumPy and work, when it was graded and today.
    """

    student: str
    assignment: str
    number: str
    stored: QuestionResult
    replayed: QuestionResult
    seed: bytes
    calls: list[Call]
    then: dict[str, Any]
    now: dict[str, Any]

    @property
    def agrees(self) -> bool:
        """Whether points, status and words are the stored ones."""
        return self.stored == self.replayed


def explain(
    course: Course,
    assignment: str,
    student: str,
    question: str,
    *,
    seconds: float = 10.0,
    jailed: bool = True,
) -> Explanation:
    """Grade one question of one student again; nothing is stored.

    Raises
    ------
    CourseError
        If there is no such student, question or result.
    NoJailError
        If student code cannot be locked up here.
    """
    manifest = Manifest.load(course.manifest(assignment))
    names = [cell.name for cell in manifest.tests]
    if question not in names:
        raise CourseError(f"{assignment} has no question {question!r}; it has {', '.join(names)}")
    if student not in {each.id for each in course.roster}:
        raise CourseError(f"{student!r} is not on the roster")
    stored = {result.student: result for result in stored_results(course, assignment)}.get(student)
    old = next((q for q in stored.questions if q.question == question), None) if stored else None
    if stored is None or old is None:
        command = f"autograder grade {assignment}"
        raise CourseError(f"{student} has no result for {question}: run `{command}`")
    work = next(each for each in submissions(course, manifest) if each.student == student)
    with Jail(jailed) as jail, Examination(work, manifest, jail, seconds) as examination:
        for name in names[: names.index(question) + 1]:  # those before may have left traces
            seed = seed_for(course.secret, student, assignment, name)
            cell = manifest.tests[names.index(name)]
            with hidden_seed(seed), recording() as calls:
                examination.examine(cell)
    now = {**manifest.versions, "work": work.digest}
    result = examination.questions[-1]
    return Explanation(
        student, assignment, stored.number, old, result, seed, calls, stored.versions, now
    )


def in_words(explanation: Explanation, calls: int) -> Iterator[str]:
    """The proof, line by line; of the calls the first few."""
    e, name = explanation, explanation.stored.question
    yield f"{e.student}, {e.assignment}, {name}"
    yield f"  number    {e.number}, on the student's page if it shows this grade"
    yield f"  stored    {_outcome(e.stored)}"
    same = "the same, word for word" if e.agrees else "NOT what is stored"
    yield f"  again     {_outcome(e.replayed)}: {same}"
    yield f"  seed      {e.seed.hex()}"
    yield from (f"  {line}" for line in _versions(e, name))
    yield "  the checks say"
    yield from indented(e.replayed.message or "nothing")
    if not e.agrees and e.stored.message != e.replayed.message:
        yield "  stored were these words"
        yield from indented(e.stored.message or "none")
    shown = e.calls[:calls]
    yield f"  calls of the student's functions: {len(e.calls)}, shown {len(shown)}"
    for number, call in enumerate(shown, start=1):
        yield f"    {number}. {call.name}"
        yield from _values("given", call.arguments)
        if call.error:
            yield f"       raised {call.error}"
        else:
            answer = call.answer if isinstance(call.answer, tuple) else (call.answer,)
            yield from _values("gave", answer)


def _outcome(result: QuestionResult) -> str:
    return f"{result.points:g} of {result.max_points:g}, {result.status}"


def _versions(explanation: Explanation, name: str) -> Iterator[str]:
    """A line for each thing that the grade depends on, and whether it is as it was."""
    then, now = explanation.then, explanation.now
    for label, was, today in (
        ("tests", then.get("tests", {}).get(name), now["tests"][name]),
        *((key, then.get(key), now[key]) for key in ("library", "work", "python", "numpy")),
    ):
        state = "as when it was graded" if was == today else f"it was {was or 'not noted'}"
        yield f"{label:<9} {today}, {state}"


def _values(word: str, values: tuple[Any, ...]) -> Iterator[str]:
    for value in values:
        if isinstance(value, np.ndarray) and value.ndim:
            head = f"{word} an array of shape {value.shape}, {value.dtype}"
            text = np.array2string(value, precision=8, threshold=60, max_line_width=WIDTH)
            yield from ("       " + line for line in (head, *text.splitlines()))
        else:
            yield f"       {word} {ascii(value)[:400]}"
        word = " " * len(word)
