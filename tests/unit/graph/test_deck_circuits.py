"""The worked circuits of the decks come out with their printed numbers."""

import numpy as np
import pytest

from coursepkg.derivatives import numerical_gradient
from coursepkg.graph import (
    AddGate,
    ComputationalGraph,
    CopyGate,
    MaxGate,
    MultiplyGate,
    SigmoidGate,
)


def rounded(grads, digits=2):
    return {name: round(float(grad), digits) for name, grad in grads.items()}


def test_row_74_x_plus_y_times_z():
    # deck row 74: (x + y) z at -2, 5, -4, with q = x + y
    graph = ComputationalGraph()
    x, y, z = graph.inputs("x", "y", "z")
    q = graph.apply(AddGate(), x, y, name="q")
    graph.apply(MultiplyGate(), q, z, name="f")
    assert graph.forward(x=-2, y=5, z=-4) == -12
    assert q.value == 3
    assert graph.backward() == {"x": -4, "y": -4, "z": 3, "q": -4, "f": 1}
    assert q.sent == (-4, -4)


def neuron(squash):
    graph = ComputationalGraph()
    w0, x0, w1, x1, w2 = graph.inputs("w0", "x0", "w1", "x1", "w2")
    squash(w0 * x0 + w1 * x1 + w2)
    value = graph.forward(w0=2, x0=-1, w1=-3, x1=-2, w2=-3)
    return graph, value


def test_row_76_sigmoid_neuron_gate_by_gate():
    # deck row 76: every number on the wires, to two decimals
    graph, value = neuron(lambda s: 1 / ((s * -1).exp() + 1))
    assert round(float(value), 2) == 0.73
    grads = graph.backward()
    gates = [node for node in graph.nodes_topologically_sorted() if node.gate is not None]
    assert [round(float(n.value), 2) for n in gates] == [-2, 6, 4, 1, -1, 0.37, 1.37, 0.73]
    assert [round(float(n.grad), 2) for n in gates] == [0.2] * 4 + [-0.2, -0.53, -0.53, 1]
    assert rounded(grads) == {"w0": -0.2, "x0": 0.39, "w1": -0.39, "x1": -0.59, "w2": 0.2}


def test_row_77_one_sigmoid_gate_does_the_same():
    # deck row 77: (1 - 0.73) 0.73 = 0.2; the graph of a function is not unique
    whole, value = neuron(lambda s: s.sigmoid())
    parts, same = neuron(lambda s: 1 / ((-s).exp() + 1))
    assert value == pytest.approx(same, rel=1e-15)
    grads = whole.backward()
    assert float(grads["w2"]) == pytest.approx(0.1966, abs=5e-5)
    for name, grad in parts.backward().items():
        assert grad == pytest.approx(grads[name], rel=1e-12)
    # E-A4: the deck prints 1 / (1 + e^1), which is sigmoid(-1); the derivative is even, so it fits
    gate = SigmoidGate()
    slopes = []
    for s in (1.0, -1.0):
        gate.forward(s)
        slopes.append(gate.backward(1.0))
    assert slopes[0] == pytest.approx(slopes[1], rel=1e-12)


def test_row_78_patterns():
    # deck row 78: distributor, adder, swap multiplier, router
    add, mul, largest, copy = AddGate(), MultiplyGate(), MaxGate(), CopyGate(2)
    add.forward(3.0, -4.0), mul.forward(3.0, -4.0), largest.forward(3.0, -4.0)
    assert add.backward(2.0) == (2, 2)
    assert mul.backward(2.0) == (-8, 6)
    assert largest.backward(2.0) == (2, 0)
    assert copy.forward(5.0) == (5, 5)
    assert copy.backward((4.0, 2.0)) == 6


def test_row_78_mixed():
    # exercise of chapter 5: 2 (x y + max(z, w)) at 3, -4, 2, -1
    graph = ComputationalGraph()
    x, y, z, w = graph.inputs("x", "y", "z", "w")
    _ = (x * y + z.max(w)) * 2
    assert graph.forward(x=3, y=-4, z=2, w=-1) == -20
    assert graph.backward() == {"x": -8, "y": 6, "z": 2, "w": 0}


