"""The pattern of an error is put into words, for every kind in the catalogue of mistakes."""

import re

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.gradcheck import check_gradient
from coursepkg.gradjudge import ENTRYWISE_LIMIT
from coursepkg.gradpatterns import (
    describe_difference,
    describe_sum,
    first_difference,
    names_of_factor,
    scale_between,
)

RNG = np.random.default_rng(0)
IMAGE = RNG.standard_normal((2, 3, 6, 5))
MATRIX = RNG.standard_normal((5, 4))
MASK = np.arange(20).reshape(5, 4) % 3 == 0
CUBE = RNG.standard_normal((3, 3, 3))
ROW = (np.arange(5) == 3)[:, None]
INSIDE = np.pad(np.ones((4, 3)), 1)


@pytest.mark.parametrize(
    ("got", "expected", "text"),
    [
        (0 * MATRIX, MATRIX, "got is zero everywhere"),
        (32 * MATRIX, MATRIX, "got = 32 x expected everywhere"),
        (-MATRIX, MATRIX, "got = -1 x expected everywhere"),
        (MATRIX[:4].T, MATRIX[:4], "got is the transpose of expected"),
        (MATRIX.T, MATRIX, "got is the transpose of expected"),
        (IMAGE[..., ::-1, ::-1], IMAGE, "rotated by 180 degrees"),
        (IMAGE[:, :2].swapaxes(0, 1), IMAGE[:, :2], "axes 0 and 1 swapped"),
        (np.roll(IMAGE, (1, 2), (2, 3)), IMAGE, r"shifted by \(1, 2\)"),
        (MATRIX * ~MASK, MATRIX, "got is 0 in 7 of 20 entries, and right in the others"),
        (MATRIX, MATRIX * ~MASK, "got should be 0 in 7 of 20 entries, and is right"),
        (MATRIX * [1.0, 2, 3, 4], MATRIX, "one factor for every index of axis 1"),
        (MATRIX + np.array([1.0, 2, 3, 4]), MATRIX, "a number that does not change along axis 0"),
        (MATRIX[[1, 0, 2, 4, 3]], MATRIX, "the right numbers in wrong places"),
        (MATRIX[::-1], MATRIX, "got is expected reversed along axis 0"),
        (IMAGE[:, :, ::-1], IMAGE, "got is expected reversed along axis 2"),
        (IMAGE[:, :2].transpose(1, 0, 2, 3), IMAGE[:, :2], "with axes 0 and 1 swapped"),
        (CUBE.transpose(1, 2, 0), CUBE, "with axes 0, 1 and 2 in another order"),
        (np.abs(MATRIX), MATRIX, f"the wrong sign in {(MATRIX < 0).sum()} of 20 entries"),
        (MATRIX * (np.arange(4) > 0), MATRIX, "0 in 5 of 20 entries, all at index 0 of axis 1"),
        (MATRIX + 2 * ROW, MATRIX, "4 of 20 entries differ, all at index 3 of axis 0"),
        (IMAGE * INSIDE, IMAGE, "all on the border of the last two axes, and right in the others"),
        (MATRIX * (1 + 1e-5), MATRIX, "a matter of precision"),
        (MATRIX.sum(axis=0), MATRIX, "got is expected summed over axis 0"),
        (CUBE.sum(axis=(0, 2)), CUBE, "got is expected summed over axes 0 and 2"),
        (MATRIX.ravel(), MATRIX, "only the shape is not"),
        (np.ones((7, 1)) * MATRIX[:1], 7 * MATRIX[0], "summed over axis 0, got equals expected"),
        (IMAGE, IMAGE.sum(axis=(0, 2, 3)), "summed over all axes but 1"),
        (IMAGE, IMAGE.sum(axis=(0, 1)), "summed over axes 0 and 1"),
        (MATRIX.sum(), MATRIX, "the sum of all expected entries"),
        (np.pad(IMAGE, [(0, 0), (0, 0), (1, 1), (2, 2)]), IMAGE, "a border around expected"),
        (MATRIX + np.eye(5, 4), MATRIX, "4 of 20 entries differ"),
    ],
)
def test_patterns(got, expected, text):
    assert re.search(text, describe_difference(np.asarray(got), expected) or "")


def test_shapes_that_have_nothing_in_common():
    assert describe_difference(np.ones(7), MATRIX) is None


LARGE = np.random.default_rng(3).standard_normal((70, 70))
FILTERS = np.random.default_rng(3).standard_normal((16, 11, 5, 6))


