"""W6.2: the Jacobian seen whole, and what it costs (deck row 87)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget

OPERATIONS = ("relu", "softmax", "linear")
SCALES = (0.1, 0.3, 1, 3, 10, 30)
LARGEST, LARGEST_BATCH = 64, 8
ITEM = 8  # bytes of a float64

# Rounded, so that they are short to ship; sample s, entry i stands at 64 s + i.
NUMBERS = np.random.default_rng(6).normal(size=LARGEST * LARGEST_BATCH).round(2)


class JacobianXRay(BookWidget):
    """The Jacobian of a layer, entry by entry, beside the product that replaces it.

    Parameters
    ----------
    op : "relu", "softmax" or "linear"
    n : numbers in a sample, 2 to 64
    batch : samples, 1 to 8
    scale : what the input is multiplied by: 0.1, 0.3, 1, 3, 10 or 30

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> JacobianXRay(op="softmax", n=8).state()
    {'batch': 1, 'n': 8, 'op': 'softmax', 'scale': 1}
    """

    script = "jacobian_xray.js"
    number = "W6.2"
    title = "The matrix you never build"
    alt = (
        "A heat map of the Jacobian of ReLU on 16 numbers: 256 entries, of which only those on "
        "the diagonal can differ from zero. For 4096 numbers it would have 16,777,216 entries, "
        "for a minibatch of 100 such samples 168 billion, 1.34 TB; the vector–Jacobian product "
        "has as many numbers as the input, 3.28 MB."
    )

    op = traitlets.Enum(OPERATIONS, "relu").tag(sync=True)
    n = traitlets.Int(16, min=2, max=LARGEST).tag(sync=True)
    batch = traitlets.Int(1, min=1, max=LARGEST_BATCH).tag(sync=True)
    scale = traitlets.Enum(SCALES, 1).tag(sync=True)

    @traitlets.default("_data")
    def _ship_numbers(self) -> dict[str, Any]:
        return {"numbers": NUMBERS.tolist()}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every operation on a few sizes with the outer scales, and on one size with all."""
        choices = [(2, 1, 0.1), (2, 1, 30), (5, 3, 0.1), (5, 3, 30), (64, 4, 1)]
        choices += [(16, 1, scale) for scale in SCALES]
        states: list[dict[str, Any]] = [
            {"op": op, "n": n, "batch": batch, "scale": scale}
            for op in OPERATIONS
            for n, batch, scale in choices
        ]
        return [(state, _numbers(**state)) for state in states]


def _numbers(op: str, n: int, batch: int, scale: float) -> dict[str, Any]:
    """What the browser must find, the Jacobian built row by row out of backward passes."""
    x = scale * NUMBERS.reshape(LARGEST_BATCH, LARGEST)[:batch, :n]
    upstream = np.where(np.arange(n) % 2, -1.0, 1.0) * np.ones((batch, 1))
    blocks = np.stack([_backward(op, x, np.tile(row, (batch, 1))) for row in np.eye(n)], axis=1)
    entries = (batch * n) ** 2
    return {
        "blocks": blocks.tolist(),
        "vjp": _backward(op, x, upstream).tolist(),
        "entries": entries,
        "nonzero": int(np.count_nonzero(blocks)),
        "largest": float(np.abs(blocks).max()),
        "jacobian_bytes": ITEM * entries,
        "vjp_bytes": ITEM * batch * n,
    }


def _backward(op: str, x: np.ndarray, dout: np.ndarray) -> np.ndarray:
    if op == "linear":
        n = x.shape[1]
        _, cache = F.linear(x, weights(n), np.zeros(n))
        return F.linear_backward(dout, cache).dx
    if op == "softmax":
        return F.softmax_backward(dout, F.softmax(x)[1])
    return F.relu_backward(dout, F.relu(x)[1])


def weights(n: int) -> np.ndarray:
    """Weights (n, n) that look random, and that the browser can make from `NUMBERS` as well."""
    i, j = np.indices((n, n))
    return NUMBERS[(31 * i * i + 17 * j * j + 5 * i * j + 7) % NUMBERS.size]
