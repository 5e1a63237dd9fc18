"""A graph out of a formula: ``graph_of("q = x + y; q * z")``.

Python's own parser reads the text and nothing is executed: what is no number, name, operator or
known function is refused. Four gates stand here that the library needs nowhere else.
"""

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from coursepkg.gates import (
    AddGate,
    DivideGate,
    ExpGate,
    Gate,
    LogGate,
    MaxGate,
    MultiplyGate,
    PowerGate,
    ReciprocalGate,
    ReluGate,
    SigmoidGate,
    SubtractGate,
    TanhGate,
)
from coursepkg.graph import ComputationalGraph, Node

Operand = Node | float


class SinGate(Gate):
    """The sine; its local gradient is the cosine."""

    symbol = "sin"
    pair = (lambda x: (np.sin(x), x), lambda dout, x: dout * np.cos(x))


class CosGate(Gate):
    """The cosine; its local gradient is minus the sine."""

    symbol = "cos"
    pair = (lambda x: (np.cos(x), x), lambda dout, x: dout * -np.sin(x))


class MinGate(Gate):
    """``min(x, y)``; backward a router: the smaller gets all, x if they are equal."""

    symbol, inputs = "min", 2
    pair = (
        lambda x, y: (np.minimum(x, y), x <= y),
        lambda dout, first: (dout * first, dout * (1 - first)),
    )


class ExponentialGate(Gate):
    """``x ** y`` with an exponent that is computed, too."""

    symbol, inputs = "^", 2
    pair = (
        lambda x, y: (x**y, (x, y, x**y)),
        lambda dout, kept: (
            dout * (kept[1] * kept[0] ** (kept[1] - 1)),
            dout * (kept[2] * np.log(kept[0])),
        ),
    )


FUNCTIONS: dict[str, Callable[[], Gate]] = {
    "exp": ExpGate,
    "log": LogGate,
    "sqrt": lambda: PowerGate(0.5),
    "relu": ReluGate,
    "sigmoid": SigmoidGate,
    "tanh": TanhGate,
    "sin": SinGate,
    "cos": CosGate,
    "max": MaxGate,
    "min": MinGate,
}
OPERATORS: dict[type[ast.operator], Callable[[], Gate]] = {
    ast.Add: AddGate,
    ast.Sub: SubtractGate,
    ast.Mult: MultiplyGate,
    ast.Div: DivideGate,
    ast.Pow: ExponentialGate,
}


def graph_of(text: str) -> ComputationalGraph:
    """Make a graph out of a formula, an input for each name in it.

    Parameters
    ----------
    text : numbers, names, ``+ - * / **``, parentheses and the functions exp, log, sqrt, relu,
        sigmoid, tanh, sin, cos, max and min; ``q = ...;`` before it names an intermediate value

    Raises
    ------
    ValueError
        If it cannot be read, holds something else, or no name to differentiate with respect to.

    Examples
    --------
    >>> graph = graph_of("q = x + y; q * z")
    >>> float(graph.forward(x=-2, y=5, z=-4))
    -12.0
    >>> {name: float(grad) for name, grad in graph.backward().items()}
    {'x': -4.0, 'y': -4.0, 'q': -4.0, 'z': 3.0}
    """
    try:
        lines = ast.parse(text.strip()).body
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ValueError(f"{text!r} is no formula: {error}") from None
    if not lines:
        raise ValueError("the formula is empty")
    reader = _Reader()
    for place, line in enumerate(lines):
        reader.read_line(line, last=place == len(lines) - 1)
    if unused := reader.meanings.keys() - reader.used:
        raise ValueError(f"{min(unused)} is never used")
    return reader.graph


class _Reader:
    """Turns a syntax tree into nodes, each after those it is made of."""

    def __init__(self) -> None:
        self.graph = ComputationalGraph()
        self.meanings: dict[str, Operand] = {}
        self.inputs: dict[str, Node] = {}
        self.used: set[str] = set()

    def read_line(self, line: ast.stmt, last: bool) -> None:
        match line:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if name in self.meanings or name in self.inputs or name in FUNCTIONS:
                    raise ValueError(f"{name} has a meaning already")
                if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(value)):
                    raise ValueError(f"{name} would be made of itself")
                self.meanings[name] = result = self.read(value, name)
                if last:
                    self.used.add(name)
            case ast.Expr(value=value) if last:
                result = self.read(value)
            case _:
                raise ValueError("before the last formula only lines such as q = x + y may stand")
        if last and not isinstance(result, Node):
            raise ValueError("there is no name in the formula, so nothing to differentiate")

    def read(self, tree: ast.expr, name: str | None = None) -> Operand:
        match tree:
            case ast.Constant(value=int() | float() as value) if type(value) is not bool:
                return float(value)
            case ast.Name(id=word):
                return self.look_up(word)
            case ast.UnaryOp(op=ast.UAdd(), operand=inner):
                return self.read(inner, name)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self.apply(MultiplyGate(), [-1.0, self.read(inner)], name)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                gate = OPERATORS[type(op)]()
                return self.apply(gate, [self.read(left), self.read(right)], name)
            case ast.Call(func=ast.Name(id=word), args=given, keywords=[]) if word in FUNCTIONS:
                return self.apply(FUNCTIONS[word](), [self.read(one) for one in given], name)
        raise ValueError(f"{ast.unparse(tree)!r} may not stand in a formula")

    def look_up(self, name: str) -> Operand:
        if name in FUNCTIONS:
            raise ValueError(f"{name} is a function: write {name}(...)")
        if name in self.meanings:
            self.used.add(name)
            return self.meanings[name]
        if name not in self.inputs:
            (self.inputs[name],) = self.graph.inputs(name)
        return self.inputs[name]

    def apply(self, gate: Gate, given: list[Operand], name: str | None) -> Operand:
        if len(given) != gate.inputs:
            raise ValueError(f"{gate.symbol} takes {gate.inputs} numbers, got {len(given)}")
        constants = [one for one in given if not isinstance(one, Node)]
        if len(constants) == len(given):
            with np.errstate(all="ignore"):
                return float(gate.forward(*map(np.float64, constants)))
        if isinstance(gate, ExponentialGate) and not isinstance(given[1], Node):
            return self.graph.apply(PowerGate(given[1]), given[0], name=name)
        if isinstance(gate, DivideGate) and given[0] == 1.0:
            return self.graph.apply(ReciprocalGate(), given[1], name=name)
        operands: list[Any] = [np.float64(o) if not isinstance(o, Node) else o for o in given]
        return self.graph.apply(gate, *operands, name=name)
