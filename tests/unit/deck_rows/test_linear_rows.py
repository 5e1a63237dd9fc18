"""Numbers of the decks on linear models, losses and descent: rows 19 to 49, errata beside them."""

import math

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.datasets import load_digits
from coursepkg.derivatives import numerical_gradient, relative_error
from coursepkg.linear_models import OneHotRidge
from coursepkg.network import mlp


def test_row_19_four_pixels_three_classes():
    # deck row 19: cat, dog, ship with the bias; one slide prints 61.95 for the ship, without it
    w = np.array([[0.2, -0.5, 0.1, 2.0], [1.5, 1.3, 2.1, 0.0], [0, 0.25, 0.2, -0.3]])
    x, b = np.array([[56.0, 231, 24, 2]]), np.array([1.1, 3.2, -1.2])
    np.testing.assert_allclose(F.linear(x, w.T, b)[0], [[-96.8, 437.9, 60.75]])
    np.testing.assert_allclose(F.linear(x, w.T, 0 * b)[0], [[-97.9, 434.7, 61.95]])


def test_row_24_less_penalty_means_less_training_error():
    # deck row 24: always for training; for the test there is a best penalty in between
    digits = load_digits()
    rng = np.random.default_rng(0)
    x, test = (F.flatten(part)[0] for part in (digits.x_train[:80], digits.x_test))
    x, targets = x + 0.1 * rng.standard_normal(x.shape), np.eye(10)
    train_error: list[float] = []
    test_error: list[float] = []
    for lam in (0, 0.01, 1, 10, 1000):
        model = OneHotRidge(lam).fit(x, digits.y_train[:80])
        for errors, data, labels in (
            (train_error, x, digits.y_train[:80]),
            (test_error, test, digits.y_test),
        ):
            errors.append(F.mse_loss(model.decision_function(data), targets[labels])[0])
    assert train_error == sorted(train_error)
    assert 0 < int(np.argmin(test_error)) < 4


def test_row_28_squared_error_punishes_being_too_right():
    # deck row 28: score 5 at target 1 costs 16
    assert F.mse_loss([5.0], [1.0])[0] == 16
    assert F.cross_entropy([[5.0, 0.0]], [0])[0] < 0.01


def test_row_30_one_update_for_three_models():
    # deck row 30: W - lr x (h - t)^T; the deck prints (h - t) x^T, the transpose (E-B7)
    rng = np.random.default_rng(0)
    x, w, label = rng.standard_normal((1, 4)), rng.standard_normal((4, 3)), 2
    target = np.eye(3)[[label]]
    scores, cache = F.linear(x, w, np.zeros(3))
    squared = F.half_squared_error_backward(1.0, F.half_squared_error(scores, target)[1])
    softmax = F.cross_entropy_backward(1.0, F.cross_entropy(scores, [label])[1])
    for dscores, h in ((squared, scores), (softmax, F.softmax(scores)[0])):
        dw = F.linear_backward(dscores, cache).dw
        np.testing.assert_allclose(dw, x.T @ (h - target), rtol=1e-12)
        assert dw.shape == w.shape != ((h - target).T @ x).shape


def test_row_33_the_hinge():
    # deck row 33; the slide's regulariser has no factor (E-C1), so its gradient is 2 W, not 2 lam W
    assert F.multiclass_hinge_loss([[3.2, 5.1, -1.7]], [0])[0] == pytest.approx(2.9)
    w, lam = np.array([1.0, -2.0]), 0.1
    gradient = F.l2_penalty_backward(1.0, F.l2_penalty(w, lam)[1])
    np.testing.assert_allclose(
        gradient, numerical_gradient(lambda w: lam / 2 * w @ w, w), atol=1e-9
    )
    assert relative_error(gradient, 2 * w) > 0.5


