"""Chapter 2: what the lectures say is there, and every number was computed."""

import re

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg import functional as F
from coursepkg.datasets import load_digits
from coursepkg.gradcheck import numerical_gradient
from coursepkg.linear_models import OneHotRidge
from tests.book.conftest import assert_answer_boxes, assert_derivations_checked, assert_told

CHAPTER = "02-losses"
ROWS = {  # deck row -> what a reader must be able to read about it
    8: ["the class that won wrongly loses", "perceptron, 1 at the max"],
    18: ["f(x_i, W, b) = W x_i + b"],
    19: ["cat: -96.80", "dog: 437.90", "ship: 60.75", "61.95"],
    20: ["bird", "plane", "sign"],
    21: ["separating hyperplane", "to classify is to project and to compare"],
    22: ["one-hot row", "against all the rest", "auto"],
    23: ["row 1 = overfitting, row 3 = oversmoothing?"],
    24: ["Training error always decreases as lambda is reduced", "has its minimum"],
    25: ["g_c", "f_a", "(3\\times 4)"],
    26: ["W_{3i}h_2", "o_k"],
    27: ["\\exp(b_k)"],
    28: ["score 5.0: loss 16.0, slope 8.0", "How about restricting output scores to 0-1?"],
    29: ["It also leads to a simple update rule", "Try yourself!"],
    30: ["linear regression", "softmax regression", "perceptron", "ValueError"],
    31: ["predict 1 if", "\\mathcal B^t"],
    33: ["2.9", "y_i}+1", "W_k^2"],
    34: ["negative log-likelihood", "(a.e.) differentiable"],
    35: ["\\log\\hat y^{(i)}", "as printed: p(correct)"],
    36: ["J printed -1.19", "measured -3.125", "printed 3.875", "3.125 of the loss"],
    37: [
        "|s - t|² measured / printed = [[2. 2. 2.]]",
        "½|s - t|² measured / printed = [[1. 1. 1.]]",
    ],
    38: ["toynn_CrossEntropyLoss", "gap 100: listing -inf", "gap 110: listing nan", "746.0 746.0"],
    40: ["fully connected", "five slides"],
}


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    assert_told(row, ROWS[row], source, text)


def test_the_table_of_ridge_holds_the_right_shares(chapter: BeautifulSoup) -> None:
    """Deck row 23."""
    digits = load_digits()
    x, y = digits.x_train[:100].reshape(-1, 64), digits.y_train[:100]
    x_test = digits.x_test.reshape(-1, 64)
    models = [OneHotRidge(lam).fit(x, y) for lam in (0.01, 3.0, 1000.0)]
    expected = [
        [f"{100 * model.score(x, y):.0f} %" for model in models],
        [f"{100 * model.score(x_test, digits.y_test):.0f} %" for model in models],
    ]
    tables = [
        [[cell.get_text() for cell in row.select("td")[1:]] for row in table.select("tbody tr")]
        for table in chapter.select("table")
    ]
    assert expected in tables


def test_minus_infinity_is_no_accident_of_one_machine() -> None:
    """E-U6: the sum is a subnormal number, and its reciprocal too large for float32."""
    total = np.exp(np.float32(-100)) + np.exp(np.float32(-99))
    assert 0 < total < np.finfo(np.float32).tiny
    assert 1 / float(total) > float(np.finfo(np.float32).max)


def test_the_printed_descent_leaves_the_interval(text: str) -> None:
    """E-A1."""
    assert "printed: 0.2 0.081 -0.14" in text
    assert re.search(r"mended: 0\.2 0\.231 0\.25\d? end 0\.3000", text)


def test_answer_boxes_hold_what_a_computation_gives(chapter: BeautifulSoup) -> None:
    def mended(y: np.ndarray) -> np.ndarray:
        return -(0.3 * np.log(y) + 0.7 * np.log(1 - y))

    centred = np.array([-3.0, -1, 1, 3])
    expected = [
        F.cross_entropy([[1.0, 2.0, 3.0]], [0])[0],
        F.multiclass_hinge_loss([[3.2, 5.1, -1.7]], [0], margin=6.0)[0],
        -0.3 + (61.95 - 60.75) / 2,
        np.log(10),
        numerical_gradient(mended, np.array(0.8)),
        F.cross_entropy([[100.0, 0.0], [0.0, 1.0]], [0, 1])[0],
        centred @ np.sign(centred) / 2 / (centred @ centred + 5),
    ]
    assert_answer_boxes(chapter, expected)


def test_every_derivation_shows_its_relative_error(text: str) -> None:
    assert_derivations_checked(text, 8)


def test_the_wrong_versions_train_as_the_text_says(chapter: BeautifulSoup) -> None:
    rows = [[cell.get_text() for cell in row.select("td")] for row in chapter.select("tbody tr")]
    found = {row[0]: row[1:] for row in rows if len(row) == 3}
    assert float(found["−1"][1].split()[0]) >= float(
        found["minus the number of violations"][1].split()[0]
    )
    stuck = next(row for name, row in found.items() if "nothing subtracted" in name)
    assert stuck[0] == f"{np.log(10):.2f}"


def test_the_download_holds_the_pasted_numbers(notebook: nbformat.NotebookNode) -> None:
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "Dog, by 437.9" in prose
