"""A whole term: everybody gets what their work is worth, however often and wherever it is held.

AUTOGRADER_TERM=300 makes it a class of 300.
"""

import os
import re
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.sandbox import Jail
from tests.grading import term_works as works
from tests.grading.crowd import scores
from tests.grading.postgres import Server
from tests.grading.term import ASSIGNMENTS, Term

pytestmark = pytest.mark.jail
STUDENTS = works.names(int(os.environ.get("AUTOGRADER_TERM", "10")))
JOBS = 1 if len(STUDENTS) < 50 else os.cpu_count() or 1
READ = 3.0
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)  # pages say on which day points were changed
TIME = re.compile(rb"<h2>Time</h2>.*?</section>", re.DOTALL)  # a part of the report


def run(folder: Path | None, *command: str) -> str:
    """Run `autograder` in this process, which must end well."""
    course = ["--course", str(folder)] if folder else []
    result = CliRunner(env={"COLUMNS": "1000"}).invoke(app, [*course, *command])
    assert result.exit_code == 0, result.output
    return result.output


def held(folder: Path, jail: Jail, db_url: str = "") -> Term:
    """A term; a small class is graded in a jail that is open already, which is quicker."""
    term = Term(folder, STUDENTS, run, db_url, JOBS)
    with pytest.MonkeyPatch.context() as patch:
        clock = SimpleNamespace(now=lambda zone: NOON)
        patch.setattr("autograder.audit.datetime", clock)
        for module in ("executors.serial", "grade"):
            patch.setattr(f"autograder.{module}.Jail", lambda jailed=True: nullcontext(jail))
        term.hold()
    return term


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory, open_jail: Jail) -> Term:
    return held(tmp_path_factory.mktemp("term") / "course", open_jail)


def of_kinds(*kinds: str) -> set[str]:
    return {student for student in STUDENTS if works.kind(student) in kinds}


def points(term: Term, moment: str, *kinds: str) -> set[float]:
    """The points that students of these kinds have."""
    rows = term.totals[moment].items()
    return {float(row["points"]) for student, row in rows if works.kind(student) in kinds}


def moved(said: str) -> dict[str, tuple[float, float]]:
    """Who gets other points, by the table that `regrade` prints."""
    lines = re.findall(r"^\s*(\w+-\d{3})\s+(\S+)\s+(\S+)\s+[+-]", said, re.MULTILINE)
    return {student: (float(before), float(after)) for student, before, after in lines}


def test_everybody_gets_what_the_work_is_worth(term: Term) -> None:
    right = ("steady", "original", "copying")
    assert points(term, "A0 graded", *right) == {3}
    assert points(term, "A2 graded", *right, "boolean", "lucky") == {30}
    assert points(term, "A5 graded", *right, "boolean", "lucky", "improving") == {36 + READ}
    assert max(points(term, "A0 graded", "improving")) < 3
    assert max(points(term, "A2 graded", "improving")) < 30
    assert points(term, "A0 graded", "absent") == {3}
    assert points(term, "A2 graded", "absent") | points(term, "A5 graded", "absent") == {0}


def test_attacks_earn_nothing(term: Term) -> None:
    for moment in ("A0 graded", "A0 mended", "A2 graded", "A2 later"):
        assert points(term, moment, "hostile") == {0}
    assert points(term, "A5 graded", "hostile") == {READ}  # by hand: who forged may still explain


def test_lateness_costs_what_the_policy_says(term: Term) -> None:
    assert points(term, "A0 graded", "late") == {3}  # the one slip day
    assert points(term, "A2 graded", "late") == {30 * 0.8}
    assert points(term, "A2 later", "late") == {30 * 0.9}
    assert points(term, "A5 graded", "late") == {(36 + READ) / 2}
    for moment, rows in term.totals.items():
        late = {who for who, row in rows.items() if float(row["penalty_percent"])}
        expected = set() if moment.startswith("A0") else of_kinds("late")
        assert late == expected, moment


