"""Entries of worked examples on paper, where they are no plain sum of products (see `by_hand`).

Numbers only: which formula they belong to is for the student to see.
"""

from collections.abc import Callable

import numpy as np

from coursepkg.checks.by_hand import by_hand, entry, number
from coursepkg.checks.question import Case, Worked


def gate(slope: Callable[..., float]) -> Worked:
    """The gradient of a function of single numbers: what comes from above, times the slope there.

    >>> case = Case("", (np.array([3.0]),), np.array([2.0]))
    >>> gate(lambda x: 2 * x)((0,), case)
    'dx[0] = 2 * 6 = 12, where x = 3'
    """

    def worked(at: tuple[int, ...], case: Case) -> str:
        x, *settings = case.inputs
        above, times = float(case.dout[at]), float(slope(x[at], *settings))
        product = f"{above:.6g} * {number(times)} = {above * times:.6g}"
        return f"{entry('dx', at)} = {product}, where x = {x[at]:.6g}"

    return worked


def relu(at: tuple[int, ...], case: Case) -> str:
    """The larger of the number and 0.

    >>> relu((0,), Case("", (np.array([-3.0]),)))
    'out[0] = max(-3, 0) = 0'
    """
    x = float(case.inputs[0][at])
    return f"{entry('out', at)} = max({x:.6g}, 0) = {max(x, 0):.6g}"


def softmax(at: tuple[int, ...], case: Case) -> str:
    """A share of the exponentials of a row, the largest score taken out.

    >>> softmax((0, 1), Case("", (np.array([[1.0, 2.0]]),)))
    'p[0, 1] = exp(0) / (exp(-1) + exp(0)) = 1 / 1.36788 = 0.731059'
    """
    row = case.inputs[0][at[0]] - case.inputs[0][at[0]].max()
    all_of_it = " + ".join(f"exp({s:.6g})" for s in row)
    shares = np.exp(row)
    top, total = shares[at[1]], shares.sum()
    end = f"{top:.6g} / {total:.6g} = {top / total:.6g}"
    return f"{entry('p', at)} = exp({row[at[1]]:.6g}) / ({all_of_it}) = {end}"


def cross_entropy(at: tuple[int, ...], case: Case) -> str:
    """The mean, over rows, of the logarithm of the sum of exponentials, minus the right score.

    >>> cross_entropy((), Case("", (np.array([[0.0, 0.0]]), np.array([1]))))
    'loss = (log(exp(0) + exp(0)) - 0) / 1 = 0.693147'
    """
    scores, labels = case.inputs
    rows = [
        f"log({' + '.join(f'exp({s:.6g})' for s in row)}) - {number(row[label])}"
        for row, label in zip(scores, labels, strict=True)
    ]
    loss = np.mean(
        [np.log(np.exp(row).sum()) - row[k] for row, k in zip(scores, labels, strict=True)]
    )
    return f"loss = ({' + '.join(rows)}) / {len(rows)} = {loss:.6g}"


def cross_entropy_backward(at: tuple[int, ...], case: Case) -> str:
    """The share of a class, less 1 at the label, of a mean over rows.

    >>> case = Case("", (np.array([[0.0, 0.0]]), np.array([1])), 1.0)
    >>> cross_entropy_backward((0, 1), case)
    'dscores[0, 1] = 1 * (0.5 - 1) / 1 = -0.5'
    """
    scores, labels = case.inputs
    row, dout = np.exp(scores[at[0]] - scores[at[0]].max()), float(case.dout)
    p, hit = row[at[1]] / row.sum(), int(labels[at[0]] == at[1])
    value = dout * (p - hit) / len(labels)
    sums = f"{number(dout)} * ({p:.6g} - {hit}) / {len(labels)} = {value:.6g}"
    return f"{entry('dscores', at)} = {sums}"


def batch_norm(at: tuple[int, ...], case: Case) -> str:
    """The normalised number, scaled and shifted."""
    x, gamma, beta, eps = case.inputs
    mean, var = x.mean(axis=0)[at[1]], x.var(axis=0)[at[1]]
    value = gamma[at[1]] * (x[at] - mean) / np.sqrt(var + eps) + beta[at[1]]
    sums = (
        f"{number(gamma[at[1]])} * ({x[at]:.6g} - {number(mean)}) / sqrt({var:.6g} + {eps:g}) "
        f"+ {number(beta[at[1]])} = {value:.6g}"
    )
    return f"{entry('out', at)} = {sums}"


def batch_norm_dgamma(at: tuple[int, ...], case: Case) -> str | None:
    """What gamma met, the normalised numbers, weighted by what comes from above."""
    arrays = {"xhat": _normalised(case), "dout": case.dout}
    return by_hand("dgamma[d] = dout[n, d] xhat[n, d]", at, arrays)


def batch_norm_dx(at: tuple[int, ...], case: Case) -> str:
    """Three paths: directly, through the mean, through the variance."""
    x, gamma, _, eps = case.inputs
    d, xhat, dout = at[1], _normalised(case), case.dout
    scale = gamma[d] / np.sqrt(x.var(axis=0)[d] + eps)
    mean, along = dout[:, d].mean(), (dout * xhat)[:, d].mean()
    value = scale * (dout[at] - mean - xhat[at] * along)
    parts = f"{dout[at]:.6g} - {number(mean)} - {number(xhat[at])} * {number(along)}"
    return f"{entry('dx', at)} = {number(scale)} * ({parts}) = {value:.6g}"


def _normalised(case: Case) -> np.ndarray:
    x, eps = case.inputs[0], case.inputs[3]
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)


def max_pool(at: tuple[int, ...], case: Case) -> str:
    """The largest of a window."""
    seen = _window(at, case)
    return f"{entry('out', at)} = max({_listed(seen)}) = {max(seen):.6g}"


def avg_pool(at: tuple[int, ...], case: Case) -> str:
    """The mean of a window."""
    seen = _window(at, case)
    sums = " + ".join(map(number, seen))
    return f"{entry('out', at)} = ({sums}) / {len(seen)} = {np.mean(seen):.6g}"


def max_pool_backward(at: tuple[int, ...], case: Case) -> str:
    """What a window was sent, if this is its largest; for windows that do not overlap."""
    over = _window_over(at, case)
    seen, dout, size = _window(over, case), float(case.dout[over]), case.inputs[1]
    tap = at[2] % size * size + at[3] % size
    value = dout if tap == seen.index(max(seen)) else 0.0
    return (
        f"{entry('dx', at)} = {value:.6g}: the window of {_listed(seen)} was sent {dout:.6g}, "
        f"and this is its {seen[tap]:.6g}"
    )


def avg_pool_backward(at: tuple[int, ...], case: Case) -> str:
    """An equal share of what a window was sent; for windows that do not overlap."""
    over = _window_over(at, case)
    dout, taps = float(case.dout[over]), case.inputs[1] ** 2
    return f"{entry('dx', at)} = {dout:.6g} / {taps} = {dout / taps:.6g}"


def _window(at: tuple[int, ...], case: Case) -> list[float]:
    """What the window of an output meets."""
    x, size, stride = case.inputs
    top, left = at[2] * stride, at[3] * stride
    return x[at[0], at[1], top : top + size, left : left + size].ravel().tolist()


def _window_over(at: tuple[int, ...], case: Case) -> tuple[int, ...]:
    size = case.inputs[1]
    return (*at[:2], at[2] // size, at[3] // size)


def _listed(values: list[float]) -> str:
    return ", ".join(f"{value:.6g}" for value in values)
