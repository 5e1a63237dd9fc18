"""The course so far: every student's points in each assignment, and what is dropped."""

from __future__ import annotations

from pathlib import Path

from autograder.course import Course
from autograder.export import write_csv
from autograder.policy import dropped, share
from autograder.scores import scores


def write_course_totals(course: Course) -> Path:
    """Write `instructor/course.csv`, a row per student; its path.

    The assignments in `course.yml` count, without one all there are; each from its first grading
    on. Late penalties are taken off, and as many assignments dropped as `drop_lowest` says: those
    without which a student's share of all points is best.

    Raises
    ------
    CourseError
        If an assignment is graded for some only, or `course.yml` cannot be followed.
    """
    counting = list(course.policy.assignments) or course.assignments
    names = [name for name in counting if course.private(name, "results").is_dir()]
    columns = [scores(course, name) for name in names]
    rows = []
    for student, *own in zip(course.roster, *columns, strict=True):
        points = {n: (s.points, s.max_points) for n, s in zip(names, own, strict=True)}
        without = dropped(points, course.policy.drop_lowest)
        percent = round(100 * share(points, without), 2)
        who = [student.id, student.first_name, student.last_name]
        shown = [round(score.points, 2) for score in own]
        rows.append([*who, *shown, " ".join(sorted(without)), percent])
    header = ["student", "first_name", "last_name", *names, "dropped", "percent"]
    return write_csv(course.root / "instructor" / "course.csv", header, rows)
