"""Right answers to assignment 4 in other styles, and the mistakes that students make there.

A class is derived from the solution's: what it does not override stays right.
"""

import math
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from tests.unit.assignments.solutions import Answers, Functions, solution

Solved: Any = solution("A4")["Value"]
as_value = solution("A4")["as_value"]


def value(**methods: Callable[..., Any]) -> Functions:
    """The solution's class with other methods."""
    return {"Value": type("Value", (Solved,), methods)}


def binary(data: Callable[..., Any], local: Callable[..., Any]) -> Callable[..., Any]:
    """An operation that makes its value and its local derivatives of the two numbers."""

    def operation(self: Any, other: Any) -> Any:
        other = as_value(other)
        x, y = self.data, other.data
        return type(self)(data(x, y), (self, other), local(x, y))

    return operation


def unary(data: Callable[[float], float], slope: Callable[[float], float]) -> Callable[..., Any]:
    def function(self: Any) -> Any:
        return type(self)(data(self.data), (self,), (slope(self.data),))

    return function


def power(slope: Callable[[float, float], float]) -> Callable[..., Any]:
    def operation(self: Any, n: float) -> Any:
        return type(self)(self.data**n, (self,), (slope(self.data, n),))

    return operation


def sigma(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


# ---------------------------------------------------------------- operations


def negative(self: Any) -> Any:
    return type(self)(-self.data, (self,), (-1.0,))


def add_in_place(self: Any, other: Any) -> Any:
    self.data += as_value(other).data
    return self


def add_forgets(self: Any, other: Any) -> Any:
    return type(self)(self.data + as_value(other).data)


def multiply_of_values(self: Any, other: Any) -> Any:
    other = as_value(other)
    return type(self)(self.data * other.data, (self, other), (other, self))


def add_of_values_only(self: Any, other: Any) -> Any:
    return type(self)(self.data + other.data, (self, other), (1.0, 1.0))


def multiply_as_set(self: Any, other: Any) -> Any:
    """Two inputs that are one: what a set does to x * x."""
    other = as_value(other)
    slopes = {self: other.data, other: self.data}
    return type(self)(self.data * other.data, tuple(slopes), tuple(slopes.values()))


def power_by_logarithm(self: Any, n: float) -> Any:
    """Right for positive numbers only."""
    out = math.exp(n * math.log(self.data))
    return type(self)(out, (self,), (out * n / self.data,))


def power_by_products(self: Any, n: float) -> Any:
    if n != int(n) or n < 0:
        return Solved.__pow__(self, n)
    out = self
    for _ in range(int(n) - 1):
        out = out * self
    return out


# ---------------------------------------------------------------- functions


def sigmoid_of_parts(self: Any) -> Any:
    """Built of other values, the way round in which nothing overflows."""
    if self.data >= 0:
        return 1.0 / (1.0 + (-self).exp())
    small = self.exp()
    return small / (1.0 + small)


# ---------------------------------------------------------------- backward


def below(self: Any) -> list[Any]:
    """All values below, in the order in which they are found."""
    found, seen = [self], {id(self)}
    for each in found:
        for source in each.inputs:
            if id(source) not in seen:
                seen.add(id(source))
                found.append(source)
    return found


def send(node: Any) -> None:
    for each, slope in zip(node.inputs, node.local, strict=True):
        each.grad += node.grad * slope


def backward_by_counting(self: Any) -> None:
    """Kahn: a value sends when everybody who uses it has sent."""
    nodes = below(self)
    waiting = Counter(id(each) for node in nodes for each in node.inputs)
    for node in nodes:
        node.grad = 0.0
    self.grad = 1.0
    ready = deque([self])
    while ready:
        node = ready.popleft()
        for each, slope in zip(node.inputs, node.local, strict=True):
            each.grad += node.grad * slope
            waiting[id(each)] -= 1
            if not waiting[id(each)]:
                ready.append(each)


class Numbered(Solved):
    """Values know when they were made: the newest first is an order to go back in."""

    made = 0

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        Numbered.made += 1
        self.number = Numbered.made

    def backward(self) -> None:
        nodes = below(self)
        if any(not isinstance(node, Numbered) for node in nodes):
            return super().backward()
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(nodes, key=lambda node: -node.number):
            send(node)


def backward_by_levels(self: Any) -> None:
    """The longest way down to each value says when it is its turn."""
    level = {id(self): 0}
    todo, nodes = deque([self]), {id(self): self}
    while todo:
        node = todo.popleft()
        for each in node.inputs:
            if level.get(id(each), 0) < level[id(node)] + 1:
                level[id(each)] = level[id(node)] + 1
                nodes[id(each)] = each
                todo.append(each)
    for node in nodes.values():
        node.grad = 0.0
    self.grad = 1.0
    for key in sorted(level, key=level.__getitem__):
        send(nodes[key])


def ordered(self: Any) -> list[Any]:
    """Inputs first, by a function that calls itself."""
    order: list[Any] = []
    seen = set()

    def visit(node: Any) -> None:
        if id(node) not in seen:
            seen.add(id(node))
            for each in node.inputs:
                visit(each)
            order.append(node)

    visit(self)
    return order


def safely_ordered(self: Any) -> list[Any]:
    """The same for graphs of any depth: found in pieces that a recursion can bear."""
    order: list[Any] = []
    seen, todo = set(), [(self, False)]
    while todo:
        node, done = todo.pop()
        if done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            todo += [(node, True), *((each, False) for each in node.inputs)]
    return order


def backward(
    order: Callable[[Any], list[Any]] = safely_ordered,
    put: Callable[[float, float], float] = lambda old, new: old + new,
    zero: bool = True,
    start: float | None = 1.0,
    slope: Callable[[Any, float], float] = lambda node, local: local,
    turned: bool = True,
) -> Callable[[Any], None]:
    """A backward pass in which one thing is done in another way."""

    def run(self: Any) -> None:
        nodes = order(self)
        for node in nodes if zero else ():
            node.grad = 0.0
        if start is not None:
            self.grad = start
        for node in reversed(nodes) if turned else nodes:
            for each, local in zip(node.inputs, node.local, strict=True):
                each.grad = put(each.grad, node.grad * slope(node, local))

    return run


def preorder(self: Any) -> list[Any]:
    """Each value when it is first reached, deep before wide."""
    order: list[Any] = []
    todo = [self]
    while todo:
        node = todo.pop()
        if not any(node is each for each in order):
            order.append(node)
            todo += reversed(node.inputs)
    return order[::-1]


def sends_when_reached(self: Any) -> None:
    """Wide before deep, and whoever is reached twice sends all it has twice."""
    for node in below(self):
        node.grad = 0.0
    self.grad = 1.0
    todo = deque([self])
    while todo:
        node = todo.popleft()
        send(node)
        todo.extend(node.inputs)
        if len(todo) > 5000:
            return


def one_level(self: Any) -> None:
    for node in below(self):
        node.grad = 0.0
    self.grad = 1.0
    send(self)


def zeroes_only_leaves(self: Any) -> None:
    for node in below(self):
        if not node.inputs:
            node.grad = 0.0
    self.grad = 1.0
    for node in reversed(safely_ordered(self)):
        send(node)


# ---------------------------------------------------------------- circuits


def circuit(name: str, function: Callable[..., Any]) -> Functions:
    return {name: function}


def neuron_of_parts(w0: Any, x0: Any, w1: Any, x1: Any, w2: Any) -> Any:
    return (1 + (-1 * (w0 * x0 + w1 * x1 + w2)).exp()) ** -1


def loss_by_difference(x: Any, t: Any, w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
    error = t - (b2 + (b1 + x * w1).relu() * w2)
    return error * error


def product_spread_out(x: Any, y: Any, z: Any) -> Any:
    return x * z + y * z


RIGHT: Answers = {
    "A4.arithmetic": {
        "its own minus": value(__neg__=negative, __sub__=lambda self, other: self + -other),
        "math.pow": value(
            __pow__=lambda self, n: type(self)(
                math.pow(self.data, n), [self], [n * math.pow(self.data, n - 1)]
            )
        ),
        "whole powers are products": value(__pow__=power_by_products),
        "its own quotient": value(
            __truediv__=binary(lambda x, y: x / y, lambda x, y: (1 / y, -x / y**2))
        ),
    },
    "A4.functions": {
        "sigmoid of its parts": value(sigmoid=sigmoid_of_parts),
        "sigmoid by tanh": value(
            sigmoid=unary(
                lambda x: 0.5 * (1 + math.tanh(x / 2)),
                lambda x: 0.25 * (1 - math.tanh(x / 2) ** 2),
            )
        ),
        "all from the number": value(
            exp=unary(math.exp, math.exp),
            log=unary(math.log, lambda x: x**-1),
            relu=unary(lambda x: x * (x > 0), lambda x: x > 0),
            sigmoid=unary(sigma, lambda x: sigma(x) * sigma(-x)),
        ),
        "relu passes at 0": value(relu=unary(lambda x: max(0, x), lambda x: float(x >= 0))),
    },
    "A4.backward": {
        "counts who has sent": value(backward=backward_by_counting),
        "newest first": {"Value": Numbered},
        "by levels": value(backward=backward_by_levels),
    },
    "A4.circuits": {
        "neuron of its parts": circuit("neuron", neuron_of_parts),
        "loss by a product": circuit("network_loss", loss_by_difference),
        "product spread out": circuit("first_circuit", product_spread_out),
    },
}

WRONG: Answers = {
    "A4.arithmetic": {
        "GR4 factors swapped": value(
            __mul__=binary(lambda x, y: x * y, lambda x, y: (x, y)),
        ),
        "sum sends to the first only": value(
            __add__=binary(lambda x, y: x + y, lambda x, y: (1, 0)),
        ),
        "sum sends the numbers": value(
            __add__=binary(lambda x, y: x + y, lambda x, y: (x, y)),
        ),
        "sum in place": value(__add__=add_in_place),
        "sum forgets its inputs": value(__add__=add_forgets),
        "sum of values only": value(__add__=add_of_values_only),
        "local derivatives are values": value(__mul__=multiply_of_values),
        "x * x has one input": value(__mul__=multiply_as_set),
        "power without its factor": value(__pow__=power(lambda x, n: x ** (n - 1))),
        "power with the old exponent": value(__pow__=power(lambda x, n: n * x**n)),
        "power by n - 1": value(__pow__=power(lambda x, n: (n - 1) * x ** (n - 1))),
        "power by logarithm": value(__pow__=power_by_logarithm),
        "GR5 minus sends plus": value(
            __sub__=binary(lambda x, y: x - y, lambda x, y: (1, 1)),
        ),
        "quotient sends no minus": value(
            __truediv__=binary(lambda x, y: x / y, lambda x, y: (1 / y, x / y**2)),
        ),
    },
    "A4.functions": {
        "relu sends everything": value(relu=unary(lambda x: max(x, 0), lambda x: 1.0)),
        "relu sends the number": value(relu=unary(lambda x: max(x, 0), lambda x: max(x, 0))),
        "relu leaks": value(relu=unary(lambda x: max(x, 0), lambda x: 1.0 if x > 0 else 0.01)),
        "exp sends 1": value(exp=unary(math.exp, lambda x: 1.0)),
        "exp sends a power": value(exp=unary(math.exp, lambda x: x * math.exp(x - 1))),
        "log sends the number": value(log=unary(math.log, lambda x: x)),
        "log to base 10": value(log=unary(math.log10, lambda x: 1 / x)),
        "log sends 1 / log": value(log=unary(math.log, lambda x: 1 / math.log(x))),
        "ACT5 sigmoid slope of the input": value(sigmoid=unary(sigma, lambda x: x * (1 - x))),
        "sigmoid slope squared": value(sigmoid=unary(sigma, lambda x: sigma(x) ** 2)),
        "sigmoid of minus x": value(
            sigmoid=unary(lambda x: sigma(-x), lambda x: sigma(x) * sigma(-x))
        ),
        "sigmoid overflows below": value(
            sigmoid=unary(lambda x: 1 / (1 + math.exp(-x)), lambda x: sigma(x) * sigma(-x))
        ),
        "sigmoid overflows above": value(
            sigmoid=unary(lambda x: math.exp(x) / (1 + math.exp(x)), lambda x: sigma(x) * sigma(-x))
        ),
    },
    "A4.backward": {
        "GR1 overwrites": value(backward=backward(put=lambda old, new: new)),
        "GR2 sends when first reached": value(backward=backward(order=preorder)),
        "GR2 wide before deep": value(backward=backward(order=lambda self: below(self)[::-1])),
        "GR2 sends each time it is reached": value(backward=sends_when_reached),
        "GR3 grads not zeroed": value(backward=backward(zero=False)),
        "GR3 zeroes the leaves only": value(backward=zeroes_only_leaves),
        "recursion": value(backward=backward(order=ordered)),
        "order not reversed": value(backward=backward(turned=False)),
        "starts at 0": value(backward=backward(start=None)),
        "starts at the number": value(
            backward=lambda self: backward(start=self.data)(self),
        ),
        "sends local only": value(
            backward=backward(slope=lambda node, local: local / (node.grad or 1.0))
        ),
        "sends times the number": value(
            backward=backward(slope=lambda node, local: local * node.data)
        ),
        "one level only": value(backward=one_level),
    },
    "A4.circuits": {
        "first: x + y z": circuit("first_circuit", lambda x, y, z: x + y * z),
        "first: a plain number": circuit(
            "first_circuit", lambda x, y, z: (x.data + y.data) * z.data
        ),
        "neuron without a bias": circuit(
            "neuron", lambda w0, x0, w1, x1, w2: (w0 * x0 + w1 * x1).sigmoid()
        ),
        "neuron without a threshold": circuit(
            "neuron", lambda w0, x0, w1, x1, w2: w0 * x0 + w1 * x1 + w2
        ),
        "E-A4 neuron with the sign of e turned": circuit(
            "neuron", lambda w0, x0, w1, x1, w2: 1 / (1 + (w0 * x0 + w1 * x1 + w2).exp())
        ),
        "neuron of new leaves": circuit(
            "neuron", lambda *at: neuron_of_parts(*(type(each)(each.data) for each in at))
        ),
        "loss without relu": circuit(
            "network_loss", lambda x, t, w1, b1, w2, b2: (w2 * (w1 * x + b1) + b2 - t) ** 2
        ),
        "loss without a square": circuit(
            "network_loss", lambda x, t, w1, b1, w2, b2: w2 * (w1 * x + b1).relu() + b2 - t
        ),
        "half of the loss": circuit("network_loss", lambda *at: loss_by_difference(*at) * 0.5),
        "target is a plain number": circuit(
            "network_loss", lambda x, t, *rest: loss_by_difference(x, t.data, *rest)
        ),
        "relu of the output too": circuit(
            "network_loss",
            lambda x, t, w1, b1, w2, b2: ((w2 * (w1 * x + b1).relu() + b2).relu() - t) ** 2,
        ),
    },
}
