"""W6.1: which products make each entry of a gradient (decks rows 88, 90)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.gradcheck import relative_error
from coursepkg.widgets.base import BookWidget

NORM = {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [[0.2], [0.4]]}
LINEAR = {
    "X": [[1.0, 2.0, -1.0], [0.5, -1.0, 2.0], [-1.0, 0.5, 1.0], [2.0, 1.0, 0.5]],
    "W": [[0.5, -1.0], [1.0, 0.5], [-0.5, 2.0]],
    "b": [[0.1, -0.2]],
    "dY": [[1.0, -0.5], [0.5, 1.0], [-1.0, 2.0], [0.2, -0.4]],
}
RULES = ("right", "dW transposed", "first sample only", "dX untransposed")
LARGEST = 6


class MatrixVJP(BookWidget):
    r"""Every entry of a gradient, term by term.

    Two examples: :math:`f = \|Wx\|^2`, and the linear layer :math:`Y = XW + b` on a batch. Point
    at an entry of a gradient, and the row and the column whose products make it light up. Wrong
    backward passes can be chosen; two of them fit in shape.

    Parameters
    ----------
    example : "norm" or "linear"
    norm : matrices W (M, D) and x (D, 1) of the first example
    linear : matrices X (N, D), W (D, M), b (1, M), dY (N, M) of the second
    batch : how many rows of X and dY take part
    rule : the backward pass: one of "right", "dW transposed", "first sample only",
        "dX untransposed"
    cell : the entry written out, such as "dW[1,0]"

    Raises
    ------
    traitlets.TraitError
        If a matrix is missing, holds something else than numbers, or does not fit the others.

    Examples
    --------
    >>> MatrixVJP(example="linear", batch=2).cell
    'dW[0,0]'
    """

    script = "matrix_vjp.js"
    number = "W6.1"
    title = "Which products make this gradient?"
    alt = (
        "Matrices stand above their gradients. With W = [[0.1, 0.5], [−0.3, 0.8]] and "
        "x = [0.2, 0.4], f = ‖Wx‖² is 0.116 and the gradient of W is "
        "[[0.088, 0.176], [0.104, 0.208]]: each entry is one entry of dq times one of x, so the "
        "gradient is an outer product and has the shape of W."
    )
    free_text = ("cell",)  # one that names no entry is read as the first

    example = traitlets.Enum(["norm", "linear"], "norm").tag(sync=True)
    norm = traitlets.Dict(default_value=NORM).tag(sync=True)
    linear = traitlets.Dict(default_value=LINEAR).tag(sync=True)
    batch = traitlets.Int(3, min=1, max=4).tag(sync=True)
    rule = traitlets.Enum(RULES, "right").tag(sync=True)
    cell = traitlets.Unicode("dW[0,0]").tag(sync=True)

    @traitlets.validate("norm")
    def _fit_norm(self, proposal: dict[str, Any]) -> dict[str, list[list[float]]]:
        found = _matrices(proposal["value"], "norm", ["W", "x"])
        columns, rows = found["W"].shape[1], found["x"].shape
        if rows != (columns, 1):
            raise traitlets.TraitError(
                f"norm: W has {columns} columns, so x must have shape ({columns}, 1), got {rows}"
            )
        return {name: value.tolist() for name, value in found.items()}

    @traitlets.validate("linear")
    def _fit_linear(self, proposal: dict[str, Any]) -> dict[str, list[list[float]]]:
        found = _matrices(proposal["value"], "linear", ["X", "W", "b", "dY"])
        (n, d), m = found["X"].shape, found["W"].shape[1]
        for name, expected in {"W": (d, m), "b": (1, m), "dY": (n, m)}.items():
            if found[name].shape != expected:
                raise traitlets.TraitError(
                    f"linear: {name} must have shape {expected} to go with X {(n, d)}, "
                    f"got {found[name].shape}"
                )
        return {name: value.tolist() for name, value in found.items()}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Both examples with every rule and batch, on the default and on random matrices."""
        rng = np.random.default_rng(6)
        shapes = [(2, 2), (3, 2)]
        norms = [NORM] + [
            {"W": rng.normal(size=(m, d)).tolist(), "x": rng.normal(size=(d, 1)).tolist()}
            for m, d in shapes
        ]
        square = {"W": rng.normal(size=(3, 3)).tolist(), "b": [[0.0, 1.0, -1.0]]}
        square |= {name: rng.normal(size=(4, 3)).tolist() for name in ("X", "dY")}
        return [
            ({"example": "norm", "norm": norm, "rule": rule}, _norm_numbers(norm, rule))
            for norm in norms
            for rule in RULES
        ] + [
            (
                {"example": "linear", "linear": linear, "batch": batch, "rule": rule},
                _linear_numbers(linear, batch, rule),
            )
            for linear in (LINEAR, square)
            for batch in (1, 2, 4)
            for rule in RULES
        ]


