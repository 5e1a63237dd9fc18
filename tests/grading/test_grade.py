"""Grading end to end on a small course: statuses, resuming, the gradebook."""

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course import Course, CourseError
from autograder.export import export
from autograder.feedback import write_feedback
from autograder.grade import grade, try_solution
from autograder.intake import collect
from autograder.manifest import Manifest
from autograder.report import write_report
from autograder.results import results
from autograder.rubric import Status
from tests.grading.crowd import RIGHT

pytestmark = [pytest.mark.jail, pytest.mark.usefixtures("one_jail")]
HandIn = Callable[..., Path]
SLIP = "# %% double_solution\ndef double(x):\n    return 3 * x, None\n"


def _graded(course: Course, **options: object) -> dict[str, list[tuple[float, Status]]]:
    collect(course, "T1", course.root / "inbox")
    found = grade(course, "T1", **options)  # type: ignore[arg-type]
    return {r.student: [(q.points, q.status) for q in r.questions] for r in found}


def test_points_and_statuses(toy: Course, hand_in: HandIn) -> None:
    hand_in("ann")
    hand_in("ben", SLIP)
    hand_in("cay", "# %% double_solution\ndef double(x:\n# %% total_solution\n1 / 0\n")
    assert _graded(toy) == {
        "ann": [(2, Status.GRADED), (3, Status.GRADED)],
        "ben": [(0, Status.WRONG), (0, Status.ERROR)],
        "cay": [(0, Status.ERROR), (0, Status.ERROR)],
        "dee": [(0, Status.MISSING), (0, Status.MISSING)],
    }


def test_messages_name_the_error_and_the_line(toy: Course, hand_in: HandIn) -> None:
    hand_in("ann", "# %% double_solution\ndef double(x):\n    y = 0\n    return x @ y\n")
    hand_in("ben", "# %% double_solution\ndef double(x:\n    return x\n")
    _graded(toy)
    raised, syntax = list(results(toy, "T1"))[:2]
    assert "ValueError" in raised.questions[0].message
    assert "(line 3 of your cell)" in raised.questions[0].message
    assert "SyntaxError" in syntax.questions[0].message
    assert "double is not defined" in syntax.questions[0].message


def test_warnings_and_output_cost_nothing(toy: Course, hand_in: HandIn) -> None:
    noisy = """# %% double_solution
import sys, warnings
print("<b>hello</b>")
def double(x):
    warnings.warn("overflow")
    sys.stderr.write("noise" * 100_000)
    return 2 * x, object()
"""
    hand_in("ann", noisy)
    assert _graded(toy)["ann"][0] == (2, Status.GRADED)
    output = next(iter(results(toy, "T1"))).questions[0].output
    assert "<b>hello</b>" in output
    assert len(output) < 20_000


DRIVER = """
import os, sys
from pathlib import Path
from autograder.course import Course
from autograder.grade import grade
def progress(done, total, result):
    if done == 2:
        os.kill(os.getpid(), 9)
if __name__ == "__main__":
    grade(Course(Path(sys.argv[1])), "T1", progress=progress)
"""


def test_a_killed_run_is_resumed_without_loss_or_double_work(
    toy: Course, hand_in: HandIn, tmp_path: Path
) -> None:
    for student in ("ann", "ben", "cay", "dee"):
        hand_in(student)
    collect(toy, "T1", toy.root / "inbox")
    (tmp_path / "driver.py").write_text(DRIVER)
    killed = subprocess.run([sys.executable, tmp_path / "driver.py", toy.root], check=False)
    assert killed.returncode == -9
    told: list[tuple[int, int]] = []
    found = grade(toy, "T1", progress=lambda done, total, _: told.append((done, total)))
    assert told == [(2, 4), (3, 4), (4, 4)]
    assert [result.points for result in found] == [5, 5, 5, 5]
    assert _scores(toy) == {(s, q): p for s in _roster(toy) for q, p in _FULL.items()}


def test_only_changed_work_is_graded_again(toy: Course, hand_in: HandIn) -> None:
    hand_in("ann")
    hand_in("ben", SLIP)
    _graded(toy)
    hand_in("ben")
    collect(toy, "T1", toy.root / "inbox")
    told: list[tuple[int, int]] = []
    grade(toy, "T1", progress=lambda done, total, _: told.append((done, total)))
    assert told == [(3, 4), (4, 4)]
    assert _scores(toy)["ben", "double"] == 2
    told.clear()
    grade(toy, "T1", force=True, progress=lambda done, total, _: told.append((done, total)))
    assert told[0] == (0, 4)


