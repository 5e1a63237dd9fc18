"""Convolution and pooling: twins, published results, ties, borders, bad input."""

# mypy: disable-error-code="arg-type, assignment"

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

from coursepkg import functional as F
from coursepkg.derivatives import relative_error
from coursepkg.functional import lowering
from coursepkg.functional.conv_taps import conv2d_taps, conv2d_taps_backward

two = st.tuples(st.integers(1, 3), st.integers(1, 3))


@given(
    n=st.integers(0, 5), groups=st.integers(1, 3), c=st.integers(1, 2), f=st.integers(1, 2),
    kernel=two, stride=two, dilation=two, padding=two, entries=st.sampled_from([1, 300, 2**18]),
    seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
@settings(max_examples=60)
def test_conv2d_is_its_twin(n, groups, c, f, kernel, stride, dilation, padding, entries, seed):
    r = np.random.default_rng(seed).standard_normal
    x, w, b = r((n, groups * c, 7, 8)), r((groups * f, c, *kernel)), r(groups * f)
    options = (stride, padding, dilation, groups)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lowering, "ENTRIES", entries)
        out, cache = F.conv2d(x, w, b, *options)
        grads = F.conv2d_backward(out, cache)
    expected, cache = conv2d_taps(x, w, b, *options)
    for one, other in zip(
        (out, *grads), (expected, *conv2d_taps_backward(expected, cache)), strict=True
    ):
        assert relative_error(one, other) < 1e-13


def test_conv2d_is_scipys_correlation_summed_over_channels():
    r = np.random.default_rng(0).standard_normal
    x, w, b = r((2, 3, 7, 6)), r((4, 3, 3, 2)), r(4)
    out, _ = F.conv2d(x, w, b)
    for n in range(2):
        for f in range(4):
            maps = [correlate2d(x[n, c], w[f, c], mode="valid") for c in range(3)]
            np.testing.assert_allclose(out[n, f], sum(maps) + b[f], rtol=1e-12)


def test_conv2d_is_equivariant_to_shifts():
    r = np.random.default_rng(1).standard_normal
    x, w = r((1, 2, 6, 9)), r((3, 2, 3, 3))
    out, _ = F.conv2d(x, w, np.zeros(3))
    shifted, _ = F.conv2d(np.roll(x, 1, axis=3), w, np.zeros(3))
    np.testing.assert_allclose(shifted[..., 1:], out[..., :-1], rtol=1e-12)


def test_a_local_layer_with_the_same_filters_everywhere_is_a_convolution():
    r = np.random.default_rng(2).standard_normal
    x, w, b = r((2, 3, 5, 6)), r((4, 3, 3, 2)), r(4)
    out, cache = F.conv2d(x, w, b, stride=2, padding=1)
    shared = np.broadcast_to(w, (*out.shape[2:], *w.shape))
    biases = np.broadcast_to(b, (*out.shape[2:], 4))
    local, local_cache = F.locally_connected2d(x, shared, biases, stride=2, padding=1)
    np.testing.assert_allclose(local, out, rtol=1e-12)
    grads, local_grads = (
        F.conv2d_backward(out, cache),
        F.locally_connected2d_backward(out, local_cache),
    )
    np.testing.assert_allclose(local_grads.dx, grads.dx, rtol=1e-10)
    np.testing.assert_allclose(local_grads.dw.sum(axis=(0, 1)), grads.dw, rtol=1e-10)
    np.testing.assert_allclose(local_grads.db.sum(axis=(0, 1)), grads.db, rtol=1e-10)


@pytest.mark.parametrize("name", ["conv2d", "max_pool2d", "avg_pool2d", "lp_pool2d"])
def test_the_border_that_no_window_meets_gets_no_gradient(name):
    x = np.random.default_rng(3).standard_normal((1, 1, 7, 8))
    others = (np.ones((1, 1, 2, 2)), np.zeros(1), 3) if name == "conv2d" else (2, 3)
    out, cache = getattr(F, name)(x, *others)
    assert out.shape == (1, 1, 2, 3)
    grads = getattr(F, f"{name}_backward")(np.ones_like(out), cache)
    dx = (grads.dx if name == "conv2d" else grads)[0, 0]
    assert not dx[5:].any()
    assert not dx[2].any()
    assert not dx[:, [2, 5]].any()
    assert dx[:5, [0, 1, 3, 4, 6, 7]].any(axis=0).sum() >= 3


def test_the_first_of_equal_entries_wins_and_takes_the_whole_gradient():
    # mistake PL3: zeros after a ReLU tie; every tied entry taking all would quadruple the gradient
    _, cache = F.max_pool2d(np.zeros((1, 1, 4, 4)), 2)
    dx = F.max_pool2d_backward(np.full((1, 1, 2, 2), 5.0), cache)[0, 0]
    np.testing.assert_array_equal(dx, 5.0 * np.array([[1, 0, 1, 0], [0] * 4] * 2))


def test_padding_never_wins():
    out, cache = F.max_pool2d(np.full((1, 1, 3, 3), -5.0), 3, stride=2, padding=1)
    np.testing.assert_array_equal(out, np.full((1, 1, 2, 2), -5.0))
    dx = F.max_pool2d_backward(np.ones_like(out), cache)
    assert dx.sum() == 4


