"""Chapter 3: what the lectures say is there, and every number was computed."""

import re

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg.datasets import load_digits
from tests.book.conftest import assert_answer_boxes, assert_derivations_checked, assert_told

CHAPTER = "03-gradients"
ROWS = {  # deck row -> what a reader must be able to read about it
    43: ["weights += - step_size * weights_grad", "evaluate_gradient(loss_fun, data, weights)"],
    44: [
        "1e-05 1.7e-05 7.8e-11",
        "Derive analytic gradient, check your implementation with numerical gradient",
        "h = 1e-5: error 1.4e-02",
    ],
    45: ["Works in arbitrary dimensions", "Initialize weights randomly", "Return weights"],
    46: ["308,200", "760 GB", "Does this look like a promising approach?"],
    47: ["Very slow progress along shallow dimension", "3454", "condition number"],
    48: ["What if the loss function has a local minima or saddle point?"],
    49: ["How would you remove the noise?", "Our gradients come from mini-batches"],
    50: ["hyper-parameter", "so the edge is"],
    51: ["We can still use SGD. We need!"],
}


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    assert_told(row, ROWS[row], source, text)


def test_steps_by_condition_number_are_those_of_the_formula(text: str) -> None:
    """Deck row 47: the loss shrinks by ((k - 1) / (k + 1))^2 a step."""
    assert re.search(r"1 +1 +1\b", text)
    for kappa in (10, 100, 1000):
        factor = (kappa - 1) / (kappa + 1)
        steps = int(np.ceil(np.log(1e-6) / (2 * np.log(factor))))
        assert re.search(rf"\b{kappa} +{steps} +{steps}\b", text), (kappa, steps)


def test_pasted_numbers_are_the_right_ones(text: str) -> None:
    """Deck rows 44, 46 and 50, and the cost of a check."""
    parameters = 784 * 512 + 512 + 512 * 10 + 10
    assert f"{parameters:,} parameters" in text
    assert f"{2 * parameters:,}" in text
    assert f"{8 * (3072 * 100 + 100 * 10) ** 2 / 1e9:.0f} GB for one matrix" in text
    pixels = load_digits().x_train.reshape(-1, 64)
    inputs = np.hstack([pixels, np.ones((len(pixels), 1))])
    largest = np.linalg.norm(inputs, 2) ** 2 / len(inputs)
    assert f"largest curvature {largest:.3f}, so the edge is {2 / largest:.4f}" in text
    third = np.exp(np.sin(1.3)) * np.cos(1.3)
    central = (np.exp(np.sin(1.3 + 1e-5)) - np.exp(np.sin(1.3 - 1e-5))) / 2e-5
    assert f"{abs(central - third) / third:.1e}" in text


def test_answer_boxes_hold_what_a_computation_gives(chapter: BeautifulSoup) -> None:
    f = np.exp(np.sin(1.3))
    expected = [
        abs((2.1**3 - 1.9**3) / 0.2 - 12),
        2 / 100,
        2 * (784 * 512 + 512 + 512 * 10 + 10),
        4 * 32,
        8 * (3072 * 100 + 100 * 10) ** 2 / 1e9,
        np.cbrt((1e6 + f) / f),
    ]
    assert_answer_boxes(chapter, expected)


def test_every_derivation_shows_its_relative_error(text: str) -> None:
    assert_derivations_checked(text, 6)


def test_the_download_holds_the_pasted_numbers(notebook: nbformat.NotebookNode) -> None:
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "407,050 parameters" in prose
