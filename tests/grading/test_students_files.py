"""The student's program and the instructor's agree: the same notebook out, the same zip back."""

from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.course import Course
from autograder.intake import collect, submissions
from autograder.manifest import Manifest
from autograder.release import release
from autograder.sample import ASSIGNMENTS, make_sample
from coursepkg.student.cli import app
from coursepkg.student.release import SOURCES, starters
from coursepkg.student.start import notebook_of

KEPT = ("grade_id", "grade", "solution", "locked", "points")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return make_sample(tmp_path_factory.mktemp("class"), ASSIGNMENTS)


def cells_of(notebook: nbformat.NotebookNode) -> list[tuple]:
    return [
        (cell.cell_type, cell.source, *map(cell.metadata.get("nbgrader", {}).get, KEPT))
        for cell in notebook.cells
    ]


@pytest.mark.parametrize("assignment", sorted(path.stem for path in SOURCES.glob("A*/A*.py")))
def test_a_starter_is_the_notebook_that_is_released(course: Course, assignment: str) -> None:
    release(course, assignment)
    released = nbformat.read(course.notebook("release", assignment), as_version=4)
    assert cells_of(notebook_of(starters()[assignment])) == cells_of(released)


def test_the_zip_of_a_student_is_collected_without_a_remark(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    release(course, "A0")  # needs no other test before it
    start = CliRunner().invoke(app, ["start", "A0", "--from", str(course.root / "release")])
    assert start.exit_code == 0, start.output
    notebook = nbformat.read("A0/A0.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace('raise NotImplementedError("write your', 'return ("my')
    nbformat.write(notebook, "A0/A0.ipynb")
    packed = CliRunner().invoke(app, ["pack", "A0", "--id", "ada"])
    (path,) = Path("A0").glob("A0_ada_*.zip")
    assert packed.exit_code == 0, packed.output
    assert collect(course, "A0", path)["ada"] == "collected"
    manifest = Manifest.load(course.private("A0", "manifest.json"))
    ada = next(each for each in submissions(course, manifest) if each.student == "ada")
    assert ada.remarks == []
    assert ada.answers is not None
    assert 'return ("my solution here")' in ada.answers["relu_solution"]
