"""Where mathematics has an answer the pairs have it, without a warning; elsewhere they say so."""

# mypy: disable-error-code="arg-type, assignment"

import math

import numpy as np
import pytest
from scipy import special

from coursepkg import functional as F
from tests.unit.functional.cases import in_tuple

# pytest turns every warning into an error here: see filterwarnings in pyproject.toml.


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_logits_of_ten_thousand(dtype):
    scores = np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4]], dtype)
    loss, cache = F.cross_entropy(scores, [1, 1])
    assert loss == pytest.approx((2e4 + math.log(2)) / 2, rel=1e-6)
    expected = [[0.5, -0.5, 0], [0, -0.25, 0.25]]
    np.testing.assert_allclose(F.cross_entropy_backward(1.0, cache), expected)
    loss, cache = F.multiclass_hinge_loss(scores, [1, 1])
    assert loss == pytest.approx((2e4 + 1 + 1e4 + 1 + 1) / 2, rel=1e-6)
    targets = [[0.0, 1, 0.5], [0, 1, 0.5]]
    loss, cache = F.binary_cross_entropy_with_logits(scores, targets)
    assert loss == pytest.approx((2e4 + math.log(2) + 5e3) / 6, rel=1e-6)
    grads = F.binary_cross_entropy_with_logits_backward(6.0, cache)
    np.testing.assert_allclose(grads, [[1, -1, 0], [0, 0, 0.5]])


