"""The pairs: values, gradients against differences and PyTorch, contract, bad input."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursepkg import functional as F
from coursepkg.gradcheck import check_gradients, relative_error

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


def test_cross_entropy_of_an_untrained_network_is_log_of_the_classes():
    loss, _ = F.cross_entropy(np.zeros((4, 10)), [1, 2, 3, 4])
    assert loss == pytest.approx(np.log(10), abs=1e-15)


@pytest.mark.parametrize("gap", [100, 746, 1e4])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_survives_rows_far_apart(gap, dtype):
    scores = np.array([[gap, 0], [0, 1]], dtype=dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loss, cache = F.cross_entropy(scores, np.array([1, 1]))
        grad = F.cross_entropy_backward(1.0, cache)
    assert loss == pytest.approx((gap + np.log1p(np.exp(-1))) / 2, rel=1e-6)
    np.testing.assert_allclose(grad.sum(axis=1), 0, atol=1e-6)


def test_softmax_keeps_rows_apart():
    p, _ = F.softmax(np.array([[1e4, 0.0], [0.0, 0.0]]))
    np.testing.assert_array_equal(p, [[1, 0], [0.5, 0.5]])


def test_sigmoid_does_not_overflow():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out, cache = F.sigmoid(np.array([-1e4, 0.0, 1e4]))
        grad = F.sigmoid_backward(np.ones(3), cache)
    np.testing.assert_array_equal(out, [0, 0.5, 1])
    np.testing.assert_array_equal(grad, [0, 0.25, 0])


def test_relu_sends_nothing_through_zero():
    _, cache = F.relu(np.array([-1.0, 0.0, -0.0, 2.0]))
    np.testing.assert_array_equal(F.relu_backward(np.full(4, 7.0), cache), [0, 0, 0, 7])


PAIRS = [
    (F.linear, F.linear_backward, lambda r: (r(5, 3), r(3, 4), r(4))),
    (F.relu, F.relu_backward, lambda r: (r(5, 3),)),
    (F.sigmoid, F.sigmoid_backward, lambda r: (r(5, 3),)),
    (F.softmax, F.softmax_backward, lambda r: (r(5, 3),)),
    (F.cross_entropy, F.cross_entropy_backward, lambda r: (r(5, 3), np.arange(5) % 3)),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("forward", "backward", "make"), PAIRS)
def test_contract(forward, backward, make, dtype):
    """Dtype kept, inputs unchanged, same answer twice, any memory layout."""
    rng = np.random.default_rng(1)
    inputs = make(lambda *shape: np.asarray(rng.standard_normal(shape), dtype))
    kept = [array.copy() for array in inputs]
    out, cache = forward(*inputs)
    dout = np.asarray(rng.standard_normal(np.shape(out)), dtype)[()]
    dout_kept = np.copy(dout)
    grads, again = backward(dout, cache), backward(dout, cache)
    for array, copy in zip((*inputs, dout), (*kept, dout_kept), strict=True):
        np.testing.assert_array_equal(array, copy)
    grads = grads if isinstance(grads, tuple) else (grads,)
    again = again if isinstance(again, tuple) else (again,)
    strided = [np.asfortranarray(array) for array in inputs]
    others = backward(dout, forward(*strided)[1])
    others = others if isinstance(others, tuple) else (others,)
    assert out.dtype == dtype
    for grad, second, other, like in zip(grads, again, others, inputs, strict=False):
        assert grad.dtype == dtype
        assert grad.shape == like.shape
        np.testing.assert_array_equal(grad, second)
        assert relative_error(grad, other) < 1e-6


def test_integers_are_not_truncated():
    out, cache = F.linear(np.array([[1, 2]]), np.array([[1], [1]]), np.array([0]))
    assert out.dtype == np.float64
    assert F.linear_backward(np.array([[0.5]]), cache).dw.tolist() == [[0.5], [1.0]]


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
    with pytest.raises(TypeError, match="labels must be integers"):
        F.cross_entropy(np.ones((2, 3)), [0.0, 1.0])
    with pytest.raises(TypeError, match="x must hold real numbers"):
        F.relu(np.array([1j]))


def test_pairs_agree_with_torch():
    torch = pytest.importorskip("torch", reason="PyTorch (the extra `bench`) is not installed")
    rng = np.random.default_rng(3)
    x, w, b = rng.standard_normal((5, 4)), rng.standard_normal((4, 3)), rng.standard_normal(3)
    labels = np.array([0, 2, 1, 1, 0])
    tx, tw, tb = (torch.tensor(a, requires_grad=True) for a in (x, w, b))
    hidden = torch.sigmoid(torch.relu(tx) @ tw + tb)
    loss = torch.nn.functional.cross_entropy(hidden, torch.tensor(labels))
    loss.backward()

    r, relu_cache = F.relu(x)
    z, linear_cache = F.linear(r, w, b)
    a, sigmoid_cache = F.sigmoid(z)
    ours, loss_cache = F.cross_entropy(a, labels)
    dz = F.sigmoid_backward(F.cross_entropy_backward(1.0, loss_cache), sigmoid_cache)
    dr, dw, db = F.linear_backward(dz, linear_cache)
    assert ours == pytest.approx(loss.item(), rel=1e-12)
    for grad, tensor in ((F.relu_backward(dr, relu_cache), tx), (dw, tw), (db, tb)):
        assert relative_error(grad, tensor.grad.numpy()) < 1e-12
