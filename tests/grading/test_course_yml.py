"""A file that cannot be followed is refused with the line, what was got and what is expected."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.course_yml import Policy, read_policy
from autograder.errors import CourseError
from autograder.policy import DAY, HOUR

GOOD = """\
time_zone: Europe/Berlin
late:
  grace_minutes: 15
  percent_per_day: 10
  cap_percent: 50
slip_days: 3
drop_lowest: 1
assignments:
  A1: {due: 2026-11-20 23:59}
  A2:
    due: 2026-12-04T12:00+00:00
    late: {percent_per_hour: 1}
  A3: {}
extensions:
  - student: ann
    assignment: A1
    due: 2026-11-27 23:59
"""


def _read(folder: Path, text: str) -> Policy:
    path = folder / "course.yml"
    path.write_text(text, encoding="utf-8")
    return read_policy(path, {"ann", "ben"})


def test_everything_is_read(tmp_path: Path) -> None:
    policy = _read(tmp_path, GOOD)
    assert (policy.slip_days, policy.drop_lowest) == (3, 1)
    assert list(policy.assignments) == ["A1", "A2", "A3"]
    assert policy.due("ben", "A1") == datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
    assert policy.due("ann", "A1") == datetime(2026, 11, 27, 22, 59, tzinfo=UTC)
    assert policy.due("ann", "A2") == datetime(2026, 12, 4, 12, tzinfo=UTC)
    assert policy.due("ann", "A3") is None
    usual, own = policy.rules("A1"), policy.rules("A2")
    assert (usual.grace, usual.percent, usual.unit, usual.cap) == (HOUR / 4, 10, DAY, 50)
    assert (own.grace, own.percent, own.unit, own.cap) == (HOUR / 4, 1, HOUR, 50)


def test_without_a_file_nothing_is_late(tmp_path: Path) -> None:
    policy = read_policy(tmp_path / "course.yml", {"ann"})
    assert policy.due("ann", "A1") is None
    assert policy.rules("A1").percent == 0


def test_an_assignments_own_rate_replaces_that_of_the_course(tmp_path: Path) -> None:
    hourly = GOOD.replace("percent_per_day: 10", "percent_per_hour: 2")
    policy = _read(tmp_path, hourly.replace("{percent_per_hour: 1}", "{percent_per_day: 5}"))
    assert (policy.rules("A1").percent, policy.rules("A1").unit) == (2, HOUR)
    assert (policy.rules("A2").percent, policy.rules("A2").unit) == (5, DAY)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-10-25 02:30", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),  # shown twice
        ("2026-03-29 02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # never shown
        ("2026-07-01 12:00", datetime(2026, 7, 1, 10, 0, tzinfo=UTC)),  # summer time
    ],
)
def test_when_clocks_change_the_later_reading_holds(
    tmp_path: Path, local: str, utc: datetime
) -> None:
    policy = _read(tmp_path, GOOD.replace("2026-11-20 23:59", local))
    assert policy.assignments["A1"].at == utc


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Europe/Berlin", "Atlantis", "line 1: got 'Atlantis'; expected a time zone"),
        ("Europe/Berlin", "../etc", "line 1: got '../etc'; expected a time zone"),
        (
            "Europe/Berlin",
            "Europe/Berlin\nbook: example.org",
            "line 2: got 'example.org'; expected the",
        ),
        ("time_zone: Europe/Berlin", "", "line 1: got no `time_zone`"),
        ("percent_per_day: 10", "percent_per_day: ten", 'line 4: got "ten"; expected a number'),
        ("percent_per_day: 10", "percent_per_day: 110", "line 4: got 110; expected a number from"),
        ("percent_per_day", "percent_a_day", "line 4: got `percent_a_day`; expected one of grace"),
        ("grace_minutes: 15", "percent_per_hour: 1", "line 2: got both percent_per_day and"),
        ("slip_days: 3", "slip_days: 1.5", "line 6: got 1.5; expected a whole number of days"),
        ("slip_days: 3", "slip_days:", "line 6: got nothing; expected a whole number of days"),
        ("drop_lowest: 1", "slip_days: 1", "line 7: got `slip_days`; expected it once"),
        ("2026-11-20 23:59", "2026-11-20", "line 9: got '2026-11-20'; expected a day and a time"),
        ("2026-11-20 23:59", "2026-11-31 23:59", "line 9: got '2026-11-31 23:59'"),
        ("2026-11-20 23:59", "0001-01-01 00:00", "line 9: got '0001-01-01 00:00'"),
        ("2026-11-20 23:59", "9", "line 9: got 9; expected a day and a time"),
        ("A3: {}", "A3: soon", 'line 13: got "soon"; expected `due`'),
        ("A3: {}", "../A3: {}", "line 13: got '../A3'; expected a name"),
        ("student: ann", "student: anne", "line 15: got 'anne'; expected a student id"),
        ("student: ann", "student: 007", "line 15: got 7; expected a student id from roster.csv"),
        ("assignment: A1", "assignment: A3", "line 16: got 'A3'; expected an assignment with a"),
        ("2026-11-27", "2025-11-27", "line 17: got '2025-11-27 23:59'; expected no time before"),
        ("late:\n", "late\n", "line 3: no YAML"),
        ("time_zone: Europe/Berlin", "!!python/name:os.system", "line 1: no YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in GOOD
    with pytest.raises(CourseError) as error:
        _read(tmp_path, GOOD.replace(old, new, 1))
    assert words in str(error.value)
    assert "course.yml" in str(error.value)


def test_two_extensions_of_one_deadline(tmp_path: Path) -> None:
    again = "  - {student: ann, assignment: A1, due: 2026-12-01 23:59}\n"
    with pytest.raises(CourseError, match="line 18: got ann and A1; expected one extension; line"):
        _read(tmp_path, GOOD + again)


@pytest.mark.parametrize("text", ["", "- 1\n", "just words", "\t", "a: [", "\0"])
def test_what_is_no_policy(tmp_path: Path, text: str) -> None:
    with pytest.raises(CourseError, match=r"course\.yml"):
        _read(tmp_path, text)


def test_grace_is_a_length_of_time(tmp_path: Path) -> None:
    policy = _read(tmp_path, GOOD.replace("grace_minutes: 15", "grace_minutes: 0.5"))
    assert policy.rules("A1").grace == timedelta(seconds=30)


def test_the_example_of_the_documentation(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    policy = _read(tmp_path, example.replace("ada", "ann"))
    assert policy.due("ann", "A5") == datetime(2026, 11, 27, 22, 59, tzinfo=UTC)
    assert (policy.rules("A6").percent, policy.rules("A6").unit) == (1, HOUR)
