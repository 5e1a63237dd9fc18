"""Layers with weights: linear, maxout, convolution, locally connected."""

import math

import numpy as np

from coursepkg import functional as F
from coursepkg.functional.windows import Pair, pair, windows_over
from coursepkg.initialisation import Generator, initial_weights
from coursepkg.layers.base import Weighted


class Linear(Weighted):
    """``out = x @ w + b``, see `coursepkg.functional.linear`.

    Parameters
    ----------
    n_in, n_out : inputs and outputs
    rng : generator of the first weights, or its seed; biases start at zero
    init : "he" (before a ReLU) or "xavier" (before sigmoid, tanh), see `initialisation`
    """

    pair = (F.linear, F.linear_backward)

    def __init__(self, n_in: int, n_out: int, rng: Generator = None, init: str = "he"):
        super().__init__(initial_weights(init, (n_in, n_out), n_in, n_out, rng), np.zeros(n_out))


class Maxout(Weighted):
    """The largest of several linear functions, see `coursepkg.functional.maxout`."""

    pair = (F.maxout, F.maxout_backward)

    def __init__(self, n_in: int, n_out: int, pieces: int = 2, rng: Generator = None):
        shape = (pieces, n_in, n_out)
        super().__init__(initial_weights("xavier", shape, n_in, n_out, rng), np.zeros(shape[::2]))


class Conv2d(Weighted):
    """Filters that slide over images, see `coursepkg.functional.conv2d`.

    Parameters
    ----------
    in_channels, out_channels : channels of the images and number of filters
    kernel_size, stride, padding, dilation : one number, or (vertical, horizontal)
    groups : groups of channels, each with filters of its own
    rng : generator of the first weights, or its seed; biases start at zero
    init : "he" or "xavier"
    """

    pair = (F.conv2d, F.conv2d_backward)

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Pair = 0,
        dilation: Pair = 1,
        groups: int = 1,
        rng: Generator = None,
        init: str = "he",
    ):
        if groups < 1 or in_channels % groups or out_channels % groups:
            raise ValueError(
                f"groups must divide {in_channels} input and {out_channels} output channels, "
                f"got {groups}"
            )
        shape = (out_channels, in_channels // groups, *pair(kernel_size, "kernel_size"))
        taps = math.prod(shape[2:])
        fans = shape[1] * taps, out_channels // groups * taps
        w = initial_weights(init, shape, *fans, rng)
        options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        super().__init__(w, np.zeros(out_channels), **options)


class LocallyConnected2d(Weighted):
    """Filters of its own at every place, see `coursepkg.functional.locally_connected2d`.

    Parameters
    ----------
    in_channels, out_channels : channels of the images and number of filters at every place
    image : (height, width) of the images: the number of places depends on it
    kernel_size, stride, padding : one number, or (vertical, horizontal)
    """

    pair = (F.locally_connected2d, F.locally_connected2d_backward)

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        image: tuple[int, int],
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Pair = 0,
        rng: Generator = None,
    ):
        windows = windows_over(image, kernel_size, stride, padding)
        shape = (*windows.out, out_channels, in_channels, *windows.kernel)
        taps = math.prod(windows.kernel)
        w = initial_weights("he", shape, in_channels * taps, out_channels * taps, rng)
        super().__init__(w, np.zeros(shape[:3]), stride=stride, padding=padding)
