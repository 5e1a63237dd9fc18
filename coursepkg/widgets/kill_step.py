"""W5.3: the step that kills the neuron (deck row 82, E-B12)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.autodiff import Tensor, apply
from coursepkg.widgets.base import BookWidget

START = (3.0, 1.0, 2.0, -5.0)  # w1, b1, w2, b2 on the slide
FINEST = 10_000  # alpha counts in ten-thousandths
MOST_STEPS = 12


def relu(z: Tensor) -> Tensor:
    """ReLU with the derivative 0 at 0."""
    return z.relu()


def leaky(z: Tensor) -> Tensor:
    """Leaky ReLU of slope 0.1, as in CS231n."""
    return apply(F.leaky_relu, F.leaky_relu_backward, z, negative_slope=0.1)


def open_at_zero(z: Tensor) -> Tensor:
    """ReLU with the derivative 1 at 0."""
    return apply(F.relu, lambda dout, cache: dout * (cache.x >= 0), z)


UNITS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": relu,
    "leaky": leaky,
    "open": open_at_zero,
}


def loss(unit: str, parameters: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Loss and z of the slide's network, ``y = w2 unit(z) + b2``, ``z = w1 x + b1``, x = t = 1."""
    w1, b1, w2, b2 = parameters
    z = w1 * 1.0 + b1
    return (w2 * UNITS[unit](z) + b2 - 1.0) ** 2, z


def descend(alpha: float, unit: str = "relu", steps: int = 1) -> dict[str, Any]:
    """Take so many steps of gradient descent from the slide's start.

    Returns
    -------
    losses and z before every step and after the last; parameters and gradient at the end

    Examples
    --------
    >>> descend(0.25)["losses"]
    [4.0, 49.0]
    """
    found: dict[str, Any] = {"losses": [], "z": []}
    values = np.array(START)
    for _ in range(steps + 1):
        parameters = [Tensor(value, requires_grad=True) for value in values]
        reached, z = loss(unit, parameters)
        reached.backward()
        gradient = np.array([parameter.grad for parameter in parameters])
        found["losses"].append(float(reached.data))
        found["z"].append(float(z.data))
        found |= {"parameters": values.tolist(), "gradient": gradient.tolist()}
        values = values - alpha * gradient
    return found


class KillStep(BookWidget):
    """One hidden unit, one sample, one learning rate: how far is too far?

    Parameters
    ----------
    alpha : learning rate, 0 to 0.3; kept to four decimals
    unit : "relu", "leaky" (slope 0.1) or "open" (ReLU with the derivative 1 at 0)
    steps : steps of gradient descent, 0 to 12

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> KillStep(alpha=0.0211).state()
    {'alpha': 0.0211, 'steps': 1, 'unit': 'relu'}
    """

    script = "kill_step.js"
    number = "W5.3"
    title = "The step that kills the neuron"
    alt = (
        "Loss after one step against the learning rate, for a network of one hidden ReLU with the "
        "parameters 3, 1, 2, −5 and the loss 4. The loss falls to 0 at a rate of 0.0211, is back "
        "at 4 at 0.0453, climbs to 60 near 0.2 and is 49 at 0.25, where the hidden unit goes off "
        "and its three parameters stop learning."
    )

    alpha = traitlets.Float(0.25, min=0.0, max=0.3).tag(sync=True)
    unit = traitlets.Enum(list(UNITS), "relu").tag(sync=True)
    steps = traitlets.Int(1, min=0, max=MOST_STEPS).tag(sync=True)

    @traitlets.validate("alpha")
    def _keep_four_decimals(self, proposal: dict[str, Any]) -> float:
        return round(proposal["value"] * FINEST) / FINEST

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """All units with rates from each stretch of the curve, for one step and for all."""
        rates = (0.0, 0.0211, 0.0453, 0.08, 0.15, 0.25, 0.3)
        states: list[dict[str, Any]] = [
            {"alpha": alpha, "unit": unit, "steps": steps}
            for unit in UNITS
            for alpha in rates
            for steps in (1, MOST_STEPS)
        ]
        return [(state, descend(**state)) for state in states]
