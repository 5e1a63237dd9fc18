"""Chapter 5: what the lectures say is there, and every number was computed."""

import re

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg import functional as F
from coursepkg.widgets.kill_step import descend
from tests.book.conftest import assert_answer_boxes, assert_derivations_checked, assert_told

CHAPTER = "05-backprop-graph"
ROWS = {  # deck row -> what a reader must be able to read about it
    71: ["Computing gradients is hard (many parameters)", "last factor as printed: 0.0", "E-A2"],
    72: ["symbolic differentiation", "exponentially large", "prone to error", "1.7294", "1.2353"],
    73: ["AlexNet", "Andrej Karpathy"],
    74: ["f = -12", "{'x': -4.0, 'y': -4.0, 'z': 3.0, 'q': -4.0, 'f': 1.0}"],
    75: ["upstream gradient", "local gradient", "five frames"],
    76: ["-0.53", "(both inputs!)", "{'w0': -0.2, 'x0': 0.39, 'w1': -0.39, 'x1': -0.59"],
    77: ["Computational graph representation may not be unique", "dw2 = 0.1966", "E-A4"],
    78: ["gradient distributor", "swap multiplier", "gradient router", "gradient adder"],
    79: ["Gradients add at branches", "added 6.0", "overwritten 3.0"],
    80: ["asks the audience to fill in two lines", "dJ/dw2 24.0"],
    81: ["one input, one hidden unit, one output", "w_{00}^{(1)}"],
    82: ["[ 8. 8. 16. 4.]", "[ 1. -1. -2. -6.] loss 49", "0.02114", "0.0453", "until convergence!"],
    83: ["takes 2 positional arguments but 3 were given", "little piece of backprop"],
    84: ["absval_layer.cpp", "exp_layer.cpp", "BSD 2-Clause"],
    85: ["The lecture sums up in five lines"],
}


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    assert_told(row, ROWS[row], source, text)


def test_pasted_numbers_are_the_right_ones(text: str) -> None:
    """Deck rows 72 and 82, and the price of central differences."""
    assert f"{np.cos(0.49) * 1.4 * 1.4:.4f} instead of {np.cos(0.49) * 1.4:.4f}" in text
    best, top = (100 - np.sqrt(7952)) / 512, 100 / 512
    assert f"A rate of {best:.5f} ends at zero in one step" in text
    assert descend(0.0452)["losses"][1] < 4 < descend(0.0453)["losses"][1]
    assert f"at {top:.3f} it takes the loss to {descend(top)['losses'][1]:.1f}" in text
    assert f"¼ is {0.25 / best:.0f} times the best" in text
    parameters = 784 * 512 + 512 + 512 * 10 + 10
    assert parameters == 407_050
    assert f"Three against {2 * parameters:,}" in text


def test_all_three_residual_networks_learn(text: str) -> None:
    """The text says that overwriting a gradient goes unnoticed in training."""
    found = re.search(r"Test accuracy: ([\d.]+) % right, ([\d.]+) % and ([\d.]+) % wrong", text)
    assert found
    assert all(float(accuracy) > 80 for accuracy in found.groups())


def test_answer_boxes_hold_what_a_computation_gives(chapter: BeautifulSoup) -> None:
    p = F.sigmoid(1.0)[0]
    expected = [
        -4 - 4 + 3,
        p * (1 - p) * -3,
        2 * -4,
        5,
        (16 / 4 - 1) / 3,
        2 * 4 - 5 - 4 / 2,
        (100 - np.sqrt(7952)) / 512,
        2 * (3 - 1) * 6,
        2 * (3 - 1) * 0.5 * 2,
    ]
    assert_answer_boxes(chapter, expected)


def test_every_derivation_shows_its_relative_error(text: str) -> None:
    assert_derivations_checked(text, 12)


def test_what_is_drawn_is_the_graph_of_the_text(chapter: BeautifulSoup) -> None:
    drawings = [found.get_text() for found in chapter.select('[aria-label="Drawing of a graph"]')]
    assert len(drawings) == 2
    assert "f = −12.00" in drawings[0]
    assert "0.73" in drawings[1]


def test_the_download_holds_the_pasted_numbers(notebook: nbformat.NotebookNode) -> None:
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "1.7294 instead of 1.2353" in prose
