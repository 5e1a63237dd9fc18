"""The commands of the README do what they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[1]
README = (HOUSE / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
LINES = [
    line.split("#")[0].strip()
    for language, block in BLOCKS
    if language == "sh"
    for line in block.splitlines()
]
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def run(*command, cwd=HOUSE):
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PATH": PATH},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_there_are_commands_to_test():
    assert {"make", "make test", "make book"} <= set(LINES)
    assert sum(line.startswith("autograder") for line in LINES) >= 3


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("make")])
def test_make_targets_exist(line):
    run("make", "--dry-run", *line.split()[1:])


def test_python_examples_run(tmp_path):
    blocks = [block for language, block in BLOCKS if language == "python"]
    checked, trained = (
        run(sys.executable, "-W", "error", "-c", block, cwd=tmp_path) for block in blocks
    )
    assert checked.count("right") == 3
    assert re.search(r"total +1,386", trained)
    assert float(trained.split()[-1]) > 0.95


def test_the_commands_of_the_student(tmp_path):
    block = next(block for _, block in BLOCKS if "coursepkg doctor" in block)
    words = [line.split("#")[0].split() for line in block.splitlines()]
    codes = {}
    for command, *rest in words:
        if command == "coursepkg":
            done = subprocess.run(
                [sys.executable, "-m", command, *rest], cwd=tmp_path, capture_output=True, text=True
            )
            assert not done.stderr
            codes[rest[0]] = done.returncode
    # Nothing is written yet: that is wrong, but can be tried and packed.
    right = {"doctor": 0, "start": 0, "hint": 0, "status": 0, "milestone": 0}
    assert codes == {**right, "check": 1, "pack": 1}
    assert list((tmp_path / "A5").glob("A5_ada_*.zip"))


@pytest.mark.jail
def test_the_commands_of_the_instructor(tmp_path):
    block = next(block for _, block in BLOCKS if "autograder doctor" in block)
    for line in block.splitlines():
        if line.startswith("autograder"):
            run(*line.split("#")[0].split(), cwd=tmp_path)
    for promised in re.findall(r"`(build/class/[\w./]*)`", README):
        assert (tmp_path / promised).exists(), promised
    assert len(list((tmp_path / "build/class/feedback").iterdir())) >= 12


def test_files_named_exist():
    for path in re.findall(
        r"(?<=[ (`])(?:requirements|book|coursepkg|assignments)/[\w./-]+", README
    ):
        assert (HOUSE / path).exists(), path
