"""Read `course.yml`, the policies of a course, and say exactly what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from jsonschema import Draft202012Validator, ValidationError

from autograder.errors import CourseError
from autograder.policy import DAY, HOUR, LateRules

NAME = "course.yml"
SCHEMA = Path(__file__).with_name("course.schema.json")
Place = tuple[str | int, ...]  # keys and positions from the top of the file


@dataclass(frozen=True)
class Due:
    """When an assignment is due, None for whenever, and what lateness costs."""

    at: datetime | None = None
    rules: LateRules = field(default_factory=LateRules)


@dataclass(frozen=True)
class Policy:
    """The policies of a course; without a `course.yml` nothing is ever late.

    Attributes
    ----------
    assignments : mapping of Due
        The assignments that count, in the order of the file.
    book : str
        The address of the book, whose sections pages for students then link.
    extensions : mapping of datetime
        Later deadlines, by student and assignment.
    """

    zone: ZoneInfo | None = None
    slip_days: int = 0
    drop_lowest: int = 0
    assignments: Mapping[str, Due] = field(default_factory=dict)
    extensions: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    book: str = ""

    def due(self, student: str, assignment: str) -> datetime | None:
        """This student's deadline, with an extension if there is one."""
        usual = self.assignments.get(assignment, Due()).at
        return self.extensions.get((student, assignment), usual)

    def rules(self, assignment: str) -> LateRules:
        """What lateness costs in this assignment."""
        return self.assignments.get(assignment, Due()).rules


def read_policy(path: Path, students: set[str]) -> Policy:
    """What `course.yml` says; no policy at all where there is no such file.

    Parameters
    ----------
    students : set of str
        The ids on the roster: an extension for anybody else is a mistake.

    Raises
    ------
    CourseError
        If the file cannot be followed; the text gives the line, what was got and what is expected.
    """
    if not path.is_file():
        return Policy()
    return _Reader(path).policy(students)


