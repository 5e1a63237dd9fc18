"""A jail, and a toy question whose answer the attacks below do not have."""

from collections.abc import Callable, Iterator

import pytest

from autograder.examine import examine
from autograder.intake import Submission
from autograder.manifest import Cell, Manifest
from autograder.rubric import QuestionResult
from autograder.sandbox import Jail

SECRET = "4711"
SECONDS = 3.0


def _cell(name: str, kind: str, source: str, original: str = "", points: float = 0) -> Cell:
    return Cell(name, kind, "code", points, source, original or source, {})  # type: ignore[arg-type]


MANIFEST = Manifest(
    "T1",
    [
        _cell("imports", "given", "import numpy as np"),
        _cell("f_solution", "solution", "def f(x): ...", "def f(x):\n    return 7 * x"),
        _cell(
            "f",
            "test",
            "",
            f"x = {SECRET} + np.arange(3.0)\n"
            "y = f(x)\n"
            "np.testing.assert_allclose(y, 7 * x)\n"
            "5.0 * bool(np.array_equal(y, 7 * x))",
            points=5,
        ),
    ],
)
Attack = Callable[..., QuestionResult]


@pytest.fixture(scope="session")
def jail() -> Iterator[Jail]:
    with Jail() as open_jail:
        yield open_jail


@pytest.fixture
def attack(jail: Jail) -> Attack:
    """Grade a solution cell, given as text."""

    def run(source: str, seconds: float = SECONDS) -> QuestionResult:
        submission = Submission("mallory", {"f_solution": source})
        return examine(submission, MANIFEST, jail, b"key", seconds).questions[0]

    return run
