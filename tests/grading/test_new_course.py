"""A new course starts with the assignments, and with nothing of last year's students."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.course import Course, CourseError
from autograder.manifest import Manifest
from autograder.new_course import course_yml, make_course
from autograder.release import release
from autograder.sample import ASSIGNMENTS

run = CliRunner()


def test_what_is_taken_along(toy: Course, tmp_path: Path) -> None:
    assert toy.secret
    (toy.root / "course.yml").write_text("time_zone: UTC\n")
    course = make_course(toy, tmp_path / "next")
    files = {str(p.relative_to(course.root)) for p in course.root.rglob("*") if p.is_file()}
    assert files == {"nbgrader_config.py", "roster.csv", "course.yml", "source/T1/T1.py"}
    assert course.source("T1").read_bytes() == toy.source("T1").read_bytes()
    with pytest.raises(CourseError, match="names nobody: write a line for each student"):
        _ = course.roster


def test_it_works_once_students_are_written_in(toy: Course, tmp_path: Path) -> None:
    course = make_course(toy, tmp_path / "next")
    with (course.root / "roster.csv").open("a") as roster:
        roster.write("ada,Ada,Lindqvist,ada@example.org\n")
    policy = course.policy
    assert list(policy.assignments) == ["T1"]
    assert policy.due("ada", "T1") is None
    release(course, "T1")
    assert Manifest.load(course.manifest("T1")).tests
    assert course.secret != toy.secret


def test_the_examples_in_the_comments_can_be_followed(toy: Course, tmp_path: Path) -> None:
    text = course_yml(["A5", "A10"])
    text = text.replace("{}    # such as ", "").replace("extensions: []", "extensions:")
    (toy.root / "course.yml").write_text(text.replace("\n#  ", "\n  ").replace("ada ", "ann "))
    policy = Course(toy.root).policy
    assert policy.due("ben", "A10") == datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
    assert policy.due("ann", "A5") == datetime(2026, 11, 27, 22, 59, tzinfo=UTC)
    assert (policy.slip_days, policy.drop_lowest, policy.rules("A5").cap) == (3, 1, 50)


def test_nothing_is_written_over(toy: Course) -> None:
    before = (toy.root / "roster.csv").read_bytes()
    result = run.invoke(app, ["--course", str(toy.root), "init", str(toy.root)])
    assert result.exit_code == 1
    assert "is not empty" in " ".join(result.stderr.split())
    assert (toy.root / "roster.csv").read_bytes() == before


@pytest.mark.parametrize("named", [["--course", str(ASSIGNMENTS)], []], ids=["named", "elsewhere"])
def test_a_course_from_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run.invoke(app, [*named, "init", "mine"])
    assert result.exit_code == 0, result.output
    assert "A0, A1, A2" in " ".join(result.output.split())
    assert Course(tmp_path / "mine").assignments[-1] == "A10"


def test_a_folder_without_assignments(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("")
    with pytest.raises(CourseError, match="has no assignments"):
        make_course(Course(tmp_path), tmp_path / "next")