def test_windows_that_share_their_winner_add():
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 1
    _, cache = F.max_pool2d(x, 2, stride=1)
    assert F.max_pool2d_backward(np.ones((1, 1, 2, 2)), cache)[0, 0, 1, 1] == 4


def test_a_large_kernel_counts_its_taps_beyond_255():
    x = np.zeros((1, 1, 17, 17))
    x[0, 0, 16, 16] = 1
    out, cache = F.max_pool2d(x, 17)
    np.testing.assert_array_equal(F.max_pool2d_backward(out, cache), x)


def test_not_a_number_is_not_hidden():
    x = np.array([[[[1.0, np.nan], [3.0, 2.0]]]])
    assert np.isnan(F.max_pool2d(x, 2)[0]).all()
    assert np.isnan(F.conv2d(x, np.ones((1, 1, 2, 2)), np.zeros(1))[0]).all()


@pytest.mark.parametrize("p", [1, 1.5, 2, 7])
def test_a_window_of_zeros_has_norm_and_gradient_zero(p):
    # mistake PL10: 0 / 0
    out, cache = F.lp_pool2d(np.zeros((1, 1, 2, 2)), 2, norm_type=p)
    assert out == 0
    assert not F.lp_pool2d_backward(np.ones((1, 1, 1, 1)), cache).any()
    out, cache = F.feature_lp_pool(np.zeros((1, 2)), 2, norm_type=p)
    assert not F.feature_lp_pool_backward(np.ones((1, 1)), cache).any()


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_norms_of_extreme_entries(size):
    out, cache = F.lp_pool2d(np.array([[[[3.0, 0.0], [0.0, -4.0]]]]) * size, 2, norm_type=2)
    assert out.item() == pytest.approx(5 * size)
    grad = F.lp_pool2d_backward(np.ones((1, 1, 1, 1)), cache)[0, 0]
    np.testing.assert_allclose(grad, [[0.6, 0], [0, -0.8]])


def test_average_pooling_conserves_the_gradient():
    # mistakes PL7 and PL8
    _, cache = F.avg_pool2d(np.ones((1, 1, 4, 4)), 2)
    assert F.avg_pool2d_backward(np.ones((1, 1, 2, 2)), cache).sum() == pytest.approx(4)
    out, cache = F.avg_pool2d(np.ones((1, 1, 2, 2)), 2, padding=1, count_include_pad=False)
    np.testing.assert_array_equal(out[0, 0], [[1, 1], [1, 1]])
    np.testing.assert_array_equal(
        F.avg_pool2d(np.ones((1, 1, 2, 2)), 2, padding=1)[0][0, 0], [[0.25] * 2] * 2
    )


X, W, B = np.ones((2, 4, 5, 6)), np.ones((6, 4, 3, 3)), np.ones(6)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.conv2d(X[0], W, B), ValueError, r"\(N, C, H, W\), got shape \(4, 5, 6\)"),
        (lambda: F.conv2d(X, W[0], B), ValueError, r"w must have shape \(F, C / groups"),
        (lambda: F.conv2d(X, W[:, :3], B), ValueError, r"4 / 1 channels.*\(6, 3, 3, 3\)"),
        (lambda: F.conv2d(X, W, B[:2]), ValueError, r"b must have shape \(F,\) = \(6,\)"),
        (lambda: F.conv2d(X, W, B, groups=3), ValueError, "groups must divide C = 4"),
        (lambda: F.conv2d(X, W, B, groups=0), ValueError, "groups must divide"),
        (lambda: F.conv2d(X, W, B, stride=0), ValueError, "stride must be at least 1, got 0"),
        (lambda: F.conv2d(X, W, B, stride=1.5), TypeError, "stride must be a whole number"),
        (lambda: F.conv2d(X, W, B, stride=(1, 2, 3)), TypeError, "or a pair"),
        (lambda: F.conv2d(X, W, B, padding=-1), ValueError, "padding must be at least 0"),
        (lambda: F.conv2d(X, W, B, dilation=3), ValueError, r"reaches over 7 pixels.*5 \+ 2 \* 0"),
        (lambda: F.max_pool2d(X, 7), ValueError, "a kernel of 7"),
        (lambda: F.max_pool2d(X, 3, padding=2), ValueError, r"at most half.*\(3, 3\).*\(2, 2\)"),
        (lambda: F.lp_pool2d(X, 2, norm_type=0.5), ValueError, "norm_type must be at least 1"),
        (lambda: F.feature_lp_pool(np.ones(3), 2), ValueError, "must have channels"),
        (lambda: F.feature_lp_pool(X, 5), ValueError, "a kernel of 5"),
        (lambda: F.locally_connected2d(X, W, B), ValueError, r"\(OH, OW, F, C, KH, KW\)"),
        (
            lambda: F.locally_connected2d(X, np.ones((3, 3, 6, 4, 3, 3)), B),
            ValueError,
            r"OH, OW = \(3, 4\), got \(3, 3\)",
        ),
        (
            lambda: F.locally_connected2d(X, np.ones((3, 4, 6, 4, 3, 3)), B),
            ValueError,
            r"b must have shape \(OH, OW, F\) = \(3, 4, 6\)",
        ),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
