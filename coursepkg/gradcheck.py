"""Is this gradient right? Numerical derivatives, and a check that needs only a few of them.

A derivative along a direction costs two calls of the function whatever the number of entries,
and a wrong entry shows in almost every random direction. So a tensor is judged by five
directions; only one that fails is looked at entry by entry.

Errors are measured norm-wise, never entry by entry: the entry-wise quotient fails right answers,
because a tiny entry next to large ones carries their rounding.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from coursepkg.backend import Array, to_numpy
from coursepkg.derivatives import (
    STEP,
    ArrayFunction,
    complex_step_gradient,
    directional_derivative,
    exact,
    numerical_gradient,
    projection,
    relative_error,
)
from coursepkg.gradpatterns import describe_difference
from coursepkg.gradreport import FirstDifference, GradientReport, TensorReport

__all__ = [
    "FirstDifference",
    "GradientReport",
    "TensorReport",
    "check_gradient",
    "check_gradients",
    "check_second_order",
    "complex_step_gradient",
    "directional_derivative",
    "numerical_gradient",
    "relative_error",
]

DIRECTIONS = 5
TOLERANCE = 1e-6
COARSE = {"float32": 1e-4, "float16": 1e-2}  # what the rounding of shorter floats allows
# A failed tensor of at most so many entries is compared with its whole numerical gradient.
ENTRYWISE_LIMIT = 4096
SAMPLE = 64  # so many entries of a larger one are looked at for a pattern


def check_gradients(
    forward: Callable[..., tuple[Any, Any]],
    backward: Callable[[Any, Any], Any],
    inputs: Sequence[Array],
    names: Sequence[str] | None = None,
    rng: np.random.Generator | None = None,
) -> GradientReport:
    """Check a pair ``out, cache = forward(*inputs)``, ``grads = backward(dout, cache)``.

    The upstream gradient is random: with ones, a backward that ignores it would pass. What
    `backward` changes in its arguments, and a second answer that differs from the first, is
    reported too.

    Parameters
    ----------
    forward, backward : the pair; `backward` returns one gradient, or a tuple with one gradient
        for each input of a floating dtype, in the order of `inputs`
    inputs : arrays; those that are not floating (labels) have no gradient
    names : names of the gradients, optional; "d0", "d1", ... by default
    rng : source of the upstream gradient and the directions, optional

    Raises
    ------
    ValueError
        If `backward` returns another number of gradients.

    Examples
    --------
    >>> from coursepkg import functional as F
    >>> x, w, b = np.ones((4, 3)), np.ones((3, 2)), np.zeros(2)
    >>> check_gradients(F.linear, F.linear_backward, (x, w, b), names=("dx", "dw", "db")).ok
    True
    """
    rng = rng or np.random.default_rng()
    out, cache = forward(*inputs)
    dout = rng.standard_normal(np.shape(to_numpy(out))).astype(to_numpy(out).dtype)[()]
    given = {"dout": dout, "its cache": cache, "an input": inputs}
    before = {name: _copies(value) for name, value in given.items()}
    grads = _in_tuple(backward(dout, cache))
    remarks = [
        f"backward changes {name}"
        for name, value in given.items()
        if not _same(before[name], _copies(value))
    ]
    if not remarks and not _same(_copies(grads), _copies(_in_tuple(backward(dout, cache)))):
        remarks.append("backward answers differently the second time")
    places = [i for i, array in enumerate(inputs) if to_numpy(array).dtype.kind == "f"]
    if len(grads) != len(places):
        raise ValueError(f"backward returned {len(grads)} gradients for {len(places)} inputs")
    names = names or [f"d{i}" for i in places]

    def with_input(place: int) -> ArrayFunction:
        return lambda x: forward(*inputs[:place], x, *inputs[place + 1 :])[0]

    return GradientReport(
        tuple(
            check_gradient(name, grad, with_input(place), inputs[place], dout, rng)
            for name, grad, place in zip(names, grads, places, strict=True)
        ),
        tuple(remarks),
    )


def check_second_order(
    gradient: Callable[[np.ndarray], Array],
    product: Callable[[np.ndarray, np.ndarray], Array],
    x: Array,
    rng: np.random.Generator | None = None,
) -> TensorReport:
    """Judge second derivatives: ``product(x, v)`` as H v, H the derivative of `gradient` at x.

    Along random v, H v is compared with ``(gradient(x + h v) - gradient(x - h v)) / 2h``; and as
    second derivatives do not depend on their order, ``<u, H v>`` must be ``<v, H u>``.

    Parameters
    ----------
    gradient : function from x to the gradient of a scalar function, already checked
    product : function from x and v to H v
    x : array of any shape, away from kinks
    rng : source of the directions, optional

    Returns
    -------
    TensorReport
        Named "Hv"; its verdict may also be "not symmetric".

    Examples
    --------
    >>> check_second_order(lambda x: 3 * x**2, lambda x, v: 6 * x * v, np.array([1.0, 2.0])).ok
    True
    """
    x, rng = exact(x), rng or np.random.default_rng()
    error, last = 0.0, None
    for _ in range(DIRECTIONS):
        v = rng.standard_normal(x.shape)
        got, step = exact(product(x, v)), STEP / np.sqrt(max(x.size, 1))
        shape = got.shape, x.shape, str(got.dtype), "float64"
        if got.shape != x.shape:
            return TensorReport("Hv", "wrong shape", *shape)
        above, below = exact(gradient(x + step * v)), exact(gradient(x - step * v))
        noise = 1e-13 * (np.linalg.norm(above) + np.linalg.norm(below)) / step
        gap = got - (above - below) / (2 * step)
        off = max(float(np.linalg.norm(gap)) - noise, 0.0)
        error = max(error, _quotient(off, float(np.linalg.norm(got))))
        if error > TOLERANCE:
            truth = got - gap
            index = _unravel(_first_wrong(got, truth), x.shape)
            first = FirstDifference(index, float(got[index]), float(truth[index]))
            pattern = describe_difference(got, truth)
            return TensorReport("Hv", "wrong values", *shape, error, first, pattern)
        if last is not None:
            u, hu = last
            sizes = np.linalg.norm(u) * np.linalg.norm(got) + np.linalg.norm(v) * np.linalg.norm(hu)
            if abs(np.vdot(u, got) - np.vdot(v, hu)) > TOLERANCE * sizes:
                return TensorReport("Hv", "not symmetric", *shape, error)
        last = v, got
    return TensorReport("Hv", "right", *shape, error)


def check_gradient(
    name: str,
    got: Array,
    f: ArrayFunction,
    x: Array,
    dout: Array | None = None,
    rng: np.random.Generator | None = None,
) -> TensorReport:
    """Judge `got` as the gradient of ``sum(dout * f(x))`` with respect to `x`.

    Shape and dtype come first, then values along directions drawn here, after `got` was
    computed. The numerical side runs in float64 whatever the dtype of `x`.

    Parameters
    ----------
    name : what the gradient is called in the report, such as "dw"
    got : the gradient to judge
    f : function of one array that returns a scalar or an array
    x : array, where the gradient was taken
    dout : array with the shape of ``f(x)``, optional; ones by default
    rng : source of the directions, optional

    Examples
    --------
    >>> x = np.array([1.0, 2.0])
    >>> check_gradient("dx", 3 * x**2, lambda x: x**3, x).verdict
    'right'
    >>> check_gradient("dx", 6 * x**2, lambda x: x**3, x).pattern
    'got = 2 x expected everywhere'
    """
    x = to_numpy(x)
    dtype = x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)
    try:
        grad = np.asarray(to_numpy(got))
    except ValueError:  # a ragged list
        grad = np.asarray(None)
    if grad.dtype.kind not in "fiub":
        verdict = f"not an array of numbers, but {type(got).__name__}"
        return TensorReport(name, verdict, None, x.shape, None, str(dtype))

    def report(verdict: str, **found: Any) -> TensorReport:
        return TensorReport(
            name, verdict, grad.shape, x.shape, str(grad.dtype), str(dtype), **found
        )

    if grad.shape != x.shape:
        truth = numerical_gradient(f, x, dout) if x.size <= ENTRYWISE_LIMIT else None
        return report(
            "wrong shape", pattern=None if truth is None else describe_difference(grad, truth)
        )
    if grad.dtype != dtype:
        return report("wrong dtype")
    if not np.isfinite(grad).all():
        index = _unravel(int(np.argmin(np.isfinite(grad))), grad.shape)
        return report("not finite", first=_difference(grad, index, f, x, dout))
    return _judge_values(report, grad, f, exact(x), dout, rng or np.random.default_rng())


def _judge_values(
    report: Callable[..., TensorReport],
    grad: np.ndarray,
    f: ArrayFunction,
    x: np.ndarray,
    dout: Array | None,
    rng: np.random.Generator,
) -> TensorReport:
    tolerance = COARSE.get(str(grad.dtype), TOLERANCE)
    project = projection(f, dout)
    error = 0.0
    right = True
    for _ in range(DIRECTIONS):
        seen = _disagreement(project, x, grad, rng.standard_normal(x.shape))
        if seen is None:
            return report("at a kink", pattern="f has no derivative here; move the input and retry")
        error = max(error, seen.error)
        right = right and seen.beyond_rounding <= tolerance
    if right:
        return report("right", error=error)
    if x.size > ENTRYWISE_LIMIT:
        index = _bisect(project, x, grad, rng, tolerance)
        first = _difference(grad, index, f, x, dout)
        pattern = _sampled_pattern(grad, f, x, dout, rng)
        return report("wrong values", error=error, first=first, pattern=pattern)
    truth = numerical_gradient(f, x, dout)
    index = _unravel(_first_wrong(grad, truth), x.shape)
    first = FirstDifference(index, float(grad[index]), float(truth[index]))
    return report(
        "wrong values", error=error, first=first, pattern=describe_difference(grad, truth)
    )


class _Disagreement(NamedTuple):
    """How far ``<grad, v>`` is from the derivative along v, relative to the norm of grad."""

    error: float
    beyond_rounding: float


def _disagreement(
    project: Callable[[np.ndarray], float], x: np.ndarray, grad: np.ndarray, v: np.ndarray
) -> _Disagreement | None:
    """Compare ``<grad, v>`` with the difference quotient along `v`.

    Between two points on different sides of a kink the quotient means nothing. A kink shows as
    a bend, f(x+hv) + f(x-hv) - 2 f(x), as large as the disagreement itself: then the step
    shrinks, and None says that the kink stayed.
    """
    norm, claimed = float(np.linalg.norm(grad)), float(np.vdot(grad, v))
    for step in STEP / np.sqrt(max(x.size, 1)) * np.array([1.0, 0.1, 0.01]):
        above, below = project(x + step * v), project(x - step * v)
        size = abs(above) + abs(below) + norm * np.abs(x).max(initial=0.0)
        noise = 8 * np.finfo(np.float64).eps * size / step
        gap = abs((above - below) / (2 * step) - claimed)
        beyond = _quotient(max(gap - noise, 0.0), norm)
        seen = _Disagreement(_quotient(gap, norm) if norm else beyond, beyond)
        if seen.beyond_rounding <= 1e-7 or abs(above + below - 2 * project(x)) / step < gap / 2:
            return seen
    return None


def _quotient(gap: float, norm: float) -> float:
    """``gap / norm``, at most 1; a zero gradient is either exact or all wrong."""
    return min(gap / norm, 1.0) if norm else float(gap > 0)


def _bisect(
    project: Callable[[np.ndarray], float],
    x: np.ndarray,
    grad: np.ndarray,
    rng: np.random.Generator,
    tolerance: float,
) -> tuple[int, ...]:
    """Find the first wrong entry with about 2 log2(n) calls: is it in the first half?"""
    low, high = 0, x.size
    while high - low > 1:
        middle = (low + high) // 2
        v = np.zeros(x.size)
        v[low:middle] = rng.standard_normal(middle - low)
        seen = _disagreement(project, x, grad, v.reshape(x.shape))
        wrong = seen is not None and seen.beyond_rounding > tolerance
        low, high = (low, middle) if wrong else (middle, high)
    return _unravel(low, x.shape)


def _first_wrong(grad: np.ndarray, truth: np.ndarray) -> int:
    """The first entry that is off by more than rounding; the worst one if none is."""
    off = np.abs(grad - truth).ravel()
    clear = off > 1e-4 * np.abs(truth).max()
    return int(clear.argmax() if clear.any() else off.argmax())


def _difference(
    grad: np.ndarray, index: tuple[int, ...], f: ArrayFunction, x: Array, dout: Array | None
) -> FirstDifference:
    unit = np.zeros(grad.shape)
    unit[index] = 1.0
    return FirstDifference(index, float(grad[index]), directional_derivative(f, x, unit, dout))


def _unravel(position: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(int, np.unravel_index(position, shape)))


def _sampled_pattern(
    grad: np.ndarray, f: ArrayFunction, x: Array, dout: Array | None, rng: np.random.Generator
) -> str | None:
    """What a sample of the entries of a large tensor has in common."""
    places = rng.choice(grad.size, size=SAMPLE, replace=False)
    seen = [_difference(grad, _unravel(int(i), grad.shape), f, x, dout) for i in places]
    got, expected = (np.array([getattr(d, side) for d in seen]) for side in ("got", "expected"))
    if np.allclose(got, expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max(initial=0.0)):
        return None  # few entries are wrong, and none of them in the sample
    return f"in {SAMPLE} entries looked at: {describe_difference(got, expected)}"


def _in_tuple(grads: Any) -> tuple[Any, ...]:
    return tuple(grads) if isinstance(grads, tuple) else (grads,)


def _copies(value: Any) -> list[np.ndarray]:
    """Copies of all arrays in a value: in a tuple, a named one, a list, a dictionary."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        return [copy for each in value for copy in _copies(each)]
    return [np.array(to_numpy(value))] if hasattr(value, "dtype") else []


def _same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return len(one) == len(other) and all(
        a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        for a, b in zip(one, other, strict=True)
    )
