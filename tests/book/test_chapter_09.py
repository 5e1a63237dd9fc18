"""Chapter 9: what the lectures say is there, and every number was computed."""

import re

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg import functional as F
from coursepkg.layers import Conv2d
from tests.book.conftest import assert_answer_boxes, assert_derivations_checked, assert_told

CHAPTER = "09-convolution"
ROWS = {  # deck row -> what a reader must be able to read about it
    103: ["[[11. 2. 15.] [13. 8. 12.] [ 4. 1. 2.]]", "1 2 15", "[[ 5 11 11 13 6]"],
    104: ["Convolutional layer (with 4 filters)", "(4, 8, 8)"],
    105: [
        "nn.SpatialConvolution(nInputPlane, nOutputPlane, kW, kH, [dW], [dH], [padW], [padH])",
        "input_shape = (3, 224, 224), subsample = 2, border_mode = valid",
        "stride=1, padding=0, dilation=1, groups=1, bias=True",
    ],
    106: ["S. Seitz", "(11, 11) -> output (9, 9)", "printed (8, 8)", "all 64 printed numbers"],
    107: ["200 x 200 full 1,600,000,000", "200 x 200 local 4,000,000", "~2B parameters"],
    108: ["1000 x 1000 full 1,000,000,000,000", "1000 x 1000 local 100,000,000"],
    109: ["1000 x 1000 shared 10,000", "(10,100 with a bias each)"],
    110: ["local → global", "stationarity", "registered", "tied", "translation invariance"],
    111: ["This is convolution!", "perceptron on one window: 12"],
    112: ["weights and biases 456", "14,455,392", "stretch to 3072 x 1", "28×28×6"],
    114: ["Stride = 1", "(7 - 3) / 3 + 1 = 2.33, windows 0-2 3-5", "does not fit"],
    118: ["h×w×d", "filter step size", "locations in input image", "after every convolution"],
}


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    plain = spaced(text)
    folded = [word for word in ROWS[row] if word.casefold() in plain.casefold()]
    assert folded == ROWS[row]
    assert_told(row, [], source, text)


def test_pasted_numbers_are_the_right_ones(text: str) -> None:
    text = spaced(text)
    assert f"the first line fills {8 * 200**2 * 40_000 / 1e9:.1f} GB" in text
    assert f"456 against {3072 * 4704 + 4704:,}, for the same 4704 outputs" in text
    assert f"need {-(-(224 - 1) // 2)}. That is the real reason" in text
    entries = 55 * 55 * 96 * 227 * 227 * 3
    assert f"{8 * entries / 1e9:,.0f} GB, for {96 * 363:,} weights" in text


def test_the_shuffle_and_the_shift_are_what_the_text_makes_of_them(text: str) -> None:
    """Shuffled as good as not, moved by a pixel less than half: the two stories of the chapter."""
    shares = [
        float(share) for share in re.findall(r"(?:original|shuffled): ([\d.]+) % \(four", text)
    ]
    assert len(shares) == 2
    assert min(shares) > 95
    assert np.ptp(shares) < 1
    full, conv = re.search(r"'full': \[(.*?)\], 'conv': \[(.*?)\]", text).groups()  # type: ignore[union-attr]
    for start, moved, _ in (map(float, values.split(", ")) for values in (full, conv)):
        assert start > 93
        assert moved < start / 2


def test_a_forgotten_flip_learns_no_better_than_kernels_at_rest(text: str) -> None:
    names = "right", "flipped both ways", "flipped forward only", "kernels never trained"
    loss = {
        name: float(re.search(rf"{name} +loss ([\d.]+), test", text)[1])  # type: ignore[index]
        for name in names
    }
    assert abs(loss["right"] - loss["flipped both ways"]) < 0.05
    assert loss["flipped forward only"] > 1.25 * loss["right"]
    assert loss["flipped forward only"] > 0.95 * loss["kernels never trained"]
    assert "forgot_to_turn: wrong values" in text
    assert "flipped_backward: right" in text


def test_wrong_sizes_show_where_the_text_says(text: str) -> None:
    text = spaced(text)
    assert "CV14 rounded_up 5 3 32 5" in text
    assert "CV23 padded_on_one_side 5 2 30 4" in text


def test_the_recursion_agrees_with_what_a_gradient_reaches(text: str) -> None:
    line = "{'two 3x3': 5, 'three 3x3': 7, '3x3, pool 2, 3x3': 8, 'dilations 1, 2, 4': 15}"
    assert text.count(line) == 2


def test_a_folded_cell_drives_a_widget(text: str) -> None:
    assert "kernel is now Sobel x" in text
    assert "[[-14, 9, 5], [-5, 13, 5], [5, 6, -3]]" in text


@pytest.mark.parametrize(
    "term",
    [
        "kernel",
        "stride",
        "padding",
        "receptive-field",
        "cross-correlation",
        "equivariance",
        "im2col",
    ],
)
def test_terms_are_marked_where_they_are_explained(term: str, chapter: BeautifulSoup) -> None:
    assert chapter.find("dfn", id=f"term-{term}")


def test_answer_boxes_hold_what_a_computation_gives(chapter: BeautifulSoup) -> None:
    rows = [[4, 5, 7, 6, 6], [3, 2, 8, 0, 7], [6, 7, 7, 1, 5], [3, 0, 1, 1, 1], [4, 3, 2, 1, 7]]
    image = np.array(rows, dtype=float)
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    parameters = [
        sum(p.data.size for p in Conv2d(*shape).parameters()) for shape in [(3, 96, 11), (6, 16, 1)]
    ]
    expected = [
        (image[1:4, :3] + image[1:4, 2:]).sum(),
        (image[:3, :3] * sobel[::-1, ::-1]).sum(),
        4000 * 3000 * 25,
        F.conv_output_size(7, 3, stride=3, padding=1),
        parameters[0],
        1 + 2 + 1 + 2 * 2,
        parameters[1],
    ]
    assert_answer_boxes(chapter, expected)


def test_every_derivation_shows_its_relative_error(text: str) -> None:
    assert_derivations_checked(text, 5)


def test_the_download_holds_the_pasted_numbers(notebook: nbformat.NotebookNode) -> None:
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "456 against 14,455,392" in prose
