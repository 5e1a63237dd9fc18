"""Dropout: in training, every entry is left out with probability p."""

from typing import NamedTuple

import numpy as np

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect


class DropoutCache(NamedTuple):
    """`mask` is 0 where an entry was dropped and 1 / (1 - p) where it was kept."""

    mask: Array


def dropout(x: Array, p: float, rng: np.random.Generator) -> tuple[Array, DropoutCache]:
    """Compute ``out = x * mask``, the mask being 0 with probability p and else ``1 / (1 - p)``.

    The factor keeps the expected value of every entry, so that nothing is to be done at test time
    (inverted dropout; Srivastava et al., 2014).

    Parameters
    ----------
    x : array of any shape
    p : probability of being DROPPED, 0 <= p < 1
    rng : source of the mask

    Raises
    ------
    ValueError
        If p is not such a probability.
    TypeError
        If rng is no `numpy.random.Generator`.

    Examples
    --------
    >>> dropout([1.0, 1.0, 1.0, 1.0], 0.5, np.random.default_rng(0))[0]
    array([2., 0., 0., 0.])
    """
    p = expect.number(p, "p")
    if not 0 <= p < 1:
        raise ValueError(f"p must be a probability of dropping with 0 <= p < 1, got {p}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a numpy.random.Generator such as default_rng(0), got {type(rng).__name__}"
        )
    x = as_float(x, "x")
    kept = rng.random(x.shape) >= p  # drawn on the host: the same mask on every device
    mask = namespace(x).asarray(kept / (1 - p), dtype=x.dtype)
    return x * mask, DropoutCache(mask)


def dropout_backward(dout: Array, cache: DropoutCache) -> Array:
    """Return ``dx = dout * mask``, the mask of the forward pass.

    Examples
    --------
    >>> _, cache = dropout([1.0, 1.0, 1.0, 1.0], 0.5, np.random.default_rng(0))
    >>> dropout_backward(np.ones(4), cache)
    array([2., 0., 0., 0.])
    """
    expect.same_shape(dout, cache.mask.shape)
    return dout * cache.mask
