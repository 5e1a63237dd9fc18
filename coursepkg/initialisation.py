"""First weights: as large as it takes for a signal to keep its size through a network."""

import math
from collections.abc import Callable

import numpy as np

from coursepkg.backend import Array

Generator = np.random.Generator | int | None
"""A generator of random numbers, or its seed; None draws a new seed every time."""


def he_normal(shape: tuple[int, ...], fan_in: int, fan_out: int, rng: Generator = None) -> Array:
    """Draw from N(0, 2 / fan_in): right before a ReLU, which stops half of the signal.

    He et al., 2015. With the N(0, 0.01) of the UVA deck ten such layers let nothing through.

    Parameters
    ----------
    shape : of the weights
    fan_in, fan_out : inputs an output sees, and outputs an input reaches
    rng : generator, or its seed

    Examples
    --------
    >>> round(float(he_normal((256, 1000), 256, 1000, rng=0).std()), 3)
    0.088
    """
    return _normal(shape, math.sqrt(2 / fan_in), rng)


def xavier_normal(
    shape: tuple[int, ...], fan_in: int, fan_out: int, rng: Generator = None
) -> Array:
    """Draw from N(0, 2 / (fan_in + fan_out)): right before sigmoid or tanh.

    Glorot and Bengio, 2010.

    Examples
    --------
    >>> round(float(xavier_normal((256, 256), 256, 256, rng=0).std()), 4)
    0.0625
    """
    return _normal(shape, math.sqrt(2 / (fan_in + fan_out)), rng)


INITIALISERS: dict[str, Callable[..., Array]] = {"he": he_normal, "xavier": xavier_normal}


def initial_weights(
    init: str, shape: tuple[int, ...], fan_in: int, fan_out: int, rng: Generator = None
) -> Array:
    """Draw weights by the name of the method, "he" or "xavier".

    Raises
    ------
    ValueError
        If there is no such method.

    Examples
    --------
    >>> initial_weights("he", (3, 2), 3, 2, rng=0).shape
    (3, 2)
    """
    if init not in INITIALISERS:
        raise ValueError(f"init must be one of {sorted(INITIALISERS)}, got {init!r}")
    return INITIALISERS[init](shape, fan_in, fan_out, rng)


def _normal(shape: tuple[int, ...], std: float, rng: Generator) -> Array:
    return np.random.default_rng(rng).standard_normal(shape) * std
