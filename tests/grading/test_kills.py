"""Whatever is killed, whenever: everybody keeps a row, with the grade of an undisturbed run."""

import csv
import io
import os
import random
import shutil
import signal
import time
from collections import Counter, deque
from pathlib import Path

import pytest

from autograder.course import Course
from tests.grading.crowd import (
    expected_rows,
    exported,
    make_crowd,
    must_work,
    scores,
    start_grading,
)

pytestmark = pytest.mark.jail
STUDENTS = 200
KILLS = int(os.environ.get("AUTOGRADER_KILLS", "8"))
SEED = int(os.environ.get("AUTOGRADER_KILL_SEED", "5"))
VICTIMS = ("grader", "worker", "zygote")
PATIENCE = 60.0  # seconds, after which something hangs that should not


def test_nothing_is_lost(toy_template: Path, tmp_path: Path) -> None:
    calm = make_crowd(toy_template, tmp_path / "calm", STUDENTS)
    assert calm.secret  # both courses have the same
    wild = Course(Path(shutil.copytree(calm.root, tmp_path / "wild")))
    must_work(start_grading(calm))
    kills = _grade_under_fire(wild, random.Random(SEED))
    assert kills.total() == KILLS
    assert set(kills) == set(VICTIMS)
    undisturbed, survived = exported(calm), exported(wild)
    assert _rows(undisturbed) == expected_rows(calm)
    assert sorted(survived) == sorted(undisturbed)
    assert [path for path in undisturbed if survived[path] != undisturbed[path]] == []
    assert len(scores(calm)) == STUDENTS * 3
    assert scores(wild) == scores(calm)
    print(f"\nkills: {dict(kills)}; lost: 0 of {STUDENTS}")


def test_two_graders_at_once(toy_template: Path, tmp_path: Path) -> None:
    alone = make_crowd(toy_template, tmp_path / "alone", 20, endless=0)
    assert alone.secret
    both = Course(Path(shutil.copytree(alone.root, tmp_path / "both")))
    for grader in [start_grading(alone), start_grading(both), start_grading(both)]:
        must_work(grader)
    assert exported(both) == exported(alone)
    assert scores(both) == scores(alone)


def _rows(files: dict[str, bytes]) -> dict[tuple[str, str], tuple[str, str]]:
    text = io.StringIO(files["instructor/T1/grades.csv"].decode(), newline="")
    return {
        (row["student"], row["question"]): (row["points"], row["status"])
        for row in csv.DictReader(text)
        if row["graded_by"] == "test"
    }


def _grade_under_fire(course: Course, chance: random.Random) -> Counter[str]:
    """Grade until all is done, killing on the way: at so many results, and a moment later."""
    counts = sorted(chance.sample(range(STUDENTS - 20), KILLS))
    plan = deque((count, VICTIMS[i % len(VICTIMS)]) for i, count in enumerate(counts))
    kills: Counter[str] = Counter()
    while True:
        grader = start_grading(course)
        while grader.poll() is None:
            if plan and _finished(course) >= plan[0][0]:
                time.sleep(chance.uniform(0, 0.1))  # where in a submission it strikes
                victim = plan[0][1]
                if _kill(victim, grader.pid, chance):
                    kills[victim] += 1
                    plan.popleft()
            time.sleep(0.005)
        _, errors = grader.communicate()
        if grader.returncode == 0:
            return kills
        assert grader.returncode == -signal.SIGKILL, errors


def _finished(course: Course) -> int:
    folder = course.private("T1", "results")
    return sum(path.suffix == ".json" for path in folder.iterdir()) if folder.is_dir() else 0


# ---------------------------------------------------------------- processes


def _kill(victim: str, grader: int, chance: random.Random) -> bool:
    """Kill one of a kind; False where there is none at the moment.

    With the grader everything that it started has to go.
    """
    workers = [pid for pid in _children(grader) if "spawn_main" in _command(pid)]
    outer = [pid for worker in workers for pid in _children(worker)]
    inner = [pid for process in outer for pid in _children(process)]
    kinds = {"grader": [grader], "worker": workers, "zygote": [*outer, *inner]}
    if not kinds[victim]:
        return False
    os.kill(chance.choice(kinds[victim]), signal.SIGKILL)
    if victim == "grader":
        _await_end([*workers, *outer, *inner])
    return True


def _await_end(pids: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    while left := [pid for pid in pids if _is_alive(pid)]:
        assert time.monotonic() < deadline, f"still there: {[_command(pid)[:80] for pid in left]}"
        time.sleep(0.05)


def _children(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:  # it has ended
        return []
    return [int(child) for child in children.split()]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _is_alive(pid: int) -> bool:
    return bool(_command(pid))  # of a zombie it is empty
