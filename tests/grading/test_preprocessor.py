"""nbgrader's own `autograde`, with our steps in it, gives the points of `autograder grade`."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import SAWarning

from autograder import preprocessor
from autograder.course import CONFIG, Course
from autograder.intake import collect
from autograder.sample import ASSIGNMENTS, SECRET, make_sample
from coursepkg.checks.seeds import SECRET_VARIABLE

pytestmark = [
    pytest.mark.jail,
    pytest.mark.filterwarnings(f"ignore::{SAWarning.__module__}.SAWarning"),  # nbgrader's own
]
Scores = dict[tuple[str, str], float | None]
HandIn = Callable[..., Path]
TRUSTED = ("ada", "boris", "chiara", "dmitri", "emeka", "fatima", "ines", "jamal", "noor")
FULL = {"double": 2, "total": 3, "explain": 0}  # nbgrader gives 0 for an answer left as it was


def _expected() -> Scores:
    """What `autograder grade` gives the sample class; see test_sample_class.py."""
    with (ASSIGNMENTS / "sample_class" / "expected.csv").open(newline="") as file:
        return {(r["student"], r["question"]): float(r["points"]) for r in csv.DictReader(file)}


def _scores(course: Course, assignment: str) -> Scores:
    with Gradebook(course.db_url, course.course_id) as book:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in book.assignment_submissions(assignment)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def _nbgrader(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", "A5", *arguments],
        cwd=course.root,
        # The sample's secret: a mistake loses the same points at every run of the tests.
        env={**os.environ, "PYTHONPATH": str(ASSIGNMENTS.parent), SECRET_VARIABLE: SECRET},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_sample_class_gets_the_points_of_the_autograder(tmp_path: Path) -> None:
    course = make_sample(tmp_path / "class")
    collect(course, "A5", course.root / "inbox")
    done = _nbgrader(course, "--SafeExecute.seconds=12")
    failed = [line for line in done.stderr.split("\n") if "error processing assignment '" in line]
    assert len(failed) == 1, done.stderr
    assert "'mei'" in failed[0]  # broken JSON
    got, expected = _scores(course, "A5"), _expected()
    # Who could not be read has no points, not 0, and who handed in nothing has no row.
    assert {got.pop(("mei", question)) for student, question in expected if student == "mei"} == {
        None
    }
    automatic = {key: score for key, score in got.items() if key in expected}
    assert automatic == {k: v for k, v in expected.items() if k[0] not in ("hana", "mei")}


def test_plain_nbgrader_gives_trusted_work_the_same_points(tmp_path: Path) -> None:
    course = make_sample(tmp_path / "class")
    path = course.root / CONFIG
    text = path.read_text()
    path.write_text(text[: text.index("# Formgrader")])
    for folder in (course.root / "inbox").iterdir():
        if folder.name not in TRUSTED:
            shutil.rmtree(folder)
    collect(course, "A5", course.root / "inbox")
    done = _nbgrader(course)
    assert done.returncode == 0, done.stderr
    got, expected = _scores(course, "A5"), _expected()
    automatic = {key: score for key, score in got.items() if key in expected}
    assert automatic == {k: v for k, v in expected.items() if k[0] in TRUSTED}


def test_the_guide_shows_the_lines_of_our_config() -> None:
    guide = (ASSIGNMENTS.parent / "docs" / "nbgrader.md").read_text()
    block = guide.split("```python\n")[1].split("```")[0]
    assert block in (ASSIGNMENTS / CONFIG).read_text()


# ---------------------------------------------------------------- formgrader's button


@pytest.fixture
def press(toy: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Do what formgrader does when its button is pressed beside a student."""
    preprocessor._jail.cache_clear()
    monkeypatch.chdir(toy.root)

    def press(student: str) -> Any:
        collect(toy, "T1", toy.root / "inbox")
        return NbGraderAPI(config=toy.config).autograde("T1", student)

    yield press
    if preprocessor._jail.cache_info().currsize:
        preprocessor._jail().__exit__()
    preprocessor._jail.cache_clear()


