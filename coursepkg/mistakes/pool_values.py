"""Pooling on the way forward, and the norm as a pool."""

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes.registry import mistake


@mistake(
    "PL9",
    of="lp_pool2d_backward",
    symptom="The derivative of the sum of squares is used: the root is forgotten.",
    question="The output is a root: what does its derivative divide by?",
    section="10.6",
    affects=("dx",),
    hidden_when="Every norm is 1/2.",
)
def root_of_the_norm_forgotten(dout, cache):
    x, _, _, windows = cache
    padded = windows.pad(x)
    dpadded = np.zeros_like(padded)
    for tap in windows.taps():
        seen = padded[..., *windows.seen_by(tap)]
        dpadded[..., *windows.seen_by(tap)] += dout * 2 * seen
    return windows.crop(dpadded)


@mistake(
    "PL10",
    of="lp_pool2d_backward",
    symptom="In a window of zeros, 0 / 0 makes every gradient nan.",
    question="What does your quotient do where the whole window is 0?",
    section="10.6",
    affects=("dx",),
    hidden_when="No window is all zeros.",
)
def zero_over_zero(dout, cache):
    x, out, _, windows = cache
    padded = windows.pad(x)
    dpadded = np.zeros_like(padded)
    for tap in windows.taps():
        seen = padded[..., *windows.seen_by(tap)]
        dpadded[..., *windows.seen_by(tap)] += dout * seen / out
    return windows.crop(dpadded)


@mistake(
    "PL13",
    of="max_pool2d",
    symptom="The padding counts as 0 and wins over negative entries.",
    question="What is the largest entry of a corner window in which all pixels are negative?",
    section="10.6",
    affects=("out",),
    hidden_when="There is no padding, or no window with it is negative.",
)
def padding_wins(x, kernel_size, stride=None, padding=0):
    _, cache = F.max_pool2d(x, kernel_size, stride, padding)
    padded = cache.windows.pad(x)
    seen = [padded[..., *cache.windows.seen_by(tap)] for tap in cache.windows.taps()]
    return np.max(seen, axis=0), cache


@mistake(
    "PL14",
    of="max_pool2d",
    symptom="The stride is 1 where it should be the size of the window.",
    question="How large is the output of 2 x 2 pooling of an image of 8 x 8?",
    section="10.6",
    affects=("out",),
    hidden_when="The stride is given.",
)
def windows_step_by_one(x, kernel_size, stride=None, padding=0):
    return F.max_pool2d(x, kernel_size, stride or 1, padding)


@mistake(
    "PL15",
    of="avg_pool2d",
    symptom="The outputs are sums instead of means.",
    question="What is the mean of a window of ones?",
    section="10.6",
    affects=("out",),
    hidden_when="The windows are single pixels.",
)
def sum_of_the_window(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    out, cache = F.avg_pool2d(x, kernel_size, stride, padding, count_include_pad)
    return out / cache.share, cache


@mistake(
    "PL16",
    of="avg_pool2d",
    symptom="The sums are divided by the side of the window, not by the number of its entries.",
    question="What is the mean of a window of ones?",
    section="10.6",
    affects=("out",),
    hidden_when="The windows are one pixel wide.",
)
def over_the_side(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    out, cache = F.avg_pool2d(x, kernel_size, stride, padding, count_include_pad)
    return out / cache.share / cache.windows.kernel[0], cache
