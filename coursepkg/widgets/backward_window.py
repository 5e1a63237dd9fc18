"""W10.1: the sliding window run in reverse, so that dx and dw fill up (rows 113, 118)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.functional.conv import Conv2dCache
from coursepkg.gradcheck import relative_error
from coursepkg.mistakes import MISTAKES
from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.matrices import require_matrix

EXAMPLES: dict[str, dict[str, list[list[float]]]] = {
    "nine": {
        "x": [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
        "w": [[1, 2], [3, 4]],
        "dout": [[1, 1], [1, 1]],
    },
    "six": {
        "x": [
            [4, 5, 7, 6, 6, 1],
            [3, 2, 8, 0, 7, 2],
            [6, 7, 7, 1, 5, 0],
            [3, 0, 1, 1, 1, 4],
            [4, 3, 2, 1, 7, 3],
            [0, 2, 5, 8, 1, 6],
        ],
        "w": [[1, 0, -1], [2, 1, 0], [0, -2, 3]],
        "dout": [[1, -1, 0, 2], [0, 2, 1, -1], [-2, 1, 1, 0], [1, 0, -1, 2]],
    },
}
RULES = ("right", "assigned", "turned")
MOST_WINDOWS = 16


class BackwardWindow(BookWidget):
    """Upstream numbers drop through their windows, one after another, and add up in dx and dw.

    Parameters
    ----------
    example : "nine", 3 x 3 pixels under a 2 x 2 kernel, or "six", 6 x 6 under 3 x 3
    matrices : x, w and dout of both examples; a larger stride uses the first rows and columns
        of dout
    stride : pixels from one window to the next, 1 to 3
    rule : "right" adds; "assigned" writes = for +=; "turned" goes back through the turned kernel
    steps : how many windows have dropped, in row-major order
    side : what `at` names: an "output", a "pixel" or a "weight"
    at : its row and column

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these, or has another shape.

    Examples
    --------
    >>> BackwardWindow(example="six", rule="assigned").steps
    2
    """

    script = "backward_window.js"
    number = "W10.1"
    title = "The window that gives back"
    alt = (
        "The image 1 to 9, the kernel 1 2 / 3 4 and four upstream numbers, all 1. Two of the four "
        "windows have dropped theirs: the first two rows of dx hold 1, 3, 2 / 3, 7, 4. When all "
        "have, dx is 1, 3, 2 / 4, 10, 6 / 3, 7, 4 and dw is 12, 16 / 24, 28. With an equals sign "
        "for plus-equals the pixel in the middle keeps 1 of its 10."
    )

    example = traitlets.Enum(list(EXAMPLES), "nine").tag(sync=True)
    matrices = traitlets.Dict().tag(sync=True)
    stride = traitlets.Int(1, min=1, max=3).tag(sync=True)
    rule = traitlets.Enum(RULES, "right").tag(sync=True)
    steps = traitlets.Int(2, min=0, max=MOST_WINDOWS).tag(sync=True)
    side = traitlets.Enum(["output", "pixel", "weight"], "output").tag(sync=True)
    at = traitlets.List(traitlets.Int(min=0), [0, 1], minlen=2, maxlen=2).tag(sync=True)

    @traitlets.default("matrices")
    def _start_with_examples(self) -> dict[str, Any]:
        return EXAMPLES

    @traitlets.validate("matrices")
    def _keep_sizes(self, proposal: dict[str, Any]) -> dict[str, Any]:
        given = proposal["value"]
        if given.keys() != EXAMPLES.keys():
            raise traitlets.TraitError(f"matrices takes {', '.join(EXAMPLES)}, got {list(given)}")
        for name, expected in EXAMPLES.items():
            if given[name].keys() != expected.keys():
                raise traitlets.TraitError(f"matrices: {name} takes {', '.join(expected)}")
            for part, rows in expected.items():
                require_matrix(given[name][part], f"matrices: {name}: {part}", np.shape(rows))
        return dict(given)

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Both examples with every rule and stride, at the start, on the way and at the end."""
        states: list[dict[str, Any]] = [
            {"example": example, "stride": stride, "rule": rule, "steps": steps}
            for example in EXAMPLES
            for stride in (1, 2, 3)
            for rule in RULES
            for steps in ((2, 16) if stride == 1 else (3,))
        ]
        rng = np.random.default_rng(10)
        drawn = {
            name: {part: rng.normal(size=np.shape(rows)).tolist() for part, rows in parts.items()}
            for name, parts in EXAMPLES.items()
        }
        states += [
            {"example": "six", "matrices": drawn, "rule": rule, "steps": steps, "stride": stride}
            for rule in RULES
            for steps, stride in ((0, 1), (16, 1), (4, 2))
        ]
        start = {name: getattr(cls(), name) for name in cls._state_names()}
        return [(start | state, _numbers(**start | state)) for state in states]


def _numbers(**state: Any) -> dict[str, Any]:
    """What the browser must find, after so many windows and for the rule chosen."""
    given = state["matrices"][state["example"]]
    x, w, dout = (np.array(given[name], dtype=float)[None, None] for name in ("x", "w", "dout"))
    out, cache = F.conv2d(x, w, np.zeros(1), stride=state["stride"])
    dout = dout[..., : out.shape[2], : out.shape[3]]
    dropped = np.where(np.arange(out.size).reshape(out.shape) < state["steps"], dout, 0)
    right = F.conv2d_backward(dropped, cache)
    dx = right.dx
    if state["rule"] == "turned":
        dx = MISTAKES["CV1"].code(dropped, cache).dx
    elif state["rule"] == "assigned":
        dx = _assigned(dout, cache, state["steps"])
    return {
        "out": out[0, 0].tolist(),
        "dx": dx[0, 0].tolist(),
        "dw": right.dw[0, 0].tolist(),
        "db": float(right.db[0]),
        "right": right.dx[0, 0].tolist(),
        "error": float(relative_error(dx, right.dx)),
    }


def _assigned(dout: np.ndarray, cache: Conv2dCache, steps: int) -> np.ndarray:
    """What `=` in the place of `+=` leaves after so many windows."""
    dx = np.zeros_like(cache.x)
    one_by_one = list(np.ndindex(dout.shape))[:steps]
    for place in one_by_one:
        alone, ones = np.zeros_like(dout), np.zeros_like(dout)
        alone[place], ones[place] = dout[place], 1
        met = F.conv2d_backward(ones, cache._replace(w=np.ones_like(cache.w))).dx == 1
        dx = np.where(met, F.conv2d_backward(alone, cache).dx, dx)
    return dx
