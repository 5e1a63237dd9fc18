"""What the tests of this folder train: networks, optimizers, a batch, and the plain step."""

import numpy as np

from coursepkg import functional as F
from coursepkg.backend import to_numpy
from coursepkg.layers import BatchNorm, Conv2d, Flatten, Linear, MaxPool2d, ReLU
from coursepkg.network import Sequential, lenet, mlp
from coursepkg.optim import SGD, Adam, AdamW, RMSProp, cosine_decay

OPTIMIZERS = [
    ("SGD", lambda p: SGD(p, lr=0.05)),
    ("Nesterov", lambda p: SGD(p, lr=0.05, momentum=0.9, nesterov=True)),
    ("RMSProp", lambda p: RMSProp(p, lr=0.001)),
    ("Adam", lambda p: Adam(p, lr=cosine_decay(0.01, steps=20))),
    ("AdamW", lambda p: AdamW(p, lr=0.01)),
]
MAKERS = [make for _, make in OPTIMIZERS]
NAMES = [name for name, _ in OPTIMIZERS]


def normed(seed=0):
    rng = np.random.default_rng(seed)
    return Sequential(
        Conv2d(1, 4, 3, rng=rng), BatchNorm(4), ReLU(), MaxPool2d(2), Flatten(), Linear(36, 10, rng)
    )


NETWORKS = [
    ("mlp", lambda: mlp((64, 16, 10)), (64,)),
    ("lenet", lenet, (1, 28, 28)),
    ("batch norm", normed, (1, 8, 8)),
]


def batch(shape, n=6, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, *shape)), rng.integers(0, 10, n)


def plain_step(network, optimizer, x, labels):
    loss, cache = F.cross_entropy(network.forward(x), labels)
    network.backward(F.cross_entropy_backward(1.0, cache))
    optimizer.step()
    return loss


def agree(network, other, rtol=1e-9, atol=1e-8):
    """A bias before batch norm has the gradient 0, and what rounding makes of it."""
    for name, array in network.state_dict().items():
        theirs = to_numpy(other.state_dict()[name])
        np.testing.assert_allclose(theirs, array, rtol=rtol, atol=atol, err_msg=name)
