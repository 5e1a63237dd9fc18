"""W9.5: the pixels that one output of a stack of layers can see (deck rows 110, 115, 118)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.functional.conv import Conv2dCache
from coursepkg.widgets.base import BookWidget

MOST, LARGEST, NARROWEST, WIDEST = 5, 7, 8, 40
Layer = list[int]  # kind (0 none, 1 convolution, 2 pooling), kernel, stride, dilation
NONE: Layer = [0, 3, 1, 1]
STACKS: dict[str, list[Layer]] = {
    "three 3×3": [[1, 3, 1, 1]] * 3,
    "conv, pool, conv": [[1, 3, 1, 1], [2, 2, 2, 1], [1, 3, 1, 1]],
    "one 7×7": [[1, 7, 1, 1]],
    "VGG begins": [[1, 3, 1, 1], [1, 3, 1, 1], [2, 2, 2, 1], [1, 3, 1, 1], [1, 3, 1, 1]],
    "dilated": [[1, 3, 1, 1], [1, 3, 1, 2], [1, 3, 1, 4]],
    "1×1, stride 2": [[1, 1, 2, 1], [1, 3, 1, 1]],
}


class ReceptiveField(BookWidget):
    """Which pixels reach one output of a stack of layers, and by how many ways.

    Parameters
    ----------
    layers : up to 5 rows (kind, kernel, stride, dilation) from the input on: kind 1 is a
        convolution and 2 a pooling; kernels 1 to 7, strides 1 to 3, dilations 1, 2 or 4
    size : pixels of the input, in each direction, 8 to 40
    padding : "none", or "same": half the reach of the kernel on each side
    unit : which output, from the left; the last one if there are not so many

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> ReceptiveField(layers=[[1, 3, 1, 1]]).layers[1]
    [0, 3, 1, 1]
    """

    script = "receptive_field.js"
    number = "W9.5"
    title = "What can one output see?"
    alt = (
        "A row of 20 pixels under three layers, a 3 x 3 convolution, 2 x 2 pooling with stride 2 "
        "and a 3 x 3 convolution. The third output reads 3 cells of the layer below it, 6 of the "
        "one below that and 8 pixels: the field grows 1, 3, 4, 8. In two dimensions it is 8 x 8 = "
        "64 pixels; from those in the middle 9 ways lead to the output, from a corner 1."
    )

    layers = traitlets.List(traitlets.List()).tag(sync=True)
    size = traitlets.Int(20, min=NARROWEST, max=WIDEST).tag(sync=True)
    padding = traitlets.Enum(("none", "same"), "none").tag(sync=True)
    unit = traitlets.Int(2, min=0, max=WIDEST - 1).tag(sync=True)

    @traitlets.default("layers")
    def _start_layers(self) -> list[Layer]:
        return _slots(STACKS["conv, pool, conv"])

    @traitlets.validate("layers")
    def _fit_layers(self, proposal: dict[str, Any]) -> list[Layer]:
        return _slots(proposal["value"])

    @traitlets.default("_data")
    def _ship_stacks(self) -> dict[str, Any]:
        return {"stacks": {name: _slots(stack) for name, stack in STACKS.items()}}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every stack with and without padding, at edges and in the middle, and some odd ones."""
        odd = [[], [[2, 3, 2, 1]] * 3, [[1, 5, 3, 1], [1, 2, 1, 4], [2, 2, 1, 1]]]
        odd.append([[1, 7, 1, 4]])  # does not fit into 20 pixels
        states: list[dict[str, Any]] = [
            {"layers": _slots(layers), "size": size, "padding": padding, "unit": unit}
            for layers in [*STACKS.values(), *odd]
            for size, padding, unit in [(20, "none", 2), (33, "same", 0), (24, "same", 39)]
        ]
        return [(state, seen_by(**state)) for state in states]


