"""Chapter 12: what the lectures say is there, and every number was computed or stored."""

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg import functional as F
from coursepkg.widgets.bench_table import measurements
from coursepkg.widgets.tape_viewer import schedule
from tests.book.conftest import assert_answer_boxes, assert_derivations_checked, assert_told

CHAPTER = "12-autodiff"
ROWS = {  # deck row -> what a reader must be able to read about it
    72: ["exponentially large", "wasteful to keep around", "prone to error", "expression tree"],
    83: ["topological order", "in reversed order", "what a gate is given"],
    84: ["absval_layer.cpp", "exp_layer.cpp", "30 layers", "BSD 2-Clause", "cudnn"],
    105: [
        "nInputPlane, nOutputPlane, kW, kH,",
        "[dW], [dH], [padW], [padH]",
        "input_shape = (3, 224, 224)",
        "subsample = 2, border_mode = valid",
        "stride=1, padding=0, dilation=1, groups=1, bias=True",
        "(2, 6, 18, 26)",
        "(2, 6, 16, 28)",
    ],
    124: [
        "You only need to write code for the forward pass, backward pass is computed auto",
        "Facebook – mostly",
        "DyNet",
        "Yangfeng Ji",
    ],
}


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    assert_told(row, ROWS[row], source, text)


def test_pasted_numbers_are_the_right_ones(text: str) -> None:
    assert f"{1000 * 998:,} multiplications with written-out formulas" in text
    assert f"{3 * 999:,} in reverse" in text
    assert "forward: 6 passes, reverse: 1000 passes" in text
    pairs = [name for name in F.__all__ if f"{name}_backward" in F.__all__]
    assert f"{len(pairs)} pairs" in text


def test_the_page_shows_what_was_stored(text: str) -> None:
    stored, busy = measurements(), measurements("xeon-busy")
    for way, words in ("one_after_the_other", "one after the other"), ("in_turns", "in turns"):
        first, second = map(np.median, busy["same_twice"][way].values())
        assert f"{words}: {1e3 * first:.1f} ms and {1e3 * second:.1f} ms" in text
    assert stored["machine"]["processor"] in text
    assert stored["note"] in text


def test_it_says_that_no_gpu_was_there(text: str) -> None:
    assert "no number on this page was measured on a GPU" in text
    assert "not run here" in text


def test_wrong_versions_are_named(text: str) -> None:
    for name in "TEN1", "TEN2", "TEN3":
        assert name in text
    assert "got = 0.06667 x expected everywhere" in text


def test_a_folded_cell_drives_a_widget(text: str) -> None:
    most = {every: max(len(event.held) for event in schedule(16, every)) for every in (4, 3)}
    assert f"most arrays held: {most[4]} checkpoint every 3 most arrays held: {most[3]}" in text


@pytest.mark.parametrize(
    "term",
    ["dual-number", "forward-mode", "unbroadcast", "gradient-checkpointing", "array-namespace"],
)
def test_terms_are_marked_where_they_are_explained(term: str, chapter: BeautifulSoup) -> None:
    assert chapter.find("dfn", id=f"term-{term}")


def test_answer_boxes_hold_what_a_computation_gives(chapter: BeautifulSoup) -> None:
    image, filters = np.zeros((1, 3, 33, 40)), np.zeros((8, 3, 3, 7))
    out, _ = F.conv2d(image, filters, np.zeros(8), stride=(1, 2), padding=(0, 3))
    rows = np.array([10, 11, 30, 10, 12]) / np.array([12, 13, 36, 12, 10])
    expected = [
        min(6, 2000) + min(3072, 10),
        F.unbroadcast(np.array([[1.0, 0, 2], [3, -1, 1]]), (2, 1))[1, 0],
        out.shape[2] * out.shape[3],
        max(k * (198 - 2 * k) for k in range(2, 99)),
        np.median(rows),
    ]
    assert_answer_boxes(chapter, expected)


def test_the_formula_of_exercise_4_counts_right() -> None:
    for depth, every in (24, 4), (48, 6), (60, 10):
        most = max(len(event.held) for event in schedule(depth, every))
        assert most == depth // every + 2 * every + 2


def test_every_derivation_shows_its_relative_error(text: str) -> None:
    assert_derivations_checked(text, 15)


def test_the_download_holds_the_pasted_numbers(notebook: nbformat.NotebookNode) -> None:
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "998,000 multiplications" in prose
