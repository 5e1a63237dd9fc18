"""`coursepkg pack`: a clean run, everything that is not as it should be, a zip with a receipt."""

import hashlib
import json
import zipfile
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner, Result

from coursepkg.student.cli import app
from coursepkg.student.compare import differences, not_written, secrets
from coursepkg.student.notebook import Cell, cells_of
from tests.unit.student.class_of_one import NOT_WRITTEN, begun, cell, cells


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def coursepkg(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def read_cells(raw: list[dict]) -> list[Cell]:
    return cells_of({"nbformat": 4, "cells": raw})


def test_right_work_is_packed_without_outputs_and_with_a_receipt(here: Path) -> None:
    raw = cells()
    raw[2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "shown before"}]
    raw[2]["execution_count"] = 7
    begun(here, raw)
    before = (here / "A5.ipynb").read_bytes()
    result = coursepkg("pack", "A5", "--id", "ada")
    assert result.exit_code == 0, result.output
    (path,) = here.glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["ada/A5.ipynb", "ada/receipt.txt"]
        packed, receipt = map(archive.read, archive.namelist())
    digest = hashlib.sha256(packed).hexdigest()
    assert path.name == f"A5_ada_{digest[:8]}.zip"
    assert f"sha256 {digest}" in receipt.decode()
    assert "checks 24 of 24; 3 of 3 questions right so far" in receipt.decode()
    assert receipt.decode() in result.output
    notebook = nbformat.reads(packed.decode(), as_version=4)
    nbformat.validate(notebook)
    assert [cell.source for cell in notebook.cells] == [cell["source"] for cell in raw]
    assert not any(cell.outputs or cell.execution_count for cell in notebook.cells)
    assert (here / "A5.ipynb").read_bytes() == before


def test_what_is_wrong_is_said_and_packed_all_the_same(here: Path) -> None:
    raw = [cell("", "x = 1\nnothing_of_that_name"), *cells(relu=NOT_WRITTEN)]
    begun(here, [*raw, cell("", "def f(:"), cell("", "while True: pass"), cell("", "1 / 0")])
    result = coursepkg("pack", "A5", "--id", "ada", "--seconds", "5")
    assert result.exit_code == 1
    remarks = [line for line in result.output.split("\n") if line.startswith("remark")]
    for remark, words in zip(
        remarks,
        [
            "cell 7 (def relu(x):), line 2: NotImplementedError is still there",
            "cell 1 (x = 1), line 2: NameError: name 'nothing_of_that_name' is not defined",
            "cell 9 (def f(:), line 1: SyntaxError: invalid syntax",
            "cell 10 (while True: pass) ran longer than 5 s; what stands after it was not run",
        ],
        strict=True,
    ):
        assert words in remark
    assert len(list(here.glob("*.zip"))) == 1


def test_deleted_copied_and_changed_cells_are_named() -> None:
    released = read_cells(cells(*["raise NotImplementedError"] * 3))
    imports, linear, check, *rest = cells()
    changed = {**check, "source": 'check("A5.relu")'}
    found = list(differences(read_cells([linear, linear, changed, *rest[1:]]), released))
    assert [text.split(":")[0] for text in found] == [
        "the cell imports (import numpy as np) was deleted",
        "the cell linear_solution (raise NotImplementedError) is there 2 times, as cells 1 and 2",
        'the cell linear (check("A5.linear")) was changed',
        "the cell linear_backward_solution (raise NotImplementedError) was deleted",
    ]
    assert list(differences(read_cells(cells()), released)) == []
    assert imports["source"].startswith("import numpy")


def test_a_cell_that_ends_the_kernel_is_named(here: Path) -> None:
    begun(here, [cell("", "import os; os._exit(1)"), *cells()])
    result = coursepkg("pack", "A5", "--id", "ada")
    assert "cell 1 (import os; os._exit(1)) ended the kernel; what stands" in result.output


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("def f():\n    raise NotImplementedError", [2]),
        (
            "def f():\n    pass\n    raise NotImplementedError('x')\nraise NotImplementedError",
            [3, 4],
        ),
        ("def f():\n    raise ValueError", []),
        ("try:\n    f()\nexcept NotImplementedError:\n    pass", []),
        ("def f(:\n    raise NotImplementedError", []),
    ],
)
def test_what_is_not_written_yet_is_found_by_its_line(source: str, lines: list[int]) -> None:
    found = not_written(read_cells([cell("f_solution", source, solution=True)]))
    assert sorted(int(text.split(" line ")[1].split(":")[0]) for text in found) == lines
    assert not list(not_written(read_cells([cell("f", source)])))


@pytest.mark.parametrize(
    "key",
    [
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "AKIA" + 16 * "Q",
        "ghp_" + 36 * "a",
        "github_pat_" + 30 * "a",
        "hf_" + 34 * "a",
        "sk-" + 40 * "a",
        "xoxb-" + 20 * "1",
        "AIza" + 35 * "b",
    ],
)
def test_a_key_is_found_and_not_repeated(key: str) -> None:
    found = list(secrets(read_cells([cell("", f"import os\nos.environ['X'] = '{key}'")])))
    assert len(found) == 1
    assert found[0].endswith("line 2: this looks like a key to an account of yours; take it out")
    assert key not in found[0]


@pytest.mark.parametrize("line", ["risk-free = 1", "# ask-me-anything-about-this-task", "hf_x = 1"])
def test_what_only_looks_like_a_key_a_little_is_let_through(line: str) -> None:
    assert list(secrets(read_cells([cell("", line)]))) == []


def test_who_you_are_is_asked_once(here: Path) -> None:
    begun(here, [])
    unknown = coursepkg("pack", "A5")
    assert unknown.exit_code == 2
    assert "coursepkg pack A5 --id YOUR-ID" in unknown.output
    wrong = coursepkg("pack", "A5", "--id", "../ada")
    assert wrong.exit_code == 2
    assert "'../ada' can be no id" in wrong.output
    (here / ".coursepkg" / "id").write_text("ada")
    begun(here, cells())
    assert "Receipt: A5 of ada" in coursepkg("pack", "A5").output


def test_a_notebook_that_is_too_large_is_named(here: Path) -> None:
    begun(here, [*cells(), {**cell("", ""), "source": "# " + 21 * 2**20 * "x"}])
    result = coursepkg("pack", "A5", "--id", "ada")
    assert "too large (21 MB without outputs, 20 MB are taken)" in result.output


def test_no_notebook_no_pack(here: Path) -> None:
    (here / "A5.ipynb").write_text(json.dumps([]))
    result = coursepkg("pack", "A5", "--id", "ada")
    assert result.exit_code == 2
    assert "A5.ipynb is no notebook that can be read" in result.output
