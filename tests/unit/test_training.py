"""Layers, networks, update rules and the loop: they learn the digits."""

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg import optim
from coursepkg.datasets import load_digits
from coursepkg.gradcheck import check_gradient
from coursepkg.layers import Linear, ReLU, Sigmoid
from coursepkg.network import Sequential, mlp
from coursepkg.optim import SGD
from coursepkg.training import accuracy, fit, minibatches


def test_digits_are_the_real_ones():
    digits = load_digits()
    images = np.concatenate([digits.x_train, digits.x_test])
    labels = np.concatenate([digits.y_train, digits.y_test])
    assert images.shape == (1797, 1, 8, 8)
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (images.min(), images.max()) == (0, 1)
    assert (images * 16).sum() == 561718  # of the original file


def test_digits_do_not_depend_on_the_call():
    first, second = load_digits(), load_digits()
    np.testing.assert_array_equal(first.x_test, second.x_test)
    assert np.unique(first.y_test).size == 10


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_an_mlp_learns_the_digits(seed):
    digits = load_digits()
    network = mlp((64, 64, 10), seed)
    optimizer = SGD(network.parameters(), lr=0.1, momentum=0.9)
    test = (digits.x_test, digits.y_test)
    history = fit(
        network, optimizer, digits.x_train, digits.y_train, epochs=20, test=test, rng=seed
    )
    assert history.loss[0] == pytest.approx(np.log(10), abs=0.6)
    assert history.test_accuracy[-1] == accuracy(network, *test) >= 0.97


def test_same_seed_same_run():
    digits = load_digits()

    def losses():
        network = mlp((64, 8, 10))
        return fit(network, SGD(network.parameters(), lr=0.1), *digits[:2], epochs=1).loss

    assert losses() == losses()


def test_network_gradients():
    rng = np.random.default_rng(0)
    network = Sequential(Linear(4, 5, rng), Sigmoid(), Linear(5, 6, rng), ReLU(), Linear(6, 3, rng))
    x, labels = rng.standard_normal((7, 4)), rng.integers(3, size=7)

    def loss_of(x):
        return F.cross_entropy(network.forward(x), labels)[0]

    _, cache = F.cross_entropy(network.forward(x), labels)
    dx = network.backward(F.cross_entropy_backward(1.0, cache))
    assert check_gradient("dx", dx, loss_of, x).ok
    for parameter in network.parameters():

        def loss_at(data, parameter=parameter):
            kept, parameter.data = parameter.data, data
            loss = loss_of(x)
            parameter.data = kept
            return loss

        report = check_gradient("parameter", parameter.grad, loss_at, parameter.data)
        assert report.ok, report


def test_momentum_by_hand():
    # chapter 8: x^2 / 2 from 1, lr 0.1, momentum 0.9
    x, state, seen = 1.0, None, []
    for _ in range(3):
        x, state = optim.momentum(x, x, state, lr=0.1, momentum=0.9)
        seen.append(round(x, 12))
    assert seen == [0.9, 0.72, 0.486]


def test_optimizer_keeps_one_state_per_parameter():
    network = mlp((3, 3, 3))
    optimizer = SGD(network.parameters(), lr=0.5, momentum=0.5)
    before = [p.data.copy() for p in network.parameters()]
    for k, p in enumerate(network.parameters()):
        p.grad = np.full_like(p.data, k)
    optimizer.step()
    optimizer.step()
    for k, (p, old) in enumerate(zip(network.parameters(), before, strict=True)):
        np.testing.assert_allclose(old - p.data, 0.5 * k * (1 + 1.5))


def test_minibatches_meet_every_sample_once():
    rows = np.concatenate(list(minibatches(103, 10, np.random.default_rng(0))))
    assert sorted(rows) == list(range(103))


def test_mistakes_in_use_are_named():
    network = mlp((2, 2))
    with pytest.raises(RuntimeError, match=r"Linear\.backward needs a forward"):
        network.backward(np.ones((1, 2)))
    with pytest.raises(ValueError, match="call backward before step"):
        SGD(network.parameters(), lr=0.1).step()
    with pytest.raises(ValueError, match="lr > 0"):
        SGD(network.parameters(), lr=-1)
    with pytest.raises(ValueError, match="two or more positive widths"):
        mlp((64,))
    with pytest.raises(ValueError, match="3 samples, labels 2"):
        fit(network, SGD(network.parameters(), lr=1), np.ones((3, 2)), np.ones(2, int), epochs=1)
    with pytest.raises(ValueError, match="batch_size"):
        next(minibatches(3, 0, np.random.default_rng()))


def test_a_diverging_run_says_why():
    network = mlp((2, 2))
    x, labels = np.full((2, 2), 1e300), np.array([0, 1])
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="learning rate"):
        fit(network, SGD(network.parameters(), lr=1e10), x, labels, epochs=3)
