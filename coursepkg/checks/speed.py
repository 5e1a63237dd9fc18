"""Does a function loop over the windows of an image in Python, or leave that to NumPy?

The yardstick is such a loop, timed beside the function at the same moment on the same machine.
Right answers take a quarter of it at most, and usually a twentieth; a loop over windows that does
anything at all takes twice as long. A machine that is busy elsewhere gets several tries, and both
are timed for equally long, so that both are interrupted equally often.
"""

import time
from collections.abc import Callable

import numpy as np

SLOW = (
    "{} is as slow on it as a loop in Python over all windows: let each step move a slice of the "
    "whole image, and loop over the taps of the kernel, which are few"
)
TRIES = 8
PATIENCE = 2.0
"""After so many seconds two tries are enough: what is right needs some milliseconds."""
SIDE = 64
"""The yardstick goes over so many times so many windows; the time of more is in proportion."""


def is_fast(run: Callable[[], object], windows: int) -> bool:
    """Whether `run` needs less time than a bare loop over so many windows, in the best try.

    Examples
    --------
    >>> is_fast(lambda: None, 10_000)
    True
    """
    start, mine, loop = time.perf_counter(), np.inf, np.inf
    for tries in range(1, TRIES + 1):
        last = _seconds(run)
        mine = min(mine, last)
        loop = min(loop, _loop_seconds(min(last, PATIENCE)) * windows / SIDE**2)
        if mine < loop:
            return True
        if tries >= 2 and time.perf_counter() - start > PATIENCE:
            break
    return False


def _loop_seconds(at_least: float) -> float:
    """What a bare loop takes, on the average over that time."""
    start, times = time.perf_counter(), 0
    while not times or time.perf_counter() - start < at_least:
        _bare_loop()
        times += 1
    return (time.perf_counter() - start) / times


def _bare_loop() -> None:
    """The least that a loop over windows does: cut each out, and its place in the result."""
    image = np.ones((SIDE + 1, SIDE + 1))
    for i in range(SIDE):
        for j in range(SIDE):
            image[i : i + 2, j : j + 2], image[i : i + 2, j : j + 2]


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
