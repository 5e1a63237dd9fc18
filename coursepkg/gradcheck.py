"""Is this gradient right? Numerical derivatives, and a check that needs only a few of them.

A derivative along a direction costs two calls of the function whatever the number of entries,
and a wrong entry shows in almost every random direction. So a tensor is judged by five
directions; only one that fails is looked at entry by entry.

Errors are measured norm-wise, never entry by entry: the entry-wise quotient fails right answers,
because a tiny entry next to large ones carries their rounding.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from coursepkg.backend import Array, namespace, to_numpy
from coursepkg.derivatives import (
    ArrayFunction,
    complex_step_gradient,
    directional_derivative,
    exact,
    numerical_gradient,
    relative_error,
)
from coursepkg.gradjudge import (
    COARSE,
    TOLERANCE,
    derivative_at,
    dtype_name,
    first_wrong,
    judge,
    sampled_gradient,
    unravel,
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
    "check_values",
    "complex_step_gradient",
    "directional_derivative",
    "numerical_gradient",
    "relative_error",
]

AT_A_KINK = "f has no derivative here; move the input and retry"
TIMES = -16.0  # so many times dout; a power of two is exact in floats
ROUNDING = {"float32": 1e-5, "float16": 1e-2}  # 1e-12 for float64


def check_gradients(
    forward: Callable[..., tuple[Any, Any]],
    backward: Callable[[Any, Any], Any],
    inputs: Sequence[Array],
    names: Sequence[str] | None = None,
    rng: np.random.Generator | None = None,
) -> GradientReport:
    """Check a pair ``out, cache = forward(*inputs)``, ``grads = backward(dout, cache)``.

    The upstream gradient is random: with ones, a backward that ignores it would pass. The report
    also says if `backward` changes what it is given, answers differently the second time, or is
    not linear in `dout`.

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
        If `forward` returns no pair, or there are too many or too few gradients or names.

    Examples
    --------
    >>> from coursepkg import functional as F
    >>> x, w, b = np.ones((4, 3)), np.ones((3, 2)), np.zeros(2)
    >>> check_gradients(F.linear, F.linear_backward, (x, w, b), names=("dx", "dw", "db")).ok
    True
    """
    rng = rng or np.random.default_rng()
    # The judge works on copies: what is checked may write into what it is given.
    kept = [to_numpy(x).copy() for x in inputs]
    places = [i for i, array in enumerate(kept) if array.dtype.kind == "f"]
    names = [f"d{i}" for i in places] if names is None else names
    if len(names) != len(places):
        raise ValueError(f"names must be {len(places)}, one for each gradient, got {len(names)}")
    before, answer = _copies(inputs), forward(*inputs)
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise ValueError(f"forward must return (out, cache), got one {type(answer).__name__}")
    remarks = [] if _same(before, _copies(inputs)) else ["forward changes an input"]
    dout = _upstream(answer[0], rng)
    grads, more = _try_backward(backward, dout, answer[1], inputs, names)
    wide = [exact(x, "an input") if i in places else x for i, x in enumerate(kept)]

    def with_input(place: int) -> ArrayFunction:
        return lambda x: forward(*wide[:place], x, *wide[place + 1 :])[0]

    tensors = [
        check_gradient(name, grad, with_input(place), kept[place], to_numpy(dout), rng)
        for name, grad, place in zip(names, grads, places, strict=True)
    ]
    return GradientReport(tuple(tensors), (*remarks, *more))


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
    >>> x = np.array([1.0, 2.0, 3.0])
    >>> report = check_gradient("dx", 3 * x, lambda x: x**2, x)
    >>> report.verdict, report.pattern
    ('wrong values', 'got = 1.5 x expected everywhere')
    """
    x, rng = to_numpy(x), rng or np.random.default_rng()
    grad, report = _look(name, got, x)
    x = exact(x, "x")
    if report.verdict == "wrong shape":
        truth = sampled_gradient(f, x, dout, (0,) * x.ndim, rng)
        return replace(report, pattern=describe_difference(grad, truth))
    if report.verdict == "not finite":
        index = unravel(int(np.argmin(np.isfinite(grad))), grad.shape)
        first = FirstDifference(index, float(grad[index]), derivative_at(index, f, x, dout))
        return replace(report, first=first)
    if not report.ok:
        return report
    agrees, error = judge(grad, f, x, dout, rng)
    if agrees is None:
        return replace(report, verdict="at a kink", pattern=AT_A_KINK)
    if agrees:
        return replace(report, error=error)
    first, pattern = first_wrong(grad, f, x, dout, rng)
    return replace(report, verdict="wrong values", error=error, first=first, pattern=pattern)


