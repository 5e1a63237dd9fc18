"""W4.3: the shapes of a network, its parameters, and slides that do not multiply (rows 55, 61)."""

from itertools import pairwise
from typing import Any

import numpy as np
import traitlets

from coursepkg.widgets.base import BookWidget

MOST, WIDEST, LARGEST_BATCH = 6, 4096, 64
RULES = ("rows", "columns", "transposed", "reads x")


class ShapeChecker(BookWidget):
    """A network from its layer sizes: every shape, every count, and where a slide breaks.

    Parameters
    ----------
    sizes : 2 to 6 widths from input to output, each 1 to 4096; kept as six numbers, zeros last
    batch : samples, 1 to 64
    rule : "rows" (X W + b, this book), "columns" (w x + b), "transposed" (w a.T from the second
        layer on) or "reads x" (w x in every layer)

    Raises
    ------
    traitlets.TraitError
        If there are fewer than two widths, more than six, or one is out of bounds.

    Examples
    --------
    >>> ShapeChecker(sizes=[784, 512, 10]).sizes
    [784, 512, 10, 0, 0, 0]
    """

    script = "shape_checker.js"
    number = "W4.3"
    title = "Does it multiply, and what does it cost?"
    alt = (
        "A network of 3 inputs, 4 hidden units and 2 outputs for a batch of 5 rows. X is (5, 3), "
        "W1 (3, 4) with 4 biases, the hidden layer (5, 4), W2 (4, 2) with 2 biases, the output "
        "(5, 2). 20 weights and 6 biases are 26 parameters."
    )

    sizes = traitlets.List(traitlets.Int(), [3, 4, 2, 0, 0, 0]).tag(sync=True)
    batch = traitlets.Int(5, min=1, max=LARGEST_BATCH).tag(sync=True)
    rule = traitlets.Enum(RULES, "rows").tag(sync=True)

    @traitlets.validate("sizes")
    def _pad(self, proposal: dict[str, Any]) -> list[int]:
        given = list(proposal["value"])
        widths = given[: given.index(0)] if 0 in given else given
        if not 2 <= len(widths) <= MOST or any(given[len(widths) :]):
            raise traitlets.TraitError(f"sizes must be 2 to {MOST} widths, got {given}")
        if min(widths) < 1 or max(widths) > WIDEST:
            raise traitlets.TraitError(f"every width must be 1 to {WIDEST}, got {given}")
        return widths + [0] * (MOST - len(widths))

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """The networks of the decks and one that hides mistakes, under every rule."""
        choices = [
            ([3, 4, 2], 5), ([3, 4, 2], 4), ([4, 5, 3], 1), ([3, 4, 4, 1], 1), ([4, 4, 3], 2),
            ([784, 512, 10], 1), ([3072, 100, 10], 2), ([2, 1], 3), ([7, 1, 1, 2, 7, 7], 1),
        ]  # fmt: skip
        states: list[dict[str, Any]] = [
            {"sizes": sizes + [0] * (MOST - len(sizes)), "batch": batch, "rule": rule}
            for sizes, batch in choices
            for rule in RULES
        ]
        return [(state, shapes_of(**state)) for state in states]


def shapes_of(sizes: list[int], batch: int, rule: str) -> dict[str, Any]:
    """Run the network on ones under a rule, and count; a product that fails ends the run.

    Returns
    -------
    dict
        With the shapes of `weights` and of the outputs that came about, the number of the layer
        that `fails` (0 if none does), and counts: `neurons`, `weight_count`, `bias_count`, `total`.

    Examples
    --------
    >>> shapes_of([3, 4, 2], 5, "rows")["outputs"]
    [[5, 4], [5, 2]]
    """
    widths = [width for width in sizes if width]
    weights = [(a, b) if rule == "rows" else (b, a) for a, b in pairwise(widths)]
    x = np.ones((batch, widths[0]) if rule == "rows" else (widths[0], batch))
    outputs, a, fails = [], x, 0
    for layer, shape in enumerate(weights, start=1):
        w = np.ones(shape)
        try:
            if rule == "rows":
                a = a @ w
            elif layer == 1 or rule == "columns":
                a = w @ a
            else:
                a = w @ (a.T if rule == "transposed" else x)
        except ValueError:
            fails = layer
            break
        outputs.append(list(a.shape))
    weight_count = sum(a * b for a, b in weights)
    return {
        "weights": [list(shape) for shape in weights],
        "outputs": outputs,
        "fails": fails,
        "neurons": sum(widths[1:]),
        "weight_count": weight_count,
        "bias_count": sum(widths[1:]),
        "total": weight_count + sum(widths[1:]),
    }
