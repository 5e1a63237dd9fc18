"""Training takes the memory of one step, however many there are; convolution never unfolds all."""

import gc
import tracemalloc

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from coursepkg.network import Sequential
from coursepkg.optim import Adam


@pytest.fixture
def traced():
    """Bytes that Python and NumPy use now and used at most, since the test began."""

    def measure():
        gc.collect()  # also empties the lists of small objects that Python keeps for later
        return tracemalloc.get_traced_memory()

    tracemalloc.start()
    yield measure
    tracemalloc.stop()


def test_nothing_grows_over_a_thousand_steps(traced):
    layers = Conv2d(1, 4, 3, rng=0), ReLU(), MaxPool2d(2), Flatten(), Linear(36, 10, rng=1)
    network, rng = Sequential(*layers), np.random.default_rng(0)
    optimizer = Adam(network.parameters())
    x, labels = rng.standard_normal((8, 1, 8, 8)), rng.integers(0, 10, 8)

    def train(steps):
        for _ in range(steps):
            _, cache = F.cross_entropy(network.forward(x), labels)
            network.backward_parameters(F.cross_entropy_backward(1.0, cache))
            optimizer.step()
        return traced()[0]

    train(10)
    before = train(10)
    assert train(1000) - before < 2000  # two bytes a step


def test_a_convolution_needs_little_more_than_its_results(traced):
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((40, 8, 32, 32)), rng.standard_normal((8, 8, 3, 3))
    columns = 9 * x.nbytes  # what im2col of the whole batch takes
    before, _ = traced()
    out, cache = F.conv2d(x, w, np.zeros(8), padding=1)
    grads = F.conv2d_backward(out, cache)
    results = sum(array.nbytes for array in (out, *grads))
    assert traced()[1] - before - results < columns / 2
