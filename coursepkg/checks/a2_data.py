"""The data and the references of assignment 2, losses.

Scores of the hinge keep away from its kink, and some row has two violations or more: with one in
every row, counting them and not counting them would be the same.
"""

from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg.checks.data import distinct, transposed_in_memory
from coursepkg.checks.question import Case

KINK_DISTANCE = 0.02


def scores(rng: np.random.Generator) -> Case:
    n, c = distinct(rng, 2)
    return Case(f"random numbers (N = {n}, C = {c})", (2 * rng.standard_normal((n, c)),))


def score_edges(rng: np.random.Generator) -> list[Case]:
    n, c = distinct(rng, 2)
    large = rng.permuted(np.resize(np.array([1e4, -1e4, 0.0]), (n, c)), axis=1)
    apart = rng.standard_normal((n, c)) - 1000.0 * np.arange(n)[:, None]
    turned = transposed_in_memory((rng.standard_normal((n, c)),))
    return [
        Case("N = 1", (rng.standard_normal((1, c)),)),
        Case("scores of +-1e4", (large + rng.standard_normal((n, c)),)),
        Case("rows that lie 1000 apart", (apart,)),
        Case("equal scores", (np.full((n, c), rng.standard_normal()),)),
        Case("transposed arrays", turned),
    ]


def _labelled(rng: np.random.Generator, case: Case) -> Case:
    """Add labels, the last class at the end, and an upstream gradient that is not 1.

    The first row's label is its lowest score: were all rows right by far, the gradient would be 0
    but for its rounding, and two right answers could differ.
    """
    scores = case.inputs[0]
    n, c = scores.shape
    labels = np.concatenate([scores[:1].argmin(axis=1), rng.integers(0, c, n - 1)])
    labels[-1] = c - 1
    return Case(case.title, (*case.inputs, labels), float(rng.uniform(1.5, 3)))


def loss_sample(rng: np.random.Generator) -> Case:
    return _labelled(rng, scores(rng))


def loss_edges(rng: np.random.Generator) -> list[Case]:
    return [_labelled(rng, case) for case in score_edges(rng)]


def svm_loss(w: Any, b: Any, x: Any, labels: Any, lam: float) -> tuple[Any, Any]:
    scores, linear = F.linear(x, w, b)
    loss, hinge = F.multiclass_hinge_loss(scores, labels)
    penalty, square = F.l2_penalty(w, lam)
    return loss + penalty, (linear, hinge, square)


def svm_loss_backward(dout: Any, cache: Any) -> tuple[Any, Any]:
    linear, hinge, square = cache
    _, dw, db = F.linear_backward(F.multiclass_hinge_loss_backward(dout, hinge), linear)
    return dw + F.l2_penalty_backward(dout, square), db


def _gaps(w: Any, b: Any, x: Any, labels: Any) -> np.ndarray:
    """By how much each class is above its limit; minus infinity for the right one."""
    rows, scores = np.arange(len(x)), x @ w + b
    gaps = scores - scores[rows, labels][:, None] + 1
    gaps[rows, labels] = -np.inf
    return np.asarray(gaps)


def svm_cache(w: Any, b: Any, x: Any, labels: Any, lam: float) -> tuple[Any, ...]:
    return w, x, labels, lam, _gaps(w, b, x, labels) > 0


def _tells(gaps: np.ndarray) -> bool:
    """Whether no gap is near the kink, and the gradients of usual mistakes differ from the right
    one, which must not be 0: of its rounding, two right answers may think differently.
    """
    active = (gaps > 0).astype(int)
    counts = active.sum(axis=1)
    db = active.sum(axis=0) - np.isneginf(gaps).T @ counts
    clear = np.abs(gaps).min() > KINK_DISTANCE
    return bool(clear and db.any() and counts.max() > 1 and counts.min() < gaps.shape[1] - 1)


def _svm_case(rng: np.random.Generator, title: str, n: int, d: int, c: int, lam: float) -> Case:
    labels = np.append(rng.integers(0, c, n - 1), c - 1)
    while True:
        w, b, x = rng.standard_normal((d, c)), rng.standard_normal(c), rng.standard_normal((n, d))
        if _tells(_gaps(w, b, x, labels)):
            return Case(title, (w, b, x, labels, lam), float(rng.uniform(1.5, 3)))


def _lam(rng: np.random.Generator) -> float:
    return float(rng.uniform(0.3, 1))


def svm_sample(rng: np.random.Generator) -> Case:
    n, d, c = distinct(rng, 3, least=4)
    return _svm_case(rng, f"random numbers (N = {n}, D = {d}, C = {c})", n, d, c, _lam(rng))


def _lifted(rng: np.random.Generator, title: str, by: float) -> Case:
    """All samples but the last of one class, whose score is so much higher than the others."""
    n, d, c = distinct(rng, 3, least=4)
    label = int(rng.integers(c))
    b = rng.standard_normal(c)
    b[label] += by
    w, x = rng.standard_normal((d, c)), rng.standard_normal((n, d))
    labels = np.append(np.full(n - 1, label), (label + 1) % c)
    return Case(title, (w, b, x, labels, _lam(rng)), float(rng.uniform(1.5, 3)))


