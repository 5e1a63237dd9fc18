"""What a function returned, as named arrays that can be compared."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg import optim
from coursepkg.gradjudge import COARSE

TOLERANCE = 1e-8
ROUNDING = 1e-13
"""Times the largest number that went in: what is left of a zero after some additions."""

NAMES = {
    "cross_entropy": ("loss",),
    "binary_cross_entropy_with_logits": ("loss",),
    "multiclass_hinge_loss": ("loss",),
    "mse_loss": ("loss",),
    "cross_entropy_backward": ("dscores",),
    "binary_cross_entropy_with_logits_backward": ("dscores",),
    "multiclass_hinge_loss_backward": ("dscores",),
    "mse_loss_backward": ("dpredictions",),
    "half_squared_error_backward": ("dpredictions",),
    "l2_penalty_backward": ("dw",),
    "max_pool2d_gradient": ("dx",),
    "tape_backward": ("grads",),
    "tape_backward_twice": ("grads",),
    "numerical_gradient": ("grad",),
    "running_average": ("average",),
    "minibatches": ("rows",),
    "sign_update": ("w",),
    "rosenblatt_update": ("w",),
    "perceptron_fit": ("w",),
    "ridge_fit": ("w",),
    "he_normal": ("w",),
    "xavier_normal": ("w",),
    "momentum_each": ("w1", "w2"),
    "softmax_regression": ("loss", "dw", "db"),
    "two_layer_net": ("loss", "dw1", "db1", "dw2", "db2"),
}
RULES = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
STATES: dict[str, Any] = {
    "momentum": optim.MomentumState,
    "nesterov": optim.MomentumState,
    "adagrad": optim.AdaGradState,
    "rmsprop": optim.RMSPropState,
    "adam": optim.AdamState,
    "adamw": optim.AdamState,
}


def names_of(operation: str, right: Any) -> tuple[str, ...]:
    """Return what the tensors are called that a right function returns as `right`.

    Examples
    --------
    >>> names_of("adam", None)
    ('w', 'm', 'v', 't')
    """
    if operation in RULES:
        return ("w", *(STATES[operation]._fields if operation in STATES else ()))
    if operation in NAMES:
        return NAMES[operation]
    if not operation.endswith("_backward"):
        return ("out",)
    return getattr(right, "_fields", ("dx",))


def tensors_of(operation: str, result: Any) -> tuple[Any, ...]:
    """Return the arrays in a result: of a forward pass the output, of a rule weights and state.

    Whatever is no array of numbers becomes None.

    Examples
    --------
    >>> from coursepkg.optim import sgd
    >>> tensors_of("sgd", sgd(1.0, 0.5, None, lr=0.1))
    (array(0.95),)
    """
    is_pair = isinstance(result, tuple) and len(result) == 2
    if operation == "minibatches":
        result = _table(list(result))
    elif operation in RULES and is_pair:
        w, state = result
        result = (w, *(state if isinstance(state, tuple) else ()))
    elif hasattr(F, f"{operation}_backward") and is_pair:
        result = result[0]
    parts = result if isinstance(result, tuple) else (result,)
    return tuple(map(_numbers, parts))


def agree(got: Any, expected: Any, size: float) -> bool:
    """Whether two arrays are the same but for rounding, in numbers that came from `size`.

    Examples
    --------
    >>> agree(np.ones(3), np.ones((1, 3)), size=1.0)
    False
    """
    if got is None or expected is None:
        return False
    if got.shape != expected.shape or got.dtype.kind != expected.dtype.kind:
        return False
    a, b = got.astype(np.float64), expected.astype(np.float64)
    finite = np.isfinite(b)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return False
    a, b = a[finite], b[finite]
    coarse = max(COARSE.get(str(array.dtype), TOLERANCE) for array in (got, expected))
    gap, length = np.linalg.norm(a - b), np.linalg.norm(b)
    return bool(gap <= coarse * length + ROUNDING * size)


def arrays_in(value: Any) -> Iterator[np.ndarray]:
    """Yield the arrays of numbers in an argument, and in tuples of them.

    Examples
    --------
    >>> [array.shape for array in arrays_in((np.ones(2), [3.0], "no"))]
    [(2,)]
    """
    if isinstance(value, tuple):
        for each in value:
            yield from arrays_in(each)
    elif isinstance(value, np.ndarray) and value.dtype.kind in "fiu":
        yield value


def _numbers(value: Any) -> np.ndarray | None:
    try:
        array = np.asarray(value)
    except Exception:  # a student may return anything
        return None
    return array if array.dtype.kind in "fiub" else None


def _table(batches: list[Any]) -> np.ndarray | None:
    """Batches as the rows of one array, filled up with -1."""
    rows = [np.asarray(batch).ravel() for batch in batches]
    table = np.full((len(rows), max(map(len, rows), default=0)), -1)
    for place, row in zip(table, rows, strict=True):
        place[: len(row)] = row
    return table