def check_values(name: str, got: Array, expected: Array) -> TensorReport:
    """Judge `got` as the array `expected`, whose values are known; else like `check_gradient`.

    Examples
    --------
    >>> report = check_values("out", np.ones(3), np.array([1.0, 2.0, 2.0]))
    >>> report.verdict, report.first.index
    ('wrong values', (1,))
    """
    truth = to_numpy(expected)
    array, report = _look(name, got, truth)
    if not report.ok and report.verdict not in ("wrong shape", "not finite"):
        return report
    truth = exact(truth, "expected")
    if report.verdict == "wrong shape":
        return replace(report, pattern=describe_difference(array, truth))
    error = relative_error(array, truth)
    if error <= COARSE.get(dtype_name(array.dtype), TOLERANCE):
        return replace(report, error=error)
    wrong = ~(np.abs(array - truth) <= TOLERANCE * np.abs(truth).max())
    index = unravel(int(np.argmax(wrong)), truth.shape)
    first = FirstDifference(index, float(array[index]), float(truth[index]))
    if not report.ok:
        return replace(report, first=first)
    pattern = describe_difference(array, truth)
    return replace(report, verdict="wrong values", error=error, first=first, pattern=pattern)


def check_second_order(
    gradient: Callable[[np.ndarray], Array],
    product: Callable[[np.ndarray, np.ndarray], Array],
    x: Array,
    rng: np.random.Generator | None = None,
) -> TensorReport:
    """Judge ``product(x, v)`` as H v, where H holds the second derivatives: those of `gradient`.

    H v is the gradient of ``<gradient(x), v>``, so the check of first order judges it, for random
    v. And as the order of two derivatives does not matter, ``<u, H v>`` must be ``<v, H u>``.

    Parameters
    ----------
    gradient : function from x to the gradient of a scalar function, already checked
    product : function from x and v to H v
    x : array of any shape, away from kinks
    rng : source of the directions, optional

    Returns
    -------
    TensorReport
        Named "Hv".

    Examples
    --------
    >>> check_second_order(lambda x: x**3, lambda x, v: 3 * x**2 * v, np.array([1.0, 2.0])).ok
    True
    """
    x, rng = exact(x, "x"), rng or np.random.default_rng()
    u, v = rng.standard_normal(x.shape), rng.standard_normal(x.shape)
    hu, hv = product(x.copy(), u.copy()), product(x.copy(), v.copy())
    for way, answer in ((u, hu), (v, hv)):
        report = check_gradient("Hv", answer, gradient, x, way, rng)
        if report.verdict == "wrong values" and not _symmetric(
            u, v, exact(hu, "Hu"), exact(hv, "Hv")
        ):
            return replace(report, pattern=f"H is not symmetric; {report.pattern}")
        if not report.ok:
            return report
    return report


