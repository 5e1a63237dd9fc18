"""Is an assignment fit to be handed out? Everything that can be tried before a student sees it."""

from __future__ import annotations

import ast
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import CONFIG, Course, CourseError
from autograder.lint_answers import (
    earned_by_nobody,
    lost_by_the_solution,
    solution_lines,
    surviving_mistakes,
    too_slow,
)
from autograder.lint_text import GLOSSARY, dead_links, odd_terms, wrong_points
from autograder.manifest import Manifest
from autograder.release import release
from autograder.sandbox import Jail
from coursepkg.checks import QUESTIONS
from coursepkg.student.release import without_answers


@dataclass(frozen=True)
class Finding:
    """What was looked at, in words, and what is wrong with it; `tried` is false if it was not."""

    title: str
    words: str = ""
    faults: list[str] = field(default_factory=list)
    tried: bool = True


def lint(course: Course, assignment: str, seconds: float = 10.0) -> Iterator[Finding]:
    """Look at one assignment from all sides; stops where nothing further can be tried.

    The course stays as it is: the release is made in a folder of its own.

    Parameters
    ----------
    seconds : float
        The time that one question of a student will have.

    Raises
    ------
    CourseError
        If there is no such assignment.
    NoJailError
        If code cannot be locked up here.
    """
    path = course.source(assignment)
    if not path.is_file():
        remedy = f"`autograder new-assignment {assignment}` makes a first draft"
        raise CourseError(f"no assignment {assignment}: {path} does not exist; {remedy}")
    text = path.read_text(encoding="utf-8", errors="replace")
    for look in (_syntax, _markers):
        yield (finding := look(text))
        if finding.faults:
            return
    with tempfile.TemporaryDirectory() as folder:
        try:
            manifest = release(_aside(course, assignment, Path(folder)), assignment)
        except CourseError as error:
            yield Finding("release", faults=[str(error)])
            return
    yield Finding("release", f"{len(manifest.cells)} cells")
    yield from _statement(manifest, path.parent)
    yield _leaks(manifest)
    yield from _answers(manifest, seconds)


def _syntax(text: str) -> Finding:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        where = f"line {error.lineno}: " if isinstance(error, SyntaxError) else ""
        words = error.msg if isinstance(error, SyntaxError) else str(error)
        return Finding("syntax", faults=[where + words])
    return Finding("syntax", "Python can read it")


def _markers(text: str) -> Finding:
    try:
        without_answers(text)
    except ValueError as error:
        return Finding("markers", faults=[str(error)])
    known = re.compile(r"(# )?\s*### (BEGIN|END) (SOLUTION|HIDDEN TESTS)")
    odd = [
        f"line {number}: {line.strip()!r} is no marker of nbgrader's"
        for number, line in enumerate(text.split("\n"), start=1)
        if re.match(r"\W*(BEGIN|END)\s+(SOLUTION|HIDDEN)", line, re.IGNORECASE)
        and not known.fullmatch(line)
    ]
    pairs = len(re.findall("### BEGIN", text))
    return Finding("markers", f"{pairs} pairs of BEGIN and END", odd)


def _aside(course: Course, assignment: str, folder: Path) -> Course:
    """A course in another folder, with this assignment and a gradebook of its own."""
    shutil.copytree(
        course.source(assignment).parent,
        folder / "source" / assignment,
        ignore=shutil.ignore_patterns("*.ipynb", "__pycache__", ".ipynb_checkpoints"),
    )
    settings = (course.root / CONFIG).read_text(encoding="utf-8")
    own = f"\nc.CourseDirectory.db_url = 'sqlite:///{(folder / 'gradebook.db').as_posix()}'\n"
    (folder / CONFIG).write_text(settings + own, encoding="utf-8")
    return Course(folder.resolve())


def _statement(manifest: Manifest, folder: Path) -> Iterator[Finding]:
    automatic = sum(cell.points for cell in manifest.tests)
    by_hand = sum(cell.points for cell in manifest.manual)
    words = f"{automatic:g} by tests, {by_hand:g} by hand, as the statement says"
    yield Finding("points", words, list(wrong_points(manifest)))
    links = list(dead_links(manifest, folder))
    yield Finding("links", "files and chapters that the statement names are there", links)
    if GLOSSARY.is_file():
        yield Finding("terms", "as the glossary writes them", sorted(set(odd_terms(manifest))))
    else:
        yield Finding("terms", "the book's glossary is not here", tried=False)


def _leaks(manifest: Manifest) -> Finding:
    """`release` has looked for lines of hidden tests; here for those of solutions."""
    text = "\n".join(cell.source for cell in manifest.cells)
    released = {line.strip() for line in text.split("\n")}
    faults = [
        f"`{name}`: students can read this line of the solution: {line}"
        for name, line in solution_lines(manifest)
        if line in released
    ]
    return Finding("leaks", "no line of a hidden test or a solution is released", faults)


def _answers(manifest: Manifest, seconds: float) -> Iterator[Finding]:
    """What the solution, an empty submission and known mistakes earn."""
    with Jail() as jail:
        result, faults = lost_by_the_solution(manifest, jail, seconds)
        yield Finding("solution", f"earns {result.points:g} points", faults)
        faults = earned_by_nobody(manifest, jail, seconds)
        yield Finding("empty submission", "earns 0 points", faults)
    slowest = max(result.questions, key=lambda question: question.seconds)
    words = f"{slowest.question} takes longest, {slowest.seconds:.1f} s"
    yield Finding("time", words, list(too_slow(result, seconds)))
    names = [f"{manifest.assignment}.{cell.name}" for cell in manifest.tests]
    questions = [QUESTIONS[name] for name in names if name in QUESTIONS]
    if not questions:
        yield Finding("mistakes", "no question of coursepkg.checks is asked", tried=False)
        return
    count, without, faults = surviving_mistakes(manifest, questions)
    words = f"{count} registered mistakes lose points"
    if without:
        words += f"; none can be put into {', '.join(without)}"
    yield Finding("mistakes", words, faults, tried=count > 0)
