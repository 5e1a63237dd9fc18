"""Chapter 6: what the lectures say is there, and every number was computed."""

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg import functional as F
from coursepkg.mistakes import MISTAKES
from coursepkg.widgets.gradient_doctor import WARDS
from tests.book.conftest import assert_answer_boxes, assert_derivations_checked, assert_told

CHAPTER = "06-backprop-matrices"
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


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    assert_told(row, ROWS[row], source, text)


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


def test_what_the_widgets_hide_is_counted(text: str) -> None:
    """36 products of three square matrices and their transposes; see the registers of mistakes."""
    assert "With three equal sizes 36 have it, and 1 is right" in text
    names = [name for ward in WARDS.values() for name in ward]
    by_one_sample = [n for n in names if "one sample" in MISTAKES[n].hidden_when]
    by_ones = [n for n in names if "dout is 1" in MISTAKES[n].hidden_when]
    assert f"On one sample {len(by_one_sample)} of the {len(names)} are perfectly well" in text
    assert f"which is what out.sum() gives, hides {len(by_ones)};" in text
    assert "sizes that differ and both signs everywhere, 0." in text


def test_a_folded_cell_drives_a_widget(text: str) -> None:
    assert "ones : " in text
    assert "positive: 0 entries wrong, relative error 0.00" in text
    assert "dout with both signs: the mask from dout is wrong" in text
    assert "dout with the signs of x: the mask from dout is right" in text


@pytest.mark.parametrize(
    "term", ["Jacobian", "vector-jacobian-product", "shape-rule", "outer-product", "norm-wise"]
)
def test_terms_are_marked_where_they_are_explained(term: str, chapter: BeautifulSoup) -> None:
    assert chapter.find("dfn", id=f"term-{term.lower()}")


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
    assert_answer_boxes(chapter, expected)


def test_every_derivation_shows_its_relative_error(text: str) -> None:
    assert_derivations_checked(text, 12)


def test_the_download_holds_the_pasted_numbers(notebook: nbformat.NotebookNode) -> None:
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "16,777,216 entries" in prose
