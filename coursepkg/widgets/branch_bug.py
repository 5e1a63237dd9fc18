"""W5.4: gradients add at branches, and what happens where they do not (deck row 79)."""

from typing import Any

import traitlets

from coursepkg.gradcheck import relative_error
from coursepkg.graph import AddGate, ComputationalGraph, MultiplyGate
from coursepkg.mistakes import MISTAKES, right
from coursepkg.widgets.base import BookWidget

WEIGHT = 0.5  # of the branch in a residual block
GRID = 5  # x counts in fifths
RULES = {"+=": right.tape_backward, "=": MISTAKES["GR1"].code}
Tape = list[list[tuple[int, float]]]


def circuit(example: str, x: float, blocks: int) -> ComputationalGraph:
    """So many blocks in a row, each with a fork: ``h * h`` or ``h + relu(h / 2)``."""
    graph = ComputationalGraph()
    (h,) = graph.inputs("h0")
    for block in range(1, blocks + 1):
        if example == "square":
            h = graph.apply(MultiplyGate(), h, h, name=f"h{block}")
        else:
            h = graph.apply(AddGate(), h, (WEIGHT * h).relu(), name=f"h{block}")
    graph.forward(h0=x)
    return graph


def tape_of(graph: ComputationalGraph) -> Tape:
    """Of every node what it was made of, and the local gradients."""
    nodes = graph.nodes_topologically_sorted()
    place = {id(node): i for i, node in enumerate(nodes)}
    tape: Tape = []
    for node in nodes:
        local = node.gate.backward(1.0) if node.gate else ()
        local = local if isinstance(local, tuple) else (local,)
        sources = [place[id(source)] for source in node.inputs]
        tape.append([(i, float(g)) for i, g in zip(sources, local, strict=True)])
    return tape


def gradients(graph: ComputationalGraph, rule: str) -> list[float]:
    """Gradients of h0, h1, ... when arriving gradients are added, or written over each other.

    Examples
    --------
    >>> gradients(circuit("square", 3.0, 1), "+="), gradients(circuit("square", 3.0, 1), "=")
    ([6.0, 1.0], [3.0, 1.0])
    """
    nodes = graph.nodes_topologically_sorted()
    found = RULES[rule](tape_of(graph))
    return [float(g) for node, g in zip(nodes, found, strict=True) if node.name is not None]


class BranchBug(BookWidget):
    """A fork, and one letter: ``grad += ...`` or ``grad = ...``.

    Parameters
    ----------
    example : "square", h * h, or "residual", h + relu(h / 2)
    rule : "+=" or "="
    blocks : how many of them in a row, 1 to 3
    x : the input, -3 to 3; kept to fifths

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> BranchBug(example="residual").state()
    {'blocks': 1, 'example': 'residual', 'rule': '=', 'x': 3.0}
    """

    script = "branch_bug.js"
    number = "W5.4"
    title = "One letter at a branch"
    alt = (
        "x = 3 goes into both inputs of a product, and 3 comes back by each of the two wires. "
        "Added they are 6, the slope of x·x; written over each other 3 is left, and a line of that "
        "slope cuts through the curve instead of touching it."
    )

    example = traitlets.Enum(["square", "residual"], "square").tag(sync=True)
    rule = traitlets.Enum(list(RULES), "=").tag(sync=True)
    blocks = traitlets.Int(1, min=1, max=3).tag(sync=True)
    x = traitlets.Float(3.0, min=-3.0, max=3.0).tag(sync=True)

    @traitlets.validate("x")
    def _keep_fifths(self, proposal: dict[str, Any]) -> float:
        return round(proposal["value"] * GRID) / GRID

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every rule and number of blocks of both examples, on both sides of zero and at it."""
        states: list[dict[str, Any]] = [
            {"example": example, "rule": rule, "blocks": blocks, "x": x}
            for example in ("square", "residual")
            for rule in RULES
            for blocks in (1, 2, 3)
            for x in (-1.4, 0.0, 0.6, 3.0)
        ]
        return [(state, _numbers(**state)) for state in states]


def _numbers(example: str, rule: str, blocks: int, x: float) -> dict[str, Any]:
    graph = circuit(example, x, blocks)
    named = [node for node in graph.nodes_topologically_sorted() if node.name is not None]
    got, true = gradients(graph, rule), float(graph.backward()["h0"])
    return {
        "values": [float(node.value) for node in named],
        "grads": got,
        "slope": got[0],
        "true": true,
        "error": relative_error(got[0], true),
    }
