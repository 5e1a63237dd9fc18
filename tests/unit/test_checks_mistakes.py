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

Functions = dict[str, Callable[..., Any]]
Mistakes = dict[str, tuple[str, Callable[..., Any]]]
SEEDS = (b"first", b"second", b"third")


def linear(x: Any, w: Any, b: Any) -> Any:
    return F.linear(x, w, b)[0], (x, w, b)


def relu(x: Any) -> Any:
    return F.relu(x)[0], x


def softmax_ce(scores: Any, labels: Any) -> Any:
    loss, cache = F.cross_entropy(scores, labels)
    return loss, (cache.probabilities, labels)


FORWARD: Functions = {"linear": linear, "relu": relu, "softmax_ce": softmax_ce}


def _linear(change: Callable[..., Any]) -> Callable[..., Any]:
    """A linear backward in which `change` replaces some of the right gradients."""

    def backward(dout: Any, cache: Any) -> Any:
        x, w, _ = cache
        rows = x.reshape(len(x), -1)
        right = {
            "dx": (dout @ w.T).reshape(x.shape),
            "dw": rows.T @ dout,
            "db": dout.sum(axis=0),
        }
        return tuple({**right, **change(dout, rows, w)}.values())

    return backward


def _onehot(p: Any, labels: Any) -> Any:
    return np.eye(p.shape[1], dtype=p.dtype)[labels]


def _every_row_and_column(dout: Any, cache: Any) -> Any:
    p, labels = cache[0].copy(), cache[1]
    p[:, labels] -= 1
    return dout * p / len(p)


WRONG_LINEAR: Functions = {
    "LIN1 dw transposed": lambda dout, x, w: {"dw": dout.T @ x},
    "LIN3 db is a mean": lambda dout, x, w: {"db": dout.mean(axis=0)},
    "LIN4 db not summed": lambda dout, x, w: {"db": dout},
    "LIN5 db is one number": lambda dout, x, w: {"db": np.sum(dout)},
    "LIN6 db summed over the outputs": lambda dout, x, w: {"db": dout.sum(axis=1)},
    "LIN7 db keeps its dimension": lambda dout, x, w: {"db": dout.sum(axis=0, keepdims=True)},
    "LIN8 dw divided by N": lambda dout, x, w: {"dw": x.T @ dout / len(x)},
    "LIN9 dx without dout": lambda dout, x, w: {"dx": np.ones_like(dout) @ w.T},
    "LIN10 dx stays flat": lambda dout, x, w: {"dx": dout @ w.T},
    "dw of absolute inputs": lambda dout, x, w: {"dw": abs(x).T @ dout},
    "db negative": lambda dout, x, w: {"db": -dout.sum(axis=0)},
}
WRONG: Mistakes = {
    **{name: ("A5.linear_backward", _linear(change)) for name, change in WRONG_LINEAR.items()},
    "LIN2 dx without the transpose": (
        "A5.linear_backward",
        lambda dout, c: (dout @ c[1], c[0].T @ dout, dout.sum(axis=0)),
    ),
    "GEN3 order of the results": (
        "A5.linear_backward",
        lambda dout, c: (c[0].T @ dout, dout @ c[1].T, dout.sum(axis=0)),
    ),
    "ACT1 mask from dout": ("A5.relu_backward", lambda dout, x: dout * (dout > 0)),
    "ACT2 dout dropped": ("A5.relu_backward", lambda dout, x: (x > 0).astype(x.dtype)),
    "mask upside down": ("A5.relu_backward", lambda dout, x: dout * (x < 0)),
    "no mask": ("A5.relu_backward", lambda dout, x: dout),
    "times the output": ("A5.relu_backward", lambda dout, x: dout * np.maximum(x, 0)),
    "CE1 not divided by N": (
        "A5.softmax_ce_backward",
        lambda dout, c: dout * (c[0] - _onehot(*c)),
    ),
    "CE2 divided by C": (
        "A5.softmax_ce_backward",
        lambda dout, c: dout * (c[0] - _onehot(*c)) / c[0].shape[1],
    ),
    "CE3 sign": ("A5.softmax_ce_backward", lambda dout, c: dout * (_onehot(*c) - c[0]) / len(c[0])),
    "CE4 no minus one": ("A5.softmax_ce_backward", lambda dout, c: dout * c[0] / len(c[0])),
    "CE5 minus one in every row": ("A5.softmax_ce_backward", _every_row_and_column),
    "CE6 a softmax derivative too many": (
        "A5.softmax_ce_backward",
        lambda dout, c: dout * (c[0] - _onehot(*c)) / len(c[0]) * c[0] * (1 - c[0]),
    ),
    "CE7 diagonal of the Jacobian": (
        "A5.softmax_ce_backward",
        lambda dout, c: -dout * _onehot(*c) * (1 - c[0]) / len(c[0]),
    ),
    "GEN4 dout ignored": (
        "A5.softmax_ce_backward",
        lambda dout, c: (c[0] - _onehot(*c)) / len(c[0]),
    ),
}
WRONG_FORWARD: Mistakes = {
    "no bias": ("A5.linear", lambda x, w, b: (x.reshape(len(x), -1) @ w, None)),
    "no flattening": ("A5.linear", lambda x, w, b: (x @ w + b, None)),
    "absolute value": ("A5.relu", lambda x: (abs(x), None)),
    "nothing happens": ("A5.relu", lambda x: (x, None)),
    "sum instead of mean": (
        "A5.softmax_ce",
        lambda s, y: (F.cross_entropy(s, y)[0] * len(s), None),
    ),
    "CE8 softmax over the batch": (
        "A5.softmax_ce",
        lambda s, y: (-np.log((np.exp(s) / np.exp(s).sum())[np.arange(len(y)), y]).mean(), None),
    ),
    "CE10 no maximum subtracted": (
        "A5.softmax_ce",
        lambda s, y: (np.mean(np.log(np.exp(s).sum(1)) - s[np.arange(len(y)), y]), None),
    ),
    "maximum of the whole batch": (
        "A5.softmax_ce",
        lambda s, y: (
            np.mean(np.log(np.exp(s - s.max()).sum(1)) - (s - s.max())[np.arange(len(y)), y]),
            None,
        ),
    ),
    "logarithm of the probability": (
        "A5.softmax_ce",
        lambda s, y: (-np.log(F.softmax(s)[0][np.arange(len(y)), y]).mean(), None),
    ),
}


ALL: Mistakes = {**WRONG, **WRONG_FORWARD}


@pytest.mark.parametrize("mistake", ALL)
def test_a_known_mistake_loses_points_on_every_seed(mistake: str) -> None:
    name, function = ALL[mistake]
    question = QUESTIONS[name]
    functions = {**FORWARD, question.function: function}
    for seed in SEEDS:
        with hidden_seed(seed):
            share = examine(question, functions, hidden_rng(name), points=1).share
        assert share < 1


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_backward_is_caught_before_submission_already(mistake: str) -> None:
    """All but the mistakes that only an edge case shows."""
    name, function = WRONG[mistake]
    question = QUESTIONS[name]
    report = examine(question, {**FORWARD, question.function: function}, hidden_rng(name))
    assert report.ok == (mistake == "LIN10 dx stays flat")


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
