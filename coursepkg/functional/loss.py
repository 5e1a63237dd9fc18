"""Losses of a classifier: one number that says how wrong a batch of scores is, its mean."""

from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace, on_device
from coursepkg.functional import expect
from coursepkg.functional.activation import sigmoid
from coursepkg.functional.softmax import exponentials
from coursepkg.gpu import kernels


class CrossEntropyCache(NamedTuple):
    probabilities: Array
    labels: Array


class BinaryCrossEntropyCache(NamedTuple):
    scores: Array
    targets: Array


class HingeCache(NamedTuple):
    """`violations` is 1 where a wrong class came closer than the margin, and 0 elsewhere."""

    violations: Array
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
    labels = _checked_labels(labels, scores)
    if on_device(scores) and scores.shape[1] <= kernels.MOST_CLASSES:
        losses, p = kernels.cross_entropy(scores, labels)
        return xp.mean(losses), CrossEntropyCache(p, labels)
    exps, totals, shifted = exponentials(scores, axis=1)
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
    share = expect.scalar(dout, p) / p.shape[0]
    if on_device(p):
        return kernels.cross_entropy_backward(p, labels, share)
    return (p - _one_hot(labels, p)) * share


def binary_cross_entropy_with_logits(
    scores: Array, targets: Array
) -> tuple[Array, BinaryCrossEntropyCache]:
    """Compute ``loss = mean (-t log p - (1 - t) log(1 - p))`` with ``p = sigmoid(score)``.

    Written as ``max(s, 0) - s t + log(1 + exp(-|s|))``, the same number for scores of any size.
    The table of the ANU deck has the sign of a likelihood, and of its derivative one sign wrong.

    Parameters
    ----------
    scores : array of any shape
    targets : array of the same shape, probabilities in [0, 1]

    Raises
    ------
    ValueError
        If shapes differ, there are no entries, or a target is no probability.

    Examples
    --------
    >>> round(float(binary_cross_entropy_with_logits([0.0, 1e4], [1.0, 1.0])[0]), 4)
    0.3466
    """
    scores = as_float(scores, "scores")
    xp = namespace(scores)
    targets = expect.targets_like(scores, targets, "scores and targets")
    if not on_device(targets) and not xp.all((targets >= 0) & (targets <= 1)):
        raise ValueError(
            f"targets must lie in [0, 1], got values from {xp.min(targets)} to {xp.max(targets)}"
        )
    gaps = xp.maximum(scores, 0) - scores * targets + xp.log1p(xp.exp(-xp.abs(scores)))
    return xp.mean(gaps), BinaryCrossEntropyCache(scores, targets)


def binary_cross_entropy_with_logits_backward(dout: Array, cache: BinaryCrossEntropyCache) -> Array:
    """Return ``dscores = dout * (sigmoid(scores) - targets) / number of entries``.

    Examples
    --------
    >>> _, cache = binary_cross_entropy_with_logits([0.0, 0.0], [1.0, 0.0])
    >>> binary_cross_entropy_with_logits_backward(1.0, cache)
    array([-0.25,  0.25])
    """
    p, _ = sigmoid(cache.scores)
    return (p - cache.targets) * (expect.scalar(dout, p) / expect.size_of(p))


def multiclass_hinge_loss(
    scores: Array, labels: Array, margin: float = 1.0
) -> tuple[Array, HingeCache]:
    """Compute ``loss = mean_n sum_{j != label} max(0, s_nj - s_n,label + margin)``.

    The loss of the multiclass support vector machine (CS231n, lectures 3 and 4): zero once the
    right class leads every other by the margin.

    Parameters
    ----------
    scores : array (N, C)
    labels : array (N,) of integers in 0 .. C-1
    margin : lead of the right class from which on nothing is lost

    Raises
    ------
    ValueError, TypeError
        As `cross_entropy`, and if margin is no finite number.

    Examples
    --------
    >>> round(float(multiclass_hinge_loss([[3.2, 5.1, -1.7]], [0])[0]), 12)
    2.9
    """
    scores = as_float(scores, "scores")
    xp = namespace(scores)
    labels, margin = _checked_labels(labels, scores), expect.number(margin, "margin")
    gaps = scores - xp.take_along_axis(scores, labels[:, None], axis=1) + margin
    gaps = xp.maximum(gaps, 0) * (1 - _one_hot(labels, scores))
    loss = xp.sum(gaps) / scores.shape[0]
    return loss, HingeCache(xp.astype(gaps > 0, scores.dtype), labels)


def multiclass_hinge_loss_backward(dout: Array, cache: HingeCache) -> Array:
    """Return ``dout / N`` at every violation and, at the label, minus their number in the row.

    Exactly on the margin the derivative is taken as 0.

    Examples
    --------
    >>> multiclass_hinge_loss_backward(1.0, multiclass_hinge_loss([[3.2, 5.1, 2.7]], [0])[1])
    array([[-2.,  1.,  1.]])
    """
    violations, labels = cache
    share = expect.scalar(dout, violations) / violations.shape[0]
    count = namespace(violations).sum(violations, axis=1, keepdims=True)
    return (violations - count * _one_hot(labels, violations)) * share


def _one_hot(labels: Array, like: Array) -> Array:
    """(N, C) of the dtype of `like`, 1 at the labels."""
    xp = namespace(like)
    classes = xp.arange(like.shape[1], dtype=labels.dtype)
    return xp.astype(labels[:, None] == classes, like.dtype)


def _checked_labels(labels: Array, scores: Array) -> Array:
    """Labels as int64: a narrower type may not be able to count all classes.

    On a GPU their values are not looked at, as every step would wait for that; `training.fit`
    looks once.
    """
    xp = namespace(scores)
    labels = xp.asarray(labels)
    if scores.ndim != 2 or scores.shape[0] == 0:
        raise ValueError(f"scores must have shape (N, C) with N >= 1, got {scores.shape}")
    if labels.shape != (scores.shape[0],):
        raise ValueError(
            f"labels must have shape (N,) = ({scores.shape[0]},), one a row of scores, "
            f"got {labels.shape}"
        )
    if not xp.isdtype(labels.dtype, "integral"):
        raise TypeError(f"labels must be integers, got dtype {labels.dtype}")
    if not on_device(labels):
        _require_range(labels, scores.shape[1])
    own = namespace(labels)
    return own.astype(labels, own.int64)


def _require_range(labels: Array, classes: int) -> None:
    xp = namespace(labels)
    low, high = int(xp.min(labels)), int(xp.max(labels))
    if low < 0 or high >= classes:
        raise ValueError(
            f"labels must lie in 0 .. {classes - 1} (C = {classes} columns of scores), "
            f"got values from {low} to {high}"
        )
