"""Assignment 10, a bonus: gradients of broadcast arrays, four operations of a tape, `xp` code."""

import numpy as np

from coursepkg import functional as F
from coursepkg.checks.a10_data import (
    matmul_case,
    matmul_edges,
    max_case,
    max_edges,
    reshape_case,
    reshape_edges,
    sum_case,
    sum_edges,
    unbroadcast_case,
    unbroadcast_edges,
)
from coursepkg.checks.a10_layer_norm import LAYER_NORM
from coursepkg.checks.question import Case, Pair, Question, Single

TAPE = "section 12.2, a tape for tensors"


def _max_over(x: np.ndarray, axis: int) -> tuple[np.ndarray, tuple[np.ndarray, int]]:
    return np.asarray(x.max(axis=axis)), (x, axis)


def _max_over_backward(dout: np.ndarray, cache: tuple[np.ndarray, int]) -> np.ndarray:
    x, axis = cache
    return np.where(x == x.max(axis=axis, keepdims=True), np.expand_dims(dout, axis), 0)


UNBROADCAST = Single(
    function="unbroadcast",
    outputs=("out",),
    reference=F.unbroadcast,
    example=Case(
        "the worked example, (2, 3) back to (2, 1)",
        (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), (2, 1)),
    ),
    sample=unbroadcast_case,
    edges=unbroadcast_edges,
)
MATMUL = Pair(
    forward="matmul",
    backward="matmul_backward",
    output="out",
    grads=("dx", "dw"),
    reference=F.matmul,
    reference_backward=F.matmul_backward,
    suggested_cache=lambda x, w: (x, w),
    example=Case(
        "the worked example (2, 1, 2) times (2, 1)",
        (np.array([[[1.0, 2.0]], [[3.0, 4.0]]]), np.array([[1.0], [-1.0]])),
        np.array([[[1.0]], [[10.0]]]),
    ),
    sample=matmul_case,
    edges=matmul_edges,
)
SUM = Pair(
    forward="sum_over",
    backward="sum_backward",
    output="out",
    grads=("dx",),
    reference=F.sum,
    reference_backward=F.sum_backward,
    suggested_cache=lambda x, axis, keepdims: (x.shape, axis, keepdims),
    example=Case(
        "the worked example, (2, 3) over axis 1",
        (np.arange(6.0).reshape(2, 3), 1, False),
        np.array([5.0, 7.0]),
    ),
    sample=sum_case,
    edges=sum_edges,
)
RESHAPE = Pair(
    forward="reshape_to",
    backward="reshape_backward",
    output="out",
    grads=("dx",),
    reference=F.reshape,
    reference_backward=F.reshape_backward,
    suggested_cache=lambda x, shape: x.shape,
    example=Case(
        "the worked example, (2, 3) as (3, 2)",
        (np.arange(6.0).reshape(2, 3), (3, 2)),
        np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
    ),
    sample=reshape_case,
    edges=reshape_edges,
)
MAX = Pair(
    forward="max_over",
    backward="max_backward",
    output="out",
    grads=("dx",),
    reference=_max_over,
    reference_backward=_max_over_backward,
    suggested_cache=lambda x, axis: (x, axis),
    example=Case(
        "the worked example, the largest of each row",
        (np.array([[1.0, 9.0, 2.0], [8.0, 3.0, 4.0]]), 1),
        np.array([5.0, 7.0]),
    ),
    sample=max_case,
    edges=max_edges,
)
QUESTIONS = (
    Question(
        "A10.unbroadcast",
        UNBROADCAST,
        TAPE,
        {"out": "axes that were not there vanish in the sum; axes of length 1 stay"},
        operation="unbroadcast",
    ),
    Question(
        "A10.matmul_backward",
        MATMUL,
        TAPE,
        {
            "dx": "turn over the last two axes of w only, and sum where x was broadcast",
            "dw": "one product for each matrix of the stack; w was used in all of them",
        },
        backward=True,
        operation="matmul_backward",
    ),
    Question(
        "A10.sum_backward",
        SUM,
        TAPE,
        {"dx": "the axis that the sum took away comes back with length 1, at its place"},
        backward=True,
        operation="sum_backward",
    ),
    Question(
        "A10.reshape_backward",
        RESHAPE,
        TAPE,
        {"dx": "the numbers stay in their order; only the shape goes back"},
        backward=True,
        operation="reshape_backward",
    ),
    Question(
        "A10.max_backward",
        MAX,
        TAPE,
        {"dx": "all of dout goes to the entry that won, at its place along the axis"},
        backward=True,
    ),
    Question("A10.layer_norm", LAYER_NORM, "section 12.4, one code for two kinds of arrays"),
)
