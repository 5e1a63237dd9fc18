"""Known mistakes are named, right answers and unknown mistakes never are."""

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.functional.conv_taps import conv2d_taps_backward
from coursepkg.mistakes import MISTAKES, Mistake
from coursepkg.mistakes.diagnosis import Diagnosis, diagnose
from coursepkg.mistakes.right import right_function
from tests.unit.mistakes.data import Arguments, ordinary, shown

SEEDS = range(10, 15)
SAME = [{"ACT1", "ACT3"}]
"""Written differently, and the same function: no data can tell them apart."""
NAMELESS = {
    "GEN2": "returns what is right",
    "OP10": "returns what is right",
    "DO2": "draws another mask whenever it is called",
    "GR11": "returns what is right, or raises",
}


def called(function: Callable[..., Any], calls: list[Arguments]) -> list[Any]:
    """The results of all calls; batches as a list, since they are compared more than once."""
    results = [function(*copy.deepcopy(arguments)) for arguments in calls]
    return [list(result) if hasattr(result, "send") else result for result in results]


def find(operation: str, calls: list[Arguments], wrong: Callable[..., Any]) -> Diagnosis:
    right = called(right_function(operation), calls)
    with np.errstate(all="ignore"):
        return diagnose(operation, calls, called(wrong, calls), right)


def names(found: Diagnosis) -> set[str]:
    return {mistake.id for mistake in found.mistakes}


def expected(mistake: Mistake) -> set[str]:
    return next((pair for pair in SAME if mistake.id in pair), {mistake.id})


@pytest.mark.parametrize("name", MISTAKES)
def test_a_known_mistake_is_named_and_no_other(name: str) -> None:
    mistake = MISTAKES[name]
    for seed in SEEDS:
        calls = shown(mistake, np.random.default_rng(seed))
        found = find(mistake.operation, calls, mistake.code)
        assert names(found) == (set() if name in NAMELESS else expected(mistake)), found
        if name not in NAMELESS:
            assert found.pattern is None


def test_nearly_all_are_named() -> None:
    tried = named = alone = others = 0
    pairs: Counter[tuple[str, ...]] = Counter()
    for mistake in MISTAKES.values():
        for seed in SEEDS:
            calls = shown(mistake, np.random.default_rng(seed))
            found = names(find(mistake.operation, calls, mistake.code))
            tried += 1
            named += mistake.id in found
            alone += found == {mistake.id}
            others += bool(found - expected(mistake))
            pairs[tuple(sorted(found))] += len(found) > 1
    together = sorted(pair for pair, count in pairs.items() if count)
    print(f"{len(MISTAKES)} mistakes, {tried} trials: {named} named, {alone} alone, "
          f"{others} wrongly; not told apart: {together}")  # fmt: skip
    assert named >= 0.95 * tried
    assert others == 0
    assert together == [tuple(sorted(pair)) for pair in SAME]


OPERATIONS = sorted({mistake.operation for mistake in MISTAKES.values()})


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_right_has_no_name(operation: str, seed: int) -> None:
    calls = ordinary(operation, np.random.default_rng(seed))
    found = find(operation, calls, right_function(operation))
    assert found == Diagnosis((), None)
    assert str(found) == "nothing is wrong"


def sigmoid_by_exponentials(x):
    return np.where(x > 0, 1 / (1 + np.exp(-abs(x))), np.exp(-abs(x)) / (1 + np.exp(-abs(x))))


def softmax_by_jacobian(dout, cache):
    jacobians = [np.diag(p) - np.outer(p, p) for p in cache.out]
    return np.array([j @ d for j, d in zip(jacobians, dout, strict=True)])


def batch_norm_backward_of_sums(dout, cache):
    xhat, n = cache.xhat, len(dout)
    dgamma, dbeta = np.einsum("nc,nc->c", dout, xhat), np.einsum("nc->c", dout)
    return cache.gamma * cache.inv_std / n * (n * dout - dbeta - xhat * dgamma), dgamma, dbeta


