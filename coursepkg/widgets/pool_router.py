"""W10.2: which pixel of a pooling window gets how much of the gradient (rows 115-117)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.mistakes import MISTAKES
from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.matrices import require_matrix

POOLS = ("max", "average", "L2")
TIES = ("first", "split", "all")
IMAGES: dict[str, list[list[float]]] = {
    "lecture": [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]],
    "after ReLU": [[0, 0, 5, 0], [0, 0, 5, 2], [3, 0, 0, 0], [0, 3, 0, 1]],
    "one peak": [[1, 2, 1, 0], [2, 9, 2, 1], [1, 2, 1, 0], [0, 1, 0, 0]],
}
UPSTREAM = [[1, 2, -1], [3, 4, 2], [1, -2, 1]]
SIZE = 2
_PAIRS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "max": (F.max_pool2d, F.max_pool2d_backward),
    "average": (F.avg_pool2d, F.avg_pool2d_backward),
    "L2": (F.lp_pool2d, F.lp_pool2d_backward),
}


class PoolRouter(BookWidget):
    """A 4 x 4 image, pooling windows of 2 x 2, and the way of each gradient as a pipe.

    Parameters
    ----------
    pool : "max", "average" or "L2"
    stride : 2, or 1 for windows that overlap
    ties : who gets it if several are largest: the "first", "split", or "all" (wrong)
    image : "lecture", "after ReLU" or "one peak"
    pixels : the images by these names, 4 x 4
    dout : upstream numbers, 3 x 3; a stride of 2 uses the first two rows and columns
    side : what `at` names, a "window" or a "pixel"
    at : its row and column

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these, or has another shape.

    Examples
    --------
    >>> PoolRouter(pool="L2", stride=1).ties
    'first'
    """

    script = "pool_router.js"
    number = "W10.2"
    title = "Who pays? The way back through a pool"
    alt = (
        "The lecture's image 1 1 2 4 / 5 6 7 8 / 3 2 1 0 / 1 2 3 4 with four windows of 2 × 2. Max "
        "pooling gives 6 8 / 3 4. Of the upstream numbers 1 2 / 3 4 each runs through one pipe to "
        "the pixel that won: 1 to the 6, 2 to the 8, 3 to the 3, 4 to the last 4; all other pixels "
        "get 0."
    )

    pool = traitlets.Enum(POOLS, "max").tag(sync=True)
    stride = traitlets.Enum([1, 2], 2).tag(sync=True)
    ties = traitlets.Enum(TIES, "first").tag(sync=True)
    image = traitlets.Enum(list(IMAGES), "lecture").tag(sync=True)
    pixels = traitlets.Dict().tag(sync=True)
    dout = traitlets.List(traitlets.Any()).tag(sync=True)
    side = traitlets.Enum(["window", "pixel"], "window").tag(sync=True)
    at = traitlets.List(traitlets.Int(min=0), [0, 0], minlen=2, maxlen=2).tag(sync=True)

    @traitlets.default("pixels")
    def _start_with_images(self) -> dict[str, Any]:
        return IMAGES

    @traitlets.default("dout")
    def _start_with_upstream(self) -> list[list[float]]:
        return [list(row) for row in UPSTREAM]

    @traitlets.validate("pixels")
    def _keep_sizes(self, proposal: dict[str, Any]) -> dict[str, Any]:
        given = proposal["value"]
        if given.keys() != IMAGES.keys():
            raise traitlets.TraitError(f"pixels takes {', '.join(IMAGES)}, got {list(given)}")
        for name, rows in given.items():
            require_matrix(rows, f"pixels: {name}", (4, 4))
        return dict(given)

    @traitlets.validate("dout")
    def _keep_size(self, proposal: dict[str, Any]) -> list[list[float]]:
        require_matrix(proposal["value"], "dout", (3, 3))
        return list(proposal["value"])

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every pool, stride and rule for ties on every image, and on numbers without ties."""
        start = {name: getattr(cls(), name) for name in cls._state_names()}
        states: list[dict[str, Any]] = [
            {"pool": pool, "stride": stride, "ties": ties, "image": image}
            for pool in POOLS
            for stride in (1, 2)
            for ties in (TIES if pool == "max" else TIES[:1])
            for image in IMAGES
        ]
        rng = np.random.default_rng(10)
        drawn = {name: rng.normal(size=(4, 4)).tolist() for name in IMAGES}
        states += [
            {
                "pool": pool,
                "stride": stride,
                "pixels": drawn,
                "dout": rng.normal(size=(3, 3)).tolist(),
            }
            for pool in POOLS
            for stride in (1, 2)
        ]
        return [(start | state, _numbers(**start | state)) for state in states]


def _numbers(**state: Any) -> dict[str, Any]:
    """What the browser must find: the pooled image, and what every pixel gets."""
    x = np.array(state["pixels"][state["image"]], dtype=float)[None, None]
    stride = state["stride"]
    forward, backward = _PAIRS[state["pool"]]
    out, cache = forward(x, SIZE, stride)
    dout = np.array(state["dout"], dtype=float)[None, None, : out.shape[2], : out.shape[3]]
    dx = backward(dout, cache)
    if state["pool"] == "max" and state["ties"] == "all":
        dx = MISTAKES["PL3"].code(x, dout, SIZE, stride)
    elif state["pool"] == "max" and state["ties"] == "split":
        tied = sum(x[..., *cache.windows.seen_by(tap)] == out for tap in cache.windows.taps())
        dx = MISTAKES["PL3"].code(x, dout / tied, SIZE, stride)
    return {
        "out": out[0, 0].tolist(),
        "dx": dx[0, 0].tolist(),
        "sent": float(dout.sum()),
        "arrived": float(dx.sum()),
    }
