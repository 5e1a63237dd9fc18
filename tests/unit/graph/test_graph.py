"""Graphs: order, names, errors, arrays, and their drawings."""

# mypy: disable-error-code="arg-type"

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursepkg import graph as g
from coursepkg.derivatives import directional_derivative, numerical_gradient
from coursepkg.graph import AddGate, ComputationalGraph, CopyGate, MultiplyGate, PowerGate

GATES = [
    (g.AddGate(), 2), (g.SubtractGate(), 2), (g.MultiplyGate(), 2), (g.DivideGate(), 2),
    (g.MaxGate(), 2), (g.ExpGate(), 1), (g.LogGate(), 1), (g.ReciprocalGate(), 1),
    (g.PowerGate(3), 1), (g.SumGate(), 1), (g.ReluGate(), 1), (g.SigmoidGate(), 1),
    (g.TanhGate(), 1),
]  # fmt: skip


@pytest.mark.parametrize(("gate", "inputs"), GATES, ids=lambda v: type(v).__name__)
def test_every_gate_on_numbers_and_arrays(gate, inputs):
    rng = np.random.default_rng(0)
    for shape in ((), (3, 2)):
        values = [rng.uniform(0.5, 2, shape) for _ in range(inputs)]
        dout = rng.standard_normal(np.shape(gate.forward(*values)))
        grads = gate.backward(dout)
        grads = grads if isinstance(grads, tuple) else (grads,)
        for place, grad in enumerate(grads):

            def f(x, place=place, values=values):
                return gate.forward(*values[:place], x, *values[place + 1 :])

            np.testing.assert_allclose(grad, numerical_gradient(f, values[place], dout), rtol=1e-7)


def test_gates_are_all_exported_and_tried():
    gates = {name for name in g.__all__ if name.endswith("Gate")} - {
        "Gate",
        "CopyGate",
        "MatmulGate",
    }
    assert gates == {type(gate).__name__ for gate, _ in GATES}


def random_graph(choices):
    """A graph over x, y, z; every choice makes a node of two earlier ones."""
    graph = ComputationalGraph()
    nodes = list(graph.inputs("x", "y", "z"))
    for kind, first, second in choices:
        a, b = nodes[first % len(nodes)], nodes[second % len(nodes)]
        made = [a + b, a * b, a - b, (a * 0.1).tanh(), a.sigmoid() * b][kind]
        nodes.append(made)
    return graph


choices = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=8
)


@given(choices=choices, at=st.lists(st.floats(-1, 1), min_size=3, max_size=3))
@settings(max_examples=60)
def test_random_graphs_have_right_gradients(choices, at):
    graph = random_graph(choices)

    def f(values):
        return graph.forward(**dict(zip("xyz", values, strict=True)))

    at, v = np.array(at), np.array([0.3, -0.7, 0.5])
    slope = directional_derivative(f, at, v)
    f(at)
    grads = graph.backward()
    claimed = sum(float(grads[name]) * step for name, step in zip("xyz", v, strict=True))
    assert claimed == pytest.approx(slope, rel=1e-5, abs=1e-5 * (1 + abs(float(f(at)))))


def test_backward_twice_gives_the_same():
    # mistake GR3
    graph = random_graph([(1, 0, 1), (1, 3, 3), (0, 4, 3)])
    graph.forward(x=1.5, y=2, z=0)
    assert graph.backward() == graph.backward()
    doubled = graph.backward(seed=2.0)
    assert doubled == {name: 2 * grad for name, grad in graph.backward().items()}


def test_a_diamond_of_diamonds():
    # mistakes GR1 and GR2: y = ((x + x) + (x + x)), deeper and deeper
    graph = ComputationalGraph()
    (node,) = graph.inputs("x")
    for _ in range(30):
        node = node + node
    graph.forward(x=1)
    assert graph.backward() == {"x": 2**30}


def test_a_long_chain_needs_no_recursion():
    graph = ComputationalGraph()
    (node,) = graph.inputs("x")
    for _ in range(20_000):
        node = node + 1
    assert graph.forward(x=0) == 20_000
    assert graph.backward() == {"x": 1}
    order = graph.nodes_topologically_sorted()
    place = {id(node): i for i, node in enumerate(order)}
    assert all(place[id(s)] < place[id(n)] for n in order for s in n.inputs)


def test_arrays_broadcast_and_their_gradients_are_summed():
    graph = ComputationalGraph()
    x, w, b = graph.inputs("x", "w", "b")
    _ = ((x @ w + b).relu() * 2).sum()
    rng = np.random.default_rng(0)
    values = {"x": rng.standard_normal((5, 3)), "w": rng.standard_normal((3, 4)), "b": np.ones(4)}
    graph.forward(**values)
    grads = graph.backward()
    for name, value in values.items():

        def f(v, name=name):
            return graph.forward(**(values | {name: v}))

        np.testing.assert_allclose(grads[name], numerical_gradient(f, value), atol=1e-8)