def linear_backward_by_rows(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dw = sum(np.outer(x, d) for x, d in zip(rows, dout, strict=True))
    return np.einsum("nm,dm->nd", dout, cache.w).reshape(cache.x.shape), dw, sum(dout)


def cross_entropy_backward_in_place(dout, cache):
    d = cache.probabilities.copy()
    d[np.arange(len(d)), cache.labels] -= 1
    return d * (dout / len(d))


def batch_norm_written_out(x, gamma, beta):
    mean = x.sum(axis=0) / len(x)
    var = ((x - mean) ** 2).sum(axis=0) / len(x)
    return gamma * ((x - mean) / np.sqrt(var + 1e-5)) + beta


def kink_at_zero(dout, cache):
    return np.where(cache.x >= 0, dout, 0.0)


ALTERNATIVES: list[tuple[str, Callable[..., Any]]] = [
    ("linear_backward", linear_backward_by_rows),
    ("relu_backward", lambda dout, cache: np.where(cache.x > 0, dout, 0.0)),
    ("relu_backward", kink_at_zero),
    ("relu", lambda x: (x + abs(x)) / 2),
    ("sigmoid", sigmoid_by_exponentials),
    ("tanh_backward", lambda dout, cache: dout / np.cosh(np.arctanh(cache.out)) ** 2),
    ("softmax_backward", softmax_by_jacobian),
    ("cross_entropy_backward", cross_entropy_backward_in_place),
    ("cross_entropy", lambda s, y: -F.log_softmax(s)[0][np.arange(len(y)), y].mean()),
    ("batch_norm_backward", batch_norm_backward_of_sums),
    ("batch_norm", batch_norm_written_out),
    ("conv2d_backward", conv2d_taps_backward),
    (
        "mse_loss_backward",
        lambda dout, cache: (cache.error + cache.error) / cache.error.size * dout,
    ),
    ("nesterov", lambda w, dw, s, lr: right_function("nesterov")(w, dw, s, lr)),
    ("ridge_fit", lambda x, t, lam: np.linalg.inv(x.T @ x + lam * np.eye(x.shape[1])) @ x.T @ t),
    ("numerical_gradient", lambda *a: right_function("numerical_gradient")(*a, h=2e-5)),
]


@pytest.mark.parametrize(("operation", "function"), ALTERNATIVES)
def test_another_way_to_be_right_has_no_name(operation: str, function: Callable[..., Any]) -> None:
    for seed in SEEDS:
        calls = ordinary(operation, np.random.default_rng(seed))
        assert not names(find(operation, calls, function))


def grads(operation: str, **changes: Callable[[Any], Any]) -> tuple[str, Callable[..., Any]]:
    """The right backward pass, with some of its tensors changed."""

    def wrong(dout, cache):
        right = getattr(F, operation)(dout, cache)
        return right._replace(
            **{name: change(getattr(right, name)) for name, change in changes.items()}
        )

    return operation, wrong


def values(operation: str, change: Callable[[Any], Any]) -> tuple[str, Callable[..., Any]]:
    return operation, lambda *arguments: change(right_function(operation)(*arguments))


UNKNOWN: dict[str, tuple[str, Callable[..., Any], str]] = {
    "dw tripled": (*grads("linear_backward", dw=lambda g: 3 * g), "3 x right"),
    "dx with its sign lost": (*grads("linear_backward", dx=abs), "the wrong sign in"),
    "dw with its first row lost": (
        *grads("linear_backward", dw=lambda g: g * (np.arange(len(g)) > 0)[:, None]),
        "all at index 0 of axis 0",
    ),
    "db reversed": (*grads("linear_backward", db=lambda g: g[::-1]), "reversed along axis 0"),
    "db one entry off": (
        *grads("linear_backward", db=lambda g: g + np.eye(len(g))[1]),
        r"db[1] is",
    ),
    "dx of 7": (*grads("linear_backward", dx=lambda g: np.full_like(g, 7.0)), "entries differ"),
    "dx is nan": (*grads("linear_backward", dx=lambda g: g * np.nan), "nan or infinite"),
    "dx is None": (*grads("linear_backward", dx=lambda g: None), "no array of numbers"),
    "all of it a hundredth": (
        "linear_backward",
        lambda dout, c: tuple(g / 100 for g in F.linear_backward(dout, c)),
        "0.01 x right",
    ),
    "two gradients": (
        "linear_backward",
        lambda dout, c: F.linear_backward(dout, c)[:2],
        "got 2 values, expected 3: dx, dw, db",
    ),
    "relu times minus one": (*values("relu_backward", lambda g: -g), "-1 x right"),
    "relu shifted": (*values("relu_backward", lambda g: np.roll(g, 1, 1)), "dx: "),
    "relu as rows": (*values("relu_backward", lambda g: g.ravel()), "only the shape is not"),
    "cross-entropy over N squared": (
        "cross_entropy_backward",
        lambda dout, c: F.cross_entropy_backward(dout, c) / len(c.labels) / 2,
        "is 1/(2*N)",
    ),
    "cross-entropy minus half at the label": (
        "cross_entropy_backward",
        lambda dout, c: (
            dout
            * (c.probabilities - 0.5 * np.eye(c.probabilities.shape[1])[c.labels])
            / len(c.labels)
        ),
        "entries differ",
    ),
    "cross-entropy transposed": (*values("cross_entropy_backward", np.transpose), "transpose"),
    "loss with a constant": (*values("cross_entropy", lambda r: (r[0] + 1, r[1])), "loss: "),
    "mse as a fourth power": (
        "mse_loss_backward",
        lambda dout, c: dout * 4 * c.error**3 / c.error.size,
        "entries differ",
    ),
    "sigmoid with a square": (
        "sigmoid_backward",
        lambda dout, c: dout * c.out * (1 - c.out) ** 2,
        "entries differ",
    ),
    "tanh with a cube": (
        "tanh_backward",
        lambda dout, c: dout * (1 - c.out**3),
        "entries differ",
    ),
    "batch norm of half the batch": (
        *grads("batch_norm_backward", dx=lambda g: g * (np.arange(len(g)) < 2)[:, None]),
        "and right in the others",
    ),
    "dgamma with its sign lost": (*grads("batch_norm_backward", dgamma=abs), "wrong sign"),
    "convolution shifted": (
        *grads("conv2d_backward", dx=lambda g: np.roll(g, 2, axis=3)),
        "shifted by (0, 2)",
    ),
    "convolution reversed": (
        *grads("conv2d_backward", dw=lambda g: g[:, :, ::-1]),
        "reversed along axis 2",
    ),
    "filters summed": (*grads("conv2d_backward", dw=lambda g: g.sum(axis=1)), "summed over axis 1"),
    "db not summed at all": (
        "conv2d_backward",
        lambda dout, c: F.conv2d_backward(dout, c)._replace(db=dout),
        "summed over all axes but 1",
    ),
    "db over the wrong axes": (
        "conv2d_backward",
        lambda dout, c: F.conv2d_backward(dout, c)._replace(db=dout.sum(axis=(1, 2, 3))),
        "got is dout summed over axes 1, 2 and 3",
    ),
    "pooling of every second image": (
        *values("max_pool2d_backward", lambda g: g * np.arange(len(g))[:, None, None, None]),
        "all at index 0 of axis 0",
    ),
    "adam with a longer step": (
        "adam",
        lambda w, dw, s, lr: right_function("adam")(w, dw, s, 2 * lr),
        "w: ",
    ),
    "sgd with half a step": (
        "sgd",
        lambda w, dw, s, lr: (w - 0.5 * lr * dw, s),
        "w: ",
    ),
    "dropout backward of the whole": (
        "dropout_backward",
        lambda dout, c: dout * c.mask**2,
        "dx: got = 1.429 x right everywhere, and 1.429 is 1/(1 - p)",
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_mistake_has_no_name_but_a_pattern(name: str) -> None:
    operation, wrong, text = UNKNOWN[name]
    for seed in SEEDS:
        found = find(operation, ordinary(operation, np.random.default_rng(seed)), wrong)
        assert not found.mistakes, found
        assert found.pattern is not None
        assert text in found.pattern
        assert str(found) == f"unknown: {found.pattern}"


def test_there_are_enough_unknown_ones() -> None:
    assert len(UNKNOWN) >= 20


def test_two_mistakes_at_once_are_both_named() -> None:
    """One in dw and one in db, and dx is off in a way that nobody knows."""

    def wrong(dout, cache):
        right = F.linear_backward(dout, cache)
        return right.dx * 5.5, right.dw / len(dout), dout.mean(axis=0)

    found = find("linear_backward", ordinary("linear_backward", np.random.default_rng(0)), wrong)
    assert names(found) == {"LIN8", "LIN3"}
    assert found.pattern == "dx: got = 5.5 x right everywhere"


def test_it_is_told_in_the_order_symptom_question_section() -> None:
    mistake = MISTAKES["ACT1"]
    calls = ordinary("relu_backward", np.random.default_rng(0))
    lines = str(find("relu_backward", calls, mistake.code)).splitlines()
    assert lines[0] == f"dx: {mistake.symptom}"
    assert lines[1] == f"{mistake.question} (See section 6.5, one number at a time.)"
    assert lines[2].startswith("or: The ReLU is applied to the gradient")


def test_a_case_on_which_all_is_right_says_nothing_against_a_mistake() -> None:
    """LIN10 hides where x has two axes; the third case gives it away."""
    calls = ordinary("linear_backward", np.random.default_rng(0))
    assert names(find("linear_backward", calls, MISTAKES["LIN10"].code)) == {"LIN10"}
    assert find("linear_backward", calls[:2], MISTAKES["LIN10"].code) == Diagnosis((), None)


def test_one_case_that_contradicts_is_enough() -> None:
    calls = ordinary("relu_backward", np.random.default_rng(0)) * 2
    calls[1] = ordinary("relu_backward", np.random.default_rng(1))[0]
    right = called(F.relu_backward, calls)
    got = [calls[0][0] * (calls[0][0] > 0), 3 * right[1]]
    assert not diagnose("relu_backward", calls, got, right).mistakes


def test_arguments_stay_as_they_are() -> None:
    calls = ordinary("relu_backward", np.random.default_rng(0))
    before = calls[0][0].copy()
    find("relu_backward", calls, lambda dout, cache: 2 * dout)
    assert np.array_equal(calls[0][0], before)


def test_shorter_floats_are_compared_more_coarsely() -> None:
    """A student's float32 rounds; a wrong kind of number is wrong all the same."""
    calls = ordinary("linear_backward", np.random.default_rng(0))
    right = called(F.linear_backward, calls)
    short = [tuple(g.astype(np.float32) for g in each) for each in right]
    assert diagnose("linear_backward", calls, short, right) == Diagnosis((), None)
    whole = [each._replace(db=each.db.astype(int)) for each in right]
    assert diagnose("linear_backward", calls, whole, right).pattern


def test_whole_numbers_are_no_gradient_even_if_they_are_equal() -> None:
    dout = np.array([[1.0, -2.0, 3.0]])
    calls = [(dout, F.relu(np.ones((1, 3)))[1])]
    right = called(F.relu_backward, calls)
    assert diagnose("relu_backward", calls, [right[0].astype(int)], right).pattern


def test_what_rounding_leaves_of_a_zero_is_not_wrong() -> None:
    """Batch norm sends nothing back of a gradient that is the same for all samples."""
    x, gamma, beta = ordinary("batch_norm", np.random.default_rng(0))[0]
    calls = [(np.full_like(x, 5.0), F.batch_norm(x, gamma, beta)[1])]
    right = called(F.batch_norm_backward, calls)
    assert abs(right[0].dx).max() > 0
    got = [right[0]._replace(dx=0 * x)]
    assert diagnose("batch_norm_backward", calls, got, right) == Diagnosis((), None)


def test_a_factor_is_called_what_it_is_in_all_cases() -> None:
    """An eighth is half of 1 / N in a batch of four; in one of seven it is not."""
    calls = [
        (np.ones((n, 3)), F.linear(np.ones((n, 5)), np.ones((5, 3)), np.zeros(3))[1])
        for n in (4, 7)
    ]
    right = called(F.linear_backward, calls)
    got = [each._replace(dx=each.dx / 16) for each in right]
    found = diagnose("linear_backward", calls[:1], got[:1], right[:1])
    assert found.pattern == "dx: got = 0.0625 x right everywhere"
    got = [each._replace(dx=each.dx / 8) for each in right]
    found = diagnose("linear_backward", calls[:1], got[:1], right[:1])
    assert found.pattern == "dx: got = 0.125 x right everywhere, and 0.125 is 1/(2*N)"
    assert diagnose("linear_backward", calls, got, right).pattern == (
        "dx: got = 0.125 x right everywhere"
    )
