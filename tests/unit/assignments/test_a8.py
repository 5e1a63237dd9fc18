"""The numbers in the text of assignment 8, its points, and what counts as fast."""

from time import sleep

import numpy as np
import pytest

from coursepkg.checks import QUESTIONS
from coursepkg.checks.adequacy import graded
from coursepkg.checks.question import Pair, Single
from coursepkg.checks.speed import is_fast
from tests.unit.assignments.answers_a8 import conv_pixels, conv_rows
from tests.unit.assignments.solutions import cells, marks, solution

TEXT = "\n".join(cell.source for cell in cells("A8") if cell.cell_type == "markdown")


def latex(matrix: np.ndarray) -> str:
    rows = matrix.reshape(-1, matrix.shape[-1])
    body = r"\\".join("&".join(f"{value:g}" for value in row) for row in rows)
    return rf"\begin{{pmatrix}}{body}\end{{pmatrix}}"


def test_all_points_make_45() -> None:
    assert sum(marks(cell).get("points", 0) for cell in cells("A8")) == 45


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name.startswith("A8.")])
def test_the_statement_shows_the_worked_example(name: str) -> None:
    question = QUESTIONS[name]
    if isinstance(question.subject, tuple) or name == "A8.conv_out_size":
        return
    assert isinstance(question.subject, Pair | Single)
    for tensor, truth in zip(
        question.tensors, question.truth(question.subject.example), strict=True
    ):
        shown = "x" if tensor == "x" else rf"\mathrm{{{tensor}}}"
        assert f"{shown}={latex(truth)}" in TEXT


def test_the_table_of_sizes_is_right() -> None:
    rows = [line.split("|")[1:-1] for line in TEXT.split("\n") if line.startswith("| ")]
    sizes = [tuple(map(int, row)) for row in rows if all(x.strip().isdigit() for x in row)]
    assert len(sizes) == 5
    for size, kernel, stride, padding, windows in sizes:
        assert solution("A8")["conv_out_size"](size, kernel, stride, padding) == windows


def test_a_loop_over_pixels_loses_the_points_for_speed_and_no_others() -> None:
    report = graded("A8.conv2d", {**solution("A8"), "conv2d": conv_pixels}, b"seed")
    assert [finding.part for finding in report.findings if not finding.ok] == ["speed"]
    assert report.earned == 0.9
    assert "a loop in Python over all windows" in str(report)


def test_a_loop_over_rows_is_fast_enough() -> None:
    report = graded("A8.conv2d", {**solution("A8"), "conv2d": conv_rows}, b"seed")
    assert report.ok


def test_one_slow_moment_is_forgiven() -> None:
    waits = iter([0.3])
    assert is_fast(lambda: sleep(next(waits, 0.0)), 10_000)