def svm_edges(rng: np.random.Generator) -> list[Case]:
    n, d, c = distinct(rng, 3, least=4)
    single = _lifted(rng, "N = 1", -100)
    w, b, x, labels, lam = single.inputs
    turned = _svm_case(rng, "transposed arrays", n, d, c, _lam(rng))
    return [
        Case(single.title, (w, b, x[:1], labels[:1], lam), single.dout),
        _svm_case(rng, "lam = 0", n, d, c, 0.0),
        _lifted(rng, "all samples but one lead by far", 100),
        _lifted(rng, "all samples but one are far behind", -100),
        Case(turned.title, transposed_in_memory(turned.inputs), turned.dout),
    ]


def ridge(x: np.ndarray, t: np.ndarray, lam: float) -> tuple[np.ndarray, np.ndarray]:
    """Least squares of the centred data with sqrt(lam) I below them, which squares no condition."""
    d, c = x.shape[1], t.shape[1]
    rows = np.vstack([x - x.mean(axis=0), np.sqrt(lam) * np.eye(d)])
    w = np.linalg.lstsq(rows, np.vstack([t - t.mean(axis=0), np.zeros((d, c))]), rcond=None)[0]
    w = w.astype(x.dtype)
    return w, t.mean(axis=0) - x.mean(axis=0) @ w


def _ridge_case(rng: np.random.Generator, title: str, n: int, d: int, lam: float) -> Case:
    """Means that are not 0, so that a bias that is missing or penalised shows."""
    c = 3
    labels = rng.permutation(np.resize(np.arange(c), n))
    return Case(title, (rng.standard_normal((n, d)) + 2, np.eye(c)[labels], lam))


def ridge_sample(rng: np.random.Generator) -> Case:
    n, d = int(rng.integers(9, 13)), int(rng.integers(4, 7))
    title = f"random numbers (N = {n}, D = {d}, C = 3)"
    return _ridge_case(rng, title, n, d, float(rng.uniform(0.5, 3)))


def ridge_edges(rng: np.random.Generator) -> list[Case]:
    constant = _ridge_case(rng, "a feature that is the same everywhere", 9, 4, _lam(rng))
    constant.inputs[0][:, 1] = 5.0
    turned = _ridge_case(rng, "transposed arrays", 10, 4, _lam(rng))
    return [
        _ridge_case(rng, "fewer samples than features", 4, 7, _lam(rng)),
        _ridge_case(rng, "N = 2", 2, 4, _lam(rng)),
        _ridge_case(rng, "lam = 0", 12, 4, 0.0),
        _ridge_case(rng, "lam = 1e4", 10, 4, 1e4),
        constant,
        Case(turned.title, transposed_in_memory(turned.inputs)),
    ]


def logistic(w: Any, b: Any, x: Any, targets: Any) -> tuple[Any, Any]:
    loss, cache = F.binary_cross_entropy_with_logits(x @ w + b, targets)
    return loss, (x, cache)


def logistic_backward(dout: Any, cache: Any) -> tuple[Any, Any]:
    x, cache = cache
    dscores = F.binary_cross_entropy_with_logits_backward(dout, cache)
    return x.T @ dscores, dscores.sum()


def logistic_cache(w: Any, b: Any, x: Any, targets: Any) -> tuple[Any, ...]:
    return x, targets, F.sigmoid(x @ w + b)[0]


def _logistic_case(rng: np.random.Generator, title: str, n: int, d: int) -> Case:
    targets = rng.permutation(np.resize([1.0, 0.0], n))
    # The bias is an array of shape (), so that it too can be float32.
    inputs = rng.standard_normal(d), np.array(rng.standard_normal()), rng.standard_normal((n, d))
    return Case(title, (*inputs, targets), float(rng.uniform(1.5, 3)))


def logistic_sample(rng: np.random.Generator) -> Case:
    n, d = distinct(rng, 2)
    return _logistic_case(rng, f"random numbers (N = {n}, D = {d})", n, d)


def logistic_edges(rng: np.random.Generator) -> list[Case]:
    n, d = distinct(rng, 2)
    w, b, x, _ = _logistic_case(rng, "", n, d).inputs
    turned = _logistic_case(rng, "transposed arrays", n, d)
    # Scores of both signs for both targets: each of the two logarithms meets its overflow.
    wide = 1e4 * np.resize([1.0, 1.0, -1.0, -1.0], (6, 1))
    return [
        _logistic_case(rng, "N = 1", 1, d),
        _logistic_case(rng, "one feature", n, 1),
        Case("scores of +-1e4", (np.ones(1), b, wide, np.resize([1.0, 0.0], 6)), 2.0),
        Case("all targets 0", (w, b, x, np.zeros(n)), 2.0),
        Case(turned.title, transposed_in_memory(turned.inputs), turned.dout),
    ]
