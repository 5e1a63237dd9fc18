"""A small course made for these tests, and the graded sample class of the repository."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from autograder import grade as grading
from autograder.course import Course
from autograder.executors import serial
from autograder.executors.processes import in_processes
from autograder.feedback import write_feedback
from autograder.intake import collect
from autograder.manifest import Manifest
from autograder.release import release
from autograder.sample import ASSIGNMENTS, make_sample, parse, submitted
from autograder.sandbox import Jail
from tests.grading import postgres

TOY = Path(__file__).with_name("toy_assignment.txt")
RIGHT = """# %% double_solution
def double(x):
    return x + x, None
# %% total_solution
def total(x):
    return x.sum()
"""


@pytest.fixture(scope="session")
def toy_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("toy")
    shutil.copy(ASSIGNMENTS / "nbgrader_config.py", root)
    (root / "roster.csv").write_text("id,first_name\nann,Ann\nben,Ben\ncay,Cay\ndee,Dee\n")
    (root / "source" / "T1").mkdir(parents=True)
    shutil.copy(TOY, root / "source" / "T1" / "T1.py")
    release(Course(root), "T1")
    return root


@pytest.fixture
def toy(toy_template: Path, tmp_path: Path) -> Course:
    """A released course with four students and the assignment T1; nothing is handed in yet."""
    return Course(Path(shutil.copytree(toy_template, tmp_path / "course")))


@pytest.fixture
def manifest(toy: Course) -> Manifest:
    return Manifest.load(toy.manifest("T1"))


@pytest.fixture
def hand_in(toy: Course) -> Callable[[str, str], Path]:
    """Put a student's work, written as text, into the inbox."""

    def put(student: str, text: str = RIGHT) -> Path:
        path = toy.root / "inbox" / student / "T1.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(submitted(toy.notebook("release", "T1").read_text(), parse(text)))
        return path

    return put


@pytest.fixture(scope="session")
def open_jail() -> Iterator[Jail]:
    with Jail() as jail:
        yield jail


@pytest.fixture
def one_jail(open_jail: Jail, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grade in one jail that stays open: starting one takes longer than most tests."""
    for module in (serial, grading):
        monkeypatch.setattr(module, "Jail", lambda jailed=True: nullcontext(open_jail))


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL server; whoever stops it starts it again."""
    if missing := postgres.missing():
        pytest.skip(missing)
    with postgres.running_server() as server:
        yield server


@pytest.fixture(scope="session")
def sample_class(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The repository's sample class, graded in two processes, with feedback."""
    course = make_sample(tmp_path_factory.mktemp("sample") / "class")
    collect(course, "A5", course.root / "inbox")
    grading.grade(course, "A5", executor=in_processes(2), seconds=6)
    write_feedback(course, "A5")
    return course
