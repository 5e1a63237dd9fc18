"""Squared distances: losses of a regression, and the penalty on large weights."""

from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect


class SquaredErrorCache(NamedTuple):
    """`error` is predictions minus targets."""

    error: Array


class PenaltyCache(NamedTuple):
    w: Array
    lam: float


def mse_loss(predictions: Array, targets: Array) -> tuple[Array, SquaredErrorCache]:
    """Compute ``loss = mean of (predictions - targets)^2`` over all entries.

    Parameters
    ----------
    predictions, targets : arrays of one shape

    Raises
    ------
    ValueError
        If shapes differ (broadcasting would hide it) or there are no entries.

    Examples
    --------
    >>> float(mse_loss([[1.0, 2.0]], [[0.0, 4.0]])[0])
    2.5
    """
    error = _error(predictions, targets)
    return namespace(error).mean(error * error), SquaredErrorCache(error)


def mse_loss_backward(dout: Array, cache: SquaredErrorCache) -> Array:
    """Return ``dpredictions = dout * 2 (predictions - targets) / number of entries``.

    Examples
    --------
    >>> mse_loss_backward(1.0, mse_loss([[1.0, 2.0]], [[0.0, 4.0]])[1])
    array([[ 1., -2.]])
    """
    return cache.error * (2 * expect.scalar(dout, cache.error) / expect.size_of(cache.error))


def half_squared_error(predictions: Array, targets: Array) -> tuple[Array, SquaredErrorCache]:
    """Compute ``loss = mean_n |predictions_n - targets_n|^2 / 2``: half the squared distance.

    The decks state ``|s - t|^2`` and, with it, the gradient ``s - t`` that belongs to half of it
    (UBC CPSC 425, L20); this is the loss that has that gradient.

    Parameters
    ----------
    predictions, targets : arrays (N, ...) of one shape

    Raises
    ------
    ValueError
        If shapes differ, there are no entries, or no axis for the samples.

    Examples
    --------
    >>> float(half_squared_error([[1.0, 2.0]], [[0.0, 4.0]])[0])
    2.5
    """
    error = _error(predictions, targets)
    if error.ndim == 0:
        raise ValueError("predictions must have one row per sample, got a single number")
    total = namespace(error).sum(error * error)
    return total / (2 * error.shape[0]), SquaredErrorCache(error)


def half_squared_error_backward(dout: Array, cache: SquaredErrorCache) -> Array:
    """Return ``dpredictions = dout * (predictions - targets) / N``.

    Examples
    --------
    >>> half_squared_error_backward(1.0, half_squared_error([[1.0, 2.0]], [[0.0, 4.0]])[1])
    array([[ 1., -2.]])
    """
    return cache.error * (expect.scalar(dout, cache.error) / cache.error.shape[0])


def l2_penalty(w: Array, lam: float) -> tuple[Array, PenaltyCache]:
    """Compute ``lam / 2 * |w|^2``, the price of large weights.

    With the half, the gradient is ``lam * w``. CS231n's lecture 4 prints the sum of squares
    without a factor, and so cannot say how much it matters.

    Raises
    ------
    ValueError
        If lam is negative (the weights would be paid for growing) or not finite.
    TypeError
        If lam is no number.

    Examples
    --------
    >>> float(l2_penalty([3.0, 4.0], lam=0.1)[0])
    1.25
    """
    w, lam = as_float(w, "w"), expect.number(lam, "lam")
    if lam < 0:
        raise ValueError(f"lam must not be negative, got {lam}")
    return 0.5 * lam * namespace(w).sum(w * w), PenaltyCache(w, lam)


def l2_penalty_backward(dout: Array, cache: PenaltyCache) -> Array:
    """Return ``dw = dout * lam * w``.

    Examples
    --------
    >>> l2_penalty_backward(1.0, l2_penalty([3.0, 4.0], lam=0.5)[1])
    array([1.5, 2. ])
    """
    return cache.w * (expect.scalar(dout, cache.w) * cache.lam)


def _error(predictions: Array, targets: Array) -> Array:
    predictions = as_float(predictions, "predictions")
    return predictions - expect.targets_like(predictions, targets, "predictions and targets")
