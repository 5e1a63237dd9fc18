"""Losses: one number that says how wrong a batch of scores is, averaged over the batch."""

from typing import NamedTuple

import numpy as np

from coursepkg.backend import Array, as_float, namespace, to_numpy


class CrossEntropyCache(NamedTuple):
    probabilities: Array
    labels: Array


def cross_entropy(scores: Array, labels: Array) -> tuple[Array, CrossEntropyCache]:
    """Compute the softmax cross-entropy ``loss = mean_n (log sum_j exp(s_nj) - s_n,label)``.

    The sum of exponentials stays inside the logarithm (log-sum-exp), so a probability that is
    too small for a float still gives a finite loss.

    Parameters
    ----------
    scores : array (N, C)
        Unnormalised log-probabilities, any real numbers.
    labels : array (N,) of integers in 0 .. C-1

    Returns
    -------
    loss : scalar, in nats
    cache : CrossEntropyCache

    Raises
    ------
    ValueError
        If shapes do not fit, the batch is empty or a label is out of range.
    TypeError
        If labels are not integers.

    Examples
    --------
    >>> loss, cache = cross_entropy([[1.0, 2.0, 3.0]], [0])
    >>> round(float(loss), 4)
    2.4076
    """
    scores = as_float(scores, "scores")
    xp = namespace(scores)
    labels = _checked_labels(xp.asarray(labels), scores)
    shifted = scores - xp.max(scores, axis=1, keepdims=True)
    exps = xp.exp(shifted)
    totals = xp.sum(exps, axis=1, keepdims=True)
    at_label = xp.take_along_axis(shifted, labels[:, None], axis=1)
    loss = xp.mean(xp.log(totals) - at_label)
    return loss, CrossEntropyCache(exps / totals, labels)


def cross_entropy_backward(dout: Array, cache: CrossEntropyCache) -> Array:
    """Return ``dscores = dout * (p - onehot(labels)) / N``: how wrong each class is.

    The N is the mean of the forward pass; the lecture listing of UVA CS6501 leaves it out, and
    its gradient is N times too large.

    Parameters
    ----------
    dout : scalar
        Gradient with respect to the loss, 1.0 where the loss is what is minimised.
    cache : CrossEntropyCache

    Returns
    -------
    dscores : array (N, C)

    Examples
    --------
    >>> _, cache = cross_entropy([[1.0, 2.0, 3.0]], [0])
    >>> cross_entropy_backward(1.0, cache).round(4)
    array([[-0.91  ,  0.2447,  0.6652]])
    """
    p, labels = cache
    xp = namespace(p)
    if np.shape(dout) != ():
        raise ValueError(f"dout must be a scalar, as the loss is, got shape {np.shape(dout)}")
    wrongness = p - (labels[:, None] == xp.arange(p.shape[1]))
    return wrongness * (xp.asarray(dout, dtype=p.dtype) / p.shape[0])


def _checked_labels(labels: Array, scores: Array) -> Array:
    if scores.ndim != 2 or scores.shape[0] == 0:
        raise ValueError(f"scores must have shape (N, C) with N >= 1, got {scores.shape}")
    if labels.shape != (scores.shape[0],):
        raise ValueError(
            f"labels must have shape (N,) = ({scores.shape[0]},), one a row of scores, "
            f"got {labels.shape}"
        )
    if to_numpy(labels).dtype.kind not in "iu":
        raise TypeError(f"labels must be integers, got dtype {labels.dtype}")
    if labels.min() < 0 or labels.max() >= scores.shape[1]:
        raise ValueError(
            f"labels must lie in 0 .. {scores.shape[1] - 1} (C = {scores.shape[1]} columns of "
            f"scores), got values from {labels.min()} to {labels.max()}"
        )
    return labels
