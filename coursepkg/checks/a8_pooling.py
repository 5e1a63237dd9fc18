"""Assignment 8, pooling: the largest and the mean of each window, and ties."""

from collections.abc import Callable

import numpy as np

from coursepkg import functional as F
from coursepkg.checks import worked
from coursepkg.checks.a8_cases import LARGE_TITLE, SIDE, WINDOWS
from coursepkg.checks.data import distinct, transposed_in_memory
from coursepkg.checks.question import Case, Large, Pair, Question, Trial
from coursepkg.checks.trials import TrialError, Tried, numbers
from coursepkg.functional.windows import windows_over

SECTION = "section 10.6, pooling and its way back"
GAP = 0.05
"""No two pixels are closer: the largest of a window stays the largest when one is nudged."""


def _case(
    rng: np.random.Generator, title: str, shape: tuple[int, int, int, int], size: int, stride: int
) -> Case:
    pixels = int(np.prod(shape))
    x = GAP * (rng.permutation(pixels) - pixels / 2).reshape(shape)
    dout = rng.standard_normal((*shape[:2], *windows_over(shape[2:], size, stride).out))
    return Case(title, (x, size, stride), dout)


def _sizes(rng: np.random.Generator) -> tuple[int, int, int, int]:
    n, c = distinct(rng, 2, 2, 4)
    h, w = distinct(rng, 2, 6, 9)
    return n, c, h, w


def _sample(rng: np.random.Generator) -> Case:
    size, stride = int(rng.integers(2, 4)), int(rng.integers(1, 4))
    shape = _sizes(rng)
    title = f"random numbers: x {shape}, kernel_size {size}, stride {stride}"
    return _case(rng, title, shape, size, stride)


def _edges(rng: np.random.Generator) -> list[Case]:
    n, c, h, w = shape = _sizes(rng)
    negative = _case(rng, "negative numbers", shape, 2, 2)
    x, *setting = negative.inputs
    turned = _case(rng, "transposed arrays", shape, 2, 2)
    return [
        _case(rng, "a single image and channel", (1, 1, h, w), 2, 2),
        _case(rng, "rows left over", (n, c, 7, 9), 2, 2),
        _case(rng, "windows that overlap", shape, 3, 1),
        _case(rng, "windows that overlap by a row", (n, c, 7, 9), 3, 2),
        _case(rng, "windows with gaps between", (n, c, 8, 9), 2, 3),
        Case(negative.title, (x - x.max() - 1, *setting), negative.dout),
        Case(turned.title, transposed_in_memory(turned.inputs), turned.dout),
    ]


def _pair(
    name: str, reference: Callable[..., tuple[object, object]], backward: Callable[..., object]
) -> Pair:
    large = _case(np.random.default_rng(0), "", (1, 1, SIDE, SIDE), 2, 1)
    return Pair(
        forward=name,
        backward=f"{name}_backward",
        output="out",
        grads=("dx",),
        reference=reference,
        reference_backward=backward,
        suggested_cache=lambda x, kernel_size, stride: (x, kernel_size, stride),
        example=Case("the worked example (x 1 x 1 x 4 x 4)", (IMAGE, 2, 2), DOUT),
        sample=_sample,
        edges=_edges,
        large=Large(Case(LARGE_TITLE, large.inputs, large.dout), WINDOWS),
    )


def _zeros(tried: Tried, rng: np.random.Generator) -> None:
    """What a ReLU leaves: windows of zeros only, and others."""
    x = np.maximum(GAP * rng.permutation(2 * 3 * 6 * 8).reshape(2, 3, 6, 8) - 7, 0)
    x[:, :, :2, :4] = 0
    _judge(tried, x, 2, 2, rng)


def _few_values(tried: Tried, rng: np.random.Generator) -> None:
    _judge(tried, rng.integers(0, 3, (2, 3, 7, 9)).astype(float), 3, 3, rng)


