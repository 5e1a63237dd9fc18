"""W5.2: what each gate does with a gradient, and ten rounds of guessing it (deck row 78)."""

from collections.abc import Callable
from typing import Any

import traitlets

from coursepkg.gates import AddGate, CopyGate, Gate, MaxGate, MultiplyGate
from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.gate_rounds import ROUNDS

GATES: dict[str, Callable[[], Gate]] = {"add": AddGate, "mul": MultiplyGate, "max": MaxGate}
NAMES = [*GATES, "copy"]
MODES = ("explore", "guess")
LARGEST = 5.0
NOT_YET = -1


def through(gate: str, inputs: list[float], upstream: list[float]) -> dict[str, Any]:
    """Forward through a gate and back; a copy takes the first input and both upstream gradients.

    Examples
    --------
    >>> through("mul", [3.0, -4.0], [2.0, 0.0])
    {'out': [-12.0], 'grads': [-8.0, 6.0]}
    """
    if gate == "copy":
        copy = CopyGate()
        out, grads = copy.forward(inputs[0]), (copy.backward(upstream),)
    else:
        one = GATES[gate]()
        out, grads = (one.forward(*inputs),), one.backward(upstream[0])
    return {"out": [float(value) for value in out], "grads": [float(grad) for grad in grads]}


class GatePatterns(BookWidget):
    """Four gates with an upstream gradient that can be pulled, and a game of ten rounds.

    Parameters
    ----------
    gate : "add", "mul", "max" or "copy"
    mode : "explore" or "guess"
    inputs : values of x and y, -5 to 5; a copy has x only
    upstream : the gradient of the output, -5 to 5; a copy has one for each of its two outputs
    guesses : the option chosen in each round, -1 where none was yet

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> GatePatterns(gate="max").state()["inputs"]
    [3.0, -4.0]
    """

    script = "gate_patterns.js"
    number = "W5.2"
    title = "Four gates, and what comes back through them"
    alt = (
        "A product with 3 and −4 on its inputs. The upstream gradient 2 at its output comes back "
        "as −8 at x and 6 at y: each gets upstream times the value of the other. A sum would send "
        "2 to both, a maximum 2 to the larger and 0 to the other; a copy would add what comes back "
        "by its two outputs."
    )

    gate = traitlets.Enum(NAMES, "mul").tag(sync=True)
    mode = traitlets.Enum(MODES, "explore").tag(sync=True)
    inputs = traitlets.List(traitlets.Float(min=-LARGEST, max=LARGEST), [3.0, -4.0], 2, 2).tag(
        sync=True
    )
    upstream = traitlets.List(traitlets.Float(min=-LARGEST, max=LARGEST), [2.0, 3.0], 2, 2).tag(
        sync=True
    )
    guesses = traitlets.List(
        traitlets.Int(min=NOT_YET, max=3), [NOT_YET] * len(ROUNDS), len(ROUNDS), len(ROUNDS)
    ).tag(sync=True)

    @traitlets.default("_data")
    def _ship_rounds(self) -> dict[str, Any]:
        return {"rounds": [one._asdict() | {"options": one.options()} for one in ROUNDS]}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every gate with signs, a zero and a tie; and a game half played."""
        values = [[3.0, -4.0], [-3.5, -1.0], [0.0, 5.0], [2.0, 2.0]]
        upstreams = [[2.0, 3.0], [-1.5, 1.5]]
        states: list[dict[str, Any]] = [
            {"gate": gate, "inputs": inputs, "upstream": upstream}
            for gate in NAMES
            for inputs in values
            for upstream in upstreams
        ]
        explored = [(state, through(**state)) for state in states]
        return [*explored, *map(_played, (0, 1, 4, len(ROUNDS)))]


def _played(rounds: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A game in which every round but the second was answered right, up to a round."""
    answers = [one.answer() if i != 1 else 1 - one.answer() for i, one in enumerate(ROUNDS)]
    guesses = [*answers[:rounds], *[NOT_YET] * (len(ROUNDS) - rounds)]
    right = [i != 1 for i in range(rounds)]
    streak = next((i for i, good in enumerate(reversed(right)) if not good), len(right))
    shown = ROUNDS[min(rounds, len(ROUNDS) - 1)]
    numbers = {"played": rounds, "right": sum(right), "streak": streak}
    state = {"mode": "guess", "guesses": guesses}
    return state, numbers | through(shown.gate, list(shown.inputs), list(shown.upstream))