def _matrices(given: dict[str, Any], trait: str, names: list[str]) -> dict[str, np.ndarray]:
    if sorted(given) != sorted(names):
        raise traitlets.TraitError(f"{trait} takes {', '.join(names)}, got {', '.join(given)}")
    try:
        found = {name: np.asarray(given[name], dtype=float) for name in names}
    except (TypeError, ValueError) as error:
        raise traitlets.TraitError(f"{trait}: every matrix is rows of numbers; {error}") from None
    for name, value in found.items():
        if value.ndim != 2 or not 1 <= min(value.shape) <= max(value.shape) <= LARGEST:
            raise traitlets.TraitError(
                f"{trait}: {name} must be a matrix of at most {LARGEST} rows and columns, "
                f"got shape {value.shape}"
            )
        if not np.isfinite(value).all():
            raise traitlets.TraitError(f"{trait}: {name} holds a number that is not finite")
    return found


def _norm_numbers(norm: dict[str, Any], rule: str) -> dict[str, Any]:
    w, x = np.array(norm["W"]), np.array(norm["x"])
    # The deck's W x is a layer on one sample: x as a row, the weights W transposed.
    q, cache = F.linear(x.T, w.T, np.zeros(len(w)))
    grads = F.linear_backward(2 * q, cache)
    dq = 2 * q.T
    wrong = {"dW transposed": {"dW": x @ dq.T}, "dX untransposed": {"dx": _product(w, dq)}}
    right = {"dW": grads.dw.T, "dx": grads.dx.T}
    shown = {"f": float((q**2).sum()), "q": q.T.tolist(), "dq": dq.tolist()}
    return shown | _gradients(right, wrong.get(rule, {}))


def _linear_numbers(linear: dict[str, Any], batch: int, rule: str) -> dict[str, Any]:
    x, dy = (np.array(linear[name])[:batch] for name in ("X", "dY"))
    w, b = np.array(linear["W"]), np.array(linear["b"])
    y, cache = F.linear(x, w, b[0])
    grads = F.linear_backward(dy, cache)
    wrong = {
        "dW transposed": {"dW": dy.T @ x},
        "first sample only": {"dW": x[:1].T @ dy[:1]},
        "dX untransposed": {"dX": _product(dy, w)},
    }
    right = {"dX": grads.dx, "dW": grads.dw, "db": grads.db[None]}
    shown = {"f": float((dy * y).sum()), "Y": y.tolist()}
    return shown | _gradients(right, wrong.get(rule, {}))


def _gradients(right: dict[str, np.ndarray], wrong: dict[str, np.ndarray | None]) -> dict[str, Any]:
    got = right | wrong
    return {
        "errors": {name: _error(got[name], right[name]) for name in right},
        **{name: None if value is None else value.tolist() for name, value in got.items()},
    }


def _product(a: np.ndarray, b: np.ndarray) -> np.ndarray | None:
    return a @ b if a.shape[1] == b.shape[0] else None


def _error(got: np.ndarray | None, right: np.ndarray) -> float | None:
    return None if got is None or got.shape != right.shape else relative_error(got, right)
