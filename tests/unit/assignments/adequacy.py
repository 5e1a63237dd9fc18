"""What the hidden tests are tried on, and a table of how they did.

    python -m tests.unit.assignments.adequacy --seeds 200 > docs/adequacy.md

tries every right answer on so many hidden seeds, every mistake on three; that takes hours.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from unittest.mock import patch

from coursepkg.checks import QUESTIONS
from coursepkg.checks.adequacy import graded, with_mistakes
from coursepkg.checks.question import Pair
from tests.unit.assignments.solutions import ASSIGNMENTS, Functions, answers, solution

HEAD = """# Do the hidden tests see what they should?

Every right answer has a style of its own (loops, `einsum`, another formula, another cache)
and must earn all points with every secret seed; every mistake must lose some. An answer that is not
written earns nothing. `tests/unit/assignments/test_adequacy.py` tries them all on three seeds at
every run of the tests; this table was written by `python -m tests.unit.assignments.adequacy`.

| question | right answers | seeds each | refused | mistakes | let through | ms a report |
|---|---:|---:|---:|---:|---:|---:|
"""


@dataclass(frozen=True)
class Answer:
    """One way to answer a question: the functions that replace the solution's."""

    question: str
    label: str
    functions: Functions

    def share(self, seed: bytes) -> float:
        names = solution(self.question.split(".")[0])
        with patch.dict(names, self.functions):  # the solution's other functions call these, too
            return float(graded(self.question, names, seed).share)


def seeds(many: int) -> list[bytes]:
    return [f"seed {number}".encode() for number in range(many)]


def right() -> Iterator[Answer]:
    """All right answers, the instructor's own among them."""
    yield from (Answer(question, "the solution", {}) for question in QUESTIONS)
    yield from _written("RIGHT")


def wrong() -> Iterator[Answer]:
    """All mistakes: those written for an assignment, and the register's."""
    yield from _written("WRONG")
    for name, question in QUESTIONS.items():
        if isinstance(question.subject, Pair):
            for mistake, functions in with_mistakes(question):
                yield Answer(name, mistake.id, functions)


def _written(kind: str) -> Iterator[Answer]:
    for assignment in ASSIGNMENTS:
        for question, found in answers(assignment, kind).items():
            for label, functions in found.items():
                yield Answer(question, label, functions)


def row(question: str, many: int) -> tuple[int, int, int, int, float]:
    """Right answers, how many refusals, mistakes, how often one went through, seconds a report."""
    good = [answer for answer in right() if answer.question == question]
    bad = [answer for answer in wrong() if answer.question == question]
    start = time.perf_counter()
    refused = sum(answer.share(seed) < 1 for answer in good for seed in seeds(many))
    each = (time.perf_counter() - start) / (len(good) * many)
    missed = sum(answer.share(seed) == 1 for answer in bad for seed in seeds(3))
    return len(good), refused, len(bad), missed, each


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--only", default="", help="an assignment, such as A5")
    given = options.parse_args()
    print(HEAD, end="", flush=True)
    for question in QUESTIONS:
        if given.only in ("", question.split(".")[0]):
            good, refused, bad, missed, each = row(question, given.seeds)
            cells = [f"`{question}`", good, given.seeds, refused, bad, missed, f"{1000 * each:.0f}"]
            print("|", " | ".join(map(str, cells)), "|", flush=True)


if __name__ == "__main__":
    main()
