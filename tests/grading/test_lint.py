"""An assignment that is fit passes; each thing that can be wrong with one is found, and where."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from autograder import lint as linting
from autograder import lint_answers
from autograder.cli import app
from autograder.course import Course
from autograder.lint_answers import surviving_mistakes, too_slow
from autograder.manifest import Manifest
from autograder.rubric import QuestionResult, Status, SubmissionResult
from autograder.sandbox import Jail
from coursepkg.checks import QUESTIONS
from coursepkg.mistakes import MISTAKES

HOUSE = Path(__file__).resolve().parents[2]
STATEMENT = """# %% [markdown]
# # Numbers
#
# | function | what it does | points |
# |---|---|---|
# | `double` | `2 * x` | 2 |
# | `total` | the sum | 3 |
# | explain | in words | 4 |
#
# It is about mini-batches. See [the wiki](https://example.org) and section 1.5.

# %% nbgrader"""
Faults = dict[str, list[str]]


@pytest.fixture
def faults(
    toy: Course, open_jail: Jail, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], Faults]:
    """Change something in an assignment that is fit; what is found, by the title of the look."""
    monkeypatch.setattr(linting, "Jail", lambda: nullcontext(open_jail))

    def found(old: str, new: str) -> Faults:
        path = toy.source("T1")
        text = path.read_text().replace("# %% nbgrader", STATEMENT, 1)
        assert old in text
        path.write_text(text.replace(old, new))
        return {finding.title: finding.faults for finding in linting.lint(toy, "T1")}

    return found


@pytest.mark.jail
def test_a_fit_assignment_passes_and_its_course_stays_as_it_is(
    toy: Course, faults: Callable[[str, str], Faults]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in toy.root.rglob("*") if path.is_file()}
    found = faults("", "")
    assert not any(found.values()), found
    assert len(found) == 11
    after = {path: path.stat().st_mtime_ns for path in toy.root.rglob("*") if path.is_file()}
    assert before.keys() == after.keys()
    assert [path for path in before if before[path] != after[path]] == [toy.source("T1")]


@pytest.mark.jail
@pytest.mark.parametrize(
    ("old", "new", "title", "words"),
    [
        ("def total(x):", "def total(x:", "syntax", "line 40: "),
        ("    ### END SOLUTION", "", "markers", "does not pair up"),
        (" SOLUTION\n", " solution\n", "markers", "line 27: '### BEGIN solution' is no marker"),
        ("3 * (total", "points = 3 * (total", "release", "'total' must end in an expression"),
        ("| 3 |", "| 5 |", "points", "`total`: the table says 5 points, its cell 3"),
        ("| 4 |", "| 1 |", "points", "adds up to 6 points, the cells to 9"),
        ("# | `total` | the sum | 3 |\n", "", "points", "no row for `total`"),
        ("https://example.org", "data.csv", "links", "data.csv: there is no such file"),
        ("section 1.5", "section 77.5", "links", "section 77: the book has no such chapter"),
        ("mini-batches", "minibatches", "terms", "'minibatches', the glossary 'mini-batch'"),
        ("It is about", "return float(x.sum())\n#", "leaks", "return float(x.sum())"),
        ("return 2 * x,", "return 3 * x,", "solution", "`double` earns 0 of 2, wrong"),
        ("3 * (total(np.arange(4.0)) == 6.0)", "1", "empty submission", "`total` gives 1 points"),
    ],
)
def test_a_fault_is_found(
    old: str, new: str, title: str, words: str, faults: Callable[[str, str], Faults]
) -> None:
    assert words in " ".join(faults(old, new)[title])


def test_an_answer_that_takes_long() -> None:
    questions = [
        QuestionResult("quick", 1, 1, Status.GRADED, seconds=7.4),
        QuestionResult("slow", 1, 1, Status.GRADED, seconds=7.6),
    ]
    result = SubmissionResult("instructor", "T1", "", questions)
    assert [words.split()[0] for words in too_slow(result, 10)] == ["`slow`"]


def test_a_mistake_that_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    relu = QUESTIONS["A0.relu"]
    right = [(MISTAKES["ACT1"], {"relu": lambda x: np.maximum(x, 0)})]
    wrong = [(MISTAKES["ACT1"], {"relu": np.abs})]
    nothing = Manifest("A0", [])
    for replaced, count in ((right, 1), (wrong, 0)):
        monkeypatch.setattr(lint_answers, "with_mistakes", lambda _, found=replaced: found)
        tried, without, faults = surviving_mistakes(nothing, [relu])
        assert (tried, without, len(faults)) == (1, [], count)


@pytest.mark.jail
def test_the_command_says_what_is_wrong_in_its_exit_code(toy: Course) -> None:
    result = CliRunner().invoke(app, ["--course", str(toy.root), "lint", "T1"])
    assert result.exit_code == 1
    assert "✗ points" in result.output
    assert "T1 has 1 fault." in result.output
    result = CliRunner().invoke(app, ["--course", str(toy.root), "lint", "T9"])
    assert result.exit_code == 1
    assert "`autograder new-assignment T9` makes a first draft" in " ".join(result.stderr.split())


@pytest.mark.jail
def test_a_new_assignment_is_fit_as_it_stands(tmp_path: Path) -> None:
    """As in a checkout, in a copy of this one."""
    for folder in ("autograder", "coursepkg"):
        shutil.copytree(
            HOUSE / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(HOUSE / "pyproject.toml", tmp_path)
    shutil.copytree(HOUSE / "assignments" / "source" / "A0", tmp_path / "course" / "source" / "A0")
    shutil.copy(HOUSE / "assignments" / "nbgrader_config.py", tmp_path / "course")

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "autograder", *command],
            cwd=tmp_path / "course",
            env={**os.environ, "PYTHONPATH": str(tmp_path), "COLUMNS": "1000"},
            capture_output=True,
            text=True,
            check=False,
        )

    made = run("new-assignment", "A11")
    assert made.returncode == 0, made.stderr
    looked = run("lint", "A11")
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert looked.stdout.count("✓") == 10  # the glossary is not copied
    assert "3 registered mistakes lose points" in looked.stdout
    again = run("new-assignment", "A11")
    assert again.returncode == 1
    assert "nothing is written over" in again.stderr


@pytest.mark.parametrize("name", ["a11", "A011", "../A11", "B2", ""])
def test_a_name_that_no_assignment_has(toy: Course, name: str) -> None:
    result = CliRunner().invoke(app, ["--course", str(toy.root), "new-assignment", name])
    assert result.exit_code == 1
    assert "A and a number, such as A11" in " ".join(result.stderr.split())
