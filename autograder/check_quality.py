"""Checks that an instructor should look at: they fail nobody, waver, or decide by a hair."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from autograder import audit
from autograder.course import Course
from autograder.findings import parts
from autograder.measured import Measured
from autograder.rubric import QuestionResult

ENOUGH = 20  # answers, of which none failed
NEAR = 10.0  # an error is near its tolerance within this factor
Versions = dict[str, str | None]


@dataclass(frozen=True)
class CheckQuality:
    """How the checks of one question did.

    Attributes
    ----------
    tried, failed : dict of int
        How many answers each part of the check was tried on, and how many failed there.
    near : list of str
        Students in whose answer an error came close to the tolerance, on either side.
    wavered : list of str
        Students whose points once differed between two gradings of the same work.
    """

    question: str
    tried: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    near: list[str] = field(default_factory=list)
    wavered: list[str] = field(default_factory=list)

    @property
    def idle(self) -> list[str]:
        """The parts that fail nobody, of enough to expect it."""
        return [part for part, n in self.tried.items() if n >= ENOUGH and not self.failed[part]]


def quality(
    answers: dict[str, QuestionResult],
    measured: dict[tuple[str, str], Measured],
    wavered: list[str],
) -> CheckQuality:
    """How the checks of one question did on the answers of a class, by student."""
    name = next(iter(answers.values())).question
    found = CheckQuality(name, wavered=wavered)
    for student, answer in answers.items():
        passed = parts(answer)
        found.tried.update(passed)
        found.failed.update(part for part, whole in passed.items() if not whole)
        nearest = measured.get((student, name), Measured(0.0)).nearest
        if nearest and 1 / NEAR <= nearest <= NEAR:
            found.near.append(student)
    return found


def wavering(course: Course, assignment: str) -> dict[str, list[str]]:
    """Students whose points in a question changed while nothing else did, by question.

    The audit trail has a record of each change, with the versions of all that a grade depends on.

    Raises
    ------
    CourseError
        If the trail is damaged.
    """
    last: dict[tuple[str, str], tuple[float, Versions]] = {}
    found: dict[str, list[str]] = defaultdict(list)
    for record in audit.records(course):
        if record.get("assignment") != assignment or "standing" not in record:
            continue
        student, standing = record["student"], record["standing"]
        for question, points in standing["questions"].items():
            now = points, _versions(standing["versions"], question)
            before = last.get((student, question), now)
            if before[0] != points and before[1] == now[1] and student not in found[question]:
                found[question].append(student)
            last[student, question] = now
    return found


def _versions(versions: dict, question: str) -> Versions:
    tests = versions.get("tests", {}).get(question)
    return {**{name: versions.get(name) for name in versions if name != "tests"}, "tests": tests}
