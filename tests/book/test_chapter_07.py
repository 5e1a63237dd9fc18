"""Chapter 7: what the lectures say is there, and every number was computed."""

import re

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg import functional as F
from coursepkg.network import mlp
from coursepkg.widgets.clinic_runs import NAMES, recorded
from tests.book.conftest import assert_answer_boxes, assert_derivations_checked, assert_told

CHAPTER = "07-training"
ROWS = {  # deck row -> what a reader must be able to read about it
    24: ["training error always decreases as", "the test error has a minimum in between"],
    50: ["five loss curves for five learning rates", "0.003"],
    67: ["depth, width, the kind of activation, and the objective"],
    69: ["nInputs = 1*28*28", "nHidden = 512", "nOutputs = 10", "parameters: 407,050"],
    82: ["[3,1,2,-5]", "[8,8,16,4]", "[4.0, 49.0, 12.25, 3.062, 0.766, 0.191]", "repeated until"],
    92: ["learningRate = 0.2", "add_(-learningRate, grads)", "divided by N"],
    93: ["88% saturated", "30,074.6", "lr 1e-3"],
}


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    assert_told(row, ROWS[row], source, text)


def test_pasted_numbers_are_the_right_ones(text: str) -> None:
    """E-U14, deck row 69, and what the broken runs logged."""
    left = re.search(r"With 0\.01 there are (\S+) left", text)
    assert left
    assert 2e-10 < float(left[1]) < 5e-10  # the errata have 2.9e-10; every draw has its own
    assert f"parameters: {sum(p.data.size for p in mlp((784, 512, 10)).parameters()):,}" in text
    logs = [recorded(name) for name in NAMES]
    caught = sum(log.first > 2 * log.guess or log.eight >= 0.1 or log.ratio != 1 for log in logs)
    assert caught == 8
    assert "would have caught eight of the twelve broken runs" in text
    assert "The other four have their mistake in the data" in text
    assert "the loss of predicting zero (section 6.9)" in text
    assert "613.39" in text
    assert "609.10" in text


def test_the_floor_of_a_softmax_on_a_softmax(text: str) -> None:
    floor = F.cross_entropy(np.eye(10), np.arange(10))[0]
    assert f"floor {floor:.4f}" in text
    assert abs(floor - (np.log(np.exp(1) + 9) - 1)) < 1e-12


def test_what_the_cells_say_is_what_the_text_says(text: str) -> None:
    assert "different hidden units: 1 of 32" in text
    assert "evaluation, alone = in company: True" in text
    assert "same seed, same weights to the last bit: True" in text
    assert "identical: True" in text
    found = re.search(r"relative error (\S+) DO1: .* off by (\S+) DO2", text)
    assert found
    assert float(found[2]) == pytest.approx(1 / 3, abs=0.01)  # half of it: 0.5 / 1.5


def test_a_folded_cell_drives_a_widget(text: str) -> None:
    assert "heard: [2.0]" in text
    assert "off after 50 steps: 30, at the end: 32" in text


@pytest.mark.parametrize(
    "term",
    ["he-initialisation", "batch-normalisation", "running-statistics", "leak", "seed", "fan-in"],
)
def test_terms_are_marked_where_they_are_explained(term: str, chapter: BeautifulSoup) -> None:
    assert chapter.find("dfn", id=f"term-{term}")


def test_answer_boxes_hold_what_a_computation_gives(chapter: BeautifulSoup) -> None:
    column, ones = np.array([[1.0], [2.0], [3.0], [4.0]]), np.ones(1)
    out, cache = F.batch_norm(column, ones, 0 * ones, eps=0.0)
    dx = F.batch_norm_backward(np.eye(4)[:, :1], cache).dx
    mask = F.dropout(np.ones(1000), 0.8, np.random.default_rng(0))[1].mask
    expected = [
        np.sqrt(2 / 256),
        0.01 * np.sqrt(256 / 2),
        out[0, 0],
        dx[0, 0],
        mask.max(),
        np.ceil(np.log(0.5) / np.log(1 - 0.5 * 0.01)),
    ]
    assert_answer_boxes(chapter, expected, slack=1e-4)


def test_every_derivation_shows_its_relative_error(text: str) -> None:
    assert_derivations_checked(text, 7)


def test_the_download_holds_the_pasted_numbers(notebook: nbformat.NotebookNode) -> None:
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "would have caught eight" in re.sub(r"\s+", " ", prose)
