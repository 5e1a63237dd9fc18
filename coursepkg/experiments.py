"""Small experiments with two outcomes: a printed form that must fail, a mended one that must pass.

Each prints what it saw. If it sees the opposite, it raises, and whatever was to be built is not.
"""

from collections.abc import Callable
from textwrap import shorten
from typing import Any

import numpy as np

from coursepkg.derivatives import relative_error

__all__ = ["fails", "passes"]

TOLERANCE = 1e-6


def fails(
    form: Callable[[], Any],
    expected: Any = None,
    *,
    error: type[Exception] | None = None,
    tolerance: float = TOLERANCE,
) -> None:
    """Show that `form()` does not give what is expected, or raises exactly this kind of error.

    Parameters
    ----------
    form : function without arguments that computes the printed form
    expected : what it should give, a number or an array; not looked at if `error` is given
    error : class of the exception that `form` must raise, optional
    tolerance : relative error up to which two numbers agree

    Raises
    ------
    AssertionError
        If the form gives what is expected after all, or raises nothing.

    Examples
    --------
    >>> fails(lambda: 2 * 3, expected=9)
    fails:  6 instead of 9
    >>> fails(lambda: 1 / 0, error=ZeroDivisionError)
    fails:  ZeroDivisionError: division by zero
    """
    if error is None:
        agree, words = _compare(form(), expected, tolerance)
        assert not agree, f"this form was to fail: {words}"
    else:
        words = _error_of(form, error)
    print(f"fails:  {words}")


def passes(form: Callable[[], Any], expected: Any, *, tolerance: float = TOLERANCE) -> None:
    """Show that `form()` gives what is expected.

    Parameters
    ----------
    form : function without arguments that computes the mended form
    expected : what it should give, a number or an array
    tolerance : relative error up to which two numbers agree

    Raises
    ------
    AssertionError
        If it does not.

    Examples
    --------
    >>> passes(lambda: 3 * 3, expected=9)
    passes: 9
    >>> passes(lambda: np.ones(3) / 3, expected=[0.33333333, 0.33333333, 0.33333333])
    passes: relative error 5e-09
    """
    agree, words = _compare(form(), expected, tolerance)
    assert agree, f"this form was to pass: {words}"
    print(f"passes: {words}")


def _error_of(form: Callable[[], Any], kind: type[Exception]) -> str:
    """Return what the form says when it raises; any other error than this kind goes on."""
    try:
        form()
    except kind as raised:
        if type(raised) is not kind:
            raise
        return shorten(f"{kind.__name__}: {raised}", 72, placeholder=" ...")
    raise AssertionError(f"this form was to raise {kind.__name__}")


def _compare(got: Any, expected: Any, tolerance: float) -> tuple[bool, str]:
    """Return whether the two agree, and what to say about it."""
    if isinstance(expected, bool):
        return bool(got) is expected, str(bool(got))
    left, right = np.asarray(got, float) + 0.0, np.asarray(expected, float)  # no minus zero
    if left.shape != right.shape:
        return False, f"shape {left.shape} instead of {right.shape}"
    with np.errstate(invalid="ignore"):
        off = relative_error(left, right) if np.isfinite(left).all() else np.nan
    agree = bool(off <= tolerance)
    if left.ndim == 0:
        digits = 8 if f"{left:.4g}" == f"{right:.4g}" and not agree else 4
        short = f"{left:.{digits}g}"
        return agree, short if agree else f"{short} instead of {right:.{digits}g}"
    return agree, f"relative error {off:.0e}" if agree else f"relative error {off:.2g}"