def _look(name: str, got: Array, like: np.ndarray) -> tuple[np.ndarray, TensorReport]:
    """Return `got` as an array, and what can be said before its values are looked at."""
    dtype = like.dtype if like.dtype.kind == "f" else np.dtype(np.float64)
    try:
        array = np.asarray(to_numpy(got))
    except ValueError:  # a ragged list
        array = np.asarray(None)
    if array.dtype.kind not in "fiub":
        verdict = f"not an array of numbers, but {type(got).__name__}"
        return array, TensorReport(name, verdict, None, like.shape, None, str(dtype))
    verdict = "right"
    if array.shape != like.shape:
        verdict = "wrong shape"
    elif array.dtype != dtype:
        verdict = "wrong dtype"
    elif not np.isfinite(array).all():
        verdict = "not finite"
    names = dtype_name(array.dtype), dtype_name(dtype)
    return array, TensorReport(name, verdict, array.shape, like.shape, *names)


def _symmetric(u: np.ndarray, v: np.ndarray, hu: np.ndarray, hv: np.ndarray) -> bool:
    if hu.shape != hv.shape:
        return True
    sizes = np.linalg.norm(u) * np.linalg.norm(hv) + np.linalg.norm(v) * np.linalg.norm(hu)
    return bool(abs(np.vdot(u, hv) - np.vdot(v, hu)) <= TOLERANCE * sizes)


def _upstream(out: Any, rng: np.random.Generator) -> Array:
    """A random gradient with the shape, the dtype and the device of `out`."""
    host = to_numpy(out)
    dtype = host.dtype if host.dtype.kind == "f" else np.float64
    dout = rng.standard_normal(host.shape).astype(dtype)
    xp = namespace(out)
    return dout[()] if xp is np else xp.asarray(dout)


def _try_backward(
    backward: Callable[[Any, Any], Any],
    dout: Array,
    cache: Any,
    inputs: Sequence[Array],
    names: Sequence[str],
) -> tuple[list[Any], list[str]]:
    """Return the gradients, and what is wrong with backward as a function."""
    mine = TIMES * dout / TIMES  # a copy, and exact
    given = {"dout": mine, "its cache": cache, "an input": inputs}
    before = [_copies(value) for value in given.values()]
    # Copies again: a second call may write where the first left its answer.
    grads = [_copied(grad) for grad in _in_tuple(backward(mine, cache))]
    if len(grads) != len(names):
        raise ValueError(f"backward returned {len(grads)} gradients for {len(names)} inputs")
    changed = zip(given.items(), before, strict=True)
    remarks = [
        f"backward changes {name}" for (name, now), was in changed if not _same(was, _copies(now))
    ]
    if remarks:  # the next call would start from something else
        return grads, remarks
    if not all(map(_alike, grads, _in_tuple(backward(dout, cache)))):
        return grads, ["backward answers differently the second time"]
    others = _in_tuple(backward(TIMES * dout, cache))
    for name, grad, other in zip(names, grads, others, strict=True):
        if not _alike(grad, other, TIMES):
            how = "does not depend on" if _alike(grad, other) else "is not linear in"
            remarks.append(f"{name} {how} dout")
    return grads, remarks


def _alike(grad: Any, other: Any, times: float = 1.0) -> bool:
    """Is `other` that many times `grad`, up to the rounding of a sum in another order?"""
    if not isinstance(grad, np.ndarray) or grad.dtype.kind not in "fiub":
        return True  # no gradient at all; the verdict will say so
    one, two = times * exact(grad, "grad"), exact(other, "grad")
    if one.shape != two.shape or not np.isfinite(one).all():
        return one.shape == two.shape
    return relative_error(one, two) <= ROUNDING.get(str(grad.dtype), 1e-12)


def _in_tuple(grads: Any) -> tuple[Any, ...]:
    return tuple(grads) if isinstance(grads, tuple) else (grads,)


def _copied(grad: Any) -> Any:
    return to_numpy(grad).copy() if hasattr(grad, "dtype") else grad


def _copies(value: Any) -> list[np.ndarray]:
    """Copies of all arrays in a value: in a tuple, a named one, a list, a dictionary."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        return [copy for each in value for copy in _copies(each)]
    return [to_numpy(value).copy()] if hasattr(value, "dtype") else []


def _same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return len(one) == len(other) and all(
        a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        for a, b in zip(one, other, strict=True)
    )
