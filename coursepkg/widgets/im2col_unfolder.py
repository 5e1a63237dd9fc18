"""W10.3: windows written into columns, one matrix product, and the way back from the columns."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.checks.a8_columns import col2im, im2col
from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.matrices import require_matrix

IMAGE = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
KERNELS: dict[str, list[list[float]]] = {
    "2": [[1, 2], [3, 4]],
    "3": [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
}
UPSTREAM = [1, 2, -1, 3, 4, 2, 1, -2, 1]
MOST_WINDOWS = 9


class Im2colUnfolder(BookWidget):
    """A 4 x 4 image beside its column matrix, forwards as a product, backwards as a sum.

    Parameters
    ----------
    way : "forward", windows are copied to columns, or "back", columns are added to pixels
    kernel : side of the kernel, 2 or 3
    stride : pixels from one window to the next, 1 or 2
    steps : how many windows have been written, or taken back
    image : the pixels, 4 x 4
    weights : the kernels of side "2" and "3"
    dout : upstream numbers, a list of 9; fewer windows use the first of them
    side : what `at` names, a "pixel" or an entry of the "columns"
    at : its row and column

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these, or has another shape.

    Examples
    --------
    >>> Im2colUnfolder(kernel=3).stride
    1
    """

    script = "im2col_unfolder.js"
    number = "W10.3"
    title = "Windows into columns, and back"
    alt = (
        "The image 1 to 16 and, beside it, its column matrix for a kernel of 2 × 2: 4 rows, one "
        "for each tap, and 9 columns, one for each window; five of them are written. The 6 stands "
        "in four of them. 16 numbers become 36; the kernel as a row, 1 2 3 4, times the first "
        "column 1 2 5 6 is 44."
    )

    way = traitlets.Enum(["forward", "back"], "forward").tag(sync=True)
    kernel = traitlets.Enum([2, 3], 2).tag(sync=True)
    stride = traitlets.Enum([1, 2], 1).tag(sync=True)
    steps = traitlets.Int(5, min=0, max=MOST_WINDOWS).tag(sync=True)
    image = traitlets.List(traitlets.Any()).tag(sync=True)
    weights = traitlets.Dict().tag(sync=True)
    dout = traitlets.List(traitlets.Any()).tag(sync=True)
    side = traitlets.Enum(["pixel", "columns"], "pixel").tag(sync=True)
    at = traitlets.List(traitlets.Int(min=0), [1, 1], minlen=2, maxlen=2).tag(sync=True)

    @traitlets.default("image")
    def _start_with_image(self) -> list[list[float]]:
        return [list(row) for row in IMAGE]

    @traitlets.default("weights")
    def _start_with_weights(self) -> dict[str, Any]:
        return KERNELS

    @traitlets.default("dout")
    def _start_with_upstream(self) -> list[float]:
        return list(UPSTREAM)

    @traitlets.validate("image", "dout")
    def _keep_size(self, proposal: dict[str, Any]) -> list[Any]:
        name = proposal["trait"].name
        require_matrix(proposal["value"], name, (4, 4) if name == "image" else (MOST_WINDOWS,))
        return list(proposal["value"])

    @traitlets.validate("weights")
    def _keep_kernels(self, proposal: dict[str, Any]) -> dict[str, Any]:
        given = proposal["value"]
        if given.keys() != KERNELS.keys():
            raise traitlets.TraitError(f"weights takes {', '.join(KERNELS)}, got {list(given)}")
        for name, rows in given.items():
            require_matrix(rows, f"weights: {name}", (int(name), int(name)))
        return dict(given)

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Both ways, kernels and strides at the start, on the way and at the end; other numbers."""
        start = {name: getattr(cls(), name) for name in cls._state_names()}
        rng = np.random.default_rng(10)
        drawn = {
            "image": rng.normal(size=(4, 4)).tolist(),
            "weights": {name: rng.normal(size=np.shape(w)).tolist() for name, w in KERNELS.items()},
            "dout": rng.normal(size=MOST_WINDOWS).tolist(),
        }
        states: list[dict[str, Any]] = [
            {"way": way, "kernel": kernel, "stride": stride, "steps": steps}
            for way in ("forward", "back")
            for kernel in (2, 3)
            for stride in (1, 2)
            for steps in (0, 3, 9)
        ]
        states += [
            {**drawn, "way": way, "kernel": k} for way in ("forward", "back") for k in (2, 3)
        ]
        return [(start | state, _numbers(**start | state)) for state in states]


def _numbers(**state: Any) -> dict[str, Any]:
    """What the browser must find: the columns, the product, and what comes back of it."""
    side, stride = state["kernel"], state["stride"]
    x = np.array(state["image"], dtype=float)[None, None]
    w = np.array(state["weights"][str(side)], dtype=float)[None, None]
    cols = im2col(x, side, side, stride, 0)
    out, cache = F.conv2d(x, w, np.zeros(1), stride)
    dout = np.array(state["dout"], dtype=float)[: out.size]
    dropped = np.where(np.arange(out.size) < state["steps"], dout, 0)
    dcols = w.reshape(1, -1).T @ dropped[None]
    dx = col2im(dcols[None], x.shape, side, side, stride, 0)
    np.testing.assert_allclose(dx, F.conv2d_backward(dropped.reshape(out.shape), cache).dx)
    copies = col2im(np.ones_like(cols), x.shape, side, side, stride, 0)
    return {
        "cols": cols[0].tolist(),
        "out": out.ravel().tolist(),
        "dcols": dcols.tolist(),
        "dx": dx[0, 0].tolist(),
        "copies": copies[0, 0].tolist(),
        "entries": cols.size,
    }
