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

SOURCE = Path(__file__).parents[2] / "assignments" / "source" / "A5" / "A5.py"


@pytest.fixture(scope="module")
def cells() -> list[Any]:
    cells: list[Any] = jupytext.read(SOURCE).cells
    return cells


def marks(cell: Any) -> dict[str, Any]:
    found: dict[str, Any] = cell.metadata.get("nbgrader", {})
    return found


def test_points_of_the_automatic_questions_and_of_the_written_one(
    cells: list[Any], a5_points: dict[str, int]
) -> None:
    points = {marks(c)["grade_id"]: marks(c)["points"] for c in cells if "points" in marks(c)}
    assert points == {**a5_points, "explain_bug": 4}
    table = next(cell.source for cell in cells if "| function |" in cell.source)
    for name, worth in a5_points.items():
        assert f"| `{name}` |" in table
        assert next(row for row in table.split("\n") if f"`{name}`" in row).endswith(f"| {worth} |")


def test_each_question_has_a_solution_cell_and_a_test_cell_with_hidden_tests(
    cells: list[Any], a5_points: dict[str, int]
) -> None:
    by_name = {marks(cell)["grade_id"]: cell for cell in cells if marks(cell)}
    assert {f"A5.{name}" for name in a5_points} == set(QUESTIONS)
    for name, worth in a5_points.items():
        solution, test = by_name[f"{name}_solution"], by_name[name]
        assert f"def {name}(" in solution.source.split("### BEGIN SOLUTION")[0]
        visible, hidden = test.source.split("### BEGIN HIDDEN TESTS\n")
        assert visible == f'check("A5.{name}")\n'
        assert hidden == f'grade("A5.{name}", points={worth})\n### END HIDDEN TESTS'


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
    for question in QUESTIONS.values():
        for name, truth in zip(
            question.tensors, question.truth(question.pair.example), strict=True
        ):
            if question.name == "A5.softmax_ce":
                assert f"${truth:.4f}$" in text
                continue
            shown = "Y" if question.name == "A5.linear" else rf"\mathrm{{{name}}}"
            assert f"{shown}={_latex(truth)}" in text


def _latex(matrix: np.ndarray) -> str:
    rows = np.atleast_2d(np.where(np.abs(matrix) < 1e-12, 0, matrix))
    entries = [
        [f"{value:g}" if value == round(value, 1) else f"{value:.4f}" for value in row]
        for row in rows
    ]
    body = r"\\".join("&".join(row) for row in entries)
    return rf"\begin{{pmatrix}}{body}\end{{pmatrix}}"


def test_the_sections_that_reports_name_are_in_the_book() -> None:
    chapter = SOURCE.parents[3] / "book" / "chapters" / "06-backprop-matrices.md"
    headings = re.findall(r"^## (\d+\.\d+) ", chapter.read_text(encoding="utf-8"), re.MULTILINE)
    for question in QUESTIONS.values():
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