@pytest.mark.parametrize(
    ("x", "wrong", "text"),
    [
        (LARGE, lambda g: 8 * g, "got = 8 x expected everywhere"),
        (LARGE, lambda g: g.T, "the transpose of expected"),
        (LARGE, lambda g: g.ravel(), "only the shape is not"),
        (LARGE, lambda g: g[:, ::-1], "reversed along axis 1"),
        (LARGE, lambda g: g * (LARGE > 0), "and right in the others"),
        (LARGE, lambda g: g * np.where(np.arange(70) == 9, 2, 1), "all at index 9 of axis 1"),
        (LARGE, lambda g: g * np.arange(1, 71)[:, None], "one factor for every index of axis 0"),
        (LARGE, lambda g: g + np.arange(70), "does not change along axis 0"),
        (LARGE, lambda g: np.stack([g, g]) / 2, "summed over axis 0, got equals expected"),
        (FILTERS, lambda g: g[..., ::-1, ::-1], "rotated by 180 degrees in its last two axes"),
        (FILTERS, lambda g: np.roll(g, 1, axis=2), r"shifted by \(1, 0\)"),
        (FILTERS, lambda g: np.pad(g, [(0, 0)] * 2 + [(1, 1)] * 2), "a border around expected"),
    ],
)
def test_a_pattern_of_a_large_tensor_is_found_in_a_sample(x, wrong, text):
    assert x.size > ENTRYWISE_LIMIT
    calls = 0

    def cube(x):
        nonlocal calls
        calls += 1
        return x * x * x

    got = np.ascontiguousarray(wrong(3 * x**2))
    report = check_gradient("dx", got, cube, x, rng=np.random.default_rng(0))
    assert re.search(f"in [0-9]+ entries looked at: .*{text}", report.pattern or "")
    assert calls < 1000


def test_mistakes_of_the_catalogue_are_described():
    rng = np.random.default_rng(1)
    x, w, b = rng.standard_normal((2, 3, 6, 5)), rng.standard_normal((4, 3, 3, 3)), np.zeros(4)
    _, cache = F.conv2d(x, w, b, padding=1)
    dout = rng.standard_normal((2, 4, 6, 5))

    def said(got, place, *inputs, **options):
        def f(value):
            moved = [*inputs[:place], value, *inputs[place + 1 :]]
            return F.conv2d(*moved, **options)[0]

        return check_gradient("d", got, f, inputs[place], dout).pattern

    dx, dw, _ = F.conv2d_backward(dout, cache)
    options = {"padding": 1}
    assert "border" in said(np.pad(dx, [(0, 0), (0, 0), (1, 1), (1, 1)]), 0, x, w, b, **options)
    assert "all axes but 1" in said(dout, 2, x, w, b, **options)
    assert "0.5 x expected" in said(dw / 2, 1, x, w, b, **options)
    assert "rotated" in said(dw[..., ::-1, ::-1], 1, x, w, b, **options)


def test_sixty_axes_are_not_searched_for_a_pattern() -> None:
    assert describe_difference(np.ones((1,) * 60), np.ones(1)) is None
    assert describe_difference(2 * np.ones((1,) * 60), np.ones((1,) * 60)) is None


@pytest.mark.parametrize(
    ("factor", "name"),
    [
        (-1.0, "-1"),
        (0.5, "1/2"),
        (7.0, "N"),
        (1 / 7, "1/N"),
        (-2 / 7, "-2/N"),
        (1 / 14, "1/(2*N)"),
        (7 / 3, "N/C"),
        (1 / 385, "1/(N*H*W)"),
        (0.7, "(1 - p)"),
    ],
)
def test_a_factor_is_told_by_the_sizes_it_is_made_of(factor, name):
    sizes = {"N": 7, "C": 3, "H": 5, "W": 11, "(1 - p)": 0.7}
    assert names_of_factor(factor, sizes)[0] == name
    assert names_of_factor(1.01 * factor, sizes) == []


def test_a_factor_needs_all_entries():
    assert scale_between(3 * MATRIX, MATRIX) == pytest.approx(3)
    assert scale_between(3 * MATRIX + np.eye(5, 4), MATRIX) is None
    assert scale_between(3 * MATRIX.T, MATRIX) is None
    assert scale_between(0 * MATRIX, MATRIX) is None


def test_sums_over_the_wrong_axis():
    assert describe_sum(MATRIX.sum(axis=1), MATRIX, "dout") == "got is dout summed over axis 1"
    assert describe_sum(IMAGE.mean(axis=(0, 2)), IMAGE, "dout") == (
        "got is the mean of dout over axes 0 and 2"
    )
    assert describe_sum(MATRIX[0], MATRIX, "dout") is None
    assert describe_sum(np.ones(()), np.ones(()), "dout") is None


def test_the_first_wrong_entry_and_its_arithmetic():
    got = MATRIX.copy()
    got[2, 1], got[3, 0] = 3.0, 9.0
    right = MATRIX.copy()
    right[2, 1] = -2.0
    text = "dx[2, 1] is 3, right is -2: -1.5 times, or 5 more"
    assert first_difference(got, right, "dx") == text
    assert first_difference(np.array(2.0), np.array(0.0), "loss") == (
        "loss is 2, right is 0: 2 more"
    )
    assert first_difference(right, right, "dx") is None
    assert first_difference(MATRIX.T, MATRIX, "dx") is None
