"""Submissions per second, end to end: `autograder` beside plain `nbgrader autograde`.

    python benchmarks/grading.py --submissions 40 200 --jobs 1 2

Both grade the same notebooks in the same run: intake, execution, gradebook and written notebooks.
Two assignments: A5 (six questions, some ninety calls of the student's functions with hidden
numbers), and `light.py` beside this file (four questions, one numerical gradient each). Every
submission is another one (a comment tells them apart). Absolute times belong to the machine; the
ratio is what is compared.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from autograder.course import CONFIG, Course
from autograder.release import release
from autograder.sample import ASSIGNMENTS
from autograder.sandbox import Jail

SOURCES = {
    "A5": ASSIGNMENTS / "source" / "A5" / "A5.py",
    "light": Path(__file__).with_name("light.py"),
}
PROGRAMS = Path(sys.executable).parent


def make_course(folder: Path, assignment: str, count: int) -> Course:
    """A released course in which `count` students have handed in the instructor's solution."""
    source = folder / "source" / assignment / f"{assignment}.py"
    source.parent.mkdir(parents=True)
    shutil.copy(SOURCES[assignment], source)
    # nbgrader as it comes: without the steps that put the jail in place of its own execution.
    settings = (ASSIGNMENTS / CONFIG).read_text().split("c.Autograde")[0]
    (folder / CONFIG).write_text(settings)
    students = [f"s{number:05d}" for number in range(count)]
    (folder / "roster.csv").write_text("id\n" + "\n".join(students) + "\n")
    course = Course(folder)
    release(course, assignment)
    solved = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    for student in students:
        path = folder / "inbox" / student / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(_handed_in(solved, student))
    return course


def _handed_in(solved: nbformat.NotebookNode, student: str) -> str:
    mine = nbformat.from_dict(solved)
    for cell in mine.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = f"{cell.source.split('# by s')[0]}\n# by {student}"
    return nbformat.writes(mine)


def time_ours(course: Course, assignment: str, jobs: int) -> float:
    """Seconds for collect and grade, program start included."""
    command = [sys.executable, "-m", "autograder", "--course", str(course.root)]
    steps = (["collect", assignment], ["grade", assignment, "--force", f"-j{jobs}"])
    start = time.perf_counter()
    for step in steps:
        subprocess.run([*command, *step], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def time_nbgrader(course: Course, assignment: str, count: int) -> float:
    """Seconds for `nbgrader autograde` of the first `count` submissions."""
    environment = os.environ | {"PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
    for folder in sorted((course.root / "submitted").iterdir())[count:]:
        shutil.rmtree(folder)
    command = [PROGRAMS / "nbgrader", "autograde", assignment, "--force"]
    start = time.perf_counter()
    subprocess.run(
        command, cwd=course.root, env=environment, check=True, capture_output=True, text=True
    )
    return time.perf_counter() - start


def measure_start() -> tuple[float, float]:
    """Seconds to open a jail, and megabytes that its zygote holds."""
    start = time.perf_counter()
    with Jail() as jail, jail.worker(60):
        seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def compare(assignment: str, counts: list[int], jobs: list[int], few: int, scratch: str) -> None:
    """Print the rows of one assignment."""
    reference = None
    for count in counts:
        course = make_course(Path(scratch, assignment, str(count)), assignment, count)
        times = {number: time_ours(course, assignment, number) for number in jobs}
        if reference is None:
            few = min(few, count)
            reference = time_nbgrader(course, assignment, few) / few
            print(f"{assignment}: nbgrader, {few} submissions: {1000 * reference:.0f} ms each")
        for number, seconds in times.items():
            print(
                f"{assignment}: autograder, {count} submissions, {number} jobs: "
                f"{1000 * seconds / count:.1f} ms each, "
                f"{reference * count / seconds:.0f} times nbgrader's throughput"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--assignments", nargs="+", choices=SOURCES, default=list(SOURCES))
    parser.add_argument("--submissions", type=int, nargs="+", default=[40, 200])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--nbgrader", type=int, default=40, help="how many plain nbgrader grades")
    options = parser.parse_args()
    seconds, size = measure_start()
    print(f"cold start {seconds:.2f} s, zygote {size:.0f} MB")
    with tempfile.TemporaryDirectory() as scratch:
        for assignment in options.assignments:
            compare(assignment, options.submissions, options.jobs, options.nbgrader, scratch)


if __name__ == "__main__":
    main()