def _slots(layers: Any) -> list[Layer]:
    """Always five rows, the last of them empty: a link can then bring any number of them."""
    found = [list(layer) for layer in layers]
    used = [layer for layer in found if layer and layer[0]]
    for layer in used:
        if len(layer) != 4 or any(type(value) is not int for value in layer):
            raise traitlets.TraitError(
                f"a layer is (kind, kernel, stride, dilation), whole numbers, got {layer}"
            )
        kind, kernel, stride, dilation = layer
        allowed = kind in (1, 2) and 1 <= kernel <= LARGEST and 1 <= stride <= 3
        if not allowed or dilation not in ((1, 2, 4) if kind == 1 else (1,)):
            raise traitlets.TraitError(
                "a layer is (1 or 2, kernel 1 to 7, stride 1 to 3, dilation 1, 2 or 4, and 1 for "
                f"pooling), got {layer}"
            )
    if len(used) > MOST:
        raise traitlets.TraitError(f"layers: at most {MOST}, got {len(used)}")
    return used + [list(NONE) for _ in range(MOST - len(used))]


def seen_by(layers: list[Layer], size: int, padding: str, unit: int) -> dict[str, Any]:
    """Return the receptive field of an output, by the recursion and by a backward pass.

    ``field`` and ``jump`` grow from 1 and 1: each layer adds (K - 1) D jumps to the field, and
    multiplies the jump by its stride. ``ways`` is the gradient that the output sends back through
    layers whose weights are all 1, along a row of pixels: the number of paths from each of them;
    ``lit`` counts the pixels that have any. ``reached`` has those of all layers, one after another.

    Examples
    --------
    >>> stack = [[1, 3, 1, 1], [2, 2, 2, 1], [1, 3, 1, 1]]
    >>> found = seen_by(stack, size=10, padding="none", unit=0)
    >>> found["field"], found["sizes"], found["ways"]
    (8, [10, 8, 4, 2], [1, 2, 3, 3, 3, 3, 2, 1, 0, 0])
    """
    used = [layer for layer in layers if layer[0]]
    fields, jumps = [1], [1]
    for _, kernel, stride, dilation in used:
        fields.append(fields[-1] + (kernel - 1) * dilation * jumps[-1])
        jumps.append(jumps[-1] * stride)
    out: dict[str, Any] = {"fields": fields, "jumps": jumps}
    out |= {"field": fields[-1], "jump": jumps[-1], "weights": _weights(used)}
    try:
        sizes, caches = _forward(used, size, padding)
    except ValueError:
        return out | {"sizes": None, "place": None, "ways": None, "lit": None}
    place = min(unit, sizes[-1] - 1)
    dout = np.zeros((1, 1, 1, sizes[-1]))
    dout[..., place] = 1
    reached = [dout.ravel()]
    for cache in reversed(caches):
        dout = F.conv2d_backward(dout, cache).dx
        reached.append(dout.ravel())
    ways = reached[-1].astype(int).tolist()
    return out | {
        "sizes": sizes,
        "place": place,
        "ways": ways,
        "reached": np.concatenate(reached[::-1]).astype(int).tolist(),
        "lit": int(np.count_nonzero(ways)),
    }


def _forward(used: list[Layer], size: int, padding: str) -> tuple[list[int], list[Conv2dCache]]:
    """Sizes of a row of pixels behind each layer, and what its backward pass needs."""
    x = np.zeros((1, 1, 1, size))
    caches = []
    for _, kernel, stride, dilation in used:
        pad = dilation * (kernel - 1) // 2 if padding == "same" else 0
        x, cache = F.conv2d(
            x,
            np.ones((1, 1, 1, kernel)),
            np.zeros(1),
            stride=(1, stride),
            padding=(0, pad),
            dilation=(1, dilation),
        )
        caches.append(cache)
    return [size, *(cache.windows.out[1] for cache in caches)], caches


def _weights(used: list[Layer]) -> int:
    """Weights of the stack from one channel to one, in two dimensions; pooling has none."""
    return sum(kernel**2 for kind, kernel, _, _ in used if kind == 1)