def test_a_later_deadline_moves_the_late_ones_only(term: Term) -> None:
    late = of_kinds("late")
    assert moved(term.said["regrade A2 --apply"]) == dict.fromkeys(late, (24, 27))
    for student in STUDENTS:
        page = term.course.feedback("A2", student).read_text()
        assert ("24 → 27 because the late penalty is 10 % instead of 20 %" in page) == (
            student in late
        )


def test_a_mended_check_moves_whom_it_should(term: Term) -> None:
    would = moved(term.said["regrade A0 --dry-run"])
    raised = {who for who, (before, after) in would.items() if after > before}
    lowered = {who for who, (before, after) in would.items() if after < before}
    assert raised == of_kinds("boolean")
    assert lowered == of_kinds("lucky")
    does = moved(term.said["regrade A0 --apply"])
    assert does == dict.fromkeys(raised, (2, 3))
    before, after = (
        {who: row["points"] for who, row in term.totals[moment].items()}
        for moment in ("A0 graded", "A0 mended")
    )
    assert {who for who in before if before[who] != after[who]} == raised
    for student in STUDENTS:
        page = term.course.feedback("A0", student).read_text()
        assert ("the tests of one_hot were changed" in page) == (student in raised)


def test_copies_are_asked_about_and_nobody_else(term: Term) -> None:
    pairs = {
        (f"copying-{number + 1:03}", f"original-{number:03}")
        for number in (int(who[-3:]) for who in of_kinds("original"))
        if number + 1 < len(STUDENTS)
    }
    for assignment in ("A2", "A5"):
        groups = re.findall(r"alike: (.*)", term.said[f"similarity {assignment}"])
        assert {tuple(group.split(", ")) for group in groups} == pairs
        report = term.course.private(assignment, "report.html").read_text()
        assert "similarity.html" in report


def test_who_sent_something_broken_is_told(term: Term) -> None:
    for student in of_kinds("broken"):
        for assignment in ("A0", "A5"):
            page = term.course.feedback(assignment, student).read_text()
            assert "The file is no notebook that can be read" in page
        page = term.course.feedback("A2", student).read_text()
        assert "SyntaxError: invalid syntax (line 2 of your cell)" in page
    assert max(points(term, "A2 graded", "broken")) < 30
    for student in of_kinds("absent"):
        assert "No notebook was handed in" in term.course.feedback("A2", student).read_text()


def test_the_trail_is_whole(term: Term) -> None:
    assert "the chain is whole" in term.said["audit"]


def test_the_same_term_again_leaves_the_same_files(
    term: Term, tmp_path: Path, open_jail: Jail
) -> None:
    must_agree(held(tmp_path / "course", open_jail), term)


def test_the_same_term_on_a_server(
    term: Term, server: Server, tmp_path: Path, open_jail: Jail
) -> None:
    must_agree(held(tmp_path / "course", open_jail, server.new_database("term")), term)


def must_agree(mine: Term, other: Term) -> None:
    ours, theirs = left_behind(mine), left_behind(other)
    assert sorted(ours) == sorted(theirs)
    assert [path for path in theirs if ours[path] != theirs[path]] == []
    assert len(list(mine.course.root.glob("feedback/*/A5/A5.html"))) == len(STUDENTS)
    for assignment in ASSIGNMENTS:
        book = scores(mine.course, assignment)
        assert book == scores(other.course, assignment)
        assert len({student for student, _ in book}) == len(STUDENTS)


def left_behind(term: Term) -> dict[str, bytes]:
    """All files of a course but its database, its address, and the seconds that grading took."""
    root = term.course.root
    found = {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
        and path.name not in ("gradebook.db", "nbgrader_config.py", "measured.jsonl")
        and path.suffix != ".log"
    }
    return {name: TIME.sub(b"", content) for name, content in found.items()}
