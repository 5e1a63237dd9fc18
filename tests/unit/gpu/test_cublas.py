"""Products through cuBLAS: its columns and addresses are ours, whatever the layout."""

import numpy as np
import pytest

from coursepkg.backend import namespace
from coursepkg.gpu import cublas

SHAPES = [
    ((3, 4), (4, 5)), ((1, 4), (4, 1)), ((3, 1), (1, 5)), ((2, 3, 4), (2, 4, 5)),
    ((1, 3, 4), (2, 4, 5)), ((3, 4), (2, 4, 5)), ((2, 3, 4), (4, 5)), ((3, 0), (0, 5)),
    ((0, 4), (4, 5)), ((2, 3, 0), (2, 0, 5)), ((2, 3, 4), (5, 2, 4, 6)),
    ((1, 3, 4), (5, 1, 4, 6)), ((5, 1, 3, 4), (1, 2, 4, 6)),
]  # fmt: skip


def by_rows(x):
    return x


def by_columns(x):
    return x.swapaxes(-1, -2).copy().swapaxes(-1, -2)


def apart(x):
    """Every second row and column of a larger array: neither."""
    large = np.zeros((*x.shape[:-2], 2 * x.shape[-2], 2 * x.shape[-1]), x.dtype)
    large[..., ::2, ::2] = x
    return large[..., ::2, ::2]


def a_part(x):
    """Rows of a wider array."""
    return np.concatenate([x, x], axis=-1)[..., : x.shape[-1]]


LAYOUTS = [by_rows, by_columns, apart, a_part]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("right", LAYOUTS)
@pytest.mark.parametrize("left", LAYOUTS)
@pytest.mark.parametrize(("a", "b"), SHAPES)
def test_products_of_every_layout(spy, a, b, left, right, dtype):
    rng = np.random.default_rng(0)
    x, y = left(rng.standard_normal(a).astype(dtype)), right(rng.standard_normal(b).astype(dtype))
    out = cublas.matmul(spy.ndarray(x), spy.ndarray(y)).get()
    assert out.dtype == dtype
    np.testing.assert_allclose(out, x @ y, rtol=1e-5, atol=1e-6)
    assert out.shape == (x @ y).shape


@pytest.mark.parametrize(
    ("a", "b", "kind", "message"),
    [
        (np.ones((2, 3)), np.ones((2, 3)), ValueError, r"shapes \(2, 3\) and \(2, 3\) do not fit"),
        (np.ones((2, 3, 3)), np.ones((4, 3, 3)), ValueError, "shape mismatch"),
        (np.ones(3), np.ones((3, 3)), ValueError, "do not fit"),
        (np.ones((3, 3)), np.ones((3, 3), np.float32), TypeError, "got float64 and float32"),
        (np.ones((3, 3), int), np.ones((3, 3), int), TypeError, "got int64 and int64"),
    ],
)
def test_what_does_not_fit_is_named(spy, a, b, kind, message):
    with pytest.raises(kind, match=message):
        cublas.matmul(spy.ndarray(a), spy.ndarray(b))


def test_a_failure_of_cublas_is_an_error(spy):
    spy.library.cublasDgemmStridedBatched = lambda *_: 13
    with pytest.raises(RuntimeError, match="cublasDgemmStridedBatched failed with the status 13"):
        cublas.matmul(spy.ones((2, 2)), spy.ones((2, 2)))


@pytest.mark.parametrize(("wish", "modes"), [(None, []), ("0", []), ("1", [cublas.TF32])])
def test_tf32_is_asked_for_as_in_cupy(spy, monkeypatch, wish, modes):
    found = []

    def set_mode(handle, mode):
        found.append(mode)
        return 0

    spy.library.cublasSetMathMode = set_mode
    monkeypatch.delenv("CUPY_TF32", raising=False)
    if wish is not None:
        monkeypatch.setenv("CUPY_TF32", wish)
    cublas.matmul(spy.ones((2, 2)), spy.ones((2, 2)))
    assert found == modes


def test_other_functions_and_other_arrays_keep_their_namespace(spy):
    x = spy.ones((2, 2))
    with cublas.products_by_cublas():
        assert namespace(x).matmul is cublas.matmul
        assert namespace(x).exp(x).shape == (2, 2)
        assert namespace(np.ones(2)) is np
    assert namespace(x) is spy
