"""Assignment 0, the warm-up: three short functions, to meet the checks on."""

from typing import Any

import numpy as np

from coursepkg.checks.data import distinct, transposed_in_memory
from coursepkg.checks.question import Case, Question, Single

PAPER_LABELS = np.array([2, 0, 3])


def _array(rng: np.random.Generator, title: str, *shape: int) -> Case:
    """Entries of both signs: in random places, half of each."""
    size = int(np.prod(shape))
    signs = rng.permutation(np.resize([1.0, -1.0], size))
    return Case(title, ((signs * rng.uniform(0.1, 3, size)).reshape(shape),))


def _turned(rng: np.random.Generator, n: int, d: int) -> Case:
    return Case("transposed arrays", transposed_in_memory(_array(rng, "", n, d).inputs))


def _relu_sample(rng: np.random.Generator) -> Case:
    n, d = distinct(rng, 2)
    return _array(rng, f"random numbers (N = {n}, D = {d})", n, d)


def _relu_edges(rng: np.random.Generator) -> list[Case]:
    n, d, e = distinct(rng, 3)
    return [
        _array(rng, "N = 1", 1, 2 * d),
        _array(rng, "a single row of numbers", 2 * n),
        _array(rng, "x of shape (N, d1, d2)", n, d, e),
        _turned(rng, n, d),
    ]


def _row_norms(x: Any) -> Any:
    return np.sqrt((x**2).sum(axis=1))


def _norms_edges(rng: np.random.Generator) -> list[Case]:
    n, d = distinct(rng, 2)
    with_zeros = _array(rng, "a row of zeros", n, d)
    with_zeros.inputs[0][0] = 0
    return [
        _array(rng, "N = 1", 1, d),
        _array(rng, "one column", n, 1),
        with_zeros,
        _turned(rng, n, d),
    ]


def _one_hot(y: Any, c: int) -> Any:
    return (y[:, None] == np.arange(c)).astype(int)


def _labels(rng: np.random.Generator, title: str, n: int, c: int, top: int) -> Case:
    """Labels up to `top` - 1, in an order that is not theirs."""
    y = np.append([top - 1, 0], rng.integers(0, top, n - 2))
    return Case(title, (y, c))


def _one_hot_sample(rng: np.random.Generator) -> Case:
    n, c = distinct(rng, 2)
    return _labels(rng, f"random labels (N = {n}, C = {c})", n, c, c)


def _one_hot_edges(rng: np.random.Generator) -> list[Case]:
    n, c = distinct(rng, 2)
    return [
        Case("N = 1", (np.array([c - 2]), c)),
        _labels(rng, "classes of which there is no sample", n, c + 2, c),
        Case("samples of one class", (np.full(n, 1), c)),
    ]


QUESTIONS = (
    Question(
        "A0.relu",
        Single(
            function="relu",
            outputs=("out",),
            reference=lambda x: np.maximum(x, 0),
            example=Case(
                "the worked example (N = 2, D = 3)",
                (np.array([[-2.0, 3.0, 0.5], [1.0, -1.0, -4.0]]),),
            ),
            sample=_relu_sample,
            edges=_relu_edges,
            keeps_dtype=False,
        ),
        hints={"out": "entry by entry: what is positive stays, the rest becomes 0"},
        section="appendix B, conventions and symbols",
    ),
    Question(
        "A0.row_norms",
        Single(
            function="row_norms",
            outputs=("norms",),
            reference=_row_norms,
            example=Case(
                "the worked example (N = 3, D = 2)",
                (np.array([[3.0, 4.0], [5.0, 12.0], [0.0, -2.0]]),),
            ),
            sample=_relu_sample,
            edges=_norms_edges,
            keeps_dtype=False,
        ),
        hints={"norms": "one number for each row: squares, added along the row, then the root"},
        section="appendix B, conventions and symbols",
    ),
    Question(
        "A0.one_hot",
        Single(
            function="one_hot",
            outputs=("t",),
            reference=_one_hot,
            example=Case("the worked example (N = 3, C = 4)", (PAPER_LABELS, 4)),
            sample=_one_hot_sample,
            edges=_one_hot_edges,
            keeps_dtype=False,
        ),
        hints={"t": "row n is all zeros but for a 1 in column y[n]; there are C columns"},
        section="appendix B, conventions and symbols",
    ),
)
