"""The checker: right gradients pass, wrong ones fail, and the report says how."""

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.gradcheck import (
    check_gradient,
    check_gradients,
    check_second_order,
    complex_step_gradient,
    directional_derivative,
    numerical_gradient,
    relative_error,
)
from coursepkg.gradjudge import ENTRYWISE_LIMIT


def cube(x):
    return x**3


def report_on(grad, x, f=cube, dout=None):
    return check_gradient("dx", grad, f, x, dout, np.random.default_rng(0))


def test_numerical_gradient_of_a_cube():
    # chapter 3: x^3 at 2 has the slope 12
    x = np.array([[2.0, -1.0], [0.5, 0.0]])
    kept = x.copy()
    np.testing.assert_allclose(numerical_gradient(cube, x), 3 * x**2, atol=1e-9)
    np.testing.assert_array_equal(x, kept)


def test_numerical_gradient_weighs_by_the_upstream():
    x, dout = np.array([1.0, 2.0]), np.array([10.0, -1.0])
    np.testing.assert_allclose(numerical_gradient(cube, x, dout), [30.0, -12.0], rtol=1e-8)


def test_numerical_gradient_takes_whole_numbers_and_float32():
    np.testing.assert_allclose(numerical_gradient(cube, np.array([2])), [12.0], rtol=1e-8)
    np.testing.assert_allclose(
        numerical_gradient(cube, np.array([2], np.float32)), [12.0], rtol=1e-8
    )


def test_norm_wise_gradients_of_the_decks_example():
    # deck row 88: f = |Wx|^2 with W, x of CS231n
    w, x = np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([0.2, 0.4])
    dw = numerical_gradient(lambda w: np.sum((w @ x) ** 2), w)
    dx = numerical_gradient(lambda x: np.sum((w @ x) ** 2), x)
    np.testing.assert_allclose(dw, [[0.088, 0.176], [0.104, 0.208]], atol=1e-10)
    np.testing.assert_allclose(dx, [-0.112, 0.636], atol=1e-10)


def test_directional_derivative_is_the_projection():
    rng = np.random.default_rng(5)
    x, v = rng.standard_normal((3, 4)), rng.standard_normal((3, 4))
    assert directional_derivative(cube, x, v) == pytest.approx(np.vdot(3 * x**2, v), rel=1e-8)


def test_relative_error_bounds_and_shapes():
    assert relative_error(np.zeros(3), np.zeros(3)) == 0
    assert relative_error([1.0, 0.0], [0.0, 0.0]) == 1
    with pytest.raises(ValueError, match=r"\(5, 3\) and \(3,\)"):
        relative_error(np.ones((5, 3)), np.ones(3))


@pytest.mark.parametrize("size", [12, ENTRYWISE_LIMIT + 100])
@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
def test_right_gradients_pass(size, scale):
    x = np.random.default_rng(size).standard_normal(size)
    assert report_on(3 * scale * x**2, x, lambda x: scale * x**3).ok


def test_zero_gradient_of_a_constant_passes_and_of_a_slope_fails():
    x = np.ones(4)
    assert report_on(np.zeros(4), x, lambda x: np.full(4, 5.0)).ok
    report = report_on(np.zeros(4), x)
    assert not report.ok
    assert report.pattern == "got is zero everywhere"


