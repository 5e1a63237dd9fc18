"""W6.4: fit matrices and their transposes together until they have the shape of a gradient."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.gradcheck import relative_error
from coursepkg.widgets.base import BookWidget

# The pieces of every operation, and the gradients to make of them.
OPERATIONS = {
    "linear": (("x", "w", "dout", "ones"), ("dw", "dx", "db")),
    "scores": (("Q", "K", "dS"), ("dQ", "dK")),
    "column": (("W", "x", "dq"), ("dW", "dx")),
}
PIECES = ["x", "w", "dout", "ones", "Q", "K", "dS", "W", "dq"]
TURNED = ["", *PIECES, *(f"{piece}.T" for piece in PIECES)]
SIZES = ((5, 3, 4), (2, 4, 3), (4, 2, 5), (3, 5, 2))  # N, D, M, round after round
SQUARE = (3, 3, 3)
ROUNDS = 12


class ShapeTetris(BookWidget):
    """Make a gradient out of two matrices, by their shapes.

    Parameters
    ----------
    operation : "linear" (x @ w + b), "scores" (Q @ K.T) or "column" (W @ x)
    sizes : "differ" or "square"; equal sizes let wrong products fit
    round : 1 to 12; says which gradient is asked for, and the sizes
    left, right : the pieces in the two places, such as "x.T"; "" for none
    checked : whether the product was compared with the gradient

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> game = ShapeTetris(left="x.T", right="dout")
    >>> pieces, gradients = matrices("linear", 1, "differ")
    >>> bool((pieces["x"].T @ pieces["dout"] == gradients["dw"]).all())
    True
    """

    script = "shape_tetris.js"
    number = "W6.4"
    title = "Shape Tetris"
    alt = (
        "Matrices as blocks to scale: x (5, 3), w (3, 4), dout (5, 4) and a column of ones (5, 1). "
        "Two of them, turned or not, are to make dw (3, 4). Where all sizes differ one product "
        "fits, x.T @ dout, and it is right. Where all are 3, 36 products fit and one is right."
    )

    operation = traitlets.Enum(list(OPERATIONS), "linear").tag(sync=True)
    sizes = traitlets.Enum(["differ", "square"], "differ").tag(sync=True)
    round = traitlets.Int(1, min=1, max=ROUNDS).tag(sync=True)
    left = traitlets.Enum(TURNED, "x").tag(sync=True)
    right = traitlets.Enum(TURNED, "").tag(sync=True)
    checked = traitlets.Bool(False).tag(sync=True)

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """All gradients on all sizes, with products that fit, that do not, and of one piece."""
        states: list[dict[str, Any]] = [
            {
                "operation": operation,
                "sizes": sizes,
                "round": place,
                "left": left,
                "right": right,
            }
            for operation, (pieces, targets) in OPERATIONS.items()
            for sizes in ("differ", "square")
            for place in range(1, 2 * len(targets) + 1)
            for left, right in [
                (f"{pieces[0]}.T", pieces[2]),
                (pieces[2], f"{pieces[1]}.T"),
                (pieces[2], pieces[1]),
                (pieces[0], ""),
            ]
        ]
        return [(state, _numbers(**state)) for state in states]


def matrices(
    operation: str, round: int, sizes: str
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The pieces of a round, and the gradients as the library computes them; db is a row.

    >>> pieces, gradients = matrices("scores", 1, "differ")
    >>> pieces["dS"].shape, gradients["dK"].shape
    ((5, 4), (4, 3))
    """
    targets = OPERATIONS[operation][1]
    n, d, m = SQUARE if sizes == "square" else SIZES[(round - 1) // len(targets) % len(SIZES)]
    if operation == "linear":
        x, w, dout = _filled((n, d), (d, m), (n, m))
        dx, dw, db = F.linear_backward(dout, F.linear(x, w, np.zeros(m))[1])
        pieces = {"x": x, "w": w, "dout": dout, "ones": np.ones((n, 1))}
        return pieces, {"dw": dw, "dx": dx, "db": db[None]}
    if operation == "scores":
        q, k, ds = _filled((n, d), (m, d), (n, m))
        dq, dk = F.matmul_backward(ds, F.matmul(q, k.T)[1])
        return {"Q": q, "K": k, "dS": ds}, {"dQ": dq, "dK": dk.T}
    w, x, dq = _filled((m, d), (d, 1), (m, 1))
    dw, dx = F.matmul_backward(dq, F.matmul(w, x)[1])
    return {"W": w, "x": x, "dq": dq}, {"dW": dw, "dx": dx}


def count(operation: str, round: int, sizes: str) -> tuple[int, int]:
    """How many products of two pieces have the shape of the gradient, and how many are right.

    >>> count("linear", 1, "differ"), count("linear", 1, "square")
    ((1, 1), (36, 1))
    """
    pieces, gradients = matrices(operation, round, sizes)
    wanted = gradients[target(operation, round)]
    turned = [(name, turn) for name, piece in pieces.items() for turn in (piece, piece.T)]
    products = [
        a @ b
        for one, a in turned
        for other, b in turned
        # Ones with themselves make no gradient of anything.
        if a.shape[1] == b.shape[0] and not one == other == "ones"
    ]
    fitting = [product for product in products if product.shape == wanted.shape]
    return len(fitting), sum(np.array_equal(product, wanted) for product in fitting)


def target(operation: str, round: int) -> str:
    """The gradient that is asked for.

    >>> target("linear", 3)
    'db'
    """
    targets = OPERATIONS[operation][1]
    return targets[(round - 1) % len(targets)]


def _filled(*shapes: tuple[int, int]) -> list[np.ndarray]:
    """Small whole numbers without symmetry, which the browser makes as well."""
    found = []
    for k, shape in enumerate(shapes):
        i, j = np.indices(shape)
        found.append(((5 * i + 3 * j + 2 * k + i * j) % 7 - 3).astype(float))
    return found


def _numbers(operation: str, sizes: str, round: int, left: str, right: str) -> dict[str, Any]:
    pieces, gradients = matrices(operation, round, sizes)
    wanted = gradients[target(operation, round)]
    fitting, correct = count(operation, round, sizes)
    turned = pieces | {f"{name}.T": piece.T for name, piece in pieces.items()}
    error, shape = 1.0, (0, 0)
    if right and turned[left].shape[1] == turned[right].shape[0]:
        product = turned[left] @ turned[right]
        shape = product.shape
        error = relative_error(product, wanted) if shape == wanted.shape else 1.0
    return {
        "rows": shape[0],
        "columns": shape[1],
        "fitting": fitting,
        "correct": correct,
        "error": error,
    }
