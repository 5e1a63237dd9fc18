"""Chapter 6: what the lectures say is there, and every number was computed."""

import re

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg import functional as F

ROWS = {  # deck row -> what a reader must be able to read about it
    86: ["ValueError", "denominator layout", "numerator layout"],
    87: ["16,777,216", "167,772,160,000", "diagonal"],
    88: ["[0.22 0.26]", "f = 0.116", "[[0.088, 0.176], [0.104, 0.208]]", "[-0.112, 0.636]"],
    89: ["Frobenius", "dW1", "dW2"],
    90: ["toynn_Linear", "scores_grads.sum(0)"],
    91: ["Make sure the backward pass is absolutely clear", "kink"],
    92: ["printed / true = 256.0000", "add_(-learningRate, grads)"],
    93: ["step 0: 30,074.6", "step 1999: 3.50", "613.39", "609.10"],
    94: ["Stage your forward/backward computation!", "dh1, dW2, db2"],
    95: ["Backward Pass for Some Common Layers", "You will do this for Assignment 6"],
}


@pytest.fixture(scope="module")
def text(chapter: BeautifulSoup) -> str:
    article = chapter.find("article")
    assert article is not None
    return re.sub(r"\s+", " ", article.get_text())


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    assert re.search(rf"^% deck row {row}$", source, re.M)
    for passage in ROWS[row]:
        assert passage in text, passage


def test_pasted_numbers_are_the_right_ones(text: str) -> None:
    """Deck rows 87 and 93, and the fixed point that exercise 6 derives."""
    assert f"{4096**2:,}" in text
    assert f"{(100 * 4096) ** 2:,}" in text
    randn = np.random.default_rng(0).standard_normal
    x, y, w1, w2 = randn((64, 1000)), randn((64, 10)), randn((1000, 100)), randn((100, 10))
    hidden = F.sigmoid(x @ w1)[0]
    assert f"step 0: {np.square(hidden @ w2 - y).sum():,.1f}" in text
    saturated = np.mean(hidden * (1 - hidden) < 0.01)
    assert f"{100 * saturated:.0f} % of the units start saturated" in text
    assert f"= {np.square(y).sum():.2f}" in text


def test_answer_boxes_hold_what_a_computation_gives(chapter: BeautifulSoup) -> None:
    W, x = np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([0.4, 0.2])
    by_hand = F.linear_backward(
        np.array([[1.0, 0], [0, 1], [1, 1]]),
        F.linear([[1, 2], [0, 1], [2, 0]], [[1, -1], [2, 0]], [0, 0])[1],
    )
    p = np.array([0.7, 0.2, 0.1])
    expected = [
        np.outer(2 * W @ x, x)[0, 0],
        sum(gradient.sum() for gradient in by_hand),
        (np.diag(p) - np.outer(p, p))[0, 1],
        (64 * 100) * (1000 * 100),
        -0.32 / 0.68,
    ]
    boxes = chapter.select("form.answer")
    assert len(boxes) == len(expected)
    for box, value in zip(boxes, expected, strict=True):
        tolerance = float(str(box["data-tolerance"]))
        assert abs(float(str(box["data-value"])) - value) <= tolerance / 2 + 1e-12
        assert box["data-hint"]


def test_eight_exercises_each_with_a_folded_solution(chapter: BeautifulSoup) -> None:
    assert len(chapter.select("div.exercise")) == 8
    assert len(chapter.select("div.solution.dropdown")) == 8


def test_eight_questions_at_the_end(chapter: BeautifulSoup) -> None:
    heads = [head.get_text() for head in chapter.select(".quiz-head")]
    assert [head for head in heads if head != "Predict"] == [f"Question {i}" for i in range(1, 9)]
    assert heads.count("Predict") >= 4


def test_wrong_options_of_the_quiz_are_named(source: str) -> None:
    quiz = source[source.index("## Quiz") :]
    wrong = re.findall(r"^- \[ \] .*\n\n  (.*)", quiz, re.M)
    assert len(wrong) == 24
    assert sum(reason.startswith("**") for reason in wrong) >= 20


def test_section_anchors_do_not_move(chapter: BeautifulSoup) -> None:
    for number in range(1, 11):
        assert chapter.find(id=f"sec-6-{number}"), number


def test_every_derivation_shows_its_relative_error(text: str) -> None:
    errors = [float(found) for found in re.findall(r"relative error (\d+e-\d+)", text)]
    assert len(errors) >= 12
    assert max(errors) < 1e-8


def test_the_download_is_executed_and_reads_without_the_book(
    notebook: nbformat.NotebookNode,
) -> None:
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert sum(bool(cell.outputs) for cell in code) > 40
    assert not [o for cell in code for o in cell.outputs if o.output_type == "error"]
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert not re.search(r"\{[\w:-]+\}`|^:::|\(#sec-|^\(sec-|^% ", prose, re.M)
    assert "16,777,216 entries" in prose