@pytest.mark.parametrize("size", [12, 10_000])
def test_one_wrong_entry_is_found(size):
    x = np.random.default_rng(size).standard_normal(size)
    grad = 3 * x**2
    grad[size // 3] += 0.5
    report = report_on(grad, x)
    assert report.verdict == "wrong values"
    assert report.first.index == (size // 3,)
    assert report.first.got == grad[size // 3]
    assert report.first.expected == pytest.approx(grad[size // 3] - 0.5, rel=1e-6)


def test_a_thousandth_too_much_is_found():
    x = np.random.default_rng(2).standard_normal(10_000)
    assert not report_on(3 * x**2 * 1.001, x).ok


@pytest.mark.parametrize(
    ("wrong", "pattern"),
    [
        (lambda g: 5 * g, "got = 5 x expected everywhere"),
        (lambda g: -g, "got = -1 x expected everywhere"),
        (lambda g: g.T, "got is the transpose of expected"),
        (lambda g: g[:2], None),
        (lambda g: g.ravel(), "the values are right, only the shape is not"),
        (lambda g: g.sum(), "got is the sum of all expected entries"),
        (lambda g: g + np.eye(3), "3 of 9 entries differ"),
    ],
)
def test_patterns(wrong, pattern):
    x = np.random.default_rng(4).standard_normal((3, 3))
    report = report_on(wrong(3 * x**2), x)
    assert not report.ok
    assert report.pattern == pattern


def test_a_transposed_gradient_of_another_shape():
    x = np.random.default_rng(4).standard_normal((2, 3))
    report = report_on((3 * x**2).T, x)
    assert report.verdict == "wrong shape"
    assert report.pattern == "got is the transpose of expected"


def test_a_bias_that_was_not_summed():
    x, w, b = np.ones((5, 2)), np.ones((2, 3)), np.ones(3)
    dout = np.random.default_rng(0).standard_normal((5, 3))
    report = check_gradient("db", dout, lambda b: F.linear(x, w, b)[0], b, dout)
    assert (report.verdict, report.got_shape, report.expected_shape) == (
        "wrong shape",
        (5, 3),
        (3,),
    )
    assert "summed over axis 0" in str(report)


@pytest.mark.parametrize(
    ("grad", "verdict"),
    [
        (None, "not an array of numbers, but NoneType"),
        ("nonsense", "not an array of numbers, but str"),
        ({"dx": 1.0}, "not an array of numbers, but dict"),
        ([[1.0], [1.0, 2.0]], "not an array of numbers, but list"),
        (np.ones(4, dtype=np.float32), "wrong dtype"),
        (np.array([1, 2, 3, 4]), "wrong dtype"),
        (np.array([3.0, np.nan, 3.0, 3.0]), "not finite"),
    ],
)
def test_verdicts_before_values(grad, verdict):
    assert report_on(grad, np.ones(4)).verdict == verdict


def test_float32_has_its_own_tolerance():
    x = np.random.default_rng(6).standard_normal(50).astype(np.float32)
    assert report_on(3 * x**2, x).ok
    assert not report_on(3 * x**2 * np.float32(1.01), x).ok


def test_kink_close_by_is_no_false_alarm():
    x = np.array([1e-6, 1.0, -1.0, -3e-7])
    assert report_on((x > 0) * 1.0, x, lambda x: np.maximum(x, 0)).ok


def test_exactly_on_a_kink_there_is_nothing_to_compare_with():
    report = report_on(np.array([0.0, 1.0]), np.array([0.0, 1.0]), lambda x: np.maximum(x, 0))
    assert report.verdict == "at a kink"


def test_check_gradients_uses_a_random_upstream():
    def ignores_upstream(dout, cache):
        return (cache.x > 0) * 1.0

    x = np.array([1.0, -2.0, 3.0])
    assert check_gradients(F.relu, F.relu_backward, (x,)).ok
    report = check_gradients(F.relu, ignores_upstream, (x,), names=["dx"])
    assert not report.ok
    assert str(report).startswith("dx: wrong values\n  shape: got (3,), expected (3,)")


def test_check_gradients_counts_the_gradients():
    def forgets_db(dout, cache):
        return F.linear_backward(dout, cache)[:2]

    with pytest.raises(ValueError, match="2 gradients for 3 inputs"):
        check_gradients(F.linear, forgets_db, (np.ones((2, 3)), np.ones((3, 4)), np.ones(4)))


def test_the_complex_step_is_exact():
    def f(x):
        return np.exp(np.sin(x))

    x, dout = np.array([[1.3, -0.2], [0.0, 4.0]]), np.array([[1.0, -2.0], [3.0, 0.5]])
    exact = dout * np.cos(x) * f(x)
    np.testing.assert_allclose(complex_step_gradient(f, x, dout), exact, rtol=1e-15)
    assert relative_error(numerical_gradient(f, x, dout), exact) > 1e-13


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (np.abs, "lost the step"),
        (lambda x: F.sigmoid(x)[0], "does not take complex numbers: x must hold real numbers"),
    ],
)
def test_what_the_complex_step_cannot_do(f, message):
    with pytest.raises(TypeError, match=message):
        complex_step_gradient(f, np.array([1.0, -2.0]))


HESSIAN = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 1.0]])


