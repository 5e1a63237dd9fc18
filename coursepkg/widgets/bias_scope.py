"""W8.3: Adam's steps in units of the learning rate, with and without correction (rows 100, 101)."""

from functools import cache
from typing import Any

import numpy as np
import traitlets

from coursepkg.optim import adam
from coursepkg.widgets.base import BookWidget

BETA1 = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
BETA2 = (0.9, 0.95, 0.99, 0.999, 0.9999)
PLACES = tuple(sorted({round(10 ** (k / 16)) for k in range(65)}))  # 1 to 10,000
KINDS = ("constant", "noisy", "signs", "rare")


def gradients(kind: str, steps: int) -> np.ndarray:
    """Return so many gradients: all 1; 1 and noise; +1 or -1 by a coin; 1 in every hundredth step.

    Examples
    --------
    >>> gradients("rare", 102).nonzero()[0].tolist()
    [0, 100]
    """
    if kind == "constant":
        return np.ones(steps)
    if kind == "rare":
        return (np.arange(steps) % 100 == 0) * 1.0
    state, found = 5, []
    for _ in range(steps):  # a generator that a browser has as well
        state = (state * 48271) % 2147483647
        found.append(state / 2147483647)
    drawn = np.array(found)
    return 4 * drawn - 1 if kind == "noisy" else np.where(drawn < 0.5, -1.0, 1.0)


def step_sizes(kind: str, betas: tuple[float, float], steps: int, correction: bool) -> np.ndarray:
    """Return the steps of Adam, in learning rates, along so many gradients.

    Examples
    --------
    >>> almost = step_sizes("constant", (0.9, 0.999), 20, correction=False)
    >>> round(float(almost[0]), 3), int(almost.argmax()) + 1, round(float(almost.max()), 2)
    (3.162, 12, 6.57)
    """
    state, found = None, []
    for g in gradients(kind, steps).tolist():
        new, state = adam(0.0, g, state, 1.0, betas, bias_correction=correction)
        found.append(-new)
    return np.array(found)


class BiasScope(BookWidget):
    """Step sizes of Adam, in units of the learning rate.

    Parameters
    ----------
    beta1, beta2 : shares of the two means that are kept
    kind : gradients: "constant", "noisy", "signs" or "rare"
    t : the step looked at, one of `PLACES`, 1 to 10,000

    Examples
    --------
    >>> BiasScope().state()
    {'beta1': 0.9, 'beta2': 0.999, 'kind': 'constant', 't': 1}
    """

    script = "bias_scope.js"
    number = "W8.3"
    title = "The first thousand steps of Adam"
    alt = (
        "Steps of Adam in units of the learning rate against their number, 1 to 10,000, for a "
        "constant gradient. With bias correction every step is exactly 1. Without it the first is "
        "3.162, the twelfth 6.57, and only after some thousands is it near 1."
    )

    beta1 = traitlets.Enum(BETA1, 0.9).tag(sync=True)
    beta2 = traitlets.Enum(BETA2, 0.999).tag(sync=True)
    kind = traitlets.Enum(KINDS, "constant").tag(sync=True)
    t = traitlets.Enum(PLACES, 1).tag(sync=True)

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every pair of shares, every kind of gradient, steps from the first to the last."""
        states: list[dict[str, Any]] = [
            {
                "beta1": one,
                "beta2": two,
                "kind": KINDS[(i + j) % 4],
                "t": PLACES[(7 * i + 11 * j) % 57],
            }
            for i, one in enumerate(BETA1)
            for j, two in enumerate(BETA2)
        ]
        states += [cls().state(), cls().state() | {"t": 12}]
        return [(state, _numbers(**state)) for state in states]


@cache
def _all_steps(correction: bool) -> np.ndarray:
    """Steps (10000, 6, 5, 4) for every pair of shares and every kind at once: it takes a second."""
    betas: Any = np.array(BETA1)[:, None, None], np.array(BETA2)[:, None]
    state, found = None, []
    for g in np.stack([gradients(kind, PLACES[-1]) for kind in KINDS], axis=1):
        new, state = adam(0.0, g, state, 1.0, betas, bias_correction=correction)
        found.append(-new)
    return np.array(found)


def _numbers(beta1: float, beta2: float, kind: str, t: int) -> dict[str, Any]:
    """What the browser must find: steps at all the places, and the longest without correction."""
    one = (slice(None), BETA1.index(beta1), BETA2.index(beta2), KINDS.index(kind))
    corrected, almost = (_all_steps(correction)[one] for correction in (True, False))
    at, longest = np.array(PLACES) - 1, int(np.abs(almost).argmax())
    return {
        "corrected": corrected[at].tolist(),
        "almost": almost[at].tolist(),
        "longest": float(abs(almost[longest])),
        "longest_at": longest + 1,
        "here": [float(corrected[t - 1]), float(almost[t - 1])],
    }