@pytest.mark.parametrize(
    "name", ["relu", "leaky_relu", "elu", "sigmoid", "tanh", "softmax", "log_softmax"]
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_activations_of_huge_numbers(name, dtype):
    x = np.array([-1e30, -1e4, -100, 0, 100, 1e4, 1e30], dtype)
    out, cache = getattr(F, name)(x)
    grad = getattr(F, f"{name}_backward")(np.ones_like(x), cache)
    assert np.isfinite(out).all()
    assert np.isfinite(grad).all()


def test_rows_a_thousand_apart():
    scores = np.array([[0.0, 1.0], [1000.0, 1001.0], [-1000.0, -999.0]])
    p = F.softmax(scores)[0]
    np.testing.assert_allclose(p, special.softmax(scores, axis=1), rtol=1e-14)
    np.testing.assert_allclose(p, np.tile(p[0], (3, 1)))
    np.testing.assert_allclose(F.log_softmax(scores)[0], special.log_softmax(scores, axis=1))


def test_sigmoid_agrees_with_scipy():
    x = np.linspace(-30, 30, 101)
    np.testing.assert_allclose(F.sigmoid(x)[0], special.expit(x), atol=1e-16)


EMPTY = [
    ("relu", (0, 3), ()),
    ("elu", (0, 3), ()),
    ("softmax", (0, 3), ()),
    ("linear", (0, 3), (np.ones((3, 2)), np.ones(2))),
    ("linear", (0, 2, 3), (np.ones((6, 2)), np.ones(2))),
    ("maxout", (0, 3), (np.ones((2, 3, 2)), np.ones((2, 2)))),
    ("flatten", (0, 3, 4), ()),
    ("layer_norm", (0, 3), (np.ones(3), np.ones(3))),
    ("batch_norm_inference", (0, 3), (np.ones(3), np.ones(3), np.zeros(3), np.ones(3))),
    ("conv2d", (0, 3, 5, 5), (np.ones((2, 3, 3, 3)), np.ones(2))),
    ("locally_connected2d", (0, 3, 4, 4), (np.ones((2, 2, 2, 3, 3, 3)), np.ones((2, 2, 2)))),
    *((f"{kind}_pool2d", (0, 3, 4, 4), (2,)) for kind in ("max", "avg", "lp")),
    ("feature_lp_pool", (0, 4), (2,)),
]


@pytest.mark.parametrize(("name", "shape", "others"), EMPTY)
def test_a_batch_without_samples(name, shape, others):
    out, cache = getattr(F, name)(np.ones(shape), *others)
    assert out.shape[0] == 0
    dx, *dparameters = in_tuple(getattr(F, f"{name}_backward")(np.ones(out.shape), cache))
    assert dx.shape == shape
    for grad, parameter in zip(dparameters, others, strict=False):
        np.testing.assert_array_equal(grad, np.zeros_like(parameter))


@pytest.mark.parametrize(
    "call",
    [
        lambda: F.cross_entropy(np.ones((0, 3)), []),
        lambda: F.multiclass_hinge_loss(np.ones((0, 3)), []),
        lambda: F.mse_loss(np.ones((0, 3)), np.ones((0, 3))),
        lambda: F.binary_cross_entropy_with_logits([], []),
        lambda: F.batch_norm(np.ones((0, 3)), np.ones(3), np.ones(3)),
        lambda: F.softmax(np.ones((3, 0))),
    ],
)
def test_a_mean_over_nothing_is_refused(call):
    with pytest.raises(
        ValueError, match=r"N >= 1|at least one entry|nothing to take a mean|with entries"
    ):
        call()


def test_batch_norm_of_one_row_is_beta():
    out, cache = F.batch_norm([[3.0, -7.0]], [2.0, 2.0], [10.0, 20.0])
    np.testing.assert_array_equal(out, [[10, 20]])
    grads = F.batch_norm_backward(np.array([[5.0, 6.0]]), cache)
    np.testing.assert_array_equal(grads.dx, [[0, 0]])
    np.testing.assert_array_equal(grads.dbeta, [5, 6])


def test_batch_norm_takes_what_the_batch_shares():
    # mistakes BN1 to BN3: a missing path through mean or variance shows in these sums
    rng = np.random.default_rng(0)
    _, cache = F.batch_norm(rng.standard_normal((6, 3)), [1.0, 2.0, 3.0], np.zeros(3), eps=0.0)
    dx = F.batch_norm_backward(rng.standard_normal((6, 3)), cache).dx
    np.testing.assert_allclose(dx.sum(axis=0), 0, atol=1e-13)
    np.testing.assert_allclose((dx * cache.xhat).sum(axis=0), 0, atol=1e-13)


def test_hinge_exactly_on_the_margin_is_no_violation():
    loss, cache = F.multiclass_hinge_loss([[2.0, 1.0]], [0])
    assert loss == 0
    np.testing.assert_array_equal(F.multiclass_hinge_loss_backward(1.0, cache), [[0, 0]])


def test_the_first_piece_of_maxout_wins_a_tie():
    _, cache = F.maxout([[1.0]], [[[2.0]], [[2.0]]], [[0.0], [0.0]])
    np.testing.assert_array_equal(F.maxout_backward(np.ones((1, 1)), cache).db, [[1], [0]])


def test_cross_entropy_is_independent_of_an_offset_and_of_the_memory_of_labels():
    scores, labels = np.array([[1.0, 2, 3], [3, 2, 1]]), np.array([0, 9, 2, 9])[::2]
    for kind in (labels, labels.astype(np.uint8), list(labels)):
        assert F.cross_entropy(scores, kind)[0] == F.cross_entropy(scores + 512, kind)[0]


@pytest.mark.parametrize("name", ["cross_entropy", "multiclass_hinge_loss"])
@pytest.mark.parametrize("dtype", [np.int8, np.uint8])
def test_more_classes_than_the_dtype_of_the_labels_can_count(name, dtype):
    scores, labels = np.random.default_rng(0).standard_normal((2, 300)), np.array([3, 100])
    loss, cache = getattr(F, name)(scores, labels.astype(dtype))
    expected, cache_of_int64 = getattr(F, name)(scores, labels)
    assert loss == expected
    backward = getattr(F, f"{name}_backward")
    np.testing.assert_array_equal(backward(1.0, cache), backward(1.0, cache_of_int64))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.elu([1.0], alpha=0), ValueError, "alpha must be positive, got 0"),
        (lambda: F.dropout([1.0], 1.0, np.random.default_rng(0)), ValueError, "0 <= p < 1, got 1"),
        (lambda: F.dropout([1.0], 0.5, 0), TypeError, "numpy.random.Generator.*got int"),
        (lambda: F.dropout([1.0], -0.1, np.random.default_rng(0)), ValueError, "p .*got -0.1"),
        (lambda: F.softmax(np.ones(3), axis=1), ValueError, r"axis 1 .*shape \(3,\)"),
        (lambda: F.softmax(np.ones(3), axis=None), TypeError, "axis must be an integer, got None"),
        (lambda: F.l2_penalty([1.0], -1), ValueError, "lam must not be negative"),
        (lambda: F.mse_loss([1.0], [[1.0]]), ValueError, r"one shape.*\(1,\) and \(1, 1\)"),
        (lambda: F.half_squared_error(1.0, 2.0), ValueError, "one row per sample"),
        (
            lambda: F.binary_cross_entropy_with_logits([1.0, 2.0], [0.0, 2.0]),
            ValueError,
            r"\[0, 1\], got values from 0.0 to 2.0",
        ),
        (lambda: F.batch_norm(np.ones(3), [1.0], [0.0]), ValueError, r"shape \(N, C\)"),
        (lambda: F.batch_norm(np.ones((2, 3)), [1.0], [0.0]), ValueError, r"\(C,\) = \(3,\)"),
        (lambda: F.layer_norm(np.ones((2, 3)), [1.0], [0.0]), ValueError, "trailing axes"),
        (
            lambda: F.batch_norm_inference(np.ones((2, 1)), [1.0], [0.0], [1.0], [-2.0]),
            ValueError,
            "var must not be negative, got values down to -2.0",
        ),
        (
            lambda: F.batch_norm_inference(np.ones((2, 1)), [1.0], [0.0], [1.0, 2.0], [1.0]),
            ValueError,
            r"mean and var must have the shape \(1,\)",
        ),
        (lambda: F.flatten(np.ones(3)), ValueError, "one row per sample"),
        (lambda: F.maxout(np.ones((2, 3)), np.ones((3, 2)), np.ones(2)), ValueError, r"\(K, D, M"),
        (
            lambda: F.maxout(np.ones((2, 3)), np.ones((0, 3, 2)), np.ones((0, 2))),
            ValueError,
            r"K >= 1, got \(0, 3, 2\)",
        ),
        (
            lambda: F.maxout(np.ones((2, 3)), np.ones((1, 4, 2)), np.ones((1, 2))),
            ValueError,
            r"D = 4, got \(2, 3\)",
        ),
        (
            lambda: F.maxout(np.ones((2, 3)), np.ones((1, 3, 2)), np.ones(2)),
            ValueError,
            r"\(K, M\) = \(1, 2\), got \(2,\)",
        ),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