def _overlapping(tried: Tried, rng: np.random.Generator) -> None:
    """In each channel all windows see the same flat image: what is sent in arrives."""
    _judge(tried, np.ones((2, 3, 5, 7)), 3, 2, rng)


def _judge(tried: Tried, x: np.ndarray, size: int, stride: int, rng: np.random.Generator) -> None:
    """Each window hands out what it was sent, no more and no less, and to its largest only."""
    out = F.max_pool2d(x, size, stride)[0]
    dout = rng.uniform(1, 2, out.shape)
    dx = tried.array("max_pool_backward", dout, _cache(tried, x, size, stride), shape=x.shape)
    if stride < size:
        _compare(dx.sum(axis=(2, 3)), dout.sum(axis=(2, 3)), "a channel")
        return
    windows = windows_over((x.shape[2], x.shape[3]), size, stride)
    taps = [(..., *windows.seen_by(tap)) for tap in windows.taps()]
    _compare(sum(dx[tap] for tap in taps), dout, "a window")
    if any(dx[tap][x[tap] < out].any() for tap in taps):
        raise TrialError("a pixel that is not the largest of its window got a gradient")


def _compare(got: np.ndarray | int, sent: np.ndarray, place: str) -> None:
    wrong = ~np.isclose(got, sent, rtol=1e-9, atol=1e-9)
    if wrong.any():
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise TrialError(
            f"{place} was sent {sent[first]:.4g} in all, but its pixels got "
            f"{np.asarray(got)[first]:.4g}: one of those that are equally large gets everything, "
            f"or they share it"
        )


def _cache(tried: Tried, x: np.ndarray, size: int, stride: int) -> object:
    """The cache of the student's own forward if that is right, else the suggested one."""
    suggested = x, size, stride
    try:
        out, cache = tried("max_pool", x, size, stride)
        own = numbers(out, "max_pool returned")
    except Exception:
        return suggested
    right = F.max_pool2d(x, size, stride)[0]
    return cache if own.shape == right.shape and np.allclose(own, right) else suggested


IMAGE = np.array(
    [[1.0, 1.0, 2.0, 4.0], [5.0, 6.0, 7.0, 8.0], [3.0, 2.0, 1.0, 0.0], [1.0, 2.0, 3.0, 4.0]]
).reshape(1, 1, 4, 4)
DOUT = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 1, 2, 2)
MAX_POOL = _pair("max_pool", F.max_pool2d, F.max_pool2d_backward)
AVG_POOL = _pair("avg_pool", F.avg_pool2d, F.avg_pool2d_backward)
TIES = (
    Trial("windows of zeros", _zeros),
    Trial("few different values, rows left over", _few_values, hidden=True),
    Trial("a flat image under windows that overlap", _overlapping, hidden=True),
)
QUESTIONS = (
    Question(
        "A8.max_pool",
        MAX_POOL,
        SECTION,
        {"out": "the largest number of each window, in each channel by itself; it may be negative"},
        sums={"out": worked.max_pool},
    ),
    Question(
        "A8.max_pool_backward",
        MAX_POOL,
        SECTION,
        {
            "dx": "everything goes to the pixel that won; one that won in several windows gets "
            "the sum; all others get 0"
        },
        backward=True,
        operation="max_pool2d_backward",
        sums={"dx": worked.max_pool_backward},
    ),
    Question("A8.max_pool_ties", TIES, SECTION),
    Question(
        "A8.avg_pool",
        AVG_POOL,
        SECTION,
        {"out": "the sum of a window, divided by the number of its pixels"},
        sums={"out": worked.avg_pool},
    ),
    Question(
        "A8.avg_pool_backward",
        AVG_POOL,
        SECTION,
        {"dx": "each pixel of a window gets the same share; what is the slope of a mean?"},
        backward=True,
        operation="avg_pool2d_backward",
        sums={"dx": worked.avg_pool_backward},
    ),
)
