"""Grade again what was graded by other tests, and say what that changes before it does."""

from __future__ import annotations

from dataclasses import replace

import jupytext

from autograder.by_hand import by_hand
from autograder.course import Course, CourseError
from autograder.deadlines import lateness
from autograder.executors.base import Executor, Job
from autograder.executors.serial import one_by_one
from autograder.gradebook import Writer
from autograder.intake import submissions
from autograder.manifest import Manifest
from autograder.results import results, store
from autograder.rubric import SubmissionResult
from autograder.scores import score, scores
from autograder.standings import Change, changes, record


def regrade(
    course: Course,
    assignment: str,
    *,
    only: str | None = None,
    never_lower: bool = False,
    apply: bool = False,
    executor: Executor = one_by_one,
    seconds: float = 10.0,
    jailed: bool = True,
) -> list[Change]:
    """What the tests, the library and the policy of today change in everybody's recorded score.

    Parameters
    ----------
    only : str, optional
        Take over this question only; the others keep their results.
    never_lower : bool
        Keep the result of each question that would get fewer points. A late penalty is no result
        of a question: where `course.yml` asks for a higher one, it is higher.
    apply : bool
        Store the new results; without it nothing is written.

    Raises
    ------
    CourseError
        If the assignment is not graded, has no such question, or its source was changed since
        it was released.
    """
    manifest = Manifest.load(course.manifest(assignment))
    _check_source(course, manifest)
    if only and only not in [cell.name for cell in manifest.tests]:
        names = ", ".join(cell.name for cell in manifest.tests)
        raise CourseError(f"{assignment} has no question {only!r} that is tested; it has {names}")
    stored = {result.student: result for result in results(course, assignment)}
    todo = [
        submission
        for submission in submissions(course, manifest)
        if stored[submission.student].fingerprint != submission.fingerprint(manifest)
    ]
    job = Job(manifest, course.secret, seconds, jailed)
    graded = executor(todo, job) if todo else iter(())
    fresh = [merged(stored[new.student], new, only, never_lower) for new in graded]
    if apply:
        with Writer(course, manifest) as writer:
            for result in fresh:
                writer.write(result)
                store(course, result)
        return record(course, assignment, "regraded", scores(course, assignment))
    now = stored | {result.student: result for result in fresh}
    late, given = lateness(course, assignment), by_hand(course, assignment)
    everybody = [
        score(student, now[student.id], manifest, given[student.id], late[student.id])
        for student in course.roster
    ]
    return changes(course, assignment, everybody)


def merged(
    old: SubmissionResult, new: SubmissionResult, only: str | None, never_lower: bool
) -> SubmissionResult:
    """The new result, with the old one of each question that is to keep it."""
    before = {question.question: question for question in old.questions}
    questions, tests = [], dict(new.versions["tests"])
    is_done = True
    for question in new.questions:
        name, past = question.question, before.get(question.question)
        is_other = only is not None and name != only
        if past and (is_other or (never_lower and question.points < past.points)):
            is_done &= past == question or not is_other
            tests[name] = old.versions.get("tests", {}).get(name)
            question = past
        questions.append(question)
    # As long as other questions wait, this is no result of the tests of today.
    fingerprint = new.fingerprint if is_done else old.fingerprint
    versions = {**new.versions, "tests": tests}
    return replace(new, questions=questions, versions=versions, fingerprint=fingerprint)


def _check_source(course: Course, manifest: Manifest) -> None:
    path = course.source(manifest.assignment)
    if not path.is_file():
        return  # released elsewhere
    written = [cell.source for cell in jupytext.read(path).cells]
    if written != [cell.original for cell in manifest.cells]:
        raise CourseError(
            f"{path} was changed after it was released: run `autograder release "
            f"{manifest.assignment}` first, it touches no grade"
        )
