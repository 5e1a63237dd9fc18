"""The perceptron: its rule in both forms, its bound, gates, and what it cannot do."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursepkg.perceptron import (
    GATES,
    MulticlassPerceptron,
    Perceptron,
    gate,
    mistake_bound,
    radius_and_margin,
    sign_update,
    xor,
)

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


@pytest.mark.parametrize(
    ("name", "truth", "epochs"),
    [
        ("AND", [0, 0, 0, 1], 5),
        ("OR", [0, 1, 1, 1], 3),
        ("NAND", [1, 1, 1, 0], 5),
        ("AND NOT", [0, 0, 1, 0], 4),
    ],
)
def test_gates_by_hand_and_learned(name, truth, epochs):
    # deck row 5: epochs with mistakes, from w = 0
    assert [gate(name, a, b) for a, b in CORNERS] == truth
    model = Perceptron().fit(CORNERS, np.array(truth))
    assert model.converged_
    assert sum(m > 0 for m in model.mistakes_) == epochs
    assert model.score(CORNERS, truth) == 1


def test_and_by_hand():
    # exercise of chapter 1
    model = Perceptron().fit(CORNERS, [0, 0, 0, 1])
    np.testing.assert_array_equal(model.coef_, [2, 1])
    assert model.intercept_ == -2


def test_not_and_nor():
    assert [gate("NOT", a) for a in (0, 1)] == [1, 0]
    assert [gate("NOR", a, b) for a, b in CORNERS] == [1, 0, 0, 0]
    assert set(GATES) == {"AND", "OR", "NAND", "NOR", "AND NOT", "NOT"}


def test_xor_is_never_learned_and_the_rule_stops():
    # deck row 10
    model = Perceptron(epochs=50).fit(CORNERS, [0, 1, 1, 0])
    assert not model.converged_
    assert len(model.mistakes_) == 50
    assert min(model.mistakes_) > 0
    assert [xor(a, b) for a, b in CORNERS] == [0, 1, 1, 0]  # deck row 11: three neurons do it


def separable(truth):
    """Is there a plane between the true and the false corners? A linear program decides."""
    from scipy.optimize import linprog

    corners = np.array(list(product((0, 1), repeat=4)))
    signs = np.where([truth(*c) for c in corners], 1, -1)
    rows = -signs[:, None] * np.column_stack([corners, np.ones(16)])
    return linprog(np.zeros(5), A_ub=rows, b_ub=-np.ones(16), bounds=(None, None)).success


def as_printed(a, x, y, z):
    return bool(((a and not x and z) or (a and not y)) and ((x and y) or (not x and not z)))


def intended(a, x, y, z):
    return bool(((a and not x and z) or (a and not y)) and not (x and z))


def test_the_generic_boolean_function_needs_one_neuron_only():
    # deck row 12, E-S1: it collapses to A and not X and not Y and not Z
    corners = np.array(list(product((0, 1), repeat=4)))
    true = [tuple(int(v) for v in c) for c in corners if as_printed(*c)]
    assert true == [(1, 0, 0, 0)]
    assert separable(as_printed)
    model = Perceptron().fit(corners, [int(as_printed(*c)) for c in corners])
    assert model.converged_
    weights = np.array([1, -2, -2, -2])
    assert [bool(weights @ c > 0) for c in corners] == [as_printed(*c) for c in corners]


def test_the_one_that_was_meant_needs_more():
    corners = list(product((0, 1), repeat=4))
    true = [c for c in corners if (c[0] and not (c[1] and c[3])) and intended(*c)]
    assert true == [(1, 0, 0, 0), (1, 0, 0, 1), (1, 0, 1, 1), (1, 1, 0, 0)]
    assert not separable(intended)
    # the midpoint of two true corners is that of two false ones
    np.testing.assert_array_equal(
        np.add((1, 0, 1, 1), (1, 1, 0, 0)), np.add((1, 0, 1, 0), (1, 1, 0, 1))
    )
    assert not intended(1, 0, 1, 0)
    assert not intended(1, 1, 0, 1)


@given(
    seed=st.integers(0, 2**32 - 1), n=st.integers(2, 40), d=st.integers(1, 6),
    gap=st.floats(0.05, 1), low=st.sampled_from([0, -1]), lr=st.floats(0.01, 10),
)  # fmt: skip
@settings(max_examples=60)
def test_mistakes_stay_below_the_bound(seed, n, d, gap, low, lr):
    rng = np.random.default_rng(seed)
    truth = rng.standard_normal(d)
    truth /= np.linalg.norm(truth)
    x, y = rng.standard_normal((n, d)), rng.choice([-1, 1], size=n)
    x += np.outer(y * (gap + np.abs(x @ truth)) - x @ truth, truth)  # margin of gap at least
    radius, margin = radius_and_margin(x, y, truth)
    assert margin >= gap - 1e-12
    model = Perceptron(epochs=100_000, lr=lr, fit_intercept=False)
    model.fit(x, np.where(y > 0, 1, low))
    assert model.converged_
    assert model.n_mistakes_ <= mistake_bound(radius, margin) + 1e-6


def test_the_bound_on_four_points():
    # exercise of chapter 1: R^2 = 5, gamma = sqrt 2, bound 2.5; the rule makes one mistake
    x, y = np.array([[2, 1], [1, 2], [-1, -1], [-2, -1]]), np.array([1, 1, -1, -1])
    radius, margin = radius_and_margin(x, y, np.array([1.0, 1.0]))
    assert (radius**2, margin) == pytest.approx((5, 2**0.5))
    model = Perceptron(fit_intercept=False).fit(x, y)
    assert model.n_mistakes_ == 1
    np.testing.assert_array_equal(model.coef_, [2, 1])


def test_the_rule_for_plus_minus_one_stalls_on_zeros():
    # E-B5: a wrong negative labelled 0 adds 0 * x, for ever
    x, d = np.array([[1.0, 1], [2, 1], [-1, 1], [-2, 1]]), np.array([0, 0, 1, 1])
    w = np.array([1.0, 0])
    for _ in range(50):
        for row, label in zip(x[:2], d[:2], strict=True):
            w = sign_update(w, row, label)
    np.testing.assert_array_equal(w, [1, 0])
    assert Perceptron().fit(x, d).converged_


def test_a_score_of_zero():
    # E-B5b: np.sign(0) is neither class
    model = Perceptron(fit_intercept=False).fit([[1.0, 0], [-1, 0]], [1, -1])
    np.testing.assert_array_equal(model.predict([[0.0, 5]]), [1])
    model = Perceptron(fit_intercept=False).fit([[1.0, 0], [-1, 0]], [1, 0])
    np.testing.assert_array_equal(model.predict([[0.0, 5]]), [0])


def test_the_learning_rate_changes_the_scale_only():
    one, ten = (Perceptron(lr=lr).fit(CORNERS, [0, 0, 0, 1]) for lr in (1, 10))
    np.testing.assert_array_equal(10 * one.coef_, ten.coef_)
    assert one.mistakes_ == ten.mistakes_


def test_many_classes():
    rng = np.random.default_rng(0)
    centres = np.array([[4.0, 0], [0, 4], [-4, -4]])
    labels = rng.integers(3, size=90)
    x = centres[labels] + rng.uniform(-1, 1, (90, 2))
    names = np.array(["dog", "cat", "ship"])[labels]
    model = MulticlassPerceptron().fit(x, names)
    assert model.converged_
    assert model.score(x, names) == 1
    assert model.coef_.shape == (2, 3)
    assert model.n_mistakes_ == sum(model.mistakes_)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Perceptron().fit(np.ones(3), [1, 0, 1]), ValueError, r"\(N, D\) with N >= 1"),
        (lambda: Perceptron().fit(np.ones((3, 2)), [1, 0]), ValueError, r"\(N,\) = \(3,\)"),
        (lambda: Perceptron().fit(np.ones((2, 2)), [1, 2]), ValueError, r"0 and 1, or -1 and \+1"),
        (lambda: Perceptron().fit([[np.nan]], [1]), ValueError, "nan or infinity"),
        (lambda: Perceptron().predict([[1.0]]), RuntimeError, "call fit before"),
        (lambda: Perceptron(epochs=0), ValueError, "epochs >= 1"),
        (lambda: MulticlassPerceptron(lr=0), ValueError, "lr > 0"),
        (lambda: MulticlassPerceptron().predict([[1.0]]), RuntimeError, "MulticlassPerceptron"),
        (lambda: mistake_bound(1, 0), ValueError, "margin > 0"),
        (lambda: gate("XOR", 0, 1), ValueError, "must be one of"),
        (lambda: gate("AND", 0), ValueError, "takes 2 inputs"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
