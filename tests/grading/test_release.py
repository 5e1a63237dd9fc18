"""Students get no answer and no hidden test; a broken assignment is not released."""

from pathlib import Path

import nbformat
import pytest

from autograder.course import Course, CourseError
from autograder.manifest import Manifest
from autograder.release import release


def test_nothing_hidden_is_released(toy: Course) -> None:
    files = [path for path in (toy.root / "release").rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["T1.ipynb"]
    text = files[0].read_text()
    for secret in ("4711", "9422", "BEGIN", "2 * x", "Because"):
        assert secret not in text
    assert "visible = np.arange(3.0)" in text
    assert "raise NotImplementedError" in text


def test_the_manifest_keeps_what_grading_needs(manifest: Manifest) -> None:
    assert [(cell.name, cell.points) for cell in manifest.tests] == [("double", 2), ("total", 3)]
    assert [cell.name for cell in manifest.manual] == ["explain"]
    assert manifest.defined_names == {"double", "total"}
    assert "4711" in manifest.tests[0].original
    assert [cell.name for cell in manifest.solutions_of(manifest.tests[1])] == ["total_solution"]


def test_two_releases_are_the_same_bytes(toy: Course) -> None:
    before = toy.notebook("release", "T1").read_bytes()
    release(toy, "T1")
    assert toy.notebook("release", "T1").read_bytes() == before


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_hidden_text_never_leaves(toy: Course) -> None:
    with (toy.root / "nbgrader_config.py").open("a") as config:
        config.write("c.ClearHiddenTests.enabled = False\n")
    with pytest.raises(CourseError, match="hidden text would reach students"):
        release(toy, "T1")


@pytest.mark.parametrize("marker", ["### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"])
def test_a_misspelt_marker_stops_the_release(toy: Course, marker: str) -> None:
    _edit(toy.source("T1"), marker, marker[:-1])
    with pytest.raises(CourseError, match="T1"):
        release(toy, "T1")


def test_a_test_without_points_stops_the_release(toy: Course) -> None:
    _edit(toy.source("T1"), "3 * (total", "points = 3 * (total")
    with pytest.raises(CourseError, match="'total' must end in an expression"):
        release(toy, "T1")


def test_an_unknown_assignment(toy: Course) -> None:
    with pytest.raises(CourseError, match=r"no assignment T9: .*T9\.py does not exist"):
        release(toy, "T9")


def test_a_released_notebook_is_valid(toy: Course) -> None:
    nbformat.validate(nbformat.read(toy.notebook("release", "T1"), as_version=4))


def test_the_notebook_knows_when_it_is_due(toy: Course) -> None:
    (toy.root / "course.yml").write_text(
        "time_zone: Europe/Berlin\nassignments: {T1: {due: 2026-12-01 23:59}}\n"
    )
    release(toy, "T1")
    notebook = nbformat.read(toy.notebook("release", "T1"), as_version=4)
    assert notebook.metadata["course"] == {"due": "2026-12-01 23:59 CET"}
    (toy.root / "roster.csv").unlink()
    release(Course(toy.root), "T1")
    assert "course" not in nbformat.read(toy.notebook("release", "T1"), as_version=4).metadata
