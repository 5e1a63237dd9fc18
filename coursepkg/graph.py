"""Computational graphs: forward through the gates in order, backward in the opposite one.

    graph = ComputationalGraph()
    x, y, z = graph.inputs("x", "y", "z")
    q = graph.apply(AddGate(), x, y, name="q")   # or: q = x + y
    f = q * z
    graph.forward(x=-2, y=5, z=-4)                # -12
    graph.backward()                              # {"x": -4, "y": -4, "z": 3, "q": -4}

In a notebook the graph draws itself, with values and gradients on its edges.
"""

from coursepkg.backend import Array, as_float
from coursepkg.gates import (
    AddGate,
    CopyGate,
    DivideGate,
    ExpGate,
    Gate,
    LogGate,
    MatmulGate,
    MaxGate,
    MultiplyGate,
    PowerGate,
    ReciprocalGate,
    ReluGate,
    SigmoidGate,
    SubtractGate,
    SumGate,
    TanhGate,
)
from coursepkg.graph_drawing import draw

__all__ = [
    "AddGate",
    "ComputationalGraph",
    "CopyGate",
    "DivideGate",
    "ExpGate",
    "Gate",
    "LogGate",
    "MatmulGate",
    "MaxGate",
    "MultiplyGate",
    "Node",
    "PowerGate",
    "ReciprocalGate",
    "ReluGate",
    "SigmoidGate",
    "SubtractGate",
    "SumGate",
    "TanhGate",
]


class Node:
    """A value in a graph: an input, a constant, or what a gate makes of other nodes.

    `value` is set by `forward`, `grad` by `backward`; `sent` are the gradients that go to the
    inputs of its gate, one an edge.
    """

    def __init__(
        self,
        graph: "ComputationalGraph",
        gate: Gate | None = None,
        inputs: tuple["Node", ...] = (),
        name: str | None = None,
        value: Array = None,
    ):
        self.graph, self.gate, self.inputs, self.name = graph, gate, inputs, name
        self.value, self.grad = value, None
        self.sent: tuple[Array, ...] = ()

    def __add__(self, other: "Node | Array") -> "Node":
        return self.graph.apply(AddGate(), self, other)

    def __radd__(self, other: Array) -> "Node":
        return self.graph.apply(AddGate(), other, self)

    def __sub__(self, other: "Node | Array") -> "Node":
        return self.graph.apply(SubtractGate(), self, other)

    def __rsub__(self, other: Array) -> "Node":
        return self.graph.apply(SubtractGate(), other, self)

    def __mul__(self, other: "Node | Array") -> "Node":
        return self.graph.apply(MultiplyGate(), self, other)

    def __rmul__(self, other: Array) -> "Node":
        return self.graph.apply(MultiplyGate(), other, self)

    def __truediv__(self, other: "Node | Array") -> "Node":
        return self.graph.apply(DivideGate(), self, other)

    def __rtruediv__(self, other: Array) -> "Node":
        if isinstance(other, int | float) and other == 1:
            return self.graph.apply(ReciprocalGate(), self)
        return self.graph.apply(DivideGate(), other, self)

    def __matmul__(self, other: "Node | Array") -> "Node":
        return self.graph.apply(MatmulGate(), self, other)

    def __pow__(self, exponent: float) -> "Node":
        return self.graph.apply(PowerGate(exponent), self)

    def __neg__(self) -> "Node":
        return self.graph.apply(MultiplyGate(), -1.0, self)

    __array_ufunc__ = None  # an array on the left leaves the operation to the node

    def max(self, other: "Node | Array") -> "Node":
        """The larger of the two."""
        return self.graph.apply(MaxGate(), self, other)

    def exp(self) -> "Node":
        """e to the power of this node."""
        return self.graph.apply(ExpGate(), self)

    def log(self) -> "Node":
        """The natural logarithm."""
        return self.graph.apply(LogGate(), self)

    def relu(self) -> "Node":
        """This node, or 0 if it is negative."""
        return self.graph.apply(ReluGate(), self)

    def sigmoid(self) -> "Node":
        """The logistic function."""
        return self.graph.apply(SigmoidGate(), self)

    def tanh(self) -> "Node":
        """The hyperbolic tangent."""
        return self.graph.apply(TanhGate(), self)

    def sum(self) -> "Node":
        """The sum of all entries."""
        return self.graph.apply(SumGate(), self)


