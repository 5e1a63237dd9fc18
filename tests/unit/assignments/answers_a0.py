"""Right and wrong answers to assignment 0."""

from typing import Any

import numpy as np


def relu_loop(x: Any) -> Any:
    out = x.flatten()
    for i, value in enumerate(out):
        out[i] = max(value, 0)
    return out.reshape(x.shape)


def relu_copy(x: Any) -> Any:
    out = x.copy()
    out[out < 0] = 0
    return out


def relu_in_place(x: Any) -> Any:
    x[x < 0] = 0
    return x


def norms_loop(x: Any) -> Any:
    norms = []
    for row in x:
        total = 0.0
        for value in row:
            total += value * value
        norms.append(total**0.5)
    return norms


def norms_in_place(x: Any) -> Any:
    x *= x
    return np.sqrt(x.sum(axis=1))


def one_hot_loop(y: Any, c: Any) -> Any:
    return [[1 if label == j else 0 for j in range(c)] for label in y]


def one_hot_rows(y: Any, c: Any) -> Any:
    t = np.zeros((len(y), c))
    t[np.arange(len(y)), y] = 1
    return t


def one_hot_whole_columns(y: Any, c: Any) -> Any:
    t = np.zeros((len(y), c))
    t[:, y] = 1
    return t


def one_hot_of_values(y: Any, c: Any) -> Any:
    values, places = np.unique(y, return_inverse=True)
    return np.eye(max(c, len(values)))[places]


RIGHT = {
    "A0.relu": {
        "loop": {"relu": relu_loop},
        "mask of a copy": {"relu": relu_copy},
        "where": {"relu": lambda x: np.where(x > 0, x, 0)},
        "product": {"relu": lambda x: x * (x > 0)},
        "half of x + |x|": {"relu": lambda x: (x + np.abs(x)) / 2},
    },
    "A0.row_norms": {
        "loops, a list": {"row_norms": norms_loop},
        "linalg.norm": {"row_norms": lambda x: np.linalg.norm(x, axis=1)},
        "einsum": {"row_norms": lambda x: np.einsum("nd,nd->n", x, x) ** 0.5},
        "diagonal": {"row_norms": lambda x: np.sqrt(np.diag(x @ x.T))},
    },
    "A0.one_hot": {
        "comprehension, whole numbers": {"one_hot": one_hot_loop},
        "by index": {"one_hot": one_hot_rows},
        "comparison, booleans": {"one_hot": lambda y, c: y[:, None] == np.arange(c)},
    },
}

WRONG = {
    "A0.relu": {
        "GEN2 in place": {"relu": relu_in_place},
        "absolute value": {"relu": np.abs},
        "min for max": {"relu": lambda x: np.minimum(x, 0)},
        "0 or 1": {"relu": lambda x: (x > 0).astype(float)},
        "clipped at 1": {"relu": lambda x: np.clip(x, 0, 1)},
        "negative side leaks": {"relu": lambda x: np.where(x > 0, x, 0.01 * x)},
        "positive entries only": {"relu": lambda x: x[x > 0]},
        "largest entry": {"relu": lambda x: max(x.max(), 0)},
        "as it is": {"relu": lambda x: x},
        "nothing returned": {"relu": lambda x: None},
    },
    "A0.row_norms": {
        "GEN2 in place": {"row_norms": norms_in_place},
        "columns": {"row_norms": lambda x: np.sqrt((x**2).sum(axis=0))},
        "no root": {"row_norms": lambda x: (x**2).sum(axis=1)},
        "whole matrix": {"row_norms": np.linalg.norm},
        "sum of absolute values": {"row_norms": lambda x: np.abs(x).sum(axis=1)},
        "mean of squares": {"row_norms": lambda x: np.sqrt((x**2).mean(axis=1))},
        "root before the sum": {"row_norms": lambda x: np.sqrt(x**2).sum(axis=1)},
        "square of the sum": {"row_norms": lambda x: np.abs(x.sum(axis=1))},
        "a column": {"row_norms": lambda x: np.linalg.norm(x, axis=1, keepdims=True)},
        "largest entry": {"row_norms": lambda x: np.abs(x).max(axis=1)},
    },
    "A0.one_hot": {
        "C from the labels": {"one_hot": lambda y, c: np.eye(y.max() + 1)[y]},
        "whole columns": {"one_hot": one_hot_whole_columns},
        "transposed": {"one_hot": lambda y, c: np.eye(c)[y].T},
        "counted from 1": {"one_hot": lambda y, c: np.eye(c)[y - 1]},
        "classes that occur, renumbered": {"one_hot": one_hot_of_values},
        "identity": {"one_hot": lambda y, c: np.eye(len(y), c)},
        "label for 1": {"one_hot": lambda y, c: np.eye(c)[y] * y[:, None]},
        "zeros": {"one_hot": lambda y, c: np.zeros((len(y), c))},
        "one column too many": {"one_hot": lambda y, c: np.eye(c + 1)[y]},
    },
}
