"""Assignment 10, a layer for arrays of any library: what it is tried on."""

from collections.abc import Callable

import numpy as np

from coursepkg import functional as F
from coursepkg.checks.data import distinct
from coursepkg.checks.question import Trial
from coursepkg.checks.trials import TrialError, Tried

Arrays = tuple[np.ndarray, ...]
CLOSE = 1e-9


def _arrays(rng: np.random.Generator, dtype: str = "float64") -> Arrays:
    n, d = distinct(rng, 2)
    x = 5 + 3 * rng.standard_normal((n, d))
    gamma, beta = rng.standard_normal(d), rng.standard_normal(d)
    return x.astype(dtype), gamma.astype(dtype), beta.astype(dtype)


def _compare(got: np.ndarray, arrays: Arrays, eps: float, tolerance: float = CLOSE) -> None:
    x, gamma, beta = arrays
    expected = F.layer_norm(x, gamma, beta, eps)[0]
    worst = float(np.max(np.abs(got - expected)))
    if not worst <= tolerance * np.max(np.abs(expected)):
        place = np.unravel_index(np.argmax(np.abs(got - expected)), got.shape)
        where = ", ".join(map(str, place))
        raise TrialError(
            f"out[{where}] is {got[place]:.6g}, where {expected[place]:.6g} was expected"
        )


def _values(eps: float) -> Callable[[Tried, np.random.Generator], None]:
    def run(tried: Tried, rng: np.random.Generator) -> None:
        arrays = _arrays(rng)
        got = tried.array("layer_norm", *arrays, eps, shape=arrays[0].shape)
        _compare(got, arrays, eps)
        if tried.mutated:
            raise TrialError("layer_norm changed an array that it was given; make a new one")

    return run


def _small_floats(tried: Tried, rng: np.random.Generator) -> None:
    arrays = _arrays(rng, "float32")
    got = tried.array("layer_norm", *arrays, 1e-5, shape=arrays[0].shape)
    if got.dtype != np.float32:
        raise TrialError(f"float32 went in and {got.dtype} came out")
    _compare(got, arrays, 1e-5, tolerance=1e-4)


def _other_library(tried: Tried, rng: np.random.Generator) -> None:
    arrays = _arrays(rng)
    got = tried.array("on_strict", *arrays, 1e-5, shape=arrays[0].shape)
    _compare(got, arrays, 1e-5)


LAYER_NORM = (
    Trial("right values for arrays of NumPy", _values(1e-5)),
    Trial("an array of another library, which NumPy may not touch", _other_library),
    Trial("a large eps", _values(0.5), hidden=True),
    Trial("float32 stays float32", _small_floats, hidden=True),
    Trial("another library, other sizes", _other_library, hidden=True),
)
