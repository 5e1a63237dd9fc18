"""Every pair runs on arrays of other libraries, and touches them with their own functions only."""

import array_api_strict
import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.backend import as_float, to_numpy
from coursepkg.derivatives import relative_error
from tests.unit.functional.cases import CASES, drawing, in_tuple

StrictArray = type(array_api_strict.ones(1))


@pytest.fixture
def strict(monkeypatch):
    """The standard and nothing but the standard: NumPy's functions fail on these arrays."""

    def refuse(self, *_, **__):
        raise TypeError("a NumPy function was called on an array that is not NumPy's")

    monkeypatch.setattr(StrictArray, "__array__", refuse, raising=False)
    monkeypatch.setattr(StrictArray, "__array_ufunc__", None, raising=False)
    monkeypatch.setattr(StrictArray, "__buffer__", refuse, raising=False)
    return array_api_strict


@pytest.fixture(params=["strict", pytest.param("cupy", marks=pytest.mark.gpu)])
def xp(request):
    return request.getfixturevalue(request.param)


def moved(x, xp):
    return xp.asarray(x) if isinstance(x, np.ndarray) else x


@pytest.mark.parametrize("call", [np.sum, np.exp, np.asarray, lambda x: np.ones(3) * x, np.reshape])
def test_strict_arrays_refuse_numpy(strict, call):
    with pytest.raises(TypeError):
        call(strict.ones(3))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_same_numbers_as_numpy(case, xp):
    inputs = case.make(drawing(8))
    out, cache = case.forward(*inputs)
    dout = np.asarray(np.random.default_rng(8).standard_normal(np.shape(out)))
    grads = in_tuple(case.backward(dout, cache))
    foreign = [moved(x, xp) for x in inputs]
    foreign_out, foreign_cache = case.forward(*foreign)
    foreign_grads = in_tuple(case.backward(xp.asarray(dout), foreign_cache))
    for one, other in zip((out, *grads), (foreign_out, *foreign_grads), strict=True):
        assert isinstance(other, type(foreign[0]))
        assert relative_error(one, to_numpy(other)) < 1e-12


def test_step_and_whole_numbers(xp):
    assert to_numpy(F.step(xp.asarray([-1, 0, 2]))).tolist() == [0, 0, 1]
    assert as_float(xp.asarray([True, False]), "x").dtype == xp.float64


def test_complex_numbers_are_refused(xp):
    with pytest.raises(TypeError, match="x must hold real numbers"):
        as_float(xp.asarray([1j]), "x")
