"""Chapter 4: what the lectures say is there, and every number was computed."""

import re
from itertools import pairwise

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg import functional as F
from tests.book.conftest import assert_answer_boxes, assert_derivations_checked, assert_told

CHAPTER = "04-networks"
ROWS = {  # deck row -> what a reader must be able to read about it
    14: ["multiply the inputs by weights along the edges", "activation function"],
    15: ["Be very careful with your brain analogies!", "many different types", "rate code"],
    17: ["neuron_tick", "OverflowError", "without self"],
    32: ["Learn the features too!"],
    41: ["3072 → 100 → 10", "Two-layer"],
    42: ["bank of templates", "two ways of writing a 7", "Distributed representation"],
    52: ["tf.nn.sigmoid", "maxout", "leaky ReLU", "ELU"],
    53: ["prevents vanishing gradient", "saturated firing rate", "[0, 1]"],
    54: ["just a single linear function", "Why not linear activations?"],
    55: ["w2 xᵀ : (3, 5) @ (4, 1) -> ValueError", "w2 a1ᵀ: (3, 5) @ (1, 5) -> ValueError"],
    56: ["typical processing at test time", "forward pass"],
    57: ["multi-output perceptron", "the dots before the last term got lost"],
    58: ["x (3, 1) h1 (4, 1) h2 (4, 1) out (1, 1)", "12 + 16 + 4 = 32 weights, 9 biases, 41"],
    59: ["neural networks are not really neural", "vectorised code"],
    60: ["twelve frames", "hidden layer"],
    61: ["20 weights + 6 biases = 26"],
    62: ["With three (or more) layers and enough parameters", "Nielsen", "compact", "polynomial"],
    63: ["Why go deeper?", "heuristic", "many local optima of approximately the same"],
    64: ["What is a neural network?", "cross-validation", "compositionality"],
    65: [f"{n} hidden units: {n + 1} straight pieces" for n in (3, 4, 6, 8, 20)],
    66: ["Hornik", "Hanin and Sellke", "Lebesgue-integrable", "compact domain"],
    67: ["number of hidden layers (depth)", "form of the objective"],
    68: ["Several inputs, several outputs"],
    69: ["nInputs = 1 * 28 * 28", "407,050", "linear_fn1"],
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    assert_told(row, ROWS[row], source, text)


def test_pasted_numbers_are_the_right_ones(text: str) -> None:
    for sizes in (3, 4, 2), (3, 4, 4, 1), (784, 512, 10), (784, 100, 10), (3072, 100, 10):
        total = sum(a * b + b for a, b in pairwise(sizes))
        assert f"= {total:,}" in text
    assert f"{2 * 16 + 16 + 16 * 2 + 2} numbers to learn" in text
    assert f"{5 * 3 * 4} products in three nested loops" in text


def test_the_sigmoid_of_the_listing_is_the_one_of_coursepkg(text: str) -> None:
    s = float(np.array([-1.0, -2.0]) @ np.array([2.0, -3.0]) - 3)
    assert f"inputs (-1, -2): {F.sigmoid(s)[0]:.4f}" in text
    assert "float64: sigmoid(37) == 1 is True" in text
    assert "float32: sigmoid(17) == 1 is True" in text


def test_networks_that_are_none_learn_the_digits(text: str) -> None:
    found = re.search(
        r"Test accuracy: ([\d.]+) % right, ([\d.]+) % with the hidden layer unread, ([\d.]+) %",
        text,
    )
    assert found is not None
    right, unread, straight = map(float, found.groups())
    assert right > max(unread, straight)
    assert min(unread, straight) > 90
    assert "reads x slope of the loss along it: 0.0" in text


def test_what_the_predictions_promise_came_true(text: str) -> None:
    two = re.search(r"2 hidden units: (\d+)% of 100 starts solved XOR", text)
    assert two is not None
    assert 15 <= int(two.group(1)) <= 27
    assert re.search(r"16 hidden units: (9\d|100)% of 100", text)


def test_answer_boxes_hold_what_a_computation_gives(chapter: BeautifulSoup) -> None:
    slopes = [0, 1, -1, 0]
    s = np.arange(4)
    parity = np.linalg.lstsq(
        np.maximum(s[:, None] - [0, 1, 2], 0).astype(float), s % 2, rcond=None
    )[0]
    expected = [
        784 * 100 + 100 + 100 * 10 + 10,
        np.diff(slopes)[1],
        parity[2],
        784 * 10 + 10,
        20 + 1,
        20 * 15 + 15 + 15 * 4 + 4,
        -np.log(np.finfo(float).max),
    ]
    assert_answer_boxes(chapter, expected, slack=1e-9)


def test_every_derivation_shows_its_relative_error(text: str) -> None:
    assert_derivations_checked(text, 8)


def test_the_download_holds_the_pasted_numbers(notebook: nbformat.NotebookNode) -> None:
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "16 units in the middle, 2 scores at the end and 82 numbers to learn" in prose
