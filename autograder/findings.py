"""What the checks' messages say, without any one student's numbers: so that it can be counted."""

from __future__ import annotations

import re

from autograder.rubric import QuestionResult

NAMED = re.compile(r"^  (mistake|or mistake|problem) +(.+)$", re.MULTILINE)
PASSED = re.compile(r"^  ([a-z][a-z ]*?) +(\d+) of (\d+) passed$", re.MULTILINE)
SCORE = re.compile(r"^\S+: [\d.]+ of [\d.]+ points, ")
NO_ANSWER = re.compile(r" points, no answer yet$", re.MULTILINE)
PLACE = re.compile(r" \(line \d+ of your cell\)$")


def head(question: QuestionResult) -> str:
    """The first line of a message: what the check found, in short."""
    return question.message.split("\n")[0][:160] or str(question.status)


def mistakes(message: str) -> list[str]:
    """The known mistakes that a message names; those that cannot be told apart count as one.

    Examples
    --------
    >>> mistakes("f: wrong\\n  mistake      Twice too large.\\n  or mistake   N is two.")
    ['Twice too large. Or: N is two.']
    """
    found: list[str] = []
    for label, text in NAMED.findall(message):
        if label == "mistake":
            found.append(text)
        elif label == "or mistake" and found:
            found[-1] += f" Or: {text}"
    return found


def in_short(question: QuestionResult) -> list[str]:
    """What went wrong in one answer: known mistakes, else an error, else what is wrong.

    Examples
    --------
    >>> from autograder.rubric import Status
    >>> message = "A5.f: 0 of 2 points, no answer yet\\n  problem      f is not written yet"
    >>> in_short(QuestionResult("f", 0, 2, Status.ERROR, message))
    ['f is not written yet']
    >>> in_short(QuestionResult("f", 1, 2, Status.GRADED, "A5.f: 1 of 2 points, db is wrong"))
    ['db is wrong']
    """
    if found := mistakes(question.message):
        return found
    first = head(question)
    if not SCORE.match(first):  # an error of a cell, or words that are no report of a check
        return [PLACE.sub("", first)]
    problems = [text for label, text in NAMED.findall(question.message) if label == "problem"]
    return [PLACE.sub("", problems[0] if problems else SCORE.sub("", first))]


def parts(question: QuestionResult) -> dict[str, bool]:
    """Whether each part of a check passed whole; nothing where there was no answer to try.

    Examples
    --------
    >>> from autograder.rubric import Status
    >>> text = "A5.f: 1 of 2 points, dx is wrong\\n  edge cases       1 of 5 passed"
    >>> parts(QuestionResult("f", 1, 2, Status.GRADED, text))
    {'edge cases': False}
    """
    if NO_ANSWER.search(question.message):
        return {}
    return {title: passed == of for title, passed, of in PASSED.findall(question.message)}
