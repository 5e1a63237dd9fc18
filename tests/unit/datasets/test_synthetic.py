"""Data made on the spot: balanced, shuffled, the same for the same seed."""

import numpy as np
import pytest

from coursepkg import datasets
from coursepkg.datasets import SHAPES, make_shapes

MAKERS = [
    (datasets.make_xor, 2),
    (datasets.make_moons, 2),
    (datasets.make_circles, 2),
    (datasets.make_spirals, 3),
    (datasets.make_blobs, 3),
    (datasets.make_shapes, 5),
]


@pytest.mark.parametrize(("make", "classes"), MAKERS)
def test_balanced_shuffled_and_reproducible(make, classes):
    x, labels = make(60, rng=1)
    assert (len(x), x.dtype, labels.dtype) == (60, np.float64, np.int64)
    assert np.bincount(labels).tolist() == [60 // classes] * classes
    assert (np.diff(labels) != 1).sum() > 20  # not in the order they were made
    again, same = make(60, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(x, again)
    np.testing.assert_array_equal(labels, same)
    assert (make(60, rng=2)[0] != x).any()


@pytest.mark.parametrize(("make", "classes"), MAKERS)
def test_bad_sizes_are_named(make, classes):
    with pytest.raises(ValueError, match=r"n >= classes, got .* n = 1"):
        make(1)
    with pytest.raises(ValueError, match="noise must not be negative"):
        make(60, noise=-1)


def test_other_bad_arguments_are_named():
    with pytest.raises(ValueError, match="two classes or more"):
        datasets.make_spirals(10, classes=1)
    with pytest.raises(ValueError, match="factor must lie between 0 and 1"):
        datasets.make_circles(factor=1.5)
    with pytest.raises(ValueError, match="at least 8 pixels"):
        make_shapes(size=5)


def test_shapes_are_whole_and_differ():
    x, labels = make_shapes(200, size=20, noise=0.0)
    assert (x.min(), x.max()) == (0, 1)
    border = np.concatenate([x[:, 0, 0], x[:, 0, -1], x[:, 0, :, 0], x[:, 0, :, -1]])
    assert border.max() < 0.5  # inside the picture
    ink = {name: x[labels == i].mean() for i, name in enumerate(SHAPES)}
    assert ink["ring"] < ink["disc"]
    assert ink["cross"] < ink["square"]


def test_what_needs_a_hidden_layer_needs_one():
    from coursepkg.linear_models import SoftmaxRegression
    from coursepkg.network import mlp
    from coursepkg.optim import Adam
    from coursepkg.training import accuracy, fit

    x, labels = datasets.make_spirals(300, rng=0)
    assert SoftmaxRegression().fit(x, labels).score(x, labels) < 0.7
    network = mlp((2, 32, 32, 3))
    fit(network, Adam(network.parameters(), lr=0.01), x, labels, epochs=60)
    assert accuracy(network, x, labels) > 0.97