Press = Callable[[str], Any]


def _points(course: Course, student: str) -> dict[str, float | None]:
    return {q: score for (who, q), score in _scores(course, "T1").items() if who == student}


def test_the_button(toy: Course, hand_in: HandIn, press: Press, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    writes = f"open({str(mark)!r}, 'w')\ndef double(x): return 2 * x, 0"
    hand_in("ann", "# %% double_solution\n" + writes)
    hand_in("ben")
    answer = press("ben")
    assert answer["success"], answer
    assert _points(toy, "ben") == FULL
    assert press("ann")["success"]
    assert _points(toy, "ann") == {"double": 0, "total": 0, "explain": 0}
    assert not mark.exists()
    path = toy.notebook("autograded", "T1", "ann")
    assert path.stat().st_mode & 0o200  # for `autograder grade`, which writes it too
    notebook = nbformat.read(path, as_version=4)
    text, error = next(c.outputs for c in notebook.cells if c.metadata.nbgrader.get("points") == 2)
    assert "double is not defined" in text.text
    assert (error.output_type, error.ename) == ("error", "error")


def test_forged_and_doubled_cells_never_reach_nbgrader(
    toy: Course, hand_in: HandIn, press: Press
) -> None:
    path = hand_in("ann")
    notebook = json.loads(path.read_text())
    cells = {c["metadata"]["nbgrader"]["grade_id"]: c for c in notebook["cells"]}
    stranger = json.loads(json.dumps(cells["total"]))
    stranger["metadata"]["nbgrader"] |= {"grade_id": "bonus", "points": 1000}
    forged = json.loads(json.dumps(cells["double"]))
    forged["metadata"]["nbgrader"] |= {"points": "many", "schema_version": 1}
    forged["source"], forged["outputs"] = "1000", []
    twins = [{**cell, "id": f"twin-{n}"} for n, cell in enumerate((forged, stranger, forged))]
    notebook["cells"] = [*twins, *notebook["cells"][::-1]]
    path.write_text(json.dumps(notebook))
    answer = press("ann")
    assert answer["success"], answer
    assert "The test cell `double` was changed" in answer["log"]
    assert _points(toy, "ann") == FULL


def test_no_jail_no_points(
    toy: Course, hand_in: HandIn, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in("ann")
    monkeypatch.setenv("PATH", "/nowhere")
    answer = press("ann")
    assert not answer["success"]
    assert "NoJailError: no bubblewrap here" in answer["log"]
    assert set(_points(toy, "ann").values()) == {None}


def test_no_manifest_no_points(toy: Course, hand_in: HandIn, press: Press) -> None:
    hand_in("ann")
    toy.manifest("T1").unlink()
    answer = press("ann")
    assert not answer["success"]
    assert "run `autograder release T1`" in answer["log"]
    assert set(_points(toy, "ann").values()) == {None}


def test_other_tests_no_points(toy: Course, hand_in: HandIn, press: Press) -> None:
    hand_in("ann")
    path = toy.manifest("T1")
    path.write_text(path.read_text().replace("9422.0", "9423.0"))
    answer = press("ann")
    assert not answer["success"]
    assert "holds another test 'double'" in answer["log"]
    assert set(_points(toy, "ann").values()) == {None}


def test_what_intake_cannot_read_is_a_failure(toy: Course, hand_in: HandIn, press: Press) -> None:
    path = hand_in("ann")
    notebook = json.loads(path.read_text())
    empty = {"cell_type": "raw", "metadata": {}, "source": ""}
    notebook["cells"] += [{**empty, "id": f"empty-{n}"} for n in range(2000)]
    path.write_text(json.dumps(notebook))
    answer = press("ann")
    assert not answer["success"]
    assert "no notebook that can be read" in answer["log"]
    assert set(_points(toy, "ann").values()) == {None}


def test_another_notebook_is_refused() -> None:
    with pytest.raises(preprocessor.CourseError, match="one notebook for each assignment"):
        preprocessor._manifest({"nbgrader": {"assignment": "T1", "notebook": "extra"}})
