"""Chapter 8: what the lecture says is there, and every number was computed."""

from typing import Any

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg.optim import adagrad, adam, momentum, rmsprop
from coursepkg.widgets.momentum_dial import best
from coursepkg.widgets.noise_filter import expected
from coursepkg.widgets.race import RATES, sweep
from coursepkg.widgets.valley import steps_needed
from tests.book.conftest import assert_answer_boxes, assert_derivations_checked, assert_told

CHAPTER = "08-optimisers"
ROWS = {  # deck row -> what a reader must be able to read about it
    47: ["condition number", "1, 35, 346 and 3454", "jitter along steep direction"],
    48: [
        "What if the loss function has a local minima or saddle point?",
        "saddle point is a place",
    ],
    49: ["Q: How would you remove the noise?", "Our gradients come from mini-batches"],
    96: [
        "x += learning_rate * dx",
        "6.8e+21",
        "6.2e+34",
        "1.1e-03",
        "5.5e-03",
        "running mean of gradients",
    ],
    97: ["Local Minima", "Saddle points", "Poor Conditioning", "Gradient Noise"],
    98: ["Nesterov Momentum", "SGD+Momentum"],
    99: ["Q: What happens with RMSProp?", "1e-7", "3.16 rates", "10.00 rates"],
    100: [
        "Adam (almost)",
        "Q: What happens at first the timestep?",
        "6.57 at t = 12",
        "unmatched ')'",
    ],
    101: ["Adam (full form)", "1.000 first", "is a great starting point for many models!", "999"],
    102: ["SGD+Momentum, RMSProp and Adam on one surface"],
}


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    assert_told(row, ROWS[row], source, text)


def test_numbers_of_the_text_are_the_right_ones(text: str) -> None:
    assert [steps_needed(k, 2 / (1 + k)) for k in (1, 10, 100, 1000)] == [1, 35, 346, 3454]
    assert "1000 3454 151" in text
    assert f"{expected(0.2, 0.0, 1):.3f}" == "0.667"
    assert f"{expected(0.2, 0.99, 1):.3f}" == "0.633"
    assert "From 0.667 to 0.633" in text
    first = [-rmsprop(0.0, 5.0, None, 1.0, decay, eps=0)[0] for decay in (0.9, 0.99)]
    np.testing.assert_allclose(first, [10**0.5, 10])


def test_a_folded_cell_drives_a_widget(text: str) -> None:
    curves = sweep("turned", 30, steps=60)
    rates = [RATES[int(np.argmin(curve))] for curve in curves.values()]
    assert f"rates {rates}: first Nesterov (2.7e-05)" in text
    assert "first RMSProp (0.011)" in text


@pytest.mark.parametrize(
    "term", ["momentum", "critical-damping", "saddle-point", "bias-correction", "adamw", "warm-up"]
)
def test_terms_are_marked_where_they_are_explained(term: str, chapter: BeautifulSoup) -> None:
    assert chapter.find("dfn", id=f"term-{term}")


def test_answer_boxes_hold_what_a_computation_gives(chapter: BeautifulSoup) -> None:
    ends = []
    rules: list[tuple[Any, int]] = [(momentum, 3), (adagrad, 2), (adam, 2)]
    for rule, steps in rules:
        w, state = 1.0, None
        for _ in range(steps):
            w, state = rule(w, w, state, 0.1)
        ends.append(w)
    almost = -adam(0.0, 1.0, None, 1.0, bias_correction=False)[0]
    half = np.ceil(np.log(0.5) / np.log1p(-1e-5))
    expected_values = [*ends, almost, 1 / (1 - 0.99), best(25)[1], half]
    assert_answer_boxes(chapter, expected_values)


def test_every_derivation_shows_its_relative_error(text: str) -> None:
    assert_derivations_checked(text, 15)


def test_the_download_holds_the_pasted_numbers(notebook: nbformat.NotebookNode) -> None:
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "SGD, which had 2.18 in the first table" in prose