def test_a_mended_check_grades_everybody_again(
    toy: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in("ann")
    _graded(toy)
    monkeypatch.setattr("autograder.manifest.library_digest", lambda: "of another version")
    told: list[tuple[int, int]] = []
    grade(toy, "T1", progress=lambda done, total, _: told.append((done, total)))
    assert told[0] == (0, 4)


_FULL = {"double": 2.0, "total": 3.0, "explain": None}


def _roster(course: Course) -> list[str]:
    return [student.id for student in course.roster]


def _scores(course: Course) -> dict[tuple[str, str], float | None]:
    with Gradebook(course.db_url, course.course_id) as book:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in book.assignment_submissions("T1")
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def _give(course: Course, student: str, points: float) -> None:
    with Gradebook(course.db_url, course.course_id) as book:
        score = book.find_grade("explain", "T1", "T1", student)
        score.manual_score, score.needs_manual_grade = points, False
        book.db.commit()


def test_points_given_by_hand_survive_and_are_exported(toy: Course, hand_in: HandIn) -> None:
    hand_in("ann")
    hand_in("ben")
    _graded(toy)
    _give(toy, "ann", 3.5)
    grade(toy, "T1", force=True)
    grades, totals = export(toy, "T1")
    rows = {(r["student"], r["question"]): r for r in csv.DictReader(grades.open())}
    assert len(rows) == 4 * 3
    assert (rows["ann", "explain"]["points"], rows["ann", "explain"]["status"]) == ("3.5", "read")
    assert (rows["ben", "explain"]["points"], rows["ben", "explain"]["status"]) == ("", "to read")
    assert rows["dee", "explain"]["status"] == rows["dee", "total"]["status"] == "missing"
    sums = {r["student"]: (r["points"], r["state"]) for r in csv.DictReader(totals.open())}
    assert sums["ann"] == ("8.5", "complete")
    assert sums["ben"] == ("5.0", "to read")
    assert sums["dee"] == ("0.0", "complete")
    assert "3.5 of 4" in write_feedback(toy, "T1")[0].read_text()


def test_a_test_corrected_by_hand_extra_credit_and_comments_reach_the_student(
    toy: Course, hand_in: HandIn
) -> None:
    hand_in("ann", RIGHT + "# %% explain\nBecause it is so.\n")
    _graded(toy)
    with Gradebook(toy.db_url, toy.course_id) as book:
        book.find_grade("double", "T1", "T1", "ann").manual_score = 1.5
        book.find_grade("total", "T1", "T1", "ann").extra_credit = 0.25
        for cell, text in (("total_solution", "**Neat.**"), ("explain", "<script>x</script> Why?")):
            book.find_comment(cell, "T1", "T1", "ann").manual_comment = text
        book.db.commit()
    _give(toy, "ann", 3.5)
    grades, totals = export(toy, "T1")
    points = {
        r["question"]: r["points"] for r in csv.DictReader(grades.open()) if r["student"] == "ann"
    }
    assert points == {"double": "1.5", "total": "3.25", "explain": "3.5"}
    assert next(csv.DictReader(totals.open()))["points"] == "8.25"
    page = write_feedback(toy, "T1")[0].read_text()
    assert page.count("Your instructor writes") == 2
    assert "<p><strong>Neat.</strong></p>" in page
    assert "Why?" in page
    assert "<script" not in page
    assert page.count("These points were given by a person.") == 2


def test_formgrader_gets_a_rebuilt_notebook(toy: Course, hand_in: HandIn) -> None:
    hand_in("ann", "# %% explain\nMy answer <script>alert(1)</script> is x < y.\n")
    _graded(toy)
    notebook = nbformat.read(toy.notebook("autograded", "T1", "ann"), as_version=4)
    nbformat.validate(notebook)
    assert "My answer" in notebook.cells[-1].source
    assert "<script>" not in notebook.cells[-1].source
    assert not toy.notebook("autograded", "T1", "dee").exists()


def test_nobody_is_in_an_unfinished_report(toy: Course) -> None:
    with pytest.raises(CourseError, match="autograder collect T1"):
        grade(toy, "T1")
    for step in (write_feedback, write_report, export):
        with pytest.raises(CourseError, match="autograder grade T1"):
            step(toy, "T1")


def test_the_own_solution_is_tried(manifest: Manifest) -> None:
    assert try_solution(manifest).points == 5


def test_a_wrong_own_solution_is_named(toy: Course, manifest: Manifest) -> None:
    broken = [
        type(cell)(**{**vars(cell), "original": cell.original.replace("2 * x", "7 * x")})
        for cell in manifest.cells
    ]
    with pytest.raises(CourseError, match="own solution earns only 0 of 2 in 'double'"):
        try_solution(Manifest("T1", broken))
