"""Numbers of the decks on networks and on backpropagation with matrices: rows 52 to 93."""

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.derivatives import numerical_gradient, relative_error
from coursepkg.network import mlp


def sizes_of(network):
    """Neurons, weights and biases of a network of linear layers."""
    arrays = [parameter.data for parameter in network.parameters()]
    weights = sum(array.size for array in arrays if array.ndim == 2)
    biases = sum(array.size for array in arrays if array.ndim == 1)
    return biases, weights, biases


def test_row_54_two_linear_layers_are_one():
    # deck row 54: O2 = (x w1 + b1) w2 + b2 = x w1 w2 + (b1 w2 + b2)
    rng = np.random.default_rng(54)
    x, w1, b1, w2, b2 = (rng.standard_normal(s) for s in ((7, 4), (4, 3), 3, (3, 2), 2))
    two = F.linear(F.linear(x, w1, b1)[0], w2, b2)[0]
    np.testing.assert_allclose(two, F.linear(x, w1 @ w2, b1 @ w2 + b2)[0], rtol=1e-12)


def test_row_58_three_layers_of_the_listing():
    # deck row 58: 3 inputs, two hidden layers of 4, one output
    assert sizes_of(mlp((3, 4, 4, 1))) == (9, 12 + 16 + 4, 9)
    assert sum(p.data.size for p in mlp((3, 4, 4, 1)).parameters()) == 41


def test_row_61_counting():
    # deck row 61: 3 inputs, 4 hidden, 2 outputs
    assert sizes_of(mlp((3, 4, 2))) == (6, 20, 6)


@pytest.mark.parametrize("hidden", [3, 4, 6, 8, 20])
def test_row_65_a_relu_network_of_n_units_has_n_kinks(hidden):
    # deck row 65: n kinks, n + 1 straight pieces
    network = mlp((1, hidden, 1), rng=hidden)
    w, b = list(network.parameters())[:2]
    b.data = np.random.default_rng(100 + hidden).standard_normal(hidden)
    kinks = np.sort(-b.data / w.data[0])
    between = np.concatenate([[kinks[0] - 1], (kinks[1:] + kinks[:-1]) / 2, [kinks[-1] + 1]])
    step = np.diff(kinks).min() / 8
    values = network.forward(np.concatenate([between, between + step])[:, None])[:, 0]
    slopes = (values[hidden + 1 :] - values[: hidden + 1]) / step
    assert np.count_nonzero(np.abs(np.diff(slopes)) > 1e-6) == hidden


def test_row_69_the_mnist_network_has_407050_parameters():
    # deck row 69: 1*28*28 inputs, 512 hidden, 10 outputs
    assert sum(p.data.size for p in mlp((1 * 28 * 28, 512, 10)).parameters()) == 407_050


def test_row_87_the_jacobian_of_relu_is_diagonal_and_huge():
    # deck row 87: 4096 inputs; with a mini-batch of 100, 409,600 of them
    x = np.random.default_rng(87).standard_normal(64)
    _, cache = F.relu(x)
    jacobian = np.stack([F.relu_backward(unit, cache) for unit in np.eye(64)])
    np.testing.assert_array_equal(jacobian, np.diag(np.diag(jacobian)))
    one, batch = jacobian.size * (4096 / 64) ** 2, jacobian.size * (100 * 4096 / 64) ** 2
    assert one == 16_777_216
    assert batch == pytest.approx(1.678e11, rel=1e-3)


def test_row_88_squared_norm_of_wx():
    # deck row 88: f = |Wx|^2; the column x stands here as a row and W transposed
    w, x = np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([[0.2, 0.4]])
    q, linear_cache = F.linear(x, w.T, np.zeros(2))
    half, cache = F.half_squared_error(q, np.zeros((1, 2)))
    np.testing.assert_allclose(q, [[0.22, 0.26]])
    assert 2 * half == pytest.approx(0.116)
    dq = F.half_squared_error_backward(2.0, cache)
    np.testing.assert_allclose(dq, [[0.44, 0.52]])
    dx, dw, _ = F.linear_backward(dq, linear_cache)
    np.testing.assert_allclose(dw.T, [[0.088, 0.176], [0.104, 0.208]])
    np.testing.assert_allclose(dx, [[-0.112, 0.636]])


def test_row_89_homework_and_its_norm():
    # deck row 89: L = |relu(X W1) W2|^2, Frobenius; the spectral norm is another number (E-A7)
    rng = np.random.default_rng(89)
    x, w1, w2 = (rng.standard_normal(s) for s in ((5, 4), (4, 3), (3, 2)))

    def loss_of(w1, w2):
        return np.sum((F.relu(x @ w1)[0] @ w2) ** 2)

    hidden, yhat = np.maximum(x @ w1, 0), np.maximum(x @ w1, 0) @ w2
    dw2 = hidden.T @ (2 * yhat)
    dw1 = x.T @ ((2 * yhat @ w2.T) * (x @ w1 > 0))
    assert relative_error(dw1, numerical_gradient(lambda w: loss_of(w, w2), w1)) < 1e-8
    assert relative_error(dw2, numerical_gradient(lambda w: loss_of(w1, w), w2)) < 1e-8
    assert np.linalg.norm(yhat, 2) ** 2 < 0.999 * loss_of(w1, w2)


def twenty_lines(update):
    """The 20-line network of the decks; yields loss and hidden layer of every step."""
    randn = np.random.default_rng(0).standard_normal
    x, y = randn((64, 1000)), randn((64, 10))
    w1, w2 = randn((1000, 100)), randn((100, 10))
    while True:
        z, first = F.linear(x, w1, np.zeros(100))
        h, squash = F.sigmoid(z)
        out, second = F.linear(h, w2, np.zeros(10))
        half, error = F.half_squared_error(out, y)
        yield 2 * len(x) * half, h
        dh, dw2, _ = F.linear_backward(F.half_squared_error_backward(2.0 * len(x), error), second)
        dw1 = F.linear_backward(F.sigmoid_backward(dh, squash), first).dw
        w1, w2 = update(w1, dw1), update(w2, dw2)


def test_row_93_twenty_lines():
    # deck row 93: 30,074.6 at t = 0, 3.50 at t = 1999; 88 % of the hidden units saturated at t = 0
    run = twenty_lines(lambda w, dw: w - 1e-4 * dw)
    loss, h = next(run)
    assert loss == pytest.approx(30_074.6, abs=0.05)
    assert np.mean((h < 0.01) | (h > 0.99)) == pytest.approx(0.88, abs=0.005)
    for _ in range(1999):
        loss, _ = next(run)
    assert loss == pytest.approx(3.50, abs=0.005)


def test_row_93_the_extracted_listing_only_looks_as_if_it_learned():
    # E-C3: "w1 = 1e-4 * grad" falls to 613.39 and stays, above the 609.10 of predicting zero
    run = twenty_lines(lambda w, dw: 1e-4 * dw)
    losses = [next(run)[0] for _ in range(100)]
    assert losses[-1] == pytest.approx(613.39, abs=0.005)
    y = np.random.default_rng(0).standard_normal(64 * 1000 + 640)[64_000:]
    assert np.sum(y**2) == pytest.approx(609.10, abs=0.005)
