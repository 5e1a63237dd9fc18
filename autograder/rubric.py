"""What a question can end as, and how a test cell's last value becomes points."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from numbers import Real
from typing import Any


class Status(StrEnum):
    """How grading a question ended. Only `GRADED` comes with points."""

    GRADED = "graded"
    WRONG = "wrong"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    UNREADABLE = "unreadable"
    MISSING = "missing"

    @property
    def needs_attention(self) -> bool:
        """Whether the instructor should look: it is not clear that the student is to blame."""
        return self in (Status.TIMEOUT, Status.CRASHED, Status.UNREADABLE, Status.MISSING)


@dataclass(frozen=True)
class QuestionResult:
    """One automatically graded question of one student.

    `seconds` is what grading it took, `nearest` the error of the comparison that came nearest to
    its tolerance, as a multiple of that; None if no numbers were compared.
    """

    question: str
    points: float
    max_points: float
    status: Status
    message: str = ""
    output: str = ""
    seconds: float = field(default=0.0, compare=False)
    nearest: float | None = field(default=None, compare=False)


@dataclass(frozen=True)
class SubmissionResult:
    """All of one student's submission: what `grade` stores and everything later reads.

    `fingerprint` names the work and the tests it was graded with; `answers` are the student's
    own cells by grade id; `shown` is what they displayed, for the notebook that formgrader shows
    (untrusted, and not stored with the result); `versions` name the tests of each question, the
    library, Python, NumPy, and the work, so that it can be said later why a grade differs.
    """

    student: str
    assignment: str
    fingerprint: str
    questions: list[QuestionResult]
    answers: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    versions: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    @property
    def points(self) -> float:
        """The sum of the automatic points."""
        return math.fsum(question.points for question in self.questions)

    @property
    def number(self) -> str:
        """What to quote about this grading: another work or other tests have another number."""
        return f"{self.assignment}-{self.student}-{self.fingerprint[:8] or 'none'}"

    @property
    def submitted(self) -> bool:
        """Whether there was a notebook that could be read."""
        gone = (Status.MISSING, Status.UNREADABLE)
        return not all(question.status in gone for question in self.questions)

    def to_json(self) -> dict[str, Any]:
        """Plain data for a JSON file: the same for the same work, so without what was measured."""
        data = {name: value for name, value in asdict(self).items() if name != "shown"}
        for question in data["questions"]:
            del question["seconds"], question["nearest"]
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> SubmissionResult:
        """The inverse of `to_json`."""
        questions = [
            QuestionResult(**{**question, "status": Status(question["status"])})
            for question in data["questions"]
        ]
        return cls(**{**data, "questions": questions})


def read_points(value: object, max_points: float) -> float:
    """The points that a test cell's last value stands for, as a plain float in [0, max_points].

    Raises
    ------
    ValueError
        If `value` is no finite real number: the test cell is at fault, not the student.

    Examples
    --------
    >>> import numpy as np
    >>> read_points(np.float64(2.5), 3)
    2.5
    >>> read_points(3.0000001, 3), read_points(-1, 3)
    (3.0, 0.0)
    """
    points = math.nan
    if isinstance(value, Real) and not isinstance(value, bool):
        points = float(value)
    if not math.isfinite(points):
        got = repr(value)[:80]
        raise ValueError(f"a test cell must end in its points, a finite number; got {got}")
    return min(max(points, 0.0), float(max_points))