ONES = np.ones((2, 3), np.float32)
ROW = np.ones(3, np.float32)
OPTIONS = [
    ("leaky_relu", "negative_slope", (ONES,)),
    ("elu", "alpha", (ONES,)),
    ("batch_norm", "eps", (ONES, ROW, ROW)),
    ("batch_norm_inference", "eps", (ONES, ROW, ROW, ROW, ROW)),
    ("layer_norm", "eps", (ONES, ROW, ROW)),
    ("multiclass_hinge_loss", "margin", (ONES, [0, 1])),
    ("l2_penalty", "lam", (ONES,)),
]


@pytest.mark.parametrize(("name", "option", "inputs"), OPTIONS)
def test_an_option_is_a_number_and_leaves_the_dtype_alone(name, option, inputs):
    call = getattr(F, name)
    out, cache = call(*inputs, **{option: np.float64(0.5)})
    grads = in_tuple(getattr(F, f"{name}_backward")(np.ones(out.shape, out.dtype)[()], cache))
    assert {array.dtype for array in (out, *grads)} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(out, call(*inputs, **{option: 0.5})[0])
    for wrong, error, got in (("0.5", TypeError, "str"), (math.nan, ValueError, "nan")):
        with pytest.raises(error, match=f"{option} must be a .*number, got {got}"):
            call(*inputs, **{option: wrong})
    if option == "eps":
        with pytest.raises(ValueError, match=r"eps must not be negative, got -1\.0"):
            call(*inputs, eps=-1)
