"""The gradebook in PostgreSQL: the same grades as in SQLite, also when the server goes away."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from autograder import database
from autograder.course import Course, CourseError
from autograder.database import Database
from autograder.grade import grade
from autograder.release import release
from tests.grading.crowd import exported, make_crowd, must_work, scores, start, start_grading
from tests.grading.postgres import PATIENCE, Server

pytestmark = pytest.mark.jail
STUDENTS = 24


@pytest.fixture(scope="module")
def in_file(toy_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A small class, graded into SQLite."""
    folder = tmp_path_factory.mktemp("file") / "course"
    course = make_crowd(toy_template, folder, STUDENTS, endless=0)
    assert course.secret
    must_work(start_grading(course))
    return course


@pytest.fixture
def on_server(
    in_file: Course, server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> Course:
    """The same class, released and collected but not graded, on the server."""
    left_out = shutil.ignore_patterns("gradebook.db", "results", "autograded", "*.csv.part")
    folder = shutil.copytree(in_file.root, tmp_path / "course", ignore=left_out)
    url = server.new_database(f"test{abs(hash(request.node.name))}")
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    course = Course(folder)
    release(course, "T1")
    return course


def _must_agree(course: Course, in_file: Course) -> None:
    mine, theirs = exported(course), exported(in_file)
    assert sorted(mine) == sorted(theirs)
    assert [path for path in theirs if mine[path] != theirs[path]] == []
    assert len(scores(in_file)) == STUDENTS * 3
    assert scores(course) == scores(in_file)


def _await_results(course: Course, count: int, graders: list[subprocess.Popen[str]]) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(list(course.private("T1", "results").glob("*.json"))) < count:
        assert time.monotonic() < deadline
        assert [grader.poll() for grader in graders] == [None] * len(graders)
        time.sleep(0.01)


def test_the_same_grades_as_in_a_file(on_server: Course, in_file: Course) -> None:
    must_work(start(on_server, "collect", "T1"))
    must_work(start_grading(on_server))
    _must_agree(on_server, in_file)


def test_two_graders_at_once(on_server: Course, in_file: Course) -> None:
    graders = [start_grading(on_server), start_grading(on_server)]
    for grader in graders:
        must_work(grader)
    _must_agree(on_server, in_file)


@pytest.mark.parametrize("blow", ["restart", "kill"])
def test_the_server_goes_away_for_a_moment(
    on_server: Course, in_file: Course, server: Server, blow: str
) -> None:
    grader = start_grading(on_server)
    _await_results(on_server, 4, [grader])
    if blow == "restart":
        server.restart()
    else:
        server.kill()
        _start_again(server)
    must_work(grader)
    _must_agree(on_server, in_file)


def _start_again(server: Server) -> None:
    """Start a killed server: its children may hold the memory for a moment longer."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return server.start()
        except AssertionError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.usefixtures("one_jail")
def test_the_server_stays_away(
    on_server: Course, in_file: Course, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAITS", (0.01, 0.01))
    with pytest.raises(CourseError, match="is the server running") as refusal:
        grade(on_server, "T1", progress=lambda done, *_: server.stop() if done == 3 else None)
    assert "\n" not in str(refusal.value)
    assert len(list(on_server.private("T1", "results").glob("*"))) == 3
    with pytest.raises(CourseError, match="is the server running"):
        grade(on_server, "T1")
    server.start()
    must_work(start_grading(on_server))
    _must_agree(on_server, in_file)


def test_a_password_is_never_shown(on_server: Course) -> None:
    bad = on_server.db_url.replace("grader@/", "grader:geheim@/absent")
    with (on_server.root / "nbgrader_config.py").open("a") as config:
        config.write(f"c.CourseDirectory.db_url = {bad!r}\n")
    with pytest.raises(CourseError, match="does not exist") as refusal:
        Database(Course(on_server.root)).__enter__()
    assert "geheim" not in str(refusal.value)