def test_row_36_the_table_of_losses_has_two_wrong_signs():
    # deck row 36, E-A1: at target 0.3 and prediction 0.8
    target, y = 0.3, 0.8

    def loss(y):
        return -(target * np.log(y) + (1 - target) * np.log(1 - y))

    right = numerical_gradient(loss, np.array(y))
    assert float(right) == pytest.approx(3.125, abs=1e-6)
    assert (y - target) / (y * (1 - y)) == pytest.approx(3.125)
    assert target / y + (1 - target) / (1 - y) == pytest.approx(3.875)  # as printed
    score = math.log(y / (1 - y))
    dscore = F.binary_cross_entropy_with_logits_backward(
        1.0, F.binary_cross_entropy_with_logits([score], [target])[1]
    )
    assert float(dscore[0]) == pytest.approx(y - target)


@pytest.mark.parametrize("n", [1, 4, 32, 256])
def test_row_38_the_listing_forgets_the_mean(n):
    # deck row 38, E-U5: forward takes the mean, backward does not divide by N
    rng = np.random.default_rng(n)
    scores, labels = rng.standard_normal((n, 3)), rng.integers(3, size=n)
    right = F.cross_entropy_backward(1.0, F.cross_entropy(scores, labels)[1])
    printed = F.softmax(scores)[0] - np.eye(3)[labels]
    np.testing.assert_allclose(printed, n * right, rtol=1e-12, atol=1e-15)


def test_row_38_the_listing_underflows():
    # E-U6: with one maximum for the whole batch a row 110 below it is 0 / 0 in float32
    scores = np.array([[110.0, 0], [0, 1]], np.float32)
    with np.errstate(all="ignore"):
        exps = np.exp(scores - scores.max())
        printed = -np.log(exps / exps.sum(axis=1, keepdims=True))[[0, 1], [0, 1]].mean()
    assert not np.isfinite(printed)
    assert F.cross_entropy(scores, [0, 1])[0] == pytest.approx(np.log1p(np.exp(-1)) / 2)


def test_row_44_forward_and_central_differences():
    # deck row 44: f = e^sin x at 1.3, h = 1e-5
    def f(x):
        return np.exp(np.sin(x))

    x, h = 1.3, 1e-5
    true = math.cos(x) * f(x)
    forward = abs((f(x + h) - f(x)) / h - true) / abs(true)
    central = abs(float(numerical_gradient(f, np.array(x), h=h)) - true) / abs(true)
    assert forward == pytest.approx(1.7e-5, rel=0.1)
    assert central < 1e-10


def test_row_46_gauss_newton_does_not_look_promising():
    # deck row 46: 3072-100-10 has 308,200 weights; J^T J takes 760 GB in float64
    weights = sum(p.data.size for p in mlp((3072, 100, 10)).parameters() if p.data.ndim == 2)
    assert weights == 308_200
    assert weights**2 * 8 / 1e9 == pytest.approx(760, abs=0.5)


@pytest.mark.parametrize(("condition", "steps"), [(1, 1), (10, 35), (100, 346), (1000, 3454)])
def test_row_47_the_condition_number_sets_the_pace(condition, steps):
    # deck row 47: steps until the loss is a millionth, with the best rate, 2 / (1 + kappa)
    curvature, w, count = np.array([1.0, condition]), np.array([condition, 1.0]), 0
    start = loss = curvature @ w**2
    while loss > 1e-6 * start:
        w = w - 2 / (1 + condition) * curvature * w
        loss, count = curvature @ w**2, count + 1
    assert count == steps


def test_row_49_noise_falls_with_the_root_of_the_batch():
    # deck row 49: four times the batch halves the spread of the gradient
    rng = np.random.default_rng(0)
    gradients = rng.standard_normal(4096)
    spread = [gradients.reshape(-1, size).mean(axis=1).std() for size in (1, 4, 16)]
    assert spread[0] / spread[1] == pytest.approx(2, rel=0.1)
    assert spread[1] / spread[2] == pytest.approx(2, rel=0.15)
