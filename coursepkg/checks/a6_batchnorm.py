"""Assignment 6, batch normalisation: training, backward, running statistics, evaluation."""

import numpy as np

from coursepkg import functional as F
from coursepkg.checks import worked
from coursepkg.checks.data import distinct, transposed_in_memory
from coursepkg.checks.question import Case, Pair, Question, Single

EPS = 1e-5
SECTION = "section 7.6, batch normalisation"


def running_statistics(
    x: np.ndarray, mean: np.ndarray, var: np.ndarray, momentum: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the running mean and variance after the batch x, as `layers.BatchNorm` keeps them."""
    n = len(x)
    unbiased = x.var(axis=0) * (n / (n - 1))
    kept = 1 - momentum
    return kept * mean + momentum * x.mean(axis=0), kept * var + momentum * unbiased


def batchnorm_eval(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    mean: np.ndarray,
    var: np.ndarray,
    eps: float,
) -> np.ndarray:
    """Return the output of batch norm with statistics that are given."""
    return np.asarray(F.batch_norm_inference(x, gamma, beta, mean, var, eps)[0])


def _features(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """Samples whose features differ in mean and spread."""
    return rng.uniform(-3, 3, d) + rng.uniform(0.5, 2, d) * rng.standard_normal((n, d))


def _scale_and_shift(rng: np.random.Generator, d: int) -> tuple[np.ndarray, np.ndarray]:
    return rng.uniform(0.5, 2, d) * rng.choice([-1, 1], d), rng.standard_normal(d)


def _norm_case(
    rng: np.random.Generator, title: str, n: int, d: int, eps: float = EPS, mean: float = 0.0
) -> Case:
    inputs = (mean + _features(rng, n, d), *_scale_and_shift(rng, d), eps)
    return Case(title, inputs, rng.standard_normal((n, d)))


def _norm_sample(rng: np.random.Generator) -> Case:
    n, d = distinct(rng, 2)
    return _norm_case(rng, f"random numbers (N = {n}, D = {d})", n, d)


def _norm_edges(rng: np.random.Generator) -> list[Case]:
    n, d = distinct(rng, 2, 4)
    constant = _norm_case(rng, "a feature that is 3 in every sample", n, d)
    constant.inputs[0][:, 1] = 3.0
    turned = _norm_case(rng, "transposed arrays", n, d)
    return [
        _norm_case(rng, "N = 2, eps = 0.1", 2, d, 0.1),
        _norm_case(rng, "one feature", n, 1),
        _norm_case(rng, "features around a million", n, d, mean=1e6),
        constant,
        Case(turned.title, transposed_in_memory(turned.inputs), turned.dout),
    ]


def _running_case(rng: np.random.Generator, title: str, n: int, d: int, momentum: float) -> Case:
    x = _features(rng, n, d)
    return Case(title, (x, rng.standard_normal(d), rng.uniform(0.5, 2, d), momentum))


def _running_sample(rng: np.random.Generator) -> Case:
    n, d = distinct(rng, 2)
    momentum = float(rng.uniform(0.05, 0.3))
    return _running_case(rng, f"random numbers (N = {n}, D = {d})", n, d, momentum)


def _running_edges(rng: np.random.Generator) -> list[Case]:
    n, d = distinct(rng, 2)
    return [
        _running_case(rng, "N = 2", 2, d, 0.1),
        _running_case(rng, "momentum = 0.9", n, d, 0.9),
        _running_case(rng, "momentum = 1", n, d, 1.0),
    ]


def _eval_case(rng: np.random.Generator, title: str, n: int, d: int, eps: float = EPS) -> Case:
    mean, var = rng.standard_normal(d), rng.uniform(0.2, 3, d)
    return Case(title, (_features(rng, n, d), *_scale_and_shift(rng, d), mean, var, eps))


def _eval_sample(rng: np.random.Generator) -> Case:
    n, d = distinct(rng, 2)
    return _eval_case(rng, f"random numbers (N = {n}, D = {d})", n, d)


def _eval_edges(rng: np.random.Generator) -> list[Case]:
    n, d = distinct(rng, 2)
    return [
        _eval_case(rng, "one sample by itself", 1, d),
        _eval_case(rng, "eps = 0.1", n, d, 0.1),
        _eval_case(rng, "one feature", n, 1),
    ]


X = np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 2.0], [4.0, 2.0]])
GAMMA, BETA = np.array([1.0, 2.0]), np.array([0.0, 1.0])
BATCHNORM = Pair(
    forward="batchnorm",
    backward="batchnorm_backward",
    output="out",
    grads=("dx", "dgamma", "dbeta"),
    reference=F.batch_norm,
    reference_backward=F.batch_norm_backward,
    suggested_cache=lambda x, gamma, beta, eps: tuple(F.batch_norm(x, gamma, beta, eps)[1][:3]),
    example=Case(
        "the worked example (N = 4, D = 2)",
        (X, GAMMA, BETA, EPS),
        np.array([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]),
    ),
    sample=_norm_sample,
    edges=_norm_edges,
)
RUNNING = Single(
    function="running_statistics",
    outputs=("new_mean", "new_var"),
    reference=running_statistics,
    example=Case("the worked example (N = 4, D = 2)", (X, np.zeros(2), np.ones(2), 0.1)),
    sample=_running_sample,
    edges=_running_edges,
)
EVAL = Single(
    function="batchnorm_eval",
    outputs=("out",),
    reference=batchnorm_eval,
    example=Case(
        "the worked example (N = 1, D = 2)",
        (np.array([[3.0, 1.0]]), GAMMA, BETA, np.ones(2), np.array([4.0, 0.25]), EPS),
    ),
    sample=_eval_sample,
    edges=_eval_edges,
)
QUESTIONS = (
    Question(
        "A6.batchnorm",
        BATCHNORM,
        SECTION,
        {"out": "mean and variance of each column, over the N rows; the variance divides by N"},
        operation="batch_norm",
        sums={"out": worked.batch_norm},
    ),
    Question(
        "A6.batchnorm_backward",
        BATCHNORM,
        SECTION,
        {
            "dx": "x[n, d] moved the mean and the variance of its column as well: three paths; "
            "in each column the entries of dx add up to 0",
            "dgamma": "gamma[d] multiplied the normalised x, in every sample",
            "dbeta": "every sample added the same beta",
        },
        backward=True,
        operation="batch_norm_backward",
        sums={
            "dx": worked.batch_norm_dx,
            "dgamma": worked.batch_norm_dgamma,
            "dbeta": "dbeta[d] = dout[n, d]",
        },
    ),
    Question(
        "A6.running_statistics",
        RUNNING,
        SECTION,
        {
            "new_mean": "momentum is the share of the new batch",
            "new_var": "momentum is the share of the new batch, whose variance divides by N - 1",
        },
    ),
    Question(
        "A6.batchnorm_eval",
        EVAL,
        SECTION,
        {"out": "the given mean and variance, whatever the batch looks like"},
        operation="batch_norm_inference",
    ),
)
