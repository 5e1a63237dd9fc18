"""The pairs: values known from elsewhere, gradients over random shapes, bad shapes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursepkg import functional as F
from coursepkg.gradcheck import check_gradients

sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)


def away_from_kink(rng, shape):
    x = rng.standard_normal(shape)
    return x + 0.01 * np.sign(x)


@given(n=sizes, d=sizes, m=sizes, seed=seeds)
def test_linear_gradients(n, d, m, seed):
    rng = np.random.default_rng(seed)
    inputs = (rng.standard_normal((n, d)), rng.standard_normal((d, m)), rng.standard_normal(m))
    report = check_gradients(F.linear, F.linear_backward, inputs, ("dx", "dw", "db"), rng)
    assert report.ok, report


@pytest.mark.parametrize(
    ("forward", "backward"),
    [
        (F.relu, F.relu_backward),
        (F.sigmoid, F.sigmoid_backward),
        (F.softmax, F.softmax_backward),
    ],
)
@given(shape=st.lists(sizes, min_size=1, max_size=3), seed=seeds)
@settings(max_examples=25)
def test_activation_gradients(forward, backward, shape, seed):
    rng = np.random.default_rng(seed)
    report = check_gradients(forward, backward, (away_from_kink(rng, shape),), ("dx",), rng)
    assert report.ok, report


@given(n=sizes, c=sizes, seed=seeds)
def test_cross_entropy_gradient(n, c, seed):
    rng = np.random.default_rng(seed)
    inputs = (3 * rng.standard_normal((n, c)), rng.integers(c, size=n))
    report = check_gradients(F.cross_entropy, F.cross_entropy_backward, inputs, ("dscores",), rng)
    assert report.ok, report


def test_worked_example_of_the_linear_layer():
    # deck row 90, with the numbers of exercise 6
    x, w = np.array([[1.0, 2], [0, 1], [2, 0]]), np.array([[1.0, -1], [2, 0]])
    out, cache = F.linear(x, w, np.array([10.0, 20]))
    np.testing.assert_array_equal(out, [[15, 19], [12, 20], [12, 18]])
    dx, dw, db = F.linear_backward(np.array([[1.0, 0], [0, 1], [1, 1]]), cache)
    np.testing.assert_array_equal(dw, [[3, 2], [2, 1]])
    np.testing.assert_array_equal(dx, [[1, 2], [-1, 0], [0, 2]])
    np.testing.assert_array_equal(db, [2, 2])


def test_linear_flattens_what_stands_behind_the_batch():
    rng = np.random.default_rng(0)
    x, w, b = rng.standard_normal((3, 2, 4)), rng.standard_normal((8, 5)), rng.standard_normal(5)
    out, cache = F.linear(x, w, b)
    np.testing.assert_array_equal(out, F.linear(x.reshape(3, 8), w, b)[0])
    assert F.linear_backward(np.ones((3, 5)), cache).dx.shape == x.shape


def test_softmax_jacobian():
    # p = (.7, .2, .1): diag(p) - p p^T, as the rows that softmax_backward yields
    p = np.array([0.7, 0.2, 0.1])
    _, cache = F.softmax(np.log(p))
    rows = [F.softmax_backward(unit, cache) for unit in np.eye(3)]
    expected = [[0.21, -0.14, -0.07], [-0.14, 0.16, -0.02], [-0.07, -0.02, 0.09]]
    np.testing.assert_allclose(rows, expected, atol=1e-15)
    # deck row 29: "try yourself" prints p (1 - p), the diagonal alone (E-B6)
    np.testing.assert_allclose(np.diag(rows), p * (1 - p))


def test_gradients_of_losses_at_the_scores():
    # deck row 37: s - t belongs to half the squared distance (E-B8); softmax(s) - t; deck row 34
    s, t = np.array([[0.5, -1.0, 2.0]]), np.array([[0.0, 0.0, 1.0]])
    _, half = F.half_squared_error(s, t)
    np.testing.assert_allclose(F.half_squared_error_backward(1.0, half), s - t)
    loss, cache = F.cross_entropy(s, [2])
    p, _ = F.softmax(s)
    assert loss == pytest.approx(-(t * np.log(p)).sum(), rel=1e-14)
    np.testing.assert_allclose(F.cross_entropy_backward(1.0, cache), p - t)


def test_logistic_regression():
    # deck row 31: mean of -y log h - (1 - y) log(1 - h), h = g(theta^T x); h >= 0.5 where z >= 0
    z, y = np.array([-2.0, -0.1, 0.0, 3.0]), np.array([0.0, 1.0, 1.0, 1.0])
    h, _ = F.sigmoid(z)
    loss, _ = F.binary_cross_entropy_with_logits(z, y)
    assert loss == pytest.approx(np.mean(-y * np.log(h) - (1 - y) * np.log(1 - h)), rel=1e-14)
    np.testing.assert_array_equal(h >= 0.5, z >= 0)


def test_activations_of_the_decks():
    # deck row 52: values at -1, 0, 2 and derivatives, at 0 where there is one or one is chosen
    x, e = np.array([-1.0, 0.0, 2.0]), np.exp(1)
    g = 1 / (1 + np.exp(-x))
    tanh = (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))
    table = {
        "sigmoid": ({}, g, g * (1 - g)),
        "tanh": ({}, tanh, 1 - tanh**2),
        "relu": ({}, [0, 0, 2], [0, 0, 1]),
        "leaky_relu": ({"negative_slope": 0.1}, [-0.1, 0, 2], [0.1, 0.1, 1]),
        "elu": ({"alpha": 0.5}, [0.5 * (1 / e - 1), 0, 2], [0.5 / e, 0.5, 1]),
    }
    for name, (options, values, slopes) in table.items():
        out, cache = getattr(F, name)(x, **options)
        np.testing.assert_allclose(out, values, rtol=1e-13, err_msg=name)
        dx = getattr(F, f"{name}_backward")(np.ones(3), cache)
        np.testing.assert_allclose(dx, slopes, rtol=1e-13, err_msg=name)
    np.testing.assert_array_equal(F.step(x), [0, 0, 1])
    w, b = np.array([[[1.0]], [[-2.0]]]), np.array([[0.5], [1.0]])
    np.testing.assert_array_equal(F.maxout(x[:, None], w, b)[0][:, 0], [3, 1, 2.5])


def test_a_sigmoid_reaches_one_by_rounding_only():
    # deck row 53: [0, 1] is printed, (0, 1) is true (E-B9)
    for dtype, x in ((np.float64, 38), (np.float32, 18)):
        inside, reached = F.sigmoid(np.array([x / 2, x], dtype))[0]
        assert inside < 1
        assert reached == 1


def test_cross_entropy_of_an_untrained_network_is_log_of_the_classes():
    loss, _ = F.cross_entropy(np.zeros((4, 10)), [1, 2, 3, 4])
    assert loss == pytest.approx(np.log(10), abs=1e-15)


@pytest.mark.parametrize("gap", [100, 746, 1e4])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_survives_rows_far_apart(gap, dtype):
    # deck row 38: log of an underflowed probability is inf from a gap of 746 on (E-U7)
    scores = np.array([[gap, 0], [0, 1]], dtype=dtype)
    loss, cache = F.cross_entropy(scores, np.array([1, 1]))
    grad = F.cross_entropy_backward(1.0, cache)
    assert loss == pytest.approx((gap + np.log1p(np.exp(-1))) / 2, rel=1e-6)
    np.testing.assert_allclose(grad.sum(axis=1), 0, atol=1e-6)


def test_softmax_keeps_rows_apart():
    # deck row 38: with the maximum of the whole batch the second row is 0 / 0 (E-U6)
    p, _ = F.softmax(np.array([[1e4, 0.0], [0.0, 0.0]]))
    np.testing.assert_array_equal(p, [[1, 0], [0.5, 0.5]])


def test_linear_softmax_with_four_inputs_and_three_classes():
    # deck row 25; deck row 26; deck row 27: one formula, three notations
    rng = np.random.default_rng(25)
    x, w, b = rng.standard_normal(4), rng.standard_normal((3, 4)), rng.standard_normal(3)
    g = [sum(w[k, i] * x[i] for i in range(4)) + b[k] for k in range(3)]
    by_hand = [np.exp(g_k) / sum(np.exp(g_j) for g_j in g) for g_k in g]
    f, _ = F.softmax(F.linear(x[None], w.T, b)[0])
    np.testing.assert_allclose(f[0], by_hand, rtol=1e-13)


def test_sigmoid_does_not_overflow():
    out, cache = F.sigmoid(np.array([-1e4, 0.0, 1e4]))
    grad = F.sigmoid_backward(np.ones(3), cache)
    np.testing.assert_array_equal(out, [0, 0.5, 1])
    np.testing.assert_array_equal(grad, [0, 0.25, 0])


def test_relu_sends_nothing_through_zero():
    # deck row 91: the listing lets the gradient pass at 0 (E-X3)
    _, cache = F.relu(np.array([-1.0, 0.0, -0.0, 2.0]))
    np.testing.assert_array_equal(F.relu_backward(np.full(4, 7.0), cache), [0, 0, 0, 7])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: F.linear(np.ones((2, 3)), np.ones((4, 5)), np.ones(5)), r"3 features.*D = 4"),
        (lambda: F.linear(np.ones((2, 3)), np.ones((3, 5)), np.ones(3)), r"b must have shape"),
        (lambda: F.linear(np.ones(3), np.ones((3, 5)), np.ones(5)), r"one row per sample"),
        (lambda: F.linear(np.ones((1, 3)), np.ones(3), np.ones(5)), r"w must have shape \(D, M\)"),
        (
            lambda: F.relu_backward(np.ones(3), F.relu(np.ones((3, 1)))[1]),
            r"shape of out, \(3, 1\)",
        ),
        (lambda: F.cross_entropy(np.ones((2, 3)), [0, 3]), r"labels must lie in 0 .. 2"),
        (lambda: F.cross_entropy(np.ones((2, 3)), [0]), r"labels must have shape"),
        (lambda: F.cross_entropy(np.ones((0, 3)), np.ones(0, int)), r"N >= 1"),
        (
            lambda: F.cross_entropy_backward(
                np.ones(2), F.cross_entropy(np.ones((2, 3)), [0, 1])[1]
            ),
            r"dout must be a scalar",
        ),
        (
            lambda: F.linear_backward(
                np.ones((3, 2)), F.linear(np.ones((2, 3)), np.ones((3, 2)), np.ones(2))[1]
            ),
            r"shape of out, \(2, 2\), got \(3, 2\)",
        ),
    ],
)
def test_bad_shapes_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_bad_types_are_named():
    for labels in ([0.0, 1.0], [True, False], ["cat", "dog"]):
        with pytest.raises(TypeError, match="labels must be integers"):
            F.cross_entropy(np.ones((2, 3)), labels)
    for nothing, kind in ((None, "NoneType"), ("0.5", "str"), ({}, "dict")):
        with pytest.raises(TypeError, match=f"x must be an array of real numbers: {kind}"):
            F.relu(nothing)
        with pytest.raises(TypeError, match=f"dout must be an array, got {kind}"):
            F.relu_backward(nothing, F.relu([1.0])[1])
    with pytest.raises(ValueError, match=r"x must be an array of real numbers: .*inhomogeneous"):
        F.relu([[1.0, 2.0], [3.0]])
