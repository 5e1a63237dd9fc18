"""Submissions per second, end to end: `autograder` beside plain `nbgrader autograde`.

    python benchmarks/grading.py --submissions 40 200 --jobs 1 2

Both grade the same notebooks of A5 (six questions with hidden numerical-gradient checks) in the
same run: intake, execution, gradebook and written notebooks. Every submission is another one (a
comment tells them apart). Absolute times belong to this machine; the ratio is what is compared.
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

from autograder.course import Course
from autograder.release import release
from autograder.sample import ASSIGNMENTS, read_work, submitted
from autograder.sandbox import Jail

RIGHT = ASSIGNMENTS / "sample_class" / "A5" / "ada.py"
PROGRAMS = Path(sys.executable).parent


def make_course(folder: Path, count: int) -> Course:
    """A released course in which `count` students have handed in right work."""
    (folder / "source").mkdir(parents=True)
    shutil.copy(ASSIGNMENTS / "nbgrader_config.py", folder)
    shutil.copytree(ASSIGNMENTS / "source" / "A5", folder / "source" / "A5")
    students = [f"s{number:05d}" for number in range(count)]
    (folder / "roster.csv").write_text("id\n" + "\n".join(students) + "\n")
    course = Course(folder)
    release(course, "A5")
    notebook = submitted(course.notebook("release", "A5").read_text(), read_work(RIGHT))
    for student in students:
        mine = nbformat.reads(notebook, as_version=4)
        for cell in mine.cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source += f"\n# {student}"
        path = folder / "inbox" / student / "A5.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(nbformat.writes(mine))
    return course


def time_ours(course: Course, jobs: int) -> float:
    """Seconds for collect and grade, program start included."""
    command = [sys.executable, "-m", "autograder", "--course", str(course.root)]
    start = time.perf_counter()
    for step in (["collect", "A5"], ["grade", "A5", "--force", f"-j{jobs}"]):
        subprocess.run([*command, *step], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def time_nbgrader(course: Course, count: int) -> float:
    """Seconds for `nbgrader autograde` of the first `count` submissions."""
    environment = os.environ | {"PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
    for folder in sorted((course.root / "submitted").iterdir())[count:]:
        shutil.rmtree(folder)
    command = [PROGRAMS / "nbgrader", "autograde", "A5", "--force"]
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
    del jail
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--submissions", type=int, nargs="+", default=[40, 200])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--nbgrader", type=int, default=40, help="how many plain nbgrader grades")
    options = parser.parse_args()
    seconds, size = measure_start()
    print(f"cold start {seconds:.2f} s, zygote {size:.0f} MB")
    reference = None
    with tempfile.TemporaryDirectory() as scratch:
        for count in options.submissions:
            course = make_course(Path(scratch, str(count)), count)
            for jobs in options.jobs:
                seconds = time_ours(course, jobs)
                print(f"autograder, {count} submissions, {jobs} jobs: {_rate(seconds, count)}")
                best = seconds / count
            if count >= options.nbgrader and reference is None:
                reference = time_nbgrader(course, options.nbgrader)
                print(f"nbgrader, {options.nbgrader} submissions: ", end="")
                print(_rate(reference, options.nbgrader))
            if reference is not None:
                times = reference / options.nbgrader / best
                print(f"{count} submissions: {times:.0f} times nbgrader's throughput")


def _rate(seconds: float, count: int) -> str:
    return f"{seconds:.1f} s, {1000 * seconds / count:.1f} ms each"


if __name__ == "__main__":
    main()
