"""What the pairs ask of their arguments; a wrong one is named with what was got and expected."""

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np

from coursepkg.backend import Array, as_float, namespace


def same_shape(dout: Array, shape: Sequence[int]) -> None:
    """Raise ValueError unless `dout` has the shape of the output it is the gradient of.

    Examples
    --------
    >>> import numpy as np
    >>> same_shape(np.ones(3), (3,))
    """
    got = shape_of(dout)
    if got != tuple(shape):
        raise ValueError(f"dout must have the shape of out, {tuple(shape)}, got {got}")


def number(value: float, name: str) -> float:
    """Return the option `value` as a plain float.

    NumPy's own float64 would carry its dtype into every array of float32 that it meets.

    Raises
    ------
    TypeError
        If `value` is no real number.
    ValueError
        If it is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> number(np.float64(0.5), "alpha")
    0.5
    """
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number, got {value}")
    return float(value)


def scalar(dout: Array, like: Array) -> Array:
    """Return `dout`, the gradient with respect to a loss, ready to multiply arrays like `like`.

    A number stays one, as it does not change a dtype; an array gets the dtype of `like`.

    Raises
    ------
    ValueError
        Unless `dout` is a number or an array without axes, as a loss is.

    Examples
    --------
    >>> import numpy as np
    >>> scalar(np.float64(1.0), np.ones(3, np.float32))
    1.0
    >>> scalar(np.array(1.0), np.ones(3, np.float32)).dtype
    dtype('float32')
    """
    if shape_of(dout) != ():
        raise ValueError(f"dout must be a scalar, as the loss is, got shape {shape_of(dout)}")
    if isinstance(dout, Real):
        return float(dout)
    own = namespace(dout)  # NumPy's goes to where `like` is, anything else is there already
    xp = namespace(like) if own is np else own
    return xp.asarray(dout, dtype=like.dtype)


def shape_of(dout: Any) -> tuple[int, ...]:
    """Return the shape of a gradient, () for a number.

    Raises
    ------
    TypeError
        If it is neither an array nor a number.

    Examples
    --------
    >>> shape_of(2.5)
    ()
    """
    if not hasattr(dout, "shape") and not isinstance(dout, Real):
        raise TypeError(f"dout must be an array, got {type(dout).__name__}")
    return tuple(getattr(dout, "shape", ()))


def size_of(x: Array) -> int:
    """Return the number of entries of an array.

    Examples
    --------
    >>> import numpy as np
    >>> size_of(np.ones((2, 3)))
    6
    """
    return math.prod(x.shape)


def targets_like(predictions: Array, targets: Array, names: str) -> Array:
    """Return `targets` with the dtype of `predictions`, whose shape they must have.

    Raises
    ------
    ValueError
        If the shapes differ (broadcasting would hide it) or there are no entries.

    Examples
    --------
    >>> import numpy as np
    >>> targets_like(np.ones(2, np.float32), [0, 1], "predictions and targets")
    array([0., 1.], dtype=float32)
    """
    targets = namespace(predictions).asarray(as_float(targets, "targets"), dtype=predictions.dtype)
    if predictions.shape != targets.shape or 0 in predictions.shape:
        raise ValueError(
            f"{names} must have one shape, with at least one entry, "
            f"got {predictions.shape} and {targets.shape}"
        )
    return targets
