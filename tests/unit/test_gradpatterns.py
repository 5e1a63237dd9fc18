"""The pattern of an error is put into words, for every kind in the catalogue of mistakes."""

import re

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.gradcheck import ENTRYWISE_LIMIT, check_gradient
from coursepkg.gradpatterns import describe_difference

RNG = np.random.default_rng(0)
IMAGE = RNG.standard_normal((2, 3, 6, 5))
MATRIX = RNG.standard_normal((5, 4))
MASK = np.arange(20).reshape(5, 4) % 3 == 0


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
        (MATRIX[::-1], MATRIX, "the right numbers in wrong places"),
        (MATRIX.ravel(), MATRIX, "only the shape is not"),
        (np.ones((7, 1)) * MATRIX[:1], 7 * MATRIX[0], "summed over axis 0, got equals expected"),
        (IMAGE, IMAGE.sum(axis=(0, 2, 3)), "summed over all axes but 1"),
        (IMAGE, IMAGE.sum(axis=(0, 1)), r"summed over axes \(0, 1\)"),
        (MATRIX.sum(), MATRIX, "the sum of all expected entries"),
        (np.pad(IMAGE, [(0, 0), (0, 0), (1, 1), (2, 2)]), IMAGE, "a border around expected"),
        (MATRIX + np.eye(5, 4), MATRIX, "4 of 20 entries differ"),
    ],
)
def test_patterns(got, expected, text):
    assert re.search(text, describe_difference(np.asarray(got), expected) or "")


def test_shapes_that_have_nothing_in_common():
    assert describe_difference(np.ones(7), MATRIX) is None


def test_a_pattern_of_a_large_tensor_is_found_in_a_sample():
    x = np.random.default_rng(0).standard_normal(ENTRYWISE_LIMIT + 1000)
    report = check_gradient("dx", 8 * 3 * x**2, lambda x: x * x * x, x)
    assert report.pattern == "in 64 entries looked at: got = 8 x expected everywhere"
    masked = check_gradient("dx", np.maximum(3 * x**2 * np.sign(x), 0), lambda x: x * x * x, x)
    assert "and right in the others" in (masked.pattern or "")


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
