"""Notebooks made to break the reader: each ends with a status, and the next one is read."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from autograder import packed
from autograder.course import Course
from autograder.intake import MAX_ANSWER, collect, read, submissions
from autograder.manifest import Cell, Manifest
from autograder.rubric import Status

MANIFEST = Manifest("T1", [Cell("f_solution", "solution", "code", 0, "def f(): ...", "", {})])
MARKS = {"nbgrader": {"grade_id": "f_solution"}}


def cell(**changes: Any) -> dict[str, Any]:
    usual = {"cell_type": "code", "metadata": MARKS, "source": "mine", "outputs": []}
    return usual | changes


def notebook(*cells: Any, **changes: Any) -> bytes:
    whole = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole | changes).encode()


def around(inside: bytes) -> bytes:
    return notebook(cell(), metadata={"x": "HERE"}).replace(b'"HERE"', inside)


UNREADABLE = {
    "nothing": b"",
    "NULs": bytes(1000),
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a list": b"[]",
    "a text": b'"cells"',
    "a number": b"7",
    "null": b"null",
    "100,000 lists in each other": around(b"[" * 100_000 + b"]" * 100_000),
    "100,000 dicts in each other": around(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "100,000 cells": notebook(*[cell()] * 100_000),
    "a million empty cells": notebook(*[{}] * 1_000_000),
    "an integer of 10,001 digits": around(b"1" + b"0" * 10_000),
    "cells are a dict": notebook(cells={"0": cell()}),
    "cells are a text": notebook(cells="mine"),
    "no cells": b'{"metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "cells twice": notebook(cell()).replace(b'"nbformat"', b'"cells": null, "nbformat"'),
    "version 3": notebook(nbformat=3, worksheets=[{"cells": [cell()]}]),
    "version 10**18": notebook(nbformat=10**18),
    "version as text": notebook(nbformat="4"),
    "UTF-16": notebook(cell()).decode().encode("utf-16"),
    "broken UTF-8": notebook(cell()).replace(b"mine", b"\xff\xfe"),
}


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_notebook_has_a_status(data: bytes) -> None:
    got = read("ann", data, MANIFEST)
    assert (got.status, got.answers) == (Status.UNREADABLE, None)
    assert "no notebook" in got.remarks[0]


READABLE = {
    "a byte order mark": b"\xef\xbb\xbf" + notebook(cell()),
    "NaN": around(b"[NaN, Infinity, -Infinity, 1e999]"),
    "an integer of 4000 digits": around(b"1" + b"0" * 3999),
    "metadata is a list": notebook(cell(), metadata=[1]),
    "a cell that is a list": notebook([1], cell(), None, 7, "x"),
    "a cell without metadata": notebook({"source": "x"}, cell()),
    "a cell whose metadata is a list": notebook(cell(metadata=[MARKS]), cell()),
    "a grade id that is a list": notebook(cell(metadata={"nbgrader": {"grade_id": ["a"]}}), cell()),
    "a cell type that is a dict": notebook(cell(cell_type={}), cell()),
    "a source in lines": notebook(cell(source=["mi", "ne"])),
    "a source in lists": notebook(cell(source=["mi", [["x"]], None, {"a": 1}, "ne"])),
    "an attachment of 19 MB": notebook(cell(attachments={"a": {"image/png": "A" * 19_000_000}})),
    "100,000 outputs": notebook(cell(outputs=[{"output_type": "x"}] * 100_000)),
    "a grade id twice": notebook(cell()).replace(b'"grade_id"', b'"grade_id": "x", "grade_id"'),
    "version 4.10**18": notebook(cell(), nbformat_minor=10**18),
    "no version of the minor kind": notebook(cell(), nbformat_minor=None),
}


@pytest.mark.parametrize("data", READABLE.values(), ids=READABLE.keys())
def test_what_is_around_an_answer_does_not_matter(data: bytes) -> None:
    got = read("ann", data, MANIFEST)
    assert (got.status, got.answers) == (Status.GRADED, {"f_solution": "mine"})


def test_half_a_character_reaches_no_file() -> None:
    strange = cell(metadata={"nbgrader": {"grade_id": "\ud800"}})
    got = read("ann", notebook(cell(source="\udfff\ud800"), strange), MANIFEST)
    assert got.answers == {"f_solution": "??"}
    "".join(got.remarks).encode()


def test_a_long_answer_is_cut_and_a_long_name_not_repeated() -> None:
    long = cell(metadata={"nbgrader": {"grade_id": "x" * 1_000_000}})
    got = read("ann", notebook(cell(source="x" * 10_000_000), long), MANIFEST)
    assert got.answers == {"f_solution": "x" * MAX_ANSWER}
    assert len("".join(got.remarks)) < 1000


def test_the_densest_notebook_takes_bounded_memory() -> None:
    start, end = notebook(metadata=["HERE"]).split(b'"HERE"')
    data = (
        start + b'{"":0},' * ((packed.MAX_NOTEBOOK - 200) // 70) + b"0" + end
    )  # a tenth of the limit
    tracemalloc.start()
    read("ann", data, MANIFEST)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 * len(data)


def test_a_batch_of_all_of_them_leaves_everybody_a_row(tmp_path: Path) -> None:
    works = {**UNREADABLE, **READABLE}
    (tmp_path / "roster.csv").write_text("id\n" + "".join(f"s{i}\n" for i in range(len(works))))
    for number, data in enumerate(works.values()):
        (tmp_path / "inbox" / f"s{number}").mkdir(parents=True)
        (tmp_path / "inbox" / f"s{number}" / "T1.ipynb").write_bytes(data)
    course = Course(tmp_path)
    assert set(collect(course, "T1", tmp_path / "inbox").values()) == {"collected"}
    got = [submission.status for submission in submissions(course, MANIFEST)]
    assert got.count(Status.UNREADABLE) == len(UNREADABLE)
    assert got.count(Status.GRADED) == len(READABLE)
