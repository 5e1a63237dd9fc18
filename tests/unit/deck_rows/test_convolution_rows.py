"""Numbers of the decks on convolution and pooling: rows 103 to 117."""

import math

import numpy as np
import pytest
from scipy.signal import correlate2d

from coursepkg import functional as F
from coursepkg.layers import Conv2d, Linear

IMAGE = np.array(
    [[4, 5, 7, 6, 6], [3, 2, 8, 0, 7], [6, 7, 7, 1, 5], [3, 0, 1, 1, 1], [4, 3, 2, 1, 7]], float
)


def filtered(image, kernel, **options):
    """One image through one filter."""
    out, _ = F.conv2d(image[None, None], kernel[None, None], np.zeros(1), **options)
    return out[0, 0]


def count(layer):
    return sum(parameter.data.size for parameter in layer.parameters())


def test_row_103_the_image_of_the_first_convolution():
    # deck row 103: the frames show parts of it, one with a 1 where 11 belongs (E-U12)
    kernel = np.array([[0.0, 0, 0], [1, 0, 1], [0, 0, 0]])
    out = filtered(IMAGE, kernel)
    np.testing.assert_array_equal(out, [[11, 2, 15], [13, 8, 12], [4, 1, 2]])
    same = filtered(IMAGE, kernel, padding=1)
    np.testing.assert_array_equal(same, correlate2d(IMAGE, kernel, mode="same"))
    np.testing.assert_array_equal(same[1:-1, 1:-1], out)


def test_row_103_sobel_shows_the_flip_that_a_symmetric_kernel_hides():
    sobel = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    out = filtered(IMAGE, sobel)
    np.testing.assert_array_equal(out, [[14, -9, -5], [5, -13, -5], [-5, -6, 3]])
    np.testing.assert_array_equal(filtered(IMAGE, sobel[::-1, ::-1]), -out)


def test_row_106_the_box_filter():
    # deck row 106: the printed output belongs to a 10 x 10 image; the deck prints 11 x 11 (E-A9)
    image = np.zeros((10, 10))
    image[2:7, 3:8] = 90
    image[5, 4] = 0
    image[8, 2] = 90
    printed = [
        [0, 10, 20, 30, 30, 30, 20, 10],
        [0, 20, 40, 60, 60, 60, 40, 20],
        [0, 30, 60, 90, 90, 90, 60, 30],
        [0, 30, 50, 80, 80, 90, 60, 30],
        [0, 30, 50, 80, 80, 90, 60, 30],
        [0, 20, 30, 50, 50, 60, 40, 20],
        [10, 20, 30, 30, 30, 30, 20, 10],
        [10, 10, 10, 0, 0, 0, 0, 0],
    ]
    np.testing.assert_allclose(filtered(image, np.full((3, 3), 1 / 9)), printed, atol=1e-12)


def dense_shape(side, hidden):
    return (side**2, hidden)


def local_shape(side, hidden, kernel):
    return (side, hidden // side, 1, 1, kernel, kernel)


def test_shapes_of_dense_and_local_weights():
    x = np.ones((1, 1, 6, 6))
    assert F.linear(x, np.ones(dense_shape(6, 36)), np.ones(36))[0].shape == (1, 36)
    w = np.ones(local_shape(6, 36, 3))
    out, _ = F.locally_connected2d(x, w, np.ones(w.shape[:3]), padding=1)
    assert out.shape == (1, 1, 6, 6)


@pytest.mark.parametrize(
    ("side", "hidden", "dense", "local"),
    [
        (200, 40_000, 1_600_000_000, 4_000_000),  # deck row 107, printed as "~2B" (E-A12)
        (1000, 1_000_000, 10**12, 100_000_000),  # deck row 108
    ],
)
def test_rows_107_and_108_weights_of_dense_and_local_layers(side, hidden, dense, local):
    assert math.prod(dense_shape(side, hidden)) == dense
    assert math.prod(local_shape(side, hidden, 10)) == local


def test_row_109_a_hundred_shared_filters():
    # deck row 109: 10,000 weights, whatever the size of the image; 10,100 with biases
    layer = Conv2d(1, 100, 10, rng=0)
    assert layer.w.data.size == 10_000
    assert count(layer) == 10_100


def test_row_112_six_filters_on_a_small_picture():
    # deck row 112: 32 x 32 x 3 through six 5 x 5 filters; a dense layer to the same output
    layer = Conv2d(3, 6, 5, rng=0)
    assert layer.forward(np.zeros((1, 3, 32, 32))).shape == (1, 6, 28, 28)
    assert count(layer) == 456
    assert 3072 * (6 * 28 * 28) + 6 * 28 * 28 == 14_455_392
    assert count(Linear(3, 2, rng=0)) == 3 * 2 + 2  # the rule of that count


@pytest.mark.parametrize(("stride", "size"), [(1, 5), (2, 3)])
def test_row_114_strides(stride, size):
    # deck row 114: 7 wide, kernel 3
    assert F.conv_output_size(7, 3, stride) == size
    assert filtered(np.zeros((7, 7)), np.zeros((3, 3)), stride=stride).shape == (size, size)


def test_row_114_stride_3_leaves_a_border():
    """(7 - 3) / 3 + 1 is no whole number: the window that does not fit is dropped."""
    assert F.conv_output_size(7, 3, 3) == 2
    _, cache = F.conv2d(np.ones((1, 1, 7, 7)), np.ones((1, 1, 3, 3)), np.zeros(1), stride=3)
    dx = F.conv2d_backward(np.ones((1, 1, 2, 2)), cache).dx[0, 0]
    np.testing.assert_array_equal(dx, np.outer([1] * 6 + [0], [1] * 6 + [0]))


def test_row_117_max_pooling():
    # deck row 117: windows 2 x 2, stride 2, and where the gradient goes
    x = np.array([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])[None, None]
    out, cache = F.max_pool2d(x, 2)
    np.testing.assert_array_equal(out[0, 0], [[6, 8], [3, 4]])
    dx = F.max_pool2d_backward(np.array([[[[1.0, 2], [3, 4]]]]), cache)
    np.testing.assert_array_equal(
        dx[0, 0], [[0, 0, 0, 0], [0, 1, 0, 2], [3, 0, 0, 0], [0, 0, 0, 4]]
    )
