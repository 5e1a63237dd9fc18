"""Chapter 10: what the lectures say is there, and every number was computed."""

import re

import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg import functional as F
from coursepkg.mistakes import MISTAKES
from tests.book.conftest import assert_answer_boxes, assert_derivations_checked, assert_told

CHAPTER = "10-conv-backward"
ROWS = {  # deck row -> what a reader must be able to read about it
    113: ["K = kernel size", "# channels (input) or # filters (depth)", "its legend mended"],
    115: [
        "let us assume filter is an “eye” detector",
        "robust to the exact location of the eye",
        "robustness to the exact spatial location of image features",
        "pyramid downsampling",
        "receptive field size",
        "conv, pool, conv: 8 rows",
    ],
    116: ["L2 over features", "number of entries", "mean of ones, divided by 2: [2. 2. 2. 2.]"],
    117: ["max pool with 2x2 filters and stride 2", "1 1 2 4 6 8"],
    118: ["number of filters", "filter’s step", "receptive field", "replaces all negative values"],
}
NINE = np.arange(1.0, 10).reshape(1, 1, 3, 3)
KERNEL = np.array([[[[1.0, 2], [3, 4]]]])
LECTURE = np.array([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])[None, None]


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    assert_told(row, ROWS[row], source, text)


def test_pasted_numbers_are_the_right_ones(text: str) -> None:
    out, cache = F.conv2d(NINE, KERNEL, np.zeros(1))
    assigned = MISTAKES["CV2"].code(np.ones_like(out), cache).dx
    wrong = np.sum(assigned != F.conv2d_backward(np.ones_like(out), cache).dx)
    assert f"{wrong} of the nine numbers are wrong" in text
    assert f"With = they add up to {assigned.sum():g}" in text
    assert f"inner line runs {8 * 16 * 62 * 62:,} times" in text


def test_training_tells_less_than_the_check(text: str) -> None:
    found = re.search(
        r"Test accuracy ([\d.]+) % right, ([\d.]+) % with =, ([\d.]+) % with dx sent back .*? "
        r"([\d.]+) % if dw itself",
        text,
    )
    assert found
    right, assigned, turned, flipped = map(float, found.groups())
    assert right > 90
    assert min(assigned, turned) > 85
    assert flipped < 82


def test_the_sums_of_the_wrong_pools_are_printed(text: str) -> None:
    dout = np.array([[1.0, 2], [3, 4]])[None, None]
    _, cache = F.max_pool2d(LECTURE, 2)
    sums = [MISTAKES["PL2"].code(dout, cache).sum(), MISTAKES["PL1"].code(dout, cache).sum()]
    sums.append(MISTAKES["PL11"].code(LECTURE, dout, 2).sum())
    assert f"sums: {sums[0]} {sums[1]} {sums[2]} right: 10.0" in text


def test_a_folded_cell_drives_a_widget(text: str) -> None:
    assert "heard: split, all, first" in text
    assert "all sent 10, arrived 18" in text


@pytest.mark.parametrize(
    "term", ["scatter-add", "full-correlation", "col2im", "adjoint", "max-pooling", "subgradient"]
)
def test_terms_are_marked_where_they_are_explained(term: str, chapter: BeautifulSoup) -> None:
    assert chapter.find("dfn", id=f"term-{term}")


def test_answer_boxes_hold_what_a_computation_gives(chapter: BeautifulSoup) -> None:
    _, cache = F.conv2d(NINE, KERNEL, np.zeros(1))
    dw = F.conv2d_backward(np.array([[1.0, 0], [0, -1]])[None, None], cache).dw
    back = F.max_pool2d_backward(
        np.array([[1.0, 2], [3, 4]])[None, None], F.max_pool2d(LECTURE, 2)[1]
    )
    tied = F.max_pool2d_backward(
        np.full((1, 1, 1, 1), 6.0), F.max_pool2d(np.zeros((1, 1, 2, 2)), 2)[1]
    )
    row, three = np.zeros((1, 1, 1, 6)), np.array([1.0, 2, 3]).reshape(1, 1, 1, 3)
    _, strided = F.conv2d(row, three, np.zeros(1), stride=(1, 2))
    dx = F.conv2d_backward(np.array([2.0, -1]).reshape(1, 1, 1, 2), strided).dx
    norms = {p: (3.0**p + 4.0**p) ** (1 / p) for p in range(2, 50)}
    least = next(p for p, norm in norms.items() if (3 / norm) ** (p - 1) < 0.01)
    assert_answer_boxes(
        chapter,
        [
            dw[0, 0, 0, 0],
            int(np.flatnonzero(back == 3)[0]),
            tied.sum(),
            2 * 28 * 28 * 6 * 75,
            dx[0, 0, 0, 2],
            least,
        ],
    )


def test_every_derivation_shows_its_relative_error(text: str) -> None:
    assert_derivations_checked(text, 20)


def test_a_test_must_have_padding_and_must_not(text: str) -> None:
    """The table of CV3 to CV6, from what the checks print."""
    for line in ("1 CV3: wrong shape", "1 CV5: right", "0 CV4: right", "0 CV5: wrong shape"):
        assert f"padding {line}" in text
