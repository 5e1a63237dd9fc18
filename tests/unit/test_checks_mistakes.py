"""Known wrong backward passes lose points, whatever the seed; right ones never do."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.checks import QUESTIONS, hidden_seed
from coursepkg.checks.engine import examine
from coursepkg.checks.question import Pair
from coursepkg.checks.seeds import hidden_rng
from coursepkg.functional.activation import ReluCache
from coursepkg.functional.linear import LinearCache
from coursepkg.functional.loss import CrossEntropyCache
from coursepkg.mistakes import MISTAKES

Functions = dict[str, Callable[..., Any]]
SEEDS = (b"first", b"second", b"third")
QUESTIONS_ABOUT = {
    "linear": "A5.linear",
    "linear_backward": "A5.linear_backward",
    "relu": "A5.relu",
    "relu_backward": "A5.relu_backward",
    "cross_entropy": "A5.softmax_ce",
    "cross_entropy_backward": "A5.softmax_ce_backward",
}
"""For every operation that A5 asks for, the question about it."""
KNOWN = {name: m for name, m in MISTAKES.items() if m.operation in QUESTIONS_ABOUT}
BACKWARD = [name for name, m in KNOWN.items() if m.operation.endswith("_backward")]


def linear(x: Any, w: Any, b: Any) -> Any:
    return F.linear(x, w, b)[0], (x, w, b)


def relu(x: Any) -> Any:
    return F.relu(x)[0], x


def softmax_ce(scores: Any, labels: Any) -> Any:
    loss, cache = F.cross_entropy(scores, labels)
    return loss, (cache.probabilities, labels)


FORWARD: Functions = {"linear": linear, "relu": relu, "softmax_ce": softmax_ce}
CACHES: Functions = {
    "linear_backward": lambda cache: LinearCache(*cache[:2]),
    "relu_backward": ReluCache,
    "cross_entropy_backward": lambda cache: CrossEntropyCache(*cache),
}
"""From the cache that the statement suggests to that of the library."""


def as_submitted(operation: str, function: Callable[..., Any]) -> Functions:
    """All of A5, with one function of the library's kind in the place of a student's."""
    question = QUESTIONS[QUESTIONS_ABOUT[operation]]
    if not question.backward:
        return {**FORWARD, question.function: function}

    def backward(dout: Any, cache: Any) -> Any:
        grads = function(dout, CACHES[operation](cache))
        return tuple(grads) if isinstance(grads, tuple) else grads

    return {**FORWARD, question.function: backward}


def graded(operation: str, function: Callable[..., Any], seed: bytes) -> Any:
    question = QUESTIONS[QUESTIONS_ABOUT[operation]]
    with hidden_seed(seed):
        rng = hidden_rng(question.name)
        return examine(question, as_submitted(operation, function), rng, points=1)


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_mistake_loses_points_on_every_seed(name: str) -> None:
    mistake = KNOWN[name]
    for seed in SEEDS:
        assert graded(mistake.operation, mistake.code, seed).share < 1


@pytest.mark.parametrize("name", BACKWARD)
def test_a_wrong_backward_is_caught_before_submission_already(name: str) -> None:
    """All but the mistakes that only an edge case shows."""
    mistake = KNOWN[name]
    question = QUESTIONS[QUESTIONS_ABOUT[mistake.operation]]
    functions = as_submitted(mistake.operation, mistake.code)
    report = examine(question, functions, hidden_rng(question.name))
    assert report.ok == (name == "LIN10")


def linear_backward_by_rows(dout: Any, cache: Any) -> Any:
    rows = cache.x.reshape(len(cache.x), -1)
    dx = np.array([cache.w @ row for row in dout])
    dw = sum(np.outer(x, row) for x, row in zip(rows, dout, strict=True))
    return dx.reshape(cache.x.shape), dw, dout.sum(axis=0)


def minus_one_at_the_labels(dout: Any, cache: Any) -> Any:
    d = cache.probabilities.copy()
    d[np.arange(len(d)), cache.labels] -= 1
    return d * dout / len(d)


RIGHT: list[tuple[str, Callable[..., Any]]] = [
    *((name, getattr(F, name)) for name in CACHES),
    *(
        (operation, FORWARD[QUESTIONS[q].function])
        for operation, q in QUESTIONS_ABOUT.items()
        if operation not in CACHES
    ),
    ("linear_backward", linear_backward_by_rows),
    ("relu_backward", lambda dout, cache: np.where(cache.x > 0, dout, 0).astype(dout.dtype)),
    ("relu_backward", lambda dout, cache: dout * (cache.x >= 0)),  # ACT4: at 0 anything goes
    ("cross_entropy_backward", minus_one_at_the_labels),
    ("relu", lambda x: (np.where(x > 0, x, 0).astype(x.dtype), x)),
    ("cross_entropy", lambda s, y: (F.cross_entropy(s, y)[0], None)),
]


@pytest.mark.parametrize(("operation", "function"), RIGHT)
def test_what_is_right_loses_none(operation: str, function: Callable[..., Any]) -> None:
    for seed in SEEDS:
        report = graded(operation, function, seed)
        assert report.share == 1, report


@pytest.mark.parametrize(
    "question",
    [q for q in QUESTIONS.values() if isinstance(q.subject, Pair)],
    ids=lambda question: question.name,
)
def test_no_gradient_to_find_is_zero(question: Any) -> None:
    """Else a function that returns zeros would pass by luck."""
    for seed in SEEDS:
        with hidden_seed(seed):
            rng = hidden_rng(question.name)
        pair = question.pair
        edges = pair.edges(rng) if question.name.startswith("A5.") else []
        for case in [pair.example, pair.sample(rng), *edges]:
            for truth in question.truth(case):
                assert np.linalg.norm(truth) > 1e-3, case.title


def test_inputs_of_relu_keep_away_from_the_kink_and_have_both_signs() -> None:
    pair = QUESTIONS["A5.relu_backward"].pair
    rng = np.random.default_rng(0)
    for case in [pair.example, *pair.edges(rng), *(pair.sample(rng) for _ in range(20))]:
        (x,) = case.inputs
        assert abs(x).min() >= 0.1
        assert x.min() < 0 < x.max()
        assert case.dout.min() < 0 < case.dout.max()


def test_sizes_differ_so_that_a_transpose_shows() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        x, w, _ = QUESTIONS["A5.linear"].pair.sample(rng).inputs
        assert len({len(x), *w.shape}) == 3


def test_gradients_on_random_numbers_are_judged_by_the_forward_pass() -> None:
    """By its numerical derivative, so that a slip in our own backward could not hide there."""
    question = QUESTIONS["A5.relu_backward"]
    slipped = replace(question.pair, reference_backward=lambda dout, cache: dout)
    functions = {"relu": F.relu, "relu_backward": F.relu_backward}
    rng = np.random.default_rng(0)
    report = examine(replace(question, subject=slipped), functions, rng, points=1)
    assert all(finding.ok for finding in report.findings if finding.part == "seeds")
    assert not any(finding.ok for finding in report.findings if finding.part == "example")
