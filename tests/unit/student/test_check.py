"""`coursepkg check`: a fresh process, one result for each question, whatever the code does."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from coursepkg.checks import check
from coursepkg.student import show
from coursepkg.student.cli import app
from tests.unit.student.class_of_one import (
    LINEAR_BACKWARD,
    NOT_SUMMED,
    NOT_WRITTEN,
    begun,
    cell,
    cells,
    write,
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def coursepkg(*words: str) -> Result:
    return CliRunner().invoke(app, words, env={"COLUMNS": "100"})


def overview(text: str) -> dict[str, list[str]]:
    """The columns behind each question of the table."""
    rows = [line.split() for line in text.split("\n") if line.startswith("A5.")]
    return {row[0]: row[1:] for row in rows if ":" not in row[0]}


def test_right_answers_end_with_0_and_are_not_called_the_end(here: Path) -> None:
    begun(here / "A5", cells())
    result = coursepkg("check", "A5")
    assert result.exit_code == 0, result.output
    assert overview(result.output) == {
        "A5.linear": ["3", "6", "of", "6", "right", "so", "far"],
        "A5.linear_backward": ["5", "12", "of", "12", "right", "so", "far"],
        "A5.relu": ["1", "6", "of", "6", "right", "so", "far"],
    }
    assert "public checks 24 of 24;\nhidden checks run after submission: other seeds, N = 1" in (
        result.output
    )
    assert "all tests" not in result.output.lower()


def test_one_question_has_the_text_of_the_notebook(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(here, cells(linear_backward=NOT_SUMMED))
    result = coursepkg("check", "A5.linear_backward")
    assert result.exit_code == 1
    namespace: dict[str, Any] = {"check": check}
    capsys.readouterr()
    for each in cells(linear_backward=NOT_SUMMED)[:5]:
        if each["source"] != 'check("A5.linear")':
            exec(each["source"], namespace)
    assert result.output == capsys.readouterr().out
    assert "db is wrong; dx, dw are right" in result.output


def test_what_is_wrong_is_reported_in_full_and_what_is_not_begun_in_brief(here: Path) -> None:
    begun(here, cells(linear_backward=NOT_SUMMED, relu=NOT_WRITTEN))
    result = coursepkg("check", "A5")
    assert result.exit_code == 1
    assert "ask yourself How many numbers does b hold, and how many does your db?" in result.output
    assert overview(result.output)["A5.relu"] == ["1", "0", "of", "6", "no", "answer", "yet"]
    assert "relu is not written yet" not in result.output


def test_a_cell_that_raises_is_named_with_its_line_and_the_rest_goes_on(here: Path) -> None:
    broken = "def linear_backward(dout, cache):\n    return (dout"
    raises = cell("", "a = 1\nb = [][a]")
    begun(here, [raises, *cells(linear_backward=broken)])
    result = coursepkg("check", "A5")
    assert result.exit_code == 1
    assert "cell 1 (a = 1), line 2: IndexError: list index out of range" in result.output
    assert "cell 5 (def linear_backward(dout, cache):), line 2: SyntaxError: " in result.output
    assert overview(result.output)["A5.linear"][-3:] == ["right", "so", "far"]
    assert overview(result.output)["A5.relu"][-3:] == ["right", "so", "far"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "while True:\n        try:\n            while True: pass\n        except: pass",
            "stopped",
        ),
        ("import os; os._exit(3)", "it ended the whole process (exit code 3)"),
    ],
)
def test_a_question_that_hangs_or_dies_costs_only_itself(here: Path, body: str, words: str) -> None:
    begun(here, cells(linear_backward=f"def linear_backward(dout, cache):\n    {body}"))
    result = coursepkg("check", "A5", "--seconds", "2")
    assert result.exit_code == 1
    assert f"A5.linear_backward: no answer\n  problem      {words}" in result.output
    assert "public checks 12 of 12, and 1 without an answer;" in result.output


def test_a_cell_that_hangs_is_left_out(here: Path) -> None:
    begun(here, [*cells()[:3], cell("", "while True: pass"), *cells()[3:]])
    result = coursepkg("check", "A5", "--seconds", "2")
    assert "cell 4 (while True: pass), stopped after 2 s: is there a loop" in result.output
    assert "public checks 24 of 24" in result.output
    assert result.exit_code == 1


def test_a_cell_uses_magics_reads_input_and_shows_things(here: Path) -> None:
    magic = "%matplotlib inline\n!echo hello\nfor i in range(2):\n    %time i\ndisplay(i)\nprint(i)"
    begun(here, [cell("", magic), cell("", "%%time\nnothing here"), *cells()])
    assert coursepkg("check", "A5").exit_code == 0
    begun(here, [cell("", "input()"), *cells()])
    assert "line 1: EOFError" in coursepkg("check", "A5").output


def test_deleted_copied_and_moved_test_cells_change_nothing(here: Path) -> None:
    first, *rest = cells()
    begun(here, [first, *(c for c in rest if c["metadata"]["nbgrader"]["grade_id"] != "relu"),
                 rest[1]])  # fmt: skip
    result = coursepkg("check", "A5")
    assert result.exit_code == 0
    assert list(overview(result.output)) == ["A5.linear", "A5.linear_backward", "A5.relu"]


def test_a_path_names_a_notebook_too(here: Path) -> None:
    write(here / "work" / "mine.ipynb", cells())
    result = coursepkg("check", "work/mine.ipynb")
    assert "public checks 24 of 120" in result.output  # it is A5, of which most was cut out
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("A7", r"there is no A7.ipynb here, nor A7/A7.ipynb"),
        ("A5.nothing", r"no question is called A5.nothing; there are: A5.linear, A5.lin"),
        ("none.ipynb", r"there is no notebook none.ipynb"),
        ("cut.ipynb", r"cut.ipynb is no notebook that can be read (JSONDecodeError)"),
        ("list.ipynb", r"list.ipynb is no notebook that can be read"),
        ("old.ipynb", r"old.ipynb is no notebook that can be read (ValueError)"),
    ],
)
def test_what_cannot_be_tried_ends_with_2_and_a_line(here: Path, what: str, words: str) -> None:
    notebook = begun(here, cells())
    (here / "cut.ipynb").write_text(notebook.read_text()[:300])
    (here / "list.ipynb").write_text("[1]")
    (here / "old.ipynb").write_text('{"nbformat": 3, "cells": []}')
    result = coursepkg("check", what)
    assert result.exit_code == 2
    assert words in result.output
    assert result.output.count("\n") == 1


def test_a_folder_that_keeps_nothing_is_checked_all_the_same(here: Path) -> None:
    write(here / "A5.ipynb", cells())
    (here / ".coursepkg").write_text("a file where the memory should be")
    result = coursepkg("check", "A5.linear")
    assert result.exit_code == 0, result.output
    assert "A5.linear: right so far" in result.output


def test_hints_come_closer_one_at_a_time(here: Path) -> None:
    begun(here, cells(linear_backward=NOT_SUMMED))
    said = [coursepkg("hint", "A5.linear_backward").output for _ in range(4)]
    assert [text.count("  hint ") for text in said] == [1, 2, 3, 3]
    assert said[3] == said[2]
    assert "db has one row for every sample" in said[2]
    other = LINEAR_BACKWARD.replace("dw =", "dw = 2 *")
    begun(here, cells(linear_backward=other))
    assert coursepkg("hint", "A5.linear_backward").output.count("  hint ") == 1
    begun(here, cells())
    assert "right so far" in coursepkg("hint", "A5.linear_backward").output


def test_status_tells_what_is_open_and_survives_a_damaged_journal(here: Path) -> None:
    assert "Nothing was started or checked here" in coursepkg("status").output
    begun(here / "A5", cells(relu=NOT_WRITTEN))
    coursepkg("check", "A5")
    journal = here / "A5" / ".coursepkg" / "journal.jsonl"
    journal.write_text(journal.read_text() + '{"time": "2026-0\n[3]\n{"question": 3}\n')
    text = coursepkg("status").output
    assert "A5: 2 of 3 questions right so far, worth 8 of 9 points" in text
    assert [row[:1] for row in map(str.split, text.split("\n")[2:]) if row] == [["A5.relu"]]
    assert "0 of 6" in text


def test_in_a_terminal_only_the_verdict_is_red() -> None:
    shown = show.report(
        "A5.relu: out is wrong\n  problem      none\n  public checks 1 of 6", ok=False
    )
    red = [shown.plain[span.start : span.end] for span in shown.spans if "red" in str(span.style)]
    assert red == ["A5.relu: out is wrong"]
    assert shown.style == ""


def test_with_numpy_alone_it_says_what_to_install(here: Path) -> None:
    (here / "typer.py").write_text("raise ModuleNotFoundError('no typer', name='typer')")
    done = subprocess.run(
        [sys.executable, "-m", "coursepkg", "check", "A5"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr == "coursepkg needs typer: pip install 'coursepkg[student]'\n"
