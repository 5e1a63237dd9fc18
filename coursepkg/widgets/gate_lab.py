"""W1.3: which truth tables can one neuron compute? (decks rows 5, 10, 12)"""

from collections.abc import Callable
from itertools import combinations, product
from typing import Any

import numpy as np
import traitlets

from coursepkg.functional import step
from coursepkg.margin import widest_margin
from coursepkg.perceptron import Perceptron
from coursepkg.widgets.base import BookWidget

MOST_INPUTS, EPOCHS, LARGEST = 4, 200, 20

FORMULAS: dict[str, tuple[int, Callable[..., int]]] = {
    "AND": (2, lambda a, b: a & b),
    "OR": (2, lambda a, b: a | b),
    "NAND": (2, lambda a, b: 1 - (a & b)),
    "AND NOT": (2, lambda a, b: a & (1 - b)),
    "XOR": (2, lambda a, b: a ^ b),
    "majority": (3, lambda a, b, c: int(a + b + c > 1)),
    "parity": (3, lambda a, b, c: a ^ b ^ c),
    "as printed": (4, lambda a, x, y, z: _generic(a, x, y, z, (1 - x) & (1 - z))),
    "with ¬(X&Z)": (4, lambda a, x, y, z: _generic(a, x, y, z, 1 - (x & z))),
}


def _generic(a: int, x: int, y: int, z: int, last: int) -> int:
    return ((a & (1 - x) & z) | (a & (1 - y))) & ((x & y) | last)


def inputs_of(inputs: int) -> np.ndarray:
    """Return all rows of 0 and 1, (2^inputs, inputs), counting upwards."""
    return np.array(list(product([0, 1], repeat=inputs)))


TABLES = {
    name: (inputs, [int(formula(*row)) for row in inputs_of(inputs).tolist()])
    for name, (inputs, formula) in FORMULAS.items()
}


class GateLab(BookWidget):
    """A truth table to click, a neuron to tune, and the proof where there is nothing to find.

    Parameters
    ----------
    inputs : 2, 3 or 4
    table : what the neuron should say to each row of inputs, counting upwards; 16 numbers 0 or 1,
        of which the first 2^inputs count, or just those
    weights : five numbers, w1 to w4 and the bias, not beyond 20
    proof : "hidden" or "shown"

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> GateLab(table=[0, 0, 0, 1], weights=[1, 1, 0, 0, -1.5]).weights
    [1.0, 1.0, 0.0, 0.0, -1.5]
    """

    script = "gate_lab.js"
    number = "W1.3"
    title = "Which truth tables can one neuron compute?"
    alt = (
        "The truth table of exclusive or at the corners of a square, and a neuron with weights "
        "(1, 1) and bias −0.5: its line has three corners on the right side, and 11 on the wrong "
        "one. No other weights do better, since the corners 01 and 10, which should be 1, have "
        "the same midpoint (½, ½) as 00 and 11, which should be 0. AND, OR, NAND and AND NOT are "
        "found by the rule in 5, 3, 5 and 4 epochs. Of the tables with four inputs, the generic "
        "formula of the lecture can be had with weights (1, −2, −2, −2) and bias 0; with "
        "¬(X and Z) in it, it cannot."
    )

    inputs = traitlets.Int(2, min=2, max=MOST_INPUTS).tag(sync=True)
    table = traitlets.List([0, 1, 1, 0] + 12 * [0]).tag(sync=True)
    weights = traitlets.List([1.0, 1.0, 0.0, 0.0, -0.5]).tag(sync=True)
    proof = traitlets.Enum(["hidden", "shown"], "hidden").tag(sync=True)

    @traitlets.validate("table")
    def _fit_table(self, proposal: dict[str, Any]) -> list[int]:
        table = list(proposal["value"])
        if len(table) not in (4, 8, 16) or not set(table) <= {0, 1}:
            raise traitlets.TraitError(f"table must be 4, 8 or 16 numbers 0 or 1, got {table}")
        return [int(value) for value in table] + [0] * (16 - len(table))

    @traitlets.validate("weights")
    def _fit_weights(self, proposal: dict[str, Any]) -> list[float]:
        try:
            weights = [float(value) for value in proposal["value"]]
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"weights must be five numbers; {error}") from None
        if len(weights) != 5 or not all(abs(value) <= LARGEST for value in weights):
            raise traitlets.TraitError(
                f"weights must be w1 to w4 and the bias, none beyond {LARGEST}, got {weights}"
            )
        return weights

    @traitlets.default("_data")
    def _ship_tables(self) -> dict[str, Any]:
        return {"tables": [[name, inputs, table] for name, (inputs, table) in TABLES.items()]}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every named table with two lines, and some random tables."""
        rng = np.random.default_rng(13)
        tables = list(TABLES.values())
        tables += [(n, rng.integers(0, 2, 2**n).tolist()) for n in (2, 3, 3, 3, 4, 4)]
        lines = [[1.0, 1.0, 0.0, 0.0, -0.5], [1.0, -2.0, -2.0, -2.0, 0.0]]
        states: list[dict[str, Any]] = [
            {"inputs": n, "table": table + [0] * (16 - 2**n), "weights": weights, "proof": proof}
            for n, table in tables
            for weights, proof in zip(lines, ("hidden", "shown"), strict=True)
        ]
        return [(state, _numbers(**state)) for state in states]


def same_middle(table: list[int]) -> list[int]:
    """Return rows a, b to be 1 and c, d to be 0 with ``a + b = c + d``, or nothing.

    Such rows exist, for up to eight inputs, exactly if no neuron computes the table.

    >>> same_middle([0, 1, 1, 0])
    [1, 2, 0, 3]
    """
    rows = inputs_of(int(np.log2(len(table))))
    ones, zeros = ([i for i, value in enumerate(table) if value == kind] for kind in (1, 0))
    for a, b in combinations(ones, 2):
        for c, d in combinations(zeros, 2):
            if (rows[a] + rows[b] == rows[c] + rows[d]).all():
                return [a, b, c, d]
    return []


def _numbers(inputs: int, table: list[int], weights: list[float], proof: str) -> dict[str, Any]:
    rows, wanted = inputs_of(inputs), np.array(table[: 2**inputs])
    scores = rows @ np.array(weights[:inputs]) + weights[4]
    outputs = step(scores)
    found = Perceptron(epochs=EPOCHS).fit(rows, wanted)
    extended = np.column_stack([rows, np.ones(len(rows))])
    return {
        "scores": scores.tolist(),
        "outputs": outputs.tolist(),
        "wrong": int(np.sum(outputs != wanted)),
        "separable": int(widest_margin(extended, 2 * wanted - 1)[1] > 0),
        "middle": same_middle(wanted.tolist()),
        "found": [*found.coef_.tolist(), found.intercept_],
        "mistakes": found.n_mistakes_,
        "epochs": sum(map(bool, found.mistakes_)),
    }
