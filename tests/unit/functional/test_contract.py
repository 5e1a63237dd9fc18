"""What holds for every pair: right gradients, dtypes kept, inputs unchanged, any memory layout."""

from inspect import signature

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursepkg import functional as F
from coursepkg.derivatives import relative_error
from coursepkg.gradcheck import check_gradients
from tests.unit.functional.cases import CASES, drawing, in_tuple

every_pair = pytest.mark.parametrize("case", CASES, ids=str)


def arrays_in(values):
    return [value for value in values if isinstance(value, np.ndarray)]


def upstream(out, seed=9):
    return np.asarray(np.random.default_rng(seed).standard_normal(np.shape(out)), out.dtype)[()]


def test_every_public_pair_has_a_case():
    pairs = {name.removesuffix("_backward") for name in F.__all__ if name.endswith("_backward")}
    assert pairs <= {case.name.split()[0] for case in CASES}
    assert pairs | {"step", "conv_output_size", "unbroadcast"} | {
        f"{p}_backward" for p in pairs
    } == set(F.__all__)


@every_pair
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=5)
def test_gradients(case, seed):
    inputs = case.make(drawing(seed))
    report = check_gradients(case.forward, case.backward, inputs, rng=np.random.default_rng(seed))
    assert report.ok, report


@every_pair
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_and_shapes_are_kept(case, dtype):
    inputs = case.make(drawing(1, dtype))
    out, cache = case.forward(*inputs)
    grads = in_tuple(case.backward(upstream(out), cache))
    assert out.dtype == dtype
    assert [g.dtype for g in grads] == [np.dtype(dtype)] * len(grads)
    assert [g.shape for g in grads] == [x.shape for x in arrays_in(inputs)]


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if "need_dx" in signature(case.backward).parameters],
    ids=str,
)
def test_what_nobody_asks_for_is_not_computed_and_the_rest_is_the_same(case):
    out, cache = case.forward(*case.make(drawing(3)))
    dout = upstream(out)
    dx, *others = case.backward(dout, cache, need_dx=False)
    assert dx is None
    for one, other in zip(others, case.backward(dout, cache)[1:], strict=True):
        np.testing.assert_array_equal(one, other)


@every_pair
def test_float32_gives_the_numbers_of_float64_up_to_rounding(case):
    results = []
    for dtype in (np.float32, np.float64):
        out, cache = case.forward(*case.make(drawing(2, dtype)))
        results.append((out, *in_tuple(case.backward(upstream(out), cache))))
    for short, long in zip(*results, strict=True):
        assert relative_error(short, long) < 1e-5


@every_pair
def test_nothing_is_changed_and_a_second_call_says_the_same(case):
    inputs = case.make(drawing(3))
    out, cache = case.forward(*inputs)
    dout = upstream(out)
    given_arrays = arrays_in([*inputs, dout, *cache])
    copies = [array.copy() for array in given_arrays]
    first, second = case.backward(dout, cache), case.backward(dout, cache)
    np.testing.assert_array_equal(case.forward(*inputs)[0], out)
    for one, other in zip(in_tuple(first), in_tuple(second), strict=True):
        np.testing.assert_array_equal(one, other)
    for array, copy in zip(given_arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def backwards_in_memory(x):
    return np.ascontiguousarray(x[::-1])[::-1]


def every_second(x):
    return np.repeat(x, 2, axis=-1)[..., ::2]


@every_pair
@pytest.mark.parametrize("layout", [np.asfortranarray, backwards_in_memory, every_second])
def test_memory_layout_does_not_matter(case, layout):
    inputs = case.make(drawing(4))
    out, cache = case.forward(*inputs)
    dout = upstream(out)
    grads = in_tuple(case.backward(dout, cache))
    moved = [layout(x) if isinstance(x, np.ndarray) else x for x in inputs]
    out_moved, cache_moved = case.forward(*moved)
    dout_moved = layout(dout) if np.ndim(dout) else dout
    grads_moved = in_tuple(case.backward(dout_moved, cache_moved))
    for one, other in zip((out, *grads), (out_moved, *grads_moved), strict=True):
        assert relative_error(one, other) < 1e-13


@every_pair
def test_whole_numbers_become_float64(case):
    inputs = case.make(drawing(5))
    whole = [
        (np.sign(x) * np.ceil(3 * abs(x))).astype(int) if isinstance(x, np.ndarray) else x
        for x in inputs
    ]
    floats = [x.astype(float) if isinstance(x, np.ndarray) else x for x in whole]
    out, cache = case.forward(*whole)
    expected, cache_of_floats = case.forward(*floats)
    np.testing.assert_array_equal(out, expected)
    dout = upstream(expected)
    for one, other in zip(
        in_tuple(case.backward(dout, cache)),
        in_tuple(case.backward(dout, cache_of_floats)),
        strict=True,
    ):
        assert one.dtype == np.float64
        np.testing.assert_array_equal(one, other)


@every_pair
def test_a_gradient_of_another_shape_is_named(case):
    out, cache = case.forward(*case.make(drawing(6)))
    is_loss = np.ndim(out) == 0 and case.name != "sum"
    expected = r"scalar.*\(1, 2, 3, 1, 1\)" if is_loss else r"shape of out.*\(1, 2, 3, 1"
    with pytest.raises(ValueError, match=f"dout must .*{expected}"):
        case.backward(np.ones((1, 2, 3, 1, 1)), cache)


@every_pair
def test_complex_numbers_are_refused(case):
    inputs = case.make(drawing(7))
    with pytest.raises(TypeError, match="must hold real numbers, got dtype complex128"):
        case.forward(inputs[0] * 1j, *inputs[1:])
