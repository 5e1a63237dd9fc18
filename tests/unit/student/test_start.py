"""`coursepkg start` and `doctor`: a folder to work in, on a machine that can."""

import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner, Result

from coursepkg.student import doctor
from coursepkg.student.cli import app
from coursepkg.student.notebook import read
from coursepkg.student.release import starters
from coursepkg.student.start import notebook_of
from tests.unit.student.class_of_one import cells, write


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def coursepkg(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_a_folder_with_the_notebook_as_released_and_what_to_do(here: Path) -> None:
    result = coursepkg("start", "A5")
    assert result.exit_code == 0, result.output
    notebook = nbformat.read(here / "A5" / "A5.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert [cell.source for cell in notebook.cells] == [
        cell.source for cell in notebook_of(starters()["A5"]).cells
    ]
    readme = (here / "A5" / "README.md").read_text()
    assert "17 questions, 40 points." in readme
    for command in ("check A5", "check A5.linear", "hint A5.linear", "status", "pack A5 --id"):
        assert f"coursepkg {command}" in readme


def test_what_is_there_is_never_written_over(here: Path) -> None:
    (here / "A0").mkdir()
    (here / "A0" / "README.md").write_text("my notes")
    assert coursepkg("start", "A0").exit_code == 0
    assert (here / "A0" / "README.md").read_text() == "my notes"
    (here / "A0" / "A0.ipynb").write_text("my work")
    again = coursepkg("start", "A0")
    assert again.exit_code == 2
    assert "is there already, and stays as it is" in again.output
    assert (here / "A0" / "A0.ipynb").read_text() == "my work"
    assert coursepkg("start", "A0", "--to", "again").exit_code == 0


@pytest.mark.parametrize("packed", [False, True])
def test_the_release_of_an_instructor(here: Path, packed: bool) -> None:
    path = write(here / "release" / "A5" / "A5.ipynb", cells(linear="pass  # another one"))
    if packed:
        with zipfile.ZipFile(here / "release.zip", "w") as archive:
            archive.write(path, "class/A5/A5.ipynb")
    result = coursepkg("start", "A5", "--from", "release.zip" if packed else "release")
    assert result.exit_code == 0, result.output
    assert [cell.source for cell in read(here / "A5" / "A5.ipynb")] == [
        cell.source for cell in read(path)
    ]


def test_the_deadline_is_told_where_it_is_known(here: Path) -> None:
    path = write(here / "release" / "A5" / "A5.ipynb", cells())
    assert coursepkg("start", "A5", "--from", "release", "--to", "one").exit_code == 0
    assert "When it is due" in (here / "one" / "README.md").read_text()
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["course"] = {"due": "2026-12-01 23:59 CET"}
    nbformat.write(notebook, path)
    assert coursepkg("start", "A5", "--from", "release", "--to", "two").exit_code == 0
    assert "Due: 2026-12-01 23:59 CET, if" in (here / "two" / "README.md").read_text()


def test_what_cannot_be_started_is_said_in_a_line(here: Path) -> None:
    (here / "empty").mkdir()
    (here / "no.zip").write_text("no zip")
    (here / "bad").mkdir()
    (here / "bad" / "A5.ipynb").write_text("{}")
    for words, said in {
        ("A99",): "no assignment is called 'A99'; there are: A0, A1, A2",
        ("../A5",): "no assignment is called",
        ("A5", "--from", "nowhere"): "there is no nowhere",
        ("A5", "--from", "empty"): "there is no A5.ipynb in empty",
        ("A5", "--from", "no.zip"): "no.zip is no zip file that can be read",
        ("A5", "--from", "bad"): "A5.ipynb in bad is no notebook that can be read",
    }.items():
        result = coursepkg("start", *words)
        assert result.exit_code == 2
        assert said in result.output
        assert result.output.count("\n") == 1
    assert not (here / "A5").exists()


def test_a_sound_machine_is_well(here: Path) -> None:
    found = {finding.what: finding for finding in doctor.examine_machine(here)}
    assert list(found) == ["Python", "NumPy", "kernel", "disk"]
    assert found["Python"].works
    assert found["NumPy"].works
    assert found["kernel"].works, found["kernel"]


def test_a_kernel_that_does_not_start_is_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_kernel(**how: object) -> None:
        raise RuntimeError("Kernel died before replying to kernel_info")

    monkeypatch.setattr("jupyter_client.manager.start_new_kernel", no_kernel)
    found = {finding.what: finding for finding in doctor.examine_machine(here)}
    assert not found["kernel"].works
    assert "Kernel died" in found["kernel"].found
    assert "ipykernel install" in found["kernel"].remedy


def test_each_ailment_is_named_with_its_remedy(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 2, "final", 0))
    monkeypatch.setattr(doctor, "_version", {"numpy": "1.26.4"}.get)
    monkeypatch.setattr(doctor, "DISK", 2**80)
    monkeypatch.setitem(sys.modules, "jupyter_client.kernelspec", None)
    result = CliRunner().invoke(app, ["doctor"], env={"COLUMNS": "200"})
    assert result.exit_code == 1
    rows = result.output.split("\n")[1:5]
    for row, remedy in zip(
        rows,
        ["3.11 or newer", "numpy>=2.0", "coursepkg[student]", "0.2 GB"],
        strict=True,
    ):
        assert "missing" in row
        assert remedy in row
