"""W11.1: draw a digit, and see every map and every sum of the network that reads it (row 123)."""

import re
from typing import Any, ClassVar

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.digit_pad import ink_of
from coursepkg.widgets.digit_reader import reader, shown, shown_letters, stages, stored

IMAGES = ("drawn", *map(str, range(12)))
STROKES = re.compile(r"([\w-]{2})+(\.([\w-]{2})+)*(~[\w-]{2})?|~[\w-]{2}|", re.ASCII)
SEVEN = "PLaKkKvKqUmgiscyZ4"
"""A seven without the bar across that most writers of the data set gave it."""
SIDES = {"conv1": 8, "relu1": 8, "pool1": 4, "conv2": 4, "relu2": 4, "pool2": 2}


class CNNExplorer(BookWidget):
    """A network of 1,898 weights that reads a drawn digit, with all of its maps.

    Parameters
    ----------
    image : "drawn", or the number of a test digit, "0" to "11"; the last two it misreads
    strokes : what is drawn, see `coursepkg.widgets.digit_pad`
    weights : "trained" or "untrained"
    cell : what is read, such as "conv2[3,1,1]": stage, map, row, column

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> CNNExplorer(image="3").state()["cell"]
    'conv1[2,3,5]'
    """

    script = "cnn_explorer.js"
    free_text: ClassVar[tuple[str, ...]] = ("cell",)  # one that names nothing is read as the first
    number = "W11.1"
    title = "Every number of a network that reads"
    alt = (
        "A pad with a drawn seven, the 8 by 8 pixels made of it, and what each layer of a trained "
        "network makes of these: 8 maps of 8 by 8, pooled to 4 by 4, then 16 maps of 4 by 4, "
        "pooled to 2 by 2, and ten scores. It says 7 with 78.0 per cent, then 3 with 18.8. A cell "
        "of the first layer is read: nine products of window and kernel, -0.7089 together, plus "
        "the bias 0.5128, are -0.1961, which the ReLU shuts."
    )

    image = traitlets.Enum(IMAGES, "drawn").tag(sync=True)
    strokes = traitlets.Unicode(SEVEN).tag(sync=True)
    weights = traitlets.Enum(("trained", "untrained"), "trained").tag(sync=True)
    cell = traitlets.Unicode("conv1[2,3,5]").tag(sync=True)

    @traitlets.validate("strokes")
    def _check_strokes(self, proposal: Any) -> str:
        strokes: str = proposal["value"]
        if not STROKES.fullmatch(strokes):
            raise traitlets.TraitError(
                "strokes must be places of two letters each, a full stop between strokes, such "
                f"as 'gAg_' or 'AABB.CCDD'; got {strokes!r}"
            )
        return strokes

    @traitlets.default("_data")
    def _ship_network(self) -> dict[str, Any]:
        weights = {name: stored()[name] for name in ("trained", "untrained")}
        return weights | shown_letters() | {"start": SEVEN}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """All digits with both weights, some drawings, and a cell of every stage."""
        states: list[dict[str, Any]] = [
            {"image": image, "strokes": SEVEN, "weights": weights}
            for image in IMAGES
            for weights in ("trained", "untrained")
        ]
        drawings = ["", "gAg_", "~AA", "ggghhi", "AAB9.zzyy~gg", "gPUPPUPgUlgllu"]
        states += [{"image": "drawn", "strokes": s, "weights": "trained"} for s in drawings]
        sides = enumerate(SIDES.items())
        cells = [f"{name}[{7 - k},{k % side},{side - 1}]" for k, (name, side) in sides]
        cells += ["scores[7,0,0]", "input[0,3,4]"]
        for k, state in enumerate(states):
            state["cell"] = cells[k % len(cells)]
        return [(state, _numbers(**state)) for state in states]


def _numbers(image: str, strokes: str, weights: str, cell: str) -> dict[str, Any]:
    """What the browser must find."""
    ink = ink_of(strokes) if image == "drawn" else shown()[0][int(image)]
    found = stages(reader(weights), ink)
    name, place = cell[:-1].split("[")
    at = tuple(map(int, place.split(",")))
    everything = found | {"input": ink[None], "scores": found["scores"][:, None, None]}
    flat = {key: found[key].ravel().tolist() for key in (*SIDES, "scores")}
    return flat | {
        "ink": ink.ravel().tolist(),
        "p": F.softmax(found["scores"][None])[0][0].tolist(),
        "guess": int(found["scores"].argmax()),
        "value": float(np.asarray(everything[name])[at]),
    }