class ComputationalGraph:
    """Gates and the values between them (CS231n, lecture 4).

    Examples
    --------
    >>> graph = ComputationalGraph()
    >>> x, y, z = graph.inputs("x", "y", "z")
    >>> f = (x + y) * z
    >>> float(graph.forward(x=-2, y=5, z=-4))
    -12.0
    >>> {name: float(grad) for name, grad in graph.backward().items()}
    {'x': -4.0, 'y': -4.0, 'z': 3.0}
    """

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._inputs: dict[str, Node] = {}
        self._names: set[str] = set()
        self._ran = False

    def inputs(self, *names: str) -> tuple[Node, ...]:
        """Make nodes whose values `forward` is given, one for each name."""
        nodes = {name: self._keep(Node(self, name=self._new(name))) for name in names}
        self._inputs |= nodes
        return tuple(nodes.values())

    def constant(self, value: Array, name: str | None = None) -> Node:
        """Make a node with a fixed value; operators do so for the numbers they meet."""
        return self._keep(Node(self, name=self._new(name), value=value))

    def apply(self, gate: Gate, *inputs: Node | Array, name: str | None = None) -> Node:
        """Let a gate make a node of others; under a name, `backward` reports its gradient too.

        Raises
        ------
        TypeError
            If it is no gate of one output.
        ValueError
            If a node belongs to another graph or the name is taken.
        """
        if not isinstance(gate, Gate):
            raise TypeError(
                f"gate must be a Gate with one output, got {gate!r}; to copy a node, use it twice"
            )
        nodes = tuple(node if isinstance(node, Node) else self.constant(node) for node in inputs)
        if any(node.graph is not self for node in nodes):
            raise ValueError("the inputs of a gate must be nodes of this graph")
        if len(nodes) != gate.inputs:
            raise TypeError(f"{type(gate).__name__} takes {gate.inputs} inputs, got {len(nodes)}")
        return self._keep(Node(self, gate, nodes, self._new(name)))

    def nodes_topologically_sorted(self) -> list[Node]:
        """Return all nodes, each after those it is made of.

        A node can only be made of nodes that are there, so the order of their making is such an
        order: no search is needed, and however long the chain, no recursion.
        """
        return list(self._nodes)

    def forward(self, **inputs: Array) -> Array:
        """Compute every node; return the value of the last one made.

        Raises
        ------
        ValueError
            If an input has no value or there is no such input, or there are no nodes.
        """
        own = self._inputs.keys()
        if inputs.keys() != own:
            missing, unknown = sorted(own - inputs.keys()), sorted(inputs.keys() - own)
            raise ValueError(f"forward needs a value for every input: {missing=}, {unknown=}")
        if not self._nodes:
            raise ValueError("the graph is empty; make its inputs first")
        for name, value in inputs.items():
            self._inputs[name].value = as_float(value, name)[()]
        for node in self.nodes_topologically_sorted():
            if node.gate is not None:
                node.value = node.gate.forward(*(each.value for each in node.inputs))
            node.grad, node.sent = None, ()
        self._ran = True
        return self._nodes[-1].value

    def backward(self, seed: Array = 1.0) -> dict[str, Array]:
        """Send `seed`, the gradient of the last node, back through all gates.

        Gradients add where a node was used more than once. A second call starts anew.

        Returns
        -------
        gradients by name, of the inputs and of every node that was given one

        Raises
        ------
        RuntimeError
            If there was no forward before.
        """
        if not self._ran:
            raise RuntimeError("backward needs a forward before it, which computes the values")
        for node in self._nodes:
            node.grad = None
        last = self._nodes[-1]
        last.grad = last.value * 0 + seed
        for node in reversed(self.nodes_topologically_sorted()):
            if node.gate is None or node.grad is None:
                continue
            sent = node.gate.backward(node.grad)
            node.sent = sent if isinstance(sent, tuple) else (sent,)
            for source, grad in zip(node.inputs, node.sent, strict=True):
                source.grad = grad if source.grad is None else source.grad + grad
        named = (node for node in self._nodes if node.name is not None)
        return {str(n.name): n.value * 0.0 if n.grad is None else n.grad for n in named}

    def to_svg(self) -> str:
        """Return a drawing, with value and gradient on every edge once they are there."""
        return draw(self.nodes_topologically_sorted())

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def _keep(self, node: Node) -> Node:
        self._nodes.append(node)
        self._ran = False
        return node

    def _new(self, name: str | None) -> str | None:
        if name in self._names:
            raise ValueError(f"there is a node named {name!r} already")
        if name is not None:
            self._names.add(name)
        return name