def second_order(product):
    return check_second_order(
        lambda x: HESSIAN @ x + 3 * x**2,
        product,
        np.array([1.0, -2.0, 0.5]),
        np.random.default_rng(0),
    )


def test_second_derivatives():
    report = second_order(lambda x, v: HESSIAN @ v + 6 * x * v)
    assert report.ok, report


@pytest.mark.parametrize(
    ("product", "verdict"),
    [
        (lambda x, v: HESSIAN @ v, "wrong values"),
        (lambda x, v: 2 * (HESSIAN @ v + 6 * x * v), "wrong values"),
        (lambda x, v: (HESSIAN @ v + 6 * x * v)[:2], "wrong shape"),
    ],
)
def test_wrong_second_derivatives(product, verdict):
    report = second_order(product)
    assert report.verdict == verdict


def test_a_second_derivative_must_be_symmetric():
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])  # no function has this gradient
    report = check_second_order(lambda x: turn @ x, lambda x, v: turn @ v, np.ones(2))
    assert report.verdict == "wrong values"
    assert report.pattern == "H is not symmetric; got = -1 x expected everywhere"


def test_the_tape_passes_the_check_of_second_order():
    from coursepkg.autodiff import Tensor, grad, hessian_vector_product

    def f(x):
        return (x.tanh() * x).sum()

    x = np.random.default_rng(0).standard_normal((3, 2))
    report = check_second_order(
        lambda x: grad(f)(Tensor(x)).data, lambda x, v: hessian_vector_product(f, x, v), x
    )
    assert report.ok, report


def test_a_backward_that_changes_what_it_is_given_is_reported():
    # mistake GEN2
    def in_place(dout, cache):
        dout[cache.x <= 0] = 0
        return dout

    x = np.array([1.0, -2.0, 3.0])
    report = check_gradients(F.relu, in_place, (x,))
    assert not report.ok
    assert report.remarks == ("backward changes dout",)
    assert "backward changes dout" in str(report)

    def spoils_cache(dout, cache):
        cache.x[:] = 1
        return dout * 1.0

    report = check_gradients(F.relu, spoils_cache, (x.copy(),))
    assert "backward changes its cache" in report.remarks


def test_a_backward_that_draws_random_numbers_is_reported():
    # mistake DO2: a new mask in the backward pass
    rng = np.random.default_rng(0)

    def new_mask(dout, cache):
        return dout * (rng.random(dout.shape) > 0.5) * 2

    report = check_gradients(
        lambda x: F.dropout(x, 0.5, np.random.default_rng(1)), new_mask, (np.ones(50),)
    )
    assert "backward answers differently the second time" in report.remarks


def test_a_forward_that_changes_its_input_is_reported():
    def in_place(x):
        x *= 2
        return x.sum(), x.shape

    x = np.array([1.0, 2.0])
    report = check_gradients(in_place, lambda dout, shape: np.full(shape, 2 * dout), (x,))
    assert report.remarks == ("forward changes an input",)
    assert report.tensors[0].ok


def test_labels_in_a_list_are_no_changed_input():
    scores = np.random.default_rng(0).standard_normal((3, 4))
    assert check_gradients(F.cross_entropy, F.cross_entropy_backward, (scores, [0, 3, 1])).ok


@pytest.mark.parametrize(
    ("backward", "remark"),
    [
        (lambda dout, cache: (cache.x > 0) * 1.0, "dx does not depend on dout"),  # mistake ACT2
        (lambda dout, cache: np.maximum(dout, 0), "dx is not linear in dout"),  # mistake ACT3
    ],
)
def test_a_backward_must_be_linear_in_dout(backward, remark):
    report = check_gradients(F.relu, backward, (np.array([1.0, -2.0, 3.0]),), names=["dx"])
    assert report.remarks == (remark,)


def test_a_backward_that_clips_is_reported_though_the_gradient_is_right():
    report = check_gradients(F.relu, lambda dout, cache: np.clip(dout, -9, 9), (np.ones(5),))
    assert report.tensors[0].ok
    assert report.remarks == ("d0 is not linear in dout",)


