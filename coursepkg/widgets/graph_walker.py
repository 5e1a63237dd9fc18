"""W5.1: a formula as a graph, walked forward and back (deck rows 74-82)."""

import re
from typing import Any, ClassVar

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.graph import ComputationalGraph
from coursepkg.graph_expressions import graph_of
from coursepkg.mistakes import MISTAKES
from coursepkg.widgets.base import BookWidget

NEURON = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
EXAMPLES: dict[str, dict[str, Any]] = {
    "product": {"formula": "q = x + y; q * z", "at": {"x": -2.0, "y": 5.0, "z": -4.0}},
    "neuron": {"formula": "1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))", "at": NEURON},
    "sigma": {"formula": "sigmoid(w0*x0 + w1*x1 + w2)", "at": NEURON},
    "relu": {
        "formula": "z = w1*x + b1; h = relu(z); y = w2*h + b2; (y - t)**2",
        "at": {"w1": 3.0, "x": 1.0, "b1": 1.0, "w2": 2.0, "b2": -5.0, "t": 1.0},
    },
    "router": {
        "formula": "2 * (x*y + max(z, w))",
        "at": {"x": 3.0, "y": -4.0, "z": 2.0, "w": -1.0},
    },
}
OWN = "q = x*y; q*q + sin(x)/y"
STARTS = (2.0, 3.0, 0.5, -1.0, 1.5, -2.0)
# What people write, and the gate in which they write it.
WRONG = {
    "swapped": (F.multiply, MISTAKES["GR4"].code),
    "both": (F.maximum, MISTAKES["GR6"].code),
    "plus": (F.subtract, MISTAKES["GR5"].code),
}
LONGEST, MOST_GATES = 200, 24
_INPUTS = re.compile(r"\s*(?:[A-Za-z_]\w*\s*=\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[,\s]*)*")


