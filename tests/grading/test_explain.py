"""A grade can be replayed, number by number, and a replay that differs says so."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.course import Course, CourseError
from autograder.examine import seed_for
from autograder.explain import explain
from autograder.grade import grade
from autograder.intake import collect
from autograder.release import release

pytestmark = pytest.mark.jail
HandIn = Callable[..., Path]
WORK = """# %% double_solution
def double(x):
    x = 3 * x
    return x, None
# %% total_solution
def total(x):
    raise ValueError("no \\x1b[31m total")
"""


@pytest.fixture
def graded(toy: Course, hand_in: HandIn, one_jail: None) -> Course:
    hand_in("ann")
    hand_in("ben", WORK)
    collect(toy, "T1", toy.root / "inbox")
    grade(toy, "T1")
    return toy


def test_seed_numbers_and_versions(graded: Course) -> None:
    found = explain(graded, "T1", "ben", "double")
    assert found.agrees
    assert found.seed == seed_for(graded.secret, "ben", "T1", "double")
    assert found.then == found.now
    (call,) = found.calls
    assert (call.name, call.arguments[0].tolist()) == ("double", [4711.0])
    assert call.answer[0].tolist() == [14133.0]


def test_only_the_calls_of_the_question(graded: Course) -> None:
    found = explain(graded, "T1", "ann", "total")
    assert [call.name for call in found.calls] == ["total"]
    assert found.calls[0].answer == 6.0


def test_objects_that_stay_in_the_jail(toy: Course, hand_in: HandIn, one_jail: None) -> None:
    source, kept = toy.source("T1"), "total(double(np.arange(2.0))[1]) == 6.0"
    source.write_text(source.read_text().replace("total(np.arange(4.0)) == 6.0", kept))
    release(toy, "T1")
    work = "# %% double_solution\ndef double(x):\n    return x, object()\n"
    hand_in("ann", work + "# %% total_solution\ndef total(x):\n    return 6.0\n")
    collect(toy, "T1", toy.root / "inbox")
    grade(toy, "T1")
    found = explain(toy, "T1", "ann", "total")
    assert found.agrees
    assert found.replayed.points == 3
    assert [call.name for call in found.calls] == ["double", "total"]


def test_everybody_can_be_explained(graded: Course) -> None:
    found = explain(graded, "T1", "dee", "total")
    assert found.agrees
    assert found.calls == []
    assert found.stored.status == "missing"


def _run(course: Course, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["--course", str(course.root), "explain", "T1", *arguments])
    return result.exit_code, result.output + result.stderr


def test_the_command(graded: Course) -> None:
    code, text = _run(graded, "ben", "double")
    assert code == 0, text
    for words in (
        "stored    0 of 2, wrong",
        "again     0 of 2, wrong: the same, word for word",
        seed_for(graded.secret, "ben", "T1", "double").hex(),
        "as when it was graded",
        "given an array of shape (1,), float64",
        "[4711.]",
        "[14133.]",
    ):
        assert words in text
    assert "shown 0" in _run(graded, "ben", "double", "--calls", "0")[1]


def test_nothing_rewrites_the_terminal(graded: Course) -> None:
    code, text = _run(graded, "ben", "total")
    assert code == 0, text
    assert "ValueError" in text
    assert "\x1b" not in text


def test_other_tests_show(graded: Course) -> None:
    source = graded.source("T1")
    source.write_text(source.read_text().replace("4711.0", "4712.0").replace("9422.0", "14136.0"))
    source.write_text(source.read_text().replace("return 2 * x", "return 3 * x"))
    release(graded, "T1")
    code, text = _run(graded, "ben", "double")
    assert code == 1
    assert "2 of 2, graded: NOT what is stored" in text
    stored = explain(graded, "T1", "ben", "double").then["tests"]["double"]
    assert f"it was {stored}" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("eve", "double"), "'eve' is not on the roster"),
        (("ann", "Q7"), "no question 'Q7'; it has double, total"),
    ],
)
def test_what_is_not_there(graded: Course, arguments: tuple[str, str], words: str) -> None:
    code, text = _run(graded, *arguments)
    assert code == 1
    assert words in " ".join(text.split())


def test_nothing_graded(toy: Course) -> None:
    with pytest.raises(CourseError, match=r"autograder grade T1"):
        explain(toy, "T1", "ann", "double")