class _Loader(yaml.SafeLoader):
    """Times stay text: YAML would read `2026-11-20` as midnight, and a time without a zone."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (an attribute of PyYAML's)
        first: [entry for entry in entries if entry[0] != "tag:yaml.org,2002:timestamp"]
        for first, entries in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {(): 1}
        try:
            loader = _Loader(path.read_text(encoding="utf-8-sig"))
            node = loader.get_single_node()
            self._note_lines(node, ())
            self.data = loader.construct_document(node) if node else {}
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise CourseError(f"{path}, line {line}: no YAML ({error.problem})") from None
        except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
            raise CourseError(f"{path} cannot be read as YAML in UTF-8 ({error})") from None

    def policy(self, students: set[str]) -> Policy:
        self._validate()
        zone, late = self._zone(), self.data.get("late", {})
        assignments = {}
        for name, entry in self.data.get("assignments", {}).items():
            due = self._time(("assignments", name, "due"), zone) if "due" in entry else None
            assignments[name] = Due(due, _rules(late, entry.get("late", {})))
        return Policy(
            zone=zone,
            slip_days=self.data.get("slip_days", 0),
            drop_lowest=self.data.get("drop_lowest", 0),
            assignments=assignments,
            extensions=dict(self._extensions(zone, assignments, students)),
            book=self.data.get("book", ""),
        )

    def _note_lines(self, node: yaml.Node | None, place: Place) -> None:
        """Note where everything stands; refuse a key that stands twice, of which one would win."""
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*place, key.value)
                line = key.start_mark.line + 1
                if inner in self.lines:
                    first = self.lines[inner]
                    raise self._error(line, f"`{key.value}`", f"it once; it is on line {first} too")
                self.lines[inner] = line
                self._note_lines(value, inner)
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                self.lines[*place, number] = value.start_mark.line + 1
                self._note_lines(value, (*place, number))

    def _validate(self) -> None:
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        found = Draft202012Validator(schema).iter_errors(self.data)
        errors = sorted(found, key=lambda error: self._line(tuple(error.absolute_path)))
        if errors:
            raise self._explained(errors[0])

    def _explained(self, error: ValidationError) -> CourseError:
        place, schema = tuple(error.absolute_path), error.schema
        expected = schema.get("description", error.message)
        if error.validator == "additionalProperties":
            key = next(key for key in error.instance if key not in schema["properties"])
            known = ", ".join(schema["properties"])
            return self._error(self._line((*place, str(key))), f"`{key}`", f"one of {known}")
        if error.validator == "required":
            missing = next(key for key in error.validator_value if key not in error.instance)
            return self._error(self._line(place), f"no `{missing}`", expected)
        if error.validator == "not":
            both = "both percent_per_day and percent_per_hour"
            return self._error(self._line(place), both, "one of them")
        if error.validator == "pattern":
            name = (*place, error.instance)  # a key that is no name stands at its own place
            return self._error(self._line(name), repr(error.instance), expected)
        return self._error(self._line(place), _shown(error.instance), expected)

    def _zone(self) -> ZoneInfo:
        name = self.data["time_zone"]
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, ValueError):  # not found, a folder, no name of a file
            expected = "a time zone, such as Europe/Berlin"
            raise self._error(self._line(("time_zone",)), repr(name), expected) from None

    def _time(self, place: Place, zone: ZoneInfo) -> datetime:
        """A time in UTC; of a local time that a clock shows twice, or never, the later reading."""
        text: Any = self.data
        for step in place:
            text = text[step]
        try:
            time = datetime.fromisoformat(text if ":" in text else "")  # a day alone: its start
            if time.tzinfo:
                return time.astimezone(UTC)
            return max(time.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        except (ValueError, OverflowError):
            expected = "a day and a time, such as 2026-11-20 23:59"
            raise self._error(self._line(place), repr(text), expected) from None

    def _extensions(
        self, zone: ZoneInfo, assignments: Mapping[str, Due], students: set[str]
    ) -> Iterator[tuple[tuple[str, str], datetime]]:
        seen: dict[tuple[str, str], int] = {}
        for number, entry in enumerate(self.data.get("extensions", [])):
            place = ("extensions", number)
            who, name = entry["student"], entry["assignment"]
            if who not in students:
                at = self._line((*place, "student"))
                raise self._error(at, repr(who), "a student id from roster.csv")
            usual = assignments[name].at if name in assignments else None
            if usual is None:
                known = ", ".join(key for key, due in assignments.items() if due.at) or "none yet"
                at = self._line((*place, "assignment"))
                raise self._error(at, repr(name), f"an assignment with a deadline ({known})")
            due = self._time((*place, "due"), zone)
            if due < usual:
                at = self._line((*place, "due"))
                usually = f"{usual.astimezone(zone):%Y-%m-%d %H:%M}"
                raise self._error(at, repr(entry["due"]), f"no time before the deadline, {usually}")
            if (who, name) in seen:
                twice = f"one extension; line {seen[who, name]} has one too"
                raise self._error(self._line(place), f"{who} and {name}", twice)
            seen[who, name] = self._line(place)
            yield (who, name), due

    def _line(self, place: Place) -> int:
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def _error(self, line: int, got: str, expected: str) -> CourseError:
        return CourseError(f"{self.path}, line {line}: got {got}; expected {expected}")


def _rules(usual: Mapping[str, float], own: Mapping[str, float]) -> LateRules:
    """The rules of one assignment: its own where it has some, else those of the course."""
    rates = {"percent_per_day", "percent_per_hour"}
    replaced = rates if rates & own.keys() else set()
    late = {key: value for key, value in usual.items() if key not in replaced}
    late |= own
    per_hour = "percent_per_hour" in late
    return LateRules(
        grace=timedelta(minutes=late.get("grace_minutes", 0)),
        percent=late.get("percent_per_hour" if per_hour else "percent_per_day", 0),
        unit=HOUR if per_hour else DAY,
        cap=late.get("cap_percent", 100),
    )


def _shown(value: object) -> str:
    """A value as it would stand in the file, in short."""
    return "nothing" if value is None else json.dumps(value, default=str, ensure_ascii=False)[:60]
