"""Regrading: who changes, by how much and why; nothing lost, nothing lowered, nothing untold."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import audit
from autograder.cli import app
from autograder.course import Course, CourseError
from autograder.feedback import write_feedback
from autograder.grade import grade
from autograder.intake import collect
from autograder.regrade import regrade
from autograder.release import release
from autograder.results import results
from autograder.standings import Change

pytestmark = [pytest.mark.jail, pytest.mark.usefixtures("one_jail")]
HandIn = Callable[..., Path]
SLIP = "# %% double_solution\ndef double(x):\n    return 3 * x, None\n"
LATE = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def graded(toy: Course, hand_in: HandIn) -> Course:
    """Ann earned 5 of 5 points by tests, ben, who mistook 2 for 3 and left out the rest, 0."""
    hand_in("ann")
    hand_in("ben", SLIP)
    collect(toy, "T1", toy.root / "inbox")
    for student in ("ann", "ben"):
        toy.timestamp("T1", student).write_text(f"{LATE:%Y-%m-%d %H:%M:%S} UTC")
    grade(toy, "T1")
    return toy


def _edit(course: Course, old: str, new: str) -> None:
    text = course.source("T1").read_text()
    assert old in text
    course.source("T1").write_text(text.replace(old, new))


def _mend(course: Course) -> None:
    """The test of `double` is turned round: three times is right now, twice is wrong."""
    _edit(course, "out)[0] == 9422.0", "out)[0] == 14133.0")
    _edit(course, "return 2 * x", "return 3 * x")
    release(course, "T1")


def _shown(found: list[Change]) -> dict[str, tuple[float, float, list[str]]]:
    moved = [c for c in found if c.before and c.before.total != c.after.total]
    return {c.student: (c.before.total, c.after.total, c.why) for c in moved if c.before}


def _points(course: Course) -> list[float]:
    return [result.points for result in results(course, "T1")]


WHY = ["the tests of double were changed"]


def test_a_dry_run_says_what_would_change_and_writes_nothing(graded: Course) -> None:
    _mend(graded)
    before = {path: path.read_bytes() for path in graded.root.rglob("*") if path.is_file()}
    found = regrade(graded, "T1")
    assert _shown(found) == {"ann": (5, 3, WHY), "ben": (0, 2, WHY)}
    assert {path: path.read_bytes() for path in graded.root.rglob("*") if path.is_file()} == before


def test_applied_it_is_stored_recorded_and_told(graded: Course) -> None:
    _mend(graded)
    would = _shown(regrade(graded, "T1"))
    assert _shown(regrade(graded, "T1", apply=True)) == would
    assert _points(graded) == [3, 2, 0, 0]
    assert not list(audit.faults(graded))
    ann, ben, cay, _ = (path.read_text() for path in write_feedback(graded, "T1"))
    assert "Your score changed 5 → 3 because the tests of double were changed." in ann
    assert "Your score changed 0 → 2 because" in ben
    assert "What changed" not in cay
    assert _shown(regrade(graded, "T1")) == {}
    told: list[int] = []
    grade(graded, "T1", progress=lambda done, total, result: told.append(done))
    assert told == [4]  # everybody is graded by the tests of today


def test_never_lower(graded: Course) -> None:
    _mend(graded)
    found = regrade(graded, "T1", apply=True, never_lower=True)
    assert _shown(found) == {"ben": (0, 2, WHY)}
    assert _points(graded) == [5, 2, 0, 0]
    grade(graded, "T1")
    assert _points(graded) == [5, 2, 0, 0]


def test_one_question_only(graded: Course) -> None:
    _edit(graded, "3 * (total(np.arange(4.0)) == 6.0)", "2 * (total(np.arange(4.0)) == 6.0)")
    _edit(graded, "top_secret_number]", "top_secret_number + 1]")
    _edit(graded, "== 9422.0", "== 9424.0")
    with pytest.raises(CourseError, match=r"autograder release T1"):
        regrade(graded, "T1")
    release(graded, "T1")
    with pytest.raises(CourseError, match="has no question 'Q7' that is tested; it has double"):
        regrade(graded, "T1", only="Q7")
    assert _shown(regrade(graded, "T1", only="double", apply=True)) == {}
    found = regrade(graded, "T1", only="total", apply=True)
    assert _shown(found) == {"ann": (5, 4, ["the tests of total were changed"])}
    assert _shown(regrade(graded, "T1")) == {}


def test_a_changed_library_is_the_reason(graded: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    _mend(graded)
    regrade(graded, "T1", apply=True)
    monkeypatch.setattr("autograder.manifest.library_digest", lambda: "of another version")
    monkeypatch.setattr("autograder.examine.read_points", lambda value, most: 1.0)
    why = ["the course library, which checks double, total, was changed"]
    assert _shown(regrade(graded, "T1"))["ann"] == (3, 2, why)


def test_a_changed_policy_is_the_reason(graded: Course) -> None:
    policy = "time_zone: UTC\nlate: {percent_per_day: 20}\nassignments: {T1: {due: %s}}\n"
    (graded.root / "course.yml").write_text(policy % "2026-11-20 23:59")
    course = Course(graded.root)
    why = ["the late penalty is 20 % instead of 0 %"]
    assert _shown(regrade(course, "T1", never_lower=True)) == {"ann": (5, 4, why)}
    regrade(course, "T1", apply=True)
    (graded.root / "course.yml").write_text(policy % "2026-11-30 23:59")
    course = Course(graded.root)
    why = ["the late penalty is 0 % instead of 20 %"]
    assert _shown(regrade(course, "T1", apply=True)) == {"ann": (4, 5, why)}
    page = write_feedback(course, "T1")[0].read_text()
    assert page.index("5 → 4") < page.index("4 → 5")


def test_new_work_is_no_regrade(graded: Course, hand_in: HandIn) -> None:
    hand_in("ben")
    collect(graded, "T1", graded.root / "inbox")
    grade(graded, "T1")
    last = list(audit.records(graded))[-1]
    assert (last["student"], last["before"], last["standing"]["total"]) == ("ben", 0, 5)
    assert last["why"] == ["another notebook was handed in"]
    assert "note" not in last


run = CliRunner()


def test_the_commands(graded: Course) -> None:
    course = ["--course", str(graded.root)]
    _mend(graded)
    result = run.invoke(app, [*course, "regrade", "T1", "-j", "1", "--dry-run"])
    assert result.exit_code == 0, result.output
    assert "2 of 4 scores would change; nothing was written" in result.output
    result = run.invoke(app, [*course, "regrade", "T1", "-j", "1", "--apply"])
    assert result.exit_code == 0, result.output
    assert "2 of 4 scores changed" in result.output
    result = run.invoke(app, [*course, "audit"])
    assert result.exit_code == 0, result.output
    assert "8 records, the chain is whole" in result.output


def test_a_result_that_was_edited_shows(graded: Course) -> None:
    path = graded.private("T1", "results", "ben.json")
    data = json.loads(path.read_text())
    data["questions"][0]["points"] = 2.0
    path.write_text(json.dumps(data))
    result = run.invoke(app, ["--course", str(graded.root), "audit"])
    assert result.exit_code == 1
    assert "ben, T1: the result has 2 points by tests, the last record 0" in result.output


def test_records_come_in_order_and_whole(graded: Course) -> None:
    first = list(audit.records(graded))
    assert [record["number"] for record in first] == [1, 2, 3, 4]
    assert {record["event"] for record in first} == {"graded"}
    now = datetime.now(UTC)
    assert now - timedelta(hours=1) < datetime.fromisoformat(first[0]["time"]) <= now
