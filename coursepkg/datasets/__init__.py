"""Data sets.

    load_digits()          1,797 digits of 8 x 8, shipped with the package; CC BY 4.0
    make_xor, make_moons, make_circles, make_spirals, make_blobs     points, made on the spot
    make_shapes            pictures of five shapes, made on the spot
    load_mnist()           70,000 digits of 28 x 28, downloaded once (11 MB); CC BY-SA 3.0
    load_fashion_mnist()   70,000 clothes of 28 x 28, downloaded once (31 MB); MIT
    load_cifar10()         60,000 pictures of 3 x 32 x 32, downloaded once (170 MB)

The `load_` functions return a `Split` of images (N, C, H, W) and labels. Downloads need the extra
`data`; files that are there already need nothing, not even a network.
"""

from coursepkg.datasets.cifar10 import CIFAR10_CLASSES, load_cifar10
from coursepkg.datasets.digits import Split, load_digits
from coursepkg.datasets.mnist import FASHION_CLASSES, load_fashion_mnist, load_mnist
from coursepkg.datasets.synthetic import (
    SHAPES,
    make_blobs,
    make_circles,
    make_moons,
    make_shapes,
    make_spirals,
    make_xor,
)

__all__ = [
    "CIFAR10_CLASSES",
    "FASHION_CLASSES",
    "SHAPES",
    "Split",
    "load_cifar10",
    "load_digits",
    "load_fashion_mnist",
    "load_mnist",
    "make_blobs",
    "make_circles",
    "make_moons",
    "make_shapes",
    "make_spirals",
    "make_xor",
]