def test_row_79_gradients_add_at_branches():
    # deck row 79: x * x at 3; writing over instead of adding gives 3
    graph = ComputationalGraph()
    (x,) = graph.inputs("x")
    _ = x * x
    graph.forward(x=3)
    assert graph.backward() == {"x": 6}


def test_row_80_the_chain_through_a_hidden_unit():
    # deck row 80: dJ/dw2 = dJ/dyhat dyhat/dw2; dJ/dw1 goes on through z1
    graph = ComputationalGraph()
    x, w1, w2, y = graph.inputs("x", "w1", "w2", "y")
    z1 = x * w1
    yhat = z1 * w2
    _ = (yhat - y) ** 2
    graph.forward(x=2, w1=3, w2=0.5, y=1)
    grads = graph.backward()
    assert grads["w2"] == 2 * (3 - 1) * 6
    assert grads["w1"] == 2 * (3 - 1) * 0.5 * 2


def one_hidden_unit():
    graph = ComputationalGraph()
    x, w1, b1, w2, b2, t = graph.inputs("x", "w1", "b1", "w2", "b2", "t")
    _ = (w2 * (w1 * x + b1).relu() + b2 - t) ** 2
    return graph


def loss_and_gradient(weights):
    graph, names = one_hidden_unit(), ("w1", "b1", "w2", "b2")
    loss = graph.forward(x=1, t=1, **dict(zip(names, weights, strict=True)))
    grads = graph.backward()
    return float(loss), np.array([grads[name] for name in names])


def test_row_82_the_step_that_kills_the_neuron():
    # deck row 82: [3, 1, 2, -5] has the gradient [8, 8, 16, 4]; a step of 1/4 lifts the loss to 49
    weights = np.array([3.0, 1, 2, -5])
    loss, grad = loss_and_gradient(weights)
    assert loss == 4
    np.testing.assert_array_equal(grad, [8, 8, 16, 4])
    seen = [loss]
    for _ in range(5):
        weights = weights - loss_and_gradient(weights)[1] / 4
        seen.append(loss_and_gradient(weights)[0])
        np.testing.assert_array_equal(weights[:3], [1, -1, -2])
    assert seen[:4] == [4, 49, 12.25, 3.0625]  # E-B12: "repeat until convergence" fits t with b2
    assert loss_and_gradient([1.0, -1, -2, -6])[0] == 49


def test_row_82_the_best_step_is_a_tenth_of_it():
    start, grad = np.array([3.0, 1, 2, -5]), np.array([8.0, 8, 16, 4])
    best = (100 - np.sqrt(7952)) / 512
    assert best == pytest.approx(0.02114, abs=5e-6)
    assert loss_and_gradient(start - best * grad)[0] < 1e-25
    assert loss_and_gradient(start - 0.0453 * grad)[0] == pytest.approx(4, abs=0.02)


def test_row_83_the_gates_of_the_listing_have_a_self():
    # deck row 83: the listing forgets `self` and the upstream gradient (E-C2)
    gate = MultiplyGate()
    assert gate.forward(3.0, -4.0) == -12
    dx, dy = gate.backward(2.0)
    assert (dx, dy) == (-8, 6)


def test_row_71_the_chain_stops_at_the_layer_of_the_weight():
    # deck row 71: E-U10 ends its product with d a_{k-1} / d w_k, which is zero
    rng = np.random.default_rng(0)
    x, w1, w2 = (
        rng.standard_normal((1, 3)),
        rng.standard_normal((3, 4)),
        rng.standard_normal((4, 2)),
    )
    graph = ComputationalGraph()
    a, b, c = graph.inputs("x", "w1", "w2")
    _ = ((a @ b).sigmoid() @ c).sum()
    graph.forward(x=x, w1=w1, w2=w2)
    grads = graph.backward()

    def loss(w1, w2):
        return ((1 / (1 + np.exp(-x @ w1))) @ w2).sum()

    np.testing.assert_allclose(
        grads["w1"], numerical_gradient(lambda w: loss(w, w2), w1), atol=1e-9
    )
    np.testing.assert_allclose(
        grads["w2"], numerical_gradient(lambda w: loss(w1, w), w2), atol=1e-9
    )