def test_operators_take_numbers_and_arrays_on_both_sides():
    graph = ComputationalGraph()
    (x,) = graph.inputs("x")
    _ = ((2 - x) + (3 * x) - 1 + (4 / x) + x / 2 + 1 / x + (-x)) * np.array([1.0, 2.0])
    value = graph.forward(x=2.0)
    expected = (0 + 6 - 1 + 2 + 1 + 0.5 - 2) * np.array([1, 2])
    np.testing.assert_allclose(value, expected)
    slope = -1 + 3 - 1 + 0.5 - 0.25 - 1
    assert graph.backward()["x"] == pytest.approx(3 * slope)
    left = ComputationalGraph()
    (y,) = left.inputs("y")
    _ = np.array([1.0, 2.0]) * y
    np.testing.assert_allclose(left.forward(y=3), [3, 6])


def test_a_node_off_the_path_has_gradient_zero():
    graph = ComputationalGraph()
    x, _ = graph.inputs("x", "y")
    _ = x * 2
    graph.forward(x=1, y=5)
    assert graph.backward() == {"x": 2, "y": 0}


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda graph, x: graph.backward(), RuntimeError, "needs a forward before it"),
        (lambda graph, x: graph.forward(), ValueError, r"missing=\['x'\], unknown=\[\]"),
        (lambda graph, x: graph.forward(x=1, w=2), ValueError, r"missing=\[\], unknown=\['w'\]"),
        (lambda graph, x: graph.inputs("x"), ValueError, "a node named 'x' already"),
        (lambda graph, x: graph.apply(CopyGate(), x), TypeError, "use it twice"),
        (lambda graph, x: graph.apply(AddGate(), x), TypeError, "AddGate takes 2 inputs, got 1"),
        (lambda graph, x: ComputationalGraph().forward(), ValueError, "empty"),
        (lambda graph, x: ComputationalGraph().apply(AddGate(), x, x), ValueError, "this graph"),
        (lambda graph, x: MultiplyGate().backward(1.0), RuntimeError, "needs a forward"),
        (lambda graph, x: MultiplyGate().forward(1.0), TypeError, "takes 2 inputs, got 1"),
        (lambda graph, x: CopyGate(0), ValueError, "at least 1 copy"),
        (lambda graph, x: CopyGate(2).backward((1.0,)), ValueError, "2 gradients"),
    ],
)
def test_mistakes_in_use_are_named(call, error, message):
    graph = ComputationalGraph()
    (x,) = graph.inputs("x")
    _ = x * 2
    with pytest.raises(error, match=message):
        call(graph, x)


def texts(svg):
    return [e.text for e in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_drawing_says_every_value_and_gradient():
    graph = ComputationalGraph()
    x, y, z = graph.inputs("x", "y", "z")
    q = graph.apply(AddGate(), x, y, name="q")
    _ = q * z
    assert texts(graph.to_svg()) == ["x", "y", "z", "+", "q", "×"]
    graph.forward(x=-2, y=5, z=-4)
    graph.backward()
    svg = graph._repr_svg_()
    numbers = [t for t in texts(svg) if re.fullmatch(r"−?\d+\.\d\d", t)]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    assert pairs == [
        ("−2.00", "−4.00"), ("5.00", "−4.00"), ("3.00", "−4.00"), ("−4.00", "3.00"),
        ("−12.00", "1.00"),
    ]  # fmt: skip
    assert "q = 3.00, gradient −4.00" in svg


def boxes(svg):
    """Rectangles around all texts, from their anchors: 7 pixels a letter, 12 high."""
    for e in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        width = 7 * len(e.text)
        x, y = float(e.get("x")), float(e.get("y"))
        yield (x - width / 2, y - 11, x + width / 2, y)


@pytest.mark.parametrize("steps", [1, 4, 8])
def test_labels_do_not_lie_on_each_other(steps):
    graph = random_graph([(k % 4, 3 * k, 5 * k + 1) for k in range(steps)])
    graph.forward(x=1, y=2, z=3)
    graph.backward()
    found = list(boxes(graph.to_svg()))
    overlaps = [
        (a, b)
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert overlaps == []


def test_names_are_escaped_and_arrays_shown_by_shape():
    graph = ComputationalGraph()
    (x,) = graph.inputs("<b>&")
    _ = x**2
    graph.forward(**{"<b>&": np.ones((3, 4))})
    assert "(3, 4)" in texts(graph.to_svg())
    assert "<b>&" in texts(graph.to_svg())
    assert PowerGate(0.25).symbol == "x^0.25"
    assert ET.fromstring(ComputationalGraph().to_svg()) is not None
