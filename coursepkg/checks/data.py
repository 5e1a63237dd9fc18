"""Data to try functions on: what the questions of several assignments share."""

from typing import Any

import numpy as np


def distinct(rng: np.random.Generator, count: int, least: int = 3, most: int = 8) -> list[int]:
    """Return sizes of which no two are the same, so that a transposed array has a wrong shape.

    Examples
    --------
    >>> len(set(distinct(np.random.default_rng(0), 4)))
    4
    """
    return [int(size) for size in rng.choice(np.arange(least, most + 1), count, replace=False)]


def transposed_in_memory(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the same numbers, but down the columns in memory, as a transposed view has them.

    Examples
    --------
    >>> transposed_in_memory((np.ones((2, 3)), 5))[0].flags.f_contiguous
    True
    """
    return tuple(np.asarray(x, order="F") if isinstance(x, np.ndarray) else x for x in inputs)
