"""Data for assignment 10: shapes that broadcast in every way, axes from both ends."""

import math

import numpy as np

from coursepkg.checks.data import distinct, transposed_in_memory
from coursepkg.checks.question import Case

Shape = tuple[int, ...]


def unbroadcast_case(rng: np.random.Generator) -> Case:
    """An axis that was missing and one of length 1 that was stretched, neither of them last."""
    n, d, m, k = distinct(rng, 4, least=2, most=6)
    return _back(rng, (n, d, m, k), (d, 1, k))


def unbroadcast_edges(rng: np.random.Generator) -> list[Case]:
    n, d, m = distinct(rng, 3, least=2, most=6)
    turned = _back(rng, (n, d), (d,))
    return [
        _back(rng, (n, d), ()),
        _back(rng, (n, d), (1, d)),
        _back(rng, (n, d), (n, d)),
        _back(rng, (n, d, m), (n, 1, 1)),
        _back(rng, (n, 1, m), (1, m)),
        _back(rng, (n, n, n), (n, 1)),
        Case(f"{turned.title}, transposed in memory", transposed_in_memory(turned.inputs)),
    ]


def _back(rng: np.random.Generator, grad: Shape, shape: Shape) -> Case:
    return Case(f"{grad} back to {shape}", (rng.standard_normal(grad), shape))


def matmul_case(rng: np.random.Generator) -> Case:
    n, d, m, k = distinct(rng, 4, least=2, most=6)
    return _product(rng, (k, n, d), (d, m))


def matmul_edges(rng: np.random.Generator) -> list[Case]:
    n, d, m, k, j = distinct(rng, 5, least=2, most=7)
    straight = _product(rng, (k, n, d), (d, m))
    turned = transposed_in_memory(straight.inputs)
    return [
        _product(rng, (n, d), (d, m)),
        _product(rng, (n, d), (k, d, m)),
        _product(rng, (k, n, d), (k, d, m)),
        _product(rng, (j, 1, n, d), (k, d, m)),
        Case(f"{straight.title}, transposed in memory", turned, straight.dout),
    ]


def _product(rng: np.random.Generator, left: Shape, right: Shape) -> Case:
    x, w = rng.standard_normal(left), rng.standard_normal(right)
    return Case(f"{left} times {right}", (x, w), rng.standard_normal((x @ w).shape))


def sum_case(rng: np.random.Generator) -> Case:
    n, d, m = distinct(rng, 3, least=2, most=6)
    return _sum(rng, (n, d, m), 1, False)


def sum_edges(rng: np.random.Generator) -> list[Case]:
    n, d, m = distinct(rng, 3, least=2, most=6)
    return [
        _sum(rng, (n, d, m), 0, True),
        _sum(rng, (n, d, m), -2, False),
        _sum(rng, (n, d, m), (0, 2), False),
        _sum(rng, (n, n, n), 1, False),
        _sum(rng, (n, d), (0, 1), False),
    ]


def _sum(rng: np.random.Generator, shape: Shape, axis: int | Shape, keepdims: bool) -> Case:
    x = rng.standard_normal(shape)
    kept = ", axes kept" if keepdims else ""
    dout = rng.standard_normal(np.sum(x, axis=axis, keepdims=keepdims).shape)
    return Case(f"{shape} over {axis}{kept}", (x, axis, keepdims), np.asarray(dout))


def reshape_case(rng: np.random.Generator) -> Case:
    n, d, m = distinct(rng, 3, least=2, most=6)
    return _reshaped(rng, (n, d, m), (m, n * d))


def reshape_edges(rng: np.random.Generator) -> list[Case]:
    n, d = distinct(rng, 2, least=2, most=6)
    return [
        _reshaped(rng, (n, d), (d, n)),
        _reshaped(rng, (n, d), (n * d,)),
        _reshaped(rng, (n, d), (1, n, 1, d)),
    ]


def _reshaped(rng: np.random.Generator, shape: Shape, new: Shape) -> Case:
    x = rng.standard_normal(shape)
    return Case(f"{shape} as {new}", (x, new), rng.standard_normal(new))


def max_case(rng: np.random.Generator) -> Case:
    n, d, m = distinct(rng, 3, least=2, most=6)
    return _largest(rng, (n, d, m), 1)


def max_edges(rng: np.random.Generator) -> list[Case]:
    n, d, m = distinct(rng, 3, least=2, most=6)
    return [
        _largest(rng, (n, d, m), 0),
        _largest(rng, (n, d, m), -1),
        _largest(rng, (n, n), 0),
        _largest(rng, (n,), 0),
        _largest(rng, (1, d), 1),
    ]


def _largest(rng: np.random.Generator, shape: Shape, axis: int) -> Case:
    """All numbers differ by a tenth at least, so that no small step changes who is largest."""
    x = rng.permutation(math.prod(shape)).reshape(shape) / 10 - 1
    dout = np.asarray(rng.standard_normal(x.max(axis=axis).shape))
    return Case(f"{shape} along axis {axis}", (x, axis), dout)
