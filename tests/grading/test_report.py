"""The instructor's report: what is counted and named, and that it can be read anywhere."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from autograder import audit
from autograder.check_quality import ENOUGH, quality, wavering
from autograder.course import Course
from autograder.item_analysis import summary
from autograder.measured import Measured, measured, note
from autograder.report import write_report
from autograder.rubric import QuestionResult, Status, SubmissionResult

RIGHT = "A5.f: 2 of 2 points, right\n  edge cases       5 of 5 passed"
SLIP = (
    "A5.f: 1 of 2 points, dx is wrong\n  mistake      Twice too large.\n"
    "  edge cases       1 of 5 passed"
)
BLANK = (
    "A5.f: 0 of 2 points, no answer yet\n  problem      f is not written yet\n"
    "  edge cases       0 of 5 passed"
)


def answers(*messages: str) -> dict[str, QuestionResult]:
    points = {RIGHT: 2.0, SLIP: 1.0}
    return {
        f"s{n}": QuestionResult("f", points.get(text, 0.0), 2.0, Status.GRADED, text)
        for n, text in enumerate(messages)
    }


def test_mistakes_are_counted_and_times_are_ranked() -> None:
    class_of_four = answers(SLIP, RIGHT, SLIP, BLANK)
    times = {("s0", "f"): Measured(0.2), ("s1", "f"): Measured(0.1), ("s2", "f"): Measured(3.0)}
    found = summary(class_of_four, dict.fromkeys(class_of_four, 0.0), times)
    assert found.misconceptions == [("Twice too large.", 2)]
    assert found.findings == [("Twice too large.", 2), ("f is not written yet", 1)]
    assert found.times[0] == (3.0, "s2")
    assert found.median_seconds == 0.2


def test_a_check_that_fails_nobody_is_named_once_enough_were_tried() -> None:
    assert quality(answers(*[RIGHT] * (ENOUGH - 1), BLANK), {}, []).idle == []
    assert quality(answers(*[RIGHT] * ENOUGH, BLANK), {}, []).idle == ["edge cases"]
    assert quality(answers(*[RIGHT] * ENOUGH, SLIP), {}, []).idle == []


@pytest.mark.parametrize(
    ("nearest", "is_near"), [(0.05, False), (0.2, True), (9.0, True), (11.0, False), (None, False)]
)
def test_a_verdict_close_to_the_tolerance_is_named(nearest: float | None, is_near: bool) -> None:
    numbers = {("s0", "f"): Measured(0.1, nearest)}
    assert quality(answers(RIGHT), numbers, []).near == (["s0"] if is_near else [])


def _standing(points: float, **versions: str) -> dict[str, object]:
    versions = {"work": "w1", "library": "l1", **versions}
    return {"questions": {"f": points}, "versions": {**versions, "tests": {"f": "t1"}}}


@pytest.mark.parametrize(
    ("second", "wavered"),
    [
        (_standing(0), ["ann"]),
        (_standing(2), []),
        (_standing(0, work="w2"), []),
        (_standing(0, library="l2"), []),
    ],
    ids=["nothing else is new", "the same points", "another notebook", "another library"],
)
def test_points_that_change_by_themselves_are_named(
    toy: Course, second: dict[str, object], wavered: list[str]
) -> None:
    head = {"assignment": "T1", "student": "ann"}
    audit.append(toy, [{**head, "standing": _standing(2)}, {**head, "standing": second}])
    assert wavering(toy, "T1")["f"] == wavered


def test_what_was_measured_comes_back_and_half_a_line_costs_nothing_else(toy: Course) -> None:
    def result(student: str, seconds: float) -> SubmissionResult:
        question = QuestionResult("f", 1, 1, Status.GRADED, seconds=seconds, nearest=0.25)
        return SubmissionResult(student, "T1", "", [question])

    note(toy, result("ann", 1.0))
    with toy.private("T1", "measured.jsonl").open("a") as file:
        file.write('\n{"student": "ben", "quest')
    note(toy, result("cay", 2.0))
    note(toy, result("ann", 3.0))
    assert measured(toy, "T1") == {
        ("ann", "f"): Measured(3.0, 0.25),
        ("cay", "f"): Measured(2.0, 0.25),
    }


@pytest.mark.jail
def test_the_sample_class_in_numbers(sample_class: Course) -> None:
    text = re.sub(r"<[^>]+>|&nbsp;", " ", write_report(sample_class, "A5").read_text())
    text = " ".join(text.split())
    assert "7 % 1 in softmax_ce_backward The gradient is N times too large" in text
    assert "1 (7 %): db has one row for every sample, the shape (N, M) instead of (M,)." in text
    assert "No points changed between two gradings of the same work." in text
    assert "No answer was judged close to a tolerance." in text
    assert re.search(r"two_layer_loss 0\.\d{3} 6\.\d{3} Goran", text)


@pytest.mark.jail
def test_checks_that_waver_or_decide_by_a_hair_are_named(
    sample_class: Course, tmp_path: Path
) -> None:
    course = Course(Path(shutil.copytree(sample_class.root, tmp_path / "course")))
    last = next(r for r in audit.records(course) if r["student"] == "ada")
    standing = last["standing"] | {"questions": {**last["standing"]["questions"], "elu": 0.0}}
    audit.append(course, [{"assignment": "A5", "student": "ada", "standing": standing}])
    near = QuestionResult("tanh", 0.5, 0.5, Status.GRADED, seconds=1.0, nearest=2.0)
    note(course, SubmissionResult("boris", "A5", "", [near]))
    text = write_report(course, "A5").read_text().replace("&nbsp;", " ")
    assert "elu: the points changed between two gradings of the same work" in text
    assert "autograder explain A5 ada elu" in text
    assert "tanh: 1 answers" not in text
    assert "tanh: one answer was judged close to the tolerance" in text


@pytest.mark.jail
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1000])
def test_it_can_be_read_everywhere(
    sample_class: Course, open_file: Callable[..., Page], scheme: str, width: int
) -> None:
    path: Path = write_report(sample_class, "A5")
    page = open_file(path, scheme=scheme, width=width)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_role("img", name="Submissions by points").count() == 1