def test_a_buffer_that_the_second_call_overwrites_is_judged_as_it_was():
    buffer = np.zeros(3)

    def adds_up(dout, cache):  # mistake GR3
        buffer[:] += F.relu_backward(dout, cache)
        return buffer

    report = check_gradients(F.relu, adds_up, (np.array([1.0, -2.0, 3.0]),))
    assert report.tensors[0].ok
    assert report.remarks == ("backward answers differently the second time",)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arrays_of_another_library(dtype):
    xp = pytest.importorskip("array_api_strict")
    inputs = [
        xp.asarray(np.random.default_rng(0).standard_normal(shape).astype(dtype))
        for shape in ((5, 3), (3, 4), (4,))
    ]
    report = check_gradients(F.linear, F.linear_backward, inputs)
    assert report.ok, report


def test_a_tiny_gradient_beside_large_values_is_no_false_alarm():
    x = np.random.default_rng(0).standard_normal(9)
    report = report_on(1e-7 * np.cos(x), x, lambda x: 1e6 + 1e-7 * np.sin(x))
    assert report.ok, report
    assert not report_on(1.1 * np.cos(x), x, lambda x: 1e6 + np.sin(x)).ok


def test_rounding_inside_the_function_is_no_false_alarm():
    x = 1e4 + np.random.default_rng(0).standard_normal((6, 2))  # the mean eats up the digits
    gamma, beta = 1e4 * np.ones(2), np.zeros(2)
    for seed in range(20):
        report = check_gradients(
            F.layer_norm, F.layer_norm_backward, (x, gamma, beta), rng=np.random.default_rng(seed)
        )
        assert report.ok, report


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0])
def test_a_function_that_bends_much_is_no_false_alarm(scale):
    x = scale * (1 + np.random.default_rng(0).random(8))
    assert report_on(-1 / x**2, x, lambda x: 1 / x).ok
    assert not report_on(-1.00001 / x**2, x, lambda x: 1 / x).ok


@pytest.mark.parametrize("distance", [1e-3, 1e-6, 1e-8])
def test_many_kinks_hide_no_mistake(distance):
    x = distance * np.random.default_rng(0).standard_normal(50)
    right = (x > 0) * 1.0
    assert report_on(right, x, lambda x: np.maximum(x, 0)).ok
    for wrong in (1.01 * right, 1 - right, right * (np.arange(50) != x.argmax())):
        assert not report_on(wrong, x, lambda x: np.maximum(x, 0)).ok


def test_whole_numbers_and_zeros_have_no_gradient_to_judge():
    assert report_on(np.zeros((0, 3)), np.zeros((0, 3))).ok


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: numerical_gradient(cube, [1.0], dout=[1.0, 2.0]),
            ValueError,
            r"\(1,\), got \(2,\)",
        ),
        (lambda: numerical_gradient(cube, [1.0], h=0), ValueError, "h must be positive, got 0"),
        (lambda: numerical_gradient(cube, [1j]), TypeError, "x must hold real numbers, got"),
        (lambda: complex_step_gradient(cube, [1.0], h=-1), ValueError, "h must be positive"),
        (lambda: complex_step_gradient(cube, [1.0], [1.0, 2.0]), ValueError, r"got \(2,\)"),
        (lambda: directional_derivative(cube, [1.0], [1.0, 2]), ValueError, r"\(1,\), got \(2,\)"),
        (lambda: relative_error([1j], [1.0]), TypeError, "a must hold real numbers"),
        (
            lambda: check_gradients(F.relu, F.relu_backward, ([1.0],), names="ab"),
            ValueError,
            "be 1",
        ),
        (lambda: check_gradients(np.abs, F.relu_backward, ([1.0],)), ValueError, "one ndarray"),
        (
            lambda: check_second_order(cube, lambda x, v: v, ["a"]),
            TypeError,
            "x must hold real numbers",
        ),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_the_relative_error_of_tiny_and_of_huge_numbers():
    assert relative_error([1e-300], [2e-300]) == pytest.approx(1 / 3)
    assert relative_error([1e300], [-1e300]) == 1
