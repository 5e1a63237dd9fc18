"""Pooling on the way back: who in a window gets how much."""

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes.registry import mistake


def _zeros(dout, windows):
    """Zeros of the size of the padded image."""
    size = [i + 2 * p for i, p in zip(windows.image, windows.padding, strict=True)]
    return np.zeros((*dout.shape[:2], *size))


@mistake(
    "PL1",
    of="max_pool2d_backward",
    symptom="All entries of a window get the whole gradient, not only the one that won.",
    question="If an entry that did not win grows by a little, does the output change?",
    section="10.6",
    affects=("dx",),
)
def gradient_to_everybody(dout, cache):
    windows = cache.windows
    dpadded = _zeros(dout, windows)
    for tap in windows.taps():
        dpadded[..., *windows.seen_by(tap)] += dout
    return windows.crop(dpadded)


@mistake(
    "PL2",
    of="max_pool2d_backward",
    symptom="The gradient is shared out evenly, as average pooling does.",
    question="If an entry that did not win grows by a little, does the output change?",
    section="10.6",
    affects=("dx",),
)
def gradient_shared(dout, cache):
    windows = cache.windows
    dpadded = _zeros(dout, windows)
    for tap in windows.taps():
        dpadded[..., *windows.seen_by(tap)] += dout / (windows.kernel[0] * windows.kernel[1])
    return windows.crop(dpadded)


@mistake(
    "PL4",
    of="max_pool2d_backward",
    symptom="A pixel that won in several windows keeps the gradient of one of them.",
    question="Can one pixel be the largest of two windows?",
    section="10.6",
    affects=("dx",),
    hidden_when="The windows do not overlap.",
)
def winners_overwritten(dout, cache):
    winner, windows = cache
    dpadded = _zeros(dout, windows)
    (_, kw), (sh, sw) = windows.kernel, windows.stride
    for n, c, i, j in np.ndindex(dout.shape):
        k, m = divmod(int(winner[n, c, i, j]), kw)
        dpadded[n, c, i * sh + k, j * sw + m] = dout[n, c, i, j]
    return windows.crop(dpadded)


@mistake(
    "PL5",
    of="max_pool2d_backward",
    symptom="All gradients land in the top left corner: the place in the window is taken for "
    "the place in the image.",
    question="argmax counts from the corner of the window: where is that corner?",
    section="10.6",
    affects=("dx",),
    hidden_when="There is one window.",
)
def place_in_the_window(dout, cache):
    winner, windows = cache
    dpadded = _zeros(dout, windows)
    for n, c, i, j in np.ndindex(dout.shape):
        k, m = divmod(int(winner[n, c, i, j]), windows.kernel[1])
        dpadded[n, c, k, m] += dout[n, c, i, j]
    return windows.crop(dpadded)


@mistake(
    "PL3",
    of="max_pool2d_gradient",
    symptom="Where several entries of a window are the largest, each gets the whole gradient.",
    question="Four zeros behind a ReLU share a window: what should their gradients add up to?",
    section="10.6",
    affects=("dx",),
    hidden_when="No window has its largest entry twice.",
)
def all_ties(x, dout, kernel_size, stride=None, padding=0):
    out, (_, windows) = F.max_pool2d(x, kernel_size, stride, padding)
    padded = windows.pad(x, -np.inf)
    dpadded = np.zeros_like(padded)
    for tap in windows.taps():
        seen = padded[..., *windows.seen_by(tap)]
        dpadded[..., *windows.seen_by(tap)] += dout * (seen == out)
    return windows.crop(dpadded)


@mistake(
    "PL6",
    of="max_pool2d_gradient",
    symptom="One winner is sought for all channels together, so only one of them gets a gradient.",
    question="Do the channels of an image compete with one another in a pooling layer?",
    section="10.6",
    affects=("dx",),
    hidden_when="The image has one channel.",
)
def one_winner_for_all_channels(x, dout, kernel_size, stride=None, padding=0):
    out, cache = F.max_pool2d(x, kernel_size, stride, padding)
    best = out == out.max(axis=1, keepdims=True)
    return F.max_pool2d_backward(dout * best, cache)


@mistake(
    "PL11",
    of="max_pool2d_gradient",
    symptom="The gradient of the winner is multiplied by its value.",
    question="The output is the winner itself: how fast does it grow with it?",
    section="10.6",
    affects=("dx",),
)
def times_the_value(x, dout, kernel_size, stride=None, padding=0):
    out, cache = F.max_pool2d(x, kernel_size, stride, padding)
    return F.max_pool2d_backward(dout * out, cache)


@mistake(
    "PL7",
    of="avg_pool2d_backward",
    symptom="The gradient is not divided by the size of the window.",
    question="If one of four entries grows by 1, by how much does their mean grow?",
    section="10.6",
    affects=("dx",),
    hidden_when="The windows are single pixels.",
)
def mean_not_divided(dout, cache):
    windows = cache.windows
    dpadded = _zeros(dout, windows)
    for tap in windows.taps():
        dpadded[..., *windows.seen_by(tap)] += dout
    return windows.crop(dpadded)


@mistake(
    "PL8",
    of="avg_pool2d_backward",
    symptom="Windows on the border are divided by their full size, although their padding did "
    "not count.",
    question="How many entries was the mean of a corner window taken of?",
    section="10.6",
    affects=("dx",),
    hidden_when="There is no padding, or it counts.",
)
def divided_by_the_full_window(dout, cache):
    windows = cache.windows
    share = 1 / (windows.kernel[0] * windows.kernel[1])
    return F.avg_pool2d_backward(dout, cache._replace(share=share))


@mistake(
    "PL12",
    of="avg_pool2d_backward",
    symptom="The gradient is divided by the side of the window, not by the number of its entries.",
    question="How many entries has a window of 3 by 3?",
    section="10.6",
    affects=("dx",),
    hidden_when="The windows are one pixel wide.",
)
def divided_by_the_side(dout, cache):
    return F.avg_pool2d_backward(dout, cache._replace(share=1 / cache.windows.kernel[0]))
