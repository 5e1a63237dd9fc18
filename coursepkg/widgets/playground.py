"""W4.5: a network of up to three hidden layers that learns in the page (deck row 42)."""

import re
from typing import Any, ClassVar

import traitlets

from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.playground_runs import (
    ACTIVATIONS,
    DATA,
    SHARE,
    network,
    numbers_of,
    packed,
    points,
)

__all__ = ["Playground", "network", "points"]

RATES = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
PENALTIES = (0, 0.001, 0.01, 0.1)
LAST = 1000  # steps


class Playground(BookWidget):
    """A small network, its training run and, at any moment of it, the whole backward pass.

    Parameters
    ----------
    data : "xor", "circle", "moons" or "spiral"
    layers : sizes from input to output, such as "2-4-3-1"; up to three hidden layers of 1 to 8
    activation : of the hidden units: "tanh", "relu", "sigmoid" or "none"
    lr : learning rate, one of `RATES`
    lam : strength of the penalty ``lam / 2 * |W|^2``, one of `PENALTIES`
    seed : of the first weights, 0 to 99
    steps : steps of gradient descent on the whole batch, 0 to 1000
    frozen : whether training stands still and the backward pass is shown
    sample : the training point it is shown for, 0 to 63, or -1 for all of them
    back : layers the blame has travelled back, 0 to 4
    cell : the connection or unit that is read, such as "W1[0,1]", "h1[0]" or "p"

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> widget = Playground(layers="2-4-1", steps=100)
    >>> widget.layers, widget.data, widget.frozen
    ('2-4-1', 'xor', False)
    """

    script = "playground.js"
    free_text: ClassVar[tuple[str, ...]] = ("cell",)  # one that names nothing is read as the first
    number = "W4.5"
    title = "A network, its run, and who is to blame"
    alt = (
        "The network 2-2-1 with tanh units on XOR, 64 points around four corners, after 60 steps. "
        "Each unit has a map of what it says over the plane. The loss is 0.514, from 0.675, and 49 "
        "points are right: a corner is on the wrong side. By step 150 the loss is 0.203 and all "
        "four corners are right; from some other first weights one stays wrong."
    )

    data = traitlets.Enum(DATA, "xor").tag(sync=True)
    layers = traitlets.Unicode("2-2-1").tag(sync=True)
    activation = traitlets.Enum(tuple(ACTIVATIONS), "tanh").tag(sync=True)
    lr = traitlets.Enum(RATES, 0.3).tag(sync=True)
    lam = traitlets.Enum(PENALTIES, 0).tag(sync=True)
    seed = traitlets.Int(4, min=0, max=99).tag(sync=True)
    steps = traitlets.Int(60, min=0, max=LAST).tag(sync=True)
    frozen = traitlets.Bool(False).tag(sync=True)
    sample = traitlets.Int(-1, min=-1, max=SHARE - 1).tag(sync=True)
    back = traitlets.Int(4, min=0, max=4).tag(sync=True)
    cell = traitlets.Unicode("W1[0,0]").tag(sync=True)

    @traitlets.validate("layers")
    def _check_layers(self, proposal: Any) -> str:
        layers: str = proposal["value"]
        if not re.fullmatch(r"2(-[1-8]){0,3}-1", layers):
            raise traitlets.TraitError(
                "layers must be sizes from 2 inputs to 1 output, with up to three hidden layers "
                f"of 1 to 8 units between them, such as '2-4-3-1'; got {layers!r}"
            )
        return layers

    @traitlets.default("_data")
    def _ship_points(self) -> dict[str, Any]:
        return {name: packed(name) for name in DATA}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every data set with every activation, short runs over depths, points and batches."""
        depths = ["2-1", "2-2-1", "2-3-2-1", "2-8-8-8-1", "2-1-5-4-1"]
        cells = ["W1[1,0]", "W2[0,0]", "h1[0]", "p"]
        states: list[dict[str, Any]] = [
            {"data": data, "activation": act, "layers": depths[(i + j) % 5], "cell": cells[i]}
            | {"steps": (25, 1, 10, 3)[j], "lr": RATES[2 + (i + j) % 3], "seed": 7 * i + j}
            | {"lam": PENALTIES[j], "sample": 9 * i - 1, "frozen": (i + j) % 2 == 0}
            for i, data in enumerate(DATA)
            for j, act in enumerate(ACTIVATIONS)
        ]
        usual = {name: cls().state()[name] for name in states[0]}
        states += [usual | {"steps": steps} for steps in (0, 5, 25)]
        states += [usual | {"steps": 20, "sample": n, "frozen": True} for n in (-1, 0, 63)]
        states += [usual | {"steps": 12, "layers": "2-8-8-8-1", "lr": 1, "frozen": True}]
        return [(state, numbers_of(**state)) for state in states]
