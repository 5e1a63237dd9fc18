"""W7.4: which hidden units go out during training, over learning rate and first weights."""

from typing import Any

import traitlets

from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.dead_runs import EVERY, FRAMES, KINDS, RATES, SPREADS, UNITS, recorded
from coursepkg.widgets.frames import frames

STEPS = tuple(EVERY * frame for frame in range(FRAMES))


class DeadUnits(BookWidget):
    """The hidden units of a network in training: which are off for every sample, and the loss.

    Parameters
    ----------
    lr : learning rate: 0.03, 0.1, 0.3, 1, 1.5, 2 or 4
    spread : size of the first weights in units of He's: 0.1, 1 or 3
    kind : "relu" or "leaky"
    step : 0, 10, ... 200

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> DeadUnits(lr=4.0).state()
    {'kind': 'relu', 'lr': 4.0, 'spread': 1.0, 'step': 50}
    """

    script = "dead_units.js"
    number = "W7.4"
    title = "How many units are still alive?"
    alt = (
        "The 32 hidden units of a network that learns digits, those that are off for every "
        "training image crossed out, and two curves over 200 steps: units off, and loss. At "
        "a learning rate of 1.5 there are 23 off after 50 steps and 27 after 200, and the loss is "
        "2.0, nearly that of guessing; at 0.3 only the two that were off at the start."
    )

    lr = traitlets.Enum(RATES, 1.5).tag(sync=True)
    spread = traitlets.Enum(SPREADS, 1.0).tag(sync=True)
    kind = traitlets.Enum(list(KINDS), "relu").tag(sync=True)
    step = traitlets.Enum(STEPS, 50).tag(sync=True)

    @traitlets.default("_data")
    def _ship_frames(self) -> dict[str, Any]:
        return frames("dead_runs")

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every rate with all first weights and both kinds, at steps in turn."""
        states: list[dict[str, Any]] = [
            {"lr": lr, "spread": spread, "kind": kind, "step": STEPS[(7 * i + 5 * j) % FRAMES]}
            for i, lr in enumerate(RATES)
            for j, spread in enumerate(SPREADS)
            for kind in KINDS
        ]
        return [(state, _numbers(**state)) for state in states]


def _numbers(lr: float, spread: float, kind: str, step: int) -> dict[str, Any]:
    """What the browser must find."""
    off, losses = recorded(lr, spread, kind)
    now = off[step // EVERY]
    return {
        "off": now.astype(int).tolist(),
        "counts": off.sum(axis=1).tolist(),
        "losses": losses.tolist(),
        "share": 100 * float(now.mean()),
        "back": int((off[:-1] & ~off[1:]).sum()),
        "units": UNITS,
    }
