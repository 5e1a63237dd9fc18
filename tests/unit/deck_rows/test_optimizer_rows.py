"""Numbers of the decks on optimizers: rows 96 to 102, and the errata beside them."""

import numpy as np
import pytest

from coursepkg import optim


def steps(rule, n, gradient=1.0, **options):
    """The first `n` steps of a rule on a constant gradient, in units of the learning rate."""
    w, state, seen = 0.0, None, []
    for _ in range(n):
        new, state = rule(w, gradient, state, lr=1.0, **options)
        seen.append(w - new)
        w = new
    return seen


def test_row_96_momentum_is_a_sum_and_goes_downhill():
    # deck row 96: "running mean" is a sum of gain 1 / (1 - rho) (E-B2)
    assert steps(optim.momentum, 500, momentum=0.9)[-1] == pytest.approx(10, rel=1e-9)
    assert steps(optim.momentum, 5000, momentum=0.99)[-1] == pytest.approx(100, rel=1e-9)


@pytest.mark.parametrize(("plus", "after"), [(True, 6.8e21), (False, 1.1e-3)])
def test_row_96_the_printed_sign_climbs(plus, after):
    # E-B1: the quadratic with curvatures 1 and 10, lr 0.05, 60 steps from (1, 1)
    curvature, w = np.array([1.0, 10.0]), np.ones(2)
    for _ in range(60):
        gradient = curvature * w
        w, _ = optim.sgd(w, -gradient if plus else gradient, None, lr=0.05)
    assert curvature @ w**2 / 2 == pytest.approx(after, rel=0.05)


@pytest.mark.parametrize(("decay", "first"), [(0.9, 3.162), (0.99, 10.0)])
def test_row_99_the_first_step_of_rmsprop_is_long(decay, first):
    # deck row 99: 1 / sqrt(1 - decay) (E-B3)
    assert steps(optim.rmsprop, 1, decay=decay)[0] == pytest.approx(first, abs=1e-3)


def test_row_100_almost_adam_starts_too_fast():
    # deck row 100: first step 3.162 lr, the longest 6.57 lr at t = 12
    seen = steps(optim.adam, 100, bias_correction=False)
    assert seen[0] == pytest.approx(3.162, abs=5e-4)
    assert np.argmax(seen) + 1 == 12
    assert max(seen) == pytest.approx(6.57, abs=5e-3)


def test_row_101_adam_starts_with_one_learning_rate():
    # deck row 101: bias correction makes the first step 1.000 lr, whatever the gradient
    assert steps(optim.adam, 1)[0] == pytest.approx(1, abs=1e-6)
    assert steps(optim.adam, 1, gradient=1e-3)[0] == pytest.approx(1, abs=1e-4)
