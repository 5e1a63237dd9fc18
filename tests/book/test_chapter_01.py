"""Chapter 1: what the lectures say is there, and every number was computed."""

import re
from itertools import product

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg.margin import widest_margin
from coursepkg.perceptron import Perceptron, mistake_bound, radius_and_margin
from coursepkg.widgets import Hyperplane
from coursepkg.widgets.perceptron_stepper import PRESETS
from tests.book.conftest import assert_answer_boxes, assert_told

CHAPTER = "01-perceptron"
ROWS = {  # deck row -> what a reader must be able to read about it
    1: ["the output is 1 if the score is", "0 otherwise", "E-U1", "a second one"],
    2: ["Frank Rosenblatt (1957)", "c. 1960", "1958", "IBM 704", "Mark I"],
    3: [
        "the embryo of an electronic computer that [the Navy] expects will be able to walk, talk, "
        "see, write, reproduce itself and be conscious of its existence."
    ],
    4: ["groups of retina cells form A1", "A2", "response cells R", "excitatory", "inhibitory"],
    5: [
        "represent any Boolean circuit and perform any logic",
        "AND takes 5 epochs with mistakes, OR 3, NAND 5, AND NOT 4",
        "And NOT?",
    ],
    6: ["sequential learning", "desired output", "actual output", "learning rate"],
    7: ["if correctly classified, do nothing; if incorrectly classified", "0/1 activation"],
    8: ["subtract the picture from the neuron that won wrongly", "the transpose"],
    9: ["animation of 19 frames", "the line takes ten steps", "4 + 2 + 3 + 1 + 0: ten together"],
    10: ["No solution for XOR! Not universal!", "common midpoint"],
    11: ["A single neuron is not enough", "AND of the two: 1"],
    12: ["generic model", "w = [ 1. -2. -2. -2.], b = 0.0", "1000, 1001, 1011, 1100"],
    13: ["Could we extract features to make the data linearly separable?"],
    16: ["Perceptron: real data", "3 or 8:"],
    20: ["A bird or a plane?", "(bird)", "(plane)"],
    21: ["separating hyperplane, projection to a line defined by"],
}


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    assert_told(row, ROWS[row], source, text)


def test_pasted_numbers_are_the_right_ones(text: str) -> None:
    """Deck row 9's run, its bound, and the rule of two alphabets (E-B5)."""
    points = np.array(PRESETS["ten mistakes"])
    x, y = points[:, :2], points[:, 2]
    model = Perceptron().fit(x, y)
    assert f"{' + '.join(map(str, model.mistakes_))}: ten together" in text
    rows = np.column_stack([x, np.ones(10)])
    u, gamma = widest_margin(rows, y)
    radius, _ = radius_and_margin(rows, y, u)
    bound = mistake_bound(radius, gamma)
    assert f"the bound is {bound:.1f}; the run made {model.n_mistakes_}" in text
    assert "With mixed labels 2 mistakes remain" in text
    assert "labels 0 and 1: [3, 2, 2, 2, 2, 2] ... 2" in text


def test_the_clouds_of_the_widget_are_as_told(text: str) -> None:
    numbers = Hyperplane.reference_states()[0]
    assert numbers[0] == {"cloud": "slanted", "w": [2.0, 0.0], "b": 0.5, "sample": 0}
    assert f"{numbers[1]['errors']} of {len(numbers[1]['scores'])} samples" in text


def test_tables_of_one_neuron_are_counted_right(text: str) -> None:
    for line in ("4 of 4 tables", "14 of 16", "104 of 256", "1,882 of 65,536 tables, 2.9%"):
        assert line in text


def test_the_generic_formula_has_one_true_row(text: str) -> None:
    """E-S1, as printed and with ¬(X & Z)."""
    true_rows = [
        (a, x, y, z)
        for a, x, y, z in product((0, 1), repeat=4)
        if ((a and not x and z) or (a and not y)) and ((x and y) or (not x and not z))
    ]
    assert true_rows == [(1, 0, 0, 0)]
    assert "1011 + 1100 = 1010 + 1101" in text


def test_answer_boxes_hold_what_a_computation_gives(chapter: BeautifulSoup) -> None:
    corners = np.array(list(product((0, 1), repeat=2)))
    points = np.array([[2.0, 1], [1, 2], [-1, -1], [-2, -1]])
    y = np.array([1, 1, -1, -1])
    u, gamma = widest_margin(points, y)
    minterm = [row == (1, 0, 0, 0) for row in product((0, 1), repeat=4)]
    fires = np.array(list(product((0, 1), repeat=4))) @ [1, -1, -1, -1] > 0
    expected = [
        (np.array([2, -1, 2]) @ [1, 4, 1] - 3) / 3,
        Perceptron().fit(corners, [0, 0, 0, 1]).n_mistakes_,
        2,
        mistake_bound(radius_and_margin(points, y, u)[0], gamma),
        np.sum(fires == minterm),
    ]
    assert_answer_boxes(chapter, expected)


@pytest.mark.parametrize(("b", "right"), [(0.99, False), (1.01, True), (1.99, True), (2.01, False)])
def test_nand_with_these_weights_needs_a_bias_between_one_and_two(b: float, right: bool) -> None:
    corners = np.array(list(product((0, 1), repeat=2)))
    assert np.array_equal(corners @ [-1, -1] + b > 0, [1, 1, 1, 0]) == right


def test_derivations_show_their_relative_error(text: str) -> None:
    errors = [float(found) for found in re.findall(r"relative error (\d+e[+-]\d+)", text)]
    assert len(errors) >= 2
    assert max(errors) < 1e-12
    assert "above the floor: True below the ceiling: True" in text


def test_each_wrong_rule_is_named_by_the_diagnosis(text: str) -> None:
    for symptom in (
        "Every sample moves the weights, also one that was right.",
        "The line turns away from a mistake instead of towards it.",
        "A point on the line counts as right: from zero weights nothing is ever learned.",
    ):
        assert symptom in text


def test_the_download_holds_the_pasted_numbers(notebook: nbformat.NotebookNode) -> None:
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "the bound is 57.4" in prose