class GraphWalker(BookWidget):
    """A formula as a graph of gates; values go forward through it, gradients back.

    Parameters
    ----------
    example : "product", "neuron", "sigma", "relu", "router", or "own" for the formula `own`
    own : a formula of numbers, names, ``+ - * / **`` and a few functions, at most 200 letters;
        `coursepkg.graph_expressions.graph_of` reads the same
    at : inputs that differ from those of the example, such as "x=3, y=-0.5"
    step : how far the walk is, 0 to 49; of G gates all have their value at G, the last its
        gradient 1 at G + 1, and all gradients are there at 2 G + 1
    look : the number of the gate whose rule is written out; 0 for the one of this step
    rule : "right", or what people write: "overwrite" (= where a value branches), "swapped" (× that
        does not swap), "both" (max that sends to both), "plus" (− that sends + to both)

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> walker = GraphWalker(example="relu", at="x=2")
    >>> float(graph_of(walker.formula).forward(**walker.inputs))
    64.0
    """

    script = "graph_walker.js"
    number = "W5.1"
    title = "Walk a formula forward, then back"
    alt = (
        "A graph of two gates. x = −2 and y = 5 go into a + gate, which gives q = 3; q and z = −4 "
        "go into a × gate, which gives f = −12. On the way back f has gradient 1; × sends −4, the "
        "value of z, to q, and 3, the value of q, to z; + hands −4 on to x and to y."
    )
    free_text: ClassVar[tuple[str, ...]] = ("own", "at")

    example = traitlets.Enum([*EXAMPLES, "own"], "product").tag(sync=True)
    own = traitlets.Unicode(OWN).tag(sync=True)
    at = traitlets.Unicode("").tag(sync=True)
    step = traitlets.Int(4, min=0, max=2 * MOST_GATES + 1).tag(sync=True)
    look = traitlets.Int(0, min=0, max=MOST_GATES).tag(sync=True)
    rule = traitlets.Enum(["right", "overwrite", *WRONG], "right").tag(sync=True)

    @property
    def formula(self) -> str:
        """The formula that is shown."""
        return EXAMPLES[self.example]["formula"] if self.example in EXAMPLES else self.own

    @property
    def inputs(self) -> dict[str, float]:
        """The number of every input."""
        return _inputs(self.example, self.formula, self.at)

    @traitlets.default("_data")
    def _ship_examples(self) -> dict[str, Any]:
        return {"formulas": EXAMPLES, "starts": STARTS}

    @traitlets.validate("own")
    def _is_short(self, proposal: dict[str, Any]) -> str:
        if len(proposal["value"]) > LONGEST:
            raise traitlets.TraitError(
                f"own may have {LONGEST} letters, got {len(proposal['value'])}"
            )
        return proposal["value"]

    @traitlets.validate("at")
    def _is_inputs(self, proposal: dict[str, Any]) -> str:
        if not _INPUTS.fullmatch(proposal["value"]):
            raise traitlets.TraitError(
                f"at must be written as x=3, y=-0.5, got {proposal['value']!r}"
            )
        return proposal["value"]

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every example with every rule, with other inputs, and formulas of every kind."""
        rules = ["right", "overwrite", *WRONG]
        rng = np.random.default_rng(51)
        states: list[dict[str, Any]] = [
            {"example": name, "own": OWN, "at": at, "rule": rule}
            for name, about in EXAMPLES.items()
            for rule in rules
            for at in ("", _written({key: round(rng.normal(), 3) for key in about["at"]}))
        ]
        states += [
            {"example": "own", "own": text, "at": at, "rule": rule}
            for text, at in FORMULAS
            for rule in ("right", "overwrite", "swapped")
        ]
        return [(state, _numbers(**state)) for state in states]


FORMULAS = [  # every operation, branches, deep and wide ones
    (OWN, "x=2, y=3"),
    ("x", ""),
    ("x*x*x - 2*x + x/x", "x=-1.5"),
    ("a = x*y; b = a + x; c = a*b; c*c - a", "x=0.5, y=-2"),
    ("-x**2 + 2**-y - -z", "x=3, y=1.5, z=0.25"),
    ("x**y**z", "x=1.7, y=1.2, z=2"),
    ("2**x - x**0 + (x**3)**0.5", "x=1.25"),
    ("tanh(sin(x) * cos(y)) + sqrt(x*x + y*y)", "x=0.3, y=-1.1"),
    ("min(x, y) * max(x, 1) - max(min(y, z), -2)", "x=-1, y=4, z=2.5"),
    ("log(exp(x) + exp(y) + exp(z))", "x=1, y=-2, z=0.5"),
    ("s = sigmoid(w*x); t = tanh(s); relu(t - 0.1) * s / (1 + t)", "w=0.7, x=1.3"),
    ("0.5*(x - 1)*1e-2/.25 + 3 - 5/x", "x=4"),
    ("x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x1*x2*x3*x4*x5*x6*x7*x8", ""),
]


def _written(inputs: dict[str, float]) -> str:
    return ", ".join(f"{name}={value}" for name, value in inputs.items())


def _inputs(example: str, formula: str, at: str) -> dict[str, float]:
    given = {name: float(value) for name, value in re.findall(r"(\w+)\s*=\s*([^\s,]+)", at)}
    start = EXAMPLES[example]["at"] if example in EXAMPLES else {}
    nodes = graph_of(formula).nodes_topologically_sorted()
    names = [str(n.name) for n in nodes if n.gate is None and n.value is None]
    return {
        name: given.get(name, start.get(name, STARTS[place % len(STARTS)]))
        for place, name in enumerate(names)
    }


def _numbers(example: str, own: str, at: str, rule: str) -> dict[str, Any]:
    """What the browser must find, from the gates of the library and from known mistakes."""
    formula = EXAMPLES[example]["formula"] if example in EXAMPLES else own
    graph = graph_of(formula)
    nodes = graph.nodes_topologically_sorted()
    for node in nodes:
        if rule in WRONG and node.gate is not None and node.gate.pair[0] is WRONG[rule][0]:
            node.gate.pair = WRONG[rule]
    with np.errstate(all="ignore"):
        value = float(graph.forward(**_inputs(example, formula, at)))
        graph.backward()
        grads = _overwritten(graph) if rule == "overwrite" else _grads(graph)
    gates = [i for i, node in enumerate(nodes) if node.gate is not None]
    inputs = [i for i, node in enumerate(nodes) if node.gate is None and node.name is not None]
    return {
        "value": value,
        "values": [float(nodes[i].value) for i in gates],
        "grads": [float(grads[i]) for i in gates],
        "slopes": [float(grads[i]) for i in inputs],
    }


def _grads(graph: ComputationalGraph) -> np.ndarray:
    """The gradients of all nodes; those of constants are of no interest."""
    nodes = graph.nodes_topologically_sorted()
    return np.array([np.nan if node.grad is None else node.grad for node in nodes])


def _overwritten(graph: ComputationalGraph) -> np.ndarray:
    """The gradients of all nodes, if each keeps only what arrives last."""
    nodes = graph.nodes_topologically_sorted()
    place = {node: i for i, node in enumerate(nodes)}
    tape: list[list[tuple[int, float]]] = []
    for node in nodes:
        sent = () if node.gate is None else node.gate.backward(np.float64(1.0))
        each = sent if isinstance(sent, tuple) else (sent,)
        tape.append([(place[n], local) for n, local in zip(node.inputs, each, strict=True)])
    return MISTAKES["GR1"].code(tape)
