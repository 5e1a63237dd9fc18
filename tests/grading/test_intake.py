"""Whatever arrives, everybody keeps a row, and only the solution cells count."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import intake, packed
from autograder.course import Course, CourseError
from autograder.intake import collect, read, submissions
from autograder.manifest import Manifest
from autograder.rubric import Status

HandIn = Callable[..., Path]


def _outcome(course: Course) -> dict[str, str]:
    return collect(course, "T1", course.root / "inbox")


def _notebook(hand_in: HandIn) -> nbformat.NotebookNode:
    return nbformat.read(hand_in("ann"), as_version=4)


def _read(notebook: nbformat.NotebookNode, manifest: Manifest) -> intake.Submission:
    return read("ann", json.dumps(notebook).encode(), manifest)


def _cell(notebook: nbformat.NotebookNode, name: str) -> Any:
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def test_everybody_on_the_roster_gets_a_row(toy: Course, hand_in: HandIn) -> None:
    hand_in("ann")
    hand_in("stranger")
    assert _outcome(toy) == {
        "ann": "collected",
        "ben": "missing",
        "cay": "missing",
        "dee": "missing",
        "stranger": "not on the roster",
    }
    got = submissions(toy, Manifest.load(toy.manifest("T1")))
    assert [s.student for s in got] == ["ann", "ben", "cay", "dee"]
    assert got[0].answers is not None
    assert got[1].status is Status.MISSING


def test_links_pipes_and_large_files_are_refused(
    toy: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = toy.root / "inbox"
    secret = toy.manifest("T1")
    for name in ("ann", "cay"):
        (inbox / name).mkdir(parents=True)
    (inbox / "ann" / "T1.ipynb").symlink_to(secret)
    (inbox / "ben").symlink_to(secret.parent)
    os.mkfifo(inbox / "cay" / "T1.ipynb")
    monkeypatch.setattr(packed, "MAX_NOTEBOOK", 100)
    hand_in("dee")
    outcome = _outcome(toy)
    assert list(outcome) == ["ann", "ben", "cay", "dee"]
    assert {words.split(":")[0] for words in outcome.values()} == {"refused"}
    assert not (toy.root / "submitted").exists()
    unreadable = submissions(toy, Manifest.load(toy.manifest("T1")))
    assert {s.status for s in unreadable} == {Status.UNREADABLE}
    assert "symbolic link" in unreadable[0].remarks[0]


def test_a_zip_file_may_hold_anything(toy: Course, hand_in: HandIn, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    link = zipfile.ZipInfo("export/ben/T1.ipynb")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(hand_in("ann"), "export/ann/T1.ipynb")
        archive.writestr(link, "/etc/passwd")
        archive.writestr("../../evil/T1.ipynb", "{}")
        archive.writestr("/tmp/cay\n/T1.ipynb", "{}")
    outcome = collect(toy, "T1", path)
    assert outcome["ann"] == "collected"
    assert outcome["ben"].startswith("refused")
    assert outcome["cay"] == "missing"
    assert not (toy.root.parent / "evil").exists()


def test_an_inbox_that_is_not_there(toy: Course, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no inbox"):
        collect(toy, "T1", tmp_path / "nowhere")
    (tmp_path / "text.zip").write_text("no zip file")
    with pytest.raises(CourseError, match="no zip file"):
        collect(toy, "T1", tmp_path / "text.zip")


def test_clean_work_has_no_remarks(manifest: Manifest, hand_in: HandIn) -> None:
    submission = _read(_notebook(hand_in), manifest)
    assert submission.remarks == []
    assert submission.answers is not None
    assert "x + x" in submission.answers["double_solution"]


def test_deleted_cells(manifest: Manifest, hand_in: HandIn) -> None:
    notebook = _notebook(hand_in)
    for name in ("double", "total_solution"):
        notebook.cells.remove(_cell(notebook, name))
    submission = _read(notebook, manifest)
    assert submission.answers is not None
    assert "NotImplementedError" in submission.answers["total_solution"]
    assert any("`double` was deleted" in remark for remark in submission.remarks)
    assert any("`total_solution` was missing" in remark for remark in submission.remarks)


def test_of_duplicates_the_last_changed_one_counts(manifest: Manifest, hand_in: HandIn) -> None:
    notebook = _notebook(hand_in)
    original = _cell(notebook, "double_solution")
    untouched = manifest.answers["double_solution"].source
    for source in ("def double(x): return 'mine'", untouched):
        notebook.cells.append({**original, "id": str(len(notebook.cells)), "source": source})
    submission = _read(notebook, manifest)
    assert submission.answers is not None
    assert submission.answers["double_solution"] == "def double(x): return 'mine'"
    assert any("3 times" in remark for remark in submission.remarks)


def test_changed_forged_and_extra_cells_change_nothing(manifest: Manifest, hand_in: HandIn) -> None:
    notebook = _notebook(hand_in)
    clean = _read(notebook, manifest)
    _cell(notebook, "total").source = "3.0"
    forged = {"grade": True, "grade_id": "bonus", "points": 100, "solution": False}
    notebook.cells.append(
        nbformat.v4.new_code_cell("100", metadata={"nbgrader": forged}, id="forged")
    )
    notebook.cells.append(nbformat.v4.new_code_cell("helper = 1", id="extra"))
    submission = _read(notebook, manifest)
    assert submission.answers == clean.answers
    remarks = "\n".join(submission.remarks)
    for words in ("`total` was changed", "`bonus` belongs to no", "1 code cell(s) of your own"):
        assert words in remarks


def test_order_is_restored(manifest: Manifest, hand_in: HandIn) -> None:
    notebook = _notebook(hand_in)
    clean = _read(notebook, manifest)
    notebook.cells.reverse()
    submission = _read(notebook, manifest)
    assert submission.answers == clean.answers
    assert any("original order" in remark for remark in submission.remarks)


BROKEN = {
    "empty": b"",
    "half": b'{"cells": [',
    "no notebook": b"[1, 2]",
    "not text": b"\xff\xfe\x00",
    "deep": b"[" * 100_000,
    "cells of another kind": b'{"cells": 7, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "many cells": json.dumps(
        {"cells": [{}] * 3000, "nbformat": 4, "nbformat_minor": 4, "metadata": {}}
    ).encode(),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_notebook_is_unreadable(data: bytes, manifest: Manifest) -> None:
    submission = read("ann", data, manifest)
    assert submission.status is Status.UNREADABLE
    assert submission.answers is None
    assert "no notebook" in submission.remarks[0]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "metadata", "nbgrader", "grade_id", "source", "cell_type"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(cells=st.lists(json_values, max_size=4))
def test_no_notebook_stops_intake(cells: list[Any], manifest: Manifest) -> None:
    data = {"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    submission = read("ann", json.dumps(data).encode(), manifest)
    json.dumps(submission.remarks).encode()
    assert submission.status in (Status.GRADED, Status.UNREADABLE)
