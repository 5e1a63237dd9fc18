"""The text of assignment A5: its cells, its points, its own solution, its worked examples."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import jupytext
import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.checks import QUESTIONS, Score
from coursepkg.datasets import load_digits

QUESTIONS_OF_A5 = [question for name, question in QUESTIONS.items() if name.startswith("A5.")]
SOURCE = Path(__file__).parents[2] / "assignments" / "source" / "A5" / "A5.py"


@pytest.fixture(scope="module")
def cells() -> list[Any]:
    cells: list[Any] = jupytext.read(SOURCE).cells
    return cells


def marks(cell: Any) -> dict[str, Any]:
    found: dict[str, Any] = cell.metadata.get("nbgrader", {})
    return found


def test_points_of_the_automatic_questions_and_of_the_written_one(
    cells: list[Any], a5_points: dict[str, float]
) -> None:
    points = {marks(c)["grade_id"]: marks(c)["points"] for c in cells if "points" in marks(c)}
    assert points == {**a5_points, "explain_bug": 4}
    assert sum(points.values()) == 40


def test_the_solution_earns_every_point_and_every_cell_runs(cells: list[Any]) -> None:
    namespace: dict[str, Any] = {}
    for cell in cells:
        if cell.cell_type != "code":
            continue
        body, _, last = cell.source.rpartition("\ngrade(")
        with contextlib.redirect_stdout(io.StringIO()):
            exec(body or cell.source, namespace)
            score = eval("grade(" + last, namespace) if body else None
        if score is not None:
            assert isinstance(score, Score)
            assert score == marks(cell)["points"]


def test_the_numbers_in_the_statement_are_those_of_the_checks(cells: list[Any]) -> None:
    """`\\mathrm{dw}=...` in the text against the reference on the worked example."""
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for question in QUESTIONS_OF_A5:
        subject = question.subject
        assert not isinstance(subject, tuple)
        for name, truth in zip(question.tensors, question.truth(subject.example), strict=True):
            if truth.ndim == 0:
                assert f"${truth:.4f}$" in text or f"${truth:g}$" in text
                continue
            shown = rf"\mathrm{{{name}}}"
            if name == "out":
                shown = "Y" if question.name == "A5.linear" else r"\mathrm{out}"
            assert f"{shown}={_latex(truth)}" in text


def _latex(matrix: np.ndarray) -> str:
    rows = np.atleast_2d(np.where(np.abs(matrix) < 1e-12, 0, matrix))
    entries = [
        [f"{value:.4f}" if abs(value - round(value, 1)) > 1e-9 else f"{value:g}" for value in row]
        for row in rows
    ]
    body = r"\\".join("&".join(row) for row in entries)
    return rf"\begin{{pmatrix}}{body}\end{{pmatrix}}"


def test_the_sections_that_reports_name_are_in_the_book() -> None:
    chapter = SOURCE.parents[3] / "book" / "chapters" / "06-backprop-matrices.md"
    headings = re.findall(r"^## (\d+\.\d+) ", chapter.read_text(encoding="utf-8"), re.MULTILINE)
    for question in QUESTIONS_OF_A5:
        number = question.section.removeprefix("section ").split(",")[0]
        assert number in headings


@pytest.mark.parametrize(("batch", "loss", "read"), [(32, 0.27, 93), (256, 2.2, 17)])
def test_the_story_of_the_bug_is_true(cells: list[Any], batch: int, loss: float, read: int) -> None:
    """Train with weight gradients divided by N once more, and compare with the text."""
    digits = load_digits()
    rng = np.random.default_rng(0)
    w1, w2 = rng.normal(0, 1 / 32**0.5, (64, 32)), rng.normal(0, 1 / 32**0.5, (32, 10))
    b1, b2 = np.zeros(32), np.zeros(10)
    x_train, x_test = (x.reshape(len(x), -1) for x in (digits.x_train, digits.x_test))
    for _ in range(20):
        order = rng.permutation(len(x_train))
        for start in range(0, len(order) - batch + 1, batch):
            chosen = order[start : start + batch]
            hidden, first = F.linear(x_train[chosen], w1, b1)
            hidden, gate = F.relu(hidden)
            scores, second = F.linear(hidden, w2, b2)
            cache = F.cross_entropy(scores, digits.y_train[chosen])[1]
            dhidden, dw2, db2 = F.linear_backward(F.cross_entropy_backward(1.0, cache), second)
            _, dw1, db1 = F.linear_backward(F.relu_backward(dhidden, gate), first)
            for parameter, gradient in ((w1, dw1), (b1, db1), (w2, dw2), (b2, db2)):
                parameter -= 1.0 * gradient / batch

    def scores_of(x: np.ndarray) -> np.ndarray:
        return np.asarray(F.linear(F.relu(F.linear(x, w1, b1)[0])[0], w2, b2)[0])

    story = next(cell.source for cell in cells if "A classmate trains" in cell.source)
    final = float(F.cross_entropy(scores_of(x_train), digits.y_train)[0])
    right = float((scores_of(x_test).argmax(axis=1) == digits.y_test).mean())
    assert final == pytest.approx(loss, abs=0.03)
    assert 100 * right == pytest.approx(read, abs=1)
    assert str(loss) in story
    assert f"{read} %" in story
