"""Assignment 6, dropout: what a right answer does, whatever it draws."""

from functools import partial
from typing import Any

import numpy as np

from coursepkg.checks.a6_sampling import draw_seed
from coursepkg.checks.question import Trial
from coursepkg.checks.trials import TrialError, Tried, numbers


def _entries(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers that are not 0, so that a 0 in the output was dropped."""
    return rng.uniform(0.5, 2, shape) * rng.choice([-1, 1], shape)


def _forward(
    tried: Tried, x: np.ndarray, p: float, training: bool, seed: int, call: str = "__call__"
) -> tuple[np.ndarray, Any]:
    answer = getattr(tried, call)("dropout", x, p, training, seed)
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise TrialError("dropout must return two values, out and cache")
    return numbers(answer[0], "out is", x.shape), answer[1]


def _kept(out: np.ndarray) -> np.ndarray:
    """Where something came through; of many entries some must, and some must not."""
    kept = out != 0
    if kept.all():
        raise TrialError("in training nothing was dropped")
    if not kept.any():
        raise TrialError("in training everything was dropped")
    return np.asarray(kept)


def _scaled(shape: tuple[int, ...], tried: Tried, rng: np.random.Generator, p: float = 0.0) -> None:
    x, p = _entries(rng, shape), p or float(rng.uniform(0.2, 0.4))
    out, _ = _forward(tried, x, p, True, draw_seed(rng))
    kept = _kept(out)
    if not np.allclose(out[kept], x[kept] / (1 - p), rtol=1e-9, atol=0):
        factor = float(np.median(out[kept] / x[kept]))
        raise TrialError(
            f"with p = {p:.3g} what is kept was multiplied by {factor:.4g}, "
            f"expected 1 / (1 - p) = {1 / (1 - p):.4g}"
        )


def _ones(tried: Tried, rng: np.random.Generator) -> None:
    out, _ = _forward(tried, np.ones((20, 30)), 0.5, True, draw_seed(rng))
    if not np.isin(out, (0.0, 2.0)).all():
        wrong = out[~np.isin(out, (0.0, 2.0))]
        raise TrialError(f"with p = 0.5 a 1 must become 0 or 2, yours became {wrong[0]:.4g}")
    _kept(out)


def _share(tried: Tried, rng: np.random.Generator) -> None:
    for p in (0.2, float(rng.uniform(0.6, 0.8))):
        out, _ = _forward(tried, _entries(rng, (200, 100)), p, True, draw_seed(rng))
        share = float(np.mean(~_kept(out)))
        # Of 20,000 entries: 0.03 is at least eight standard deviations.
        if abs(share - p) > 0.03:
            raise TrialError(f"of all entries {share:.3g} were dropped, expected are {p:.3g}")


def _unchanged_in_evaluation(
    shape: tuple[int, ...], p: float, tried: Tried, rng: np.random.Generator
) -> None:
    x, seed = _entries(rng, shape), draw_seed(rng)
    _kept(_forward(tried, x, p, True, seed)[0])
    out, _ = _forward(tried, x, p, False, seed)
    if not np.array_equal(out, x):
        raise TrialError("in evaluation mode out must be x: nothing dropped, nothing scaled")


def _nothing_to_drop(tried: Tried, rng: np.random.Generator) -> None:
    x, seed = _entries(rng, (20, 30)), draw_seed(rng)
    _kept(_forward(tried, x, 0.4, True, seed)[0])
    out, _ = _forward(tried, x, 0.0, True, seed)
    if not np.allclose(out, x, rtol=1e-12, atol=0):
        raise TrialError("with p = 0 nothing may be dropped or scaled")


def _masks(tried: Tried, rng: np.random.Generator) -> None:
    x, seed = np.ones((20, 30)), draw_seed(rng)
    first, again, other = (
        _kept(_forward(tried, x, 0.5, True, number)[0]) for number in (seed, seed, seed + 1)
    )
    if not np.array_equal(first, again):
        raise TrialError("the same seed gave another mask the second time")
    if np.array_equal(first, other):
        raise TrialError("two seeds gave the same mask: is the seed used?")


def _by_entry(tried: Tried, rng: np.random.Generator) -> None:
    kept = _kept(_forward(tried, np.ones((60, 80)), 0.5, True, draw_seed(rng))[0])
    # Two of 80 columns of 60 random bits are the same with chance 1e-14.
    if min(np.unique(kept, axis=axis).shape[axis] for axis in (0, 1)) < 50:
        raise TrialError("many rows or columns were dropped alike: draw for every entry by itself")


def _promises(tried: Tried, rng: np.random.Generator) -> None:
    _kept(_forward(tried, _entries(rng, (20, 30)), 0.4, True, draw_seed(rng), "unchanged")[0])


def _short_floats(tried: Tried, rng: np.random.Generator) -> None:
    x = _entries(rng, (20, 30)).astype(np.float32)
    for training in (True, False):
        out, _ = _forward(tried, x, 0.4, training, draw_seed(rng))
        if training:
            _kept(out)
        if out.dtype != np.float32:
            raise TrialError(f"dropout returned {out.dtype} where x is float32")


DROPOUT = (
    Trial("ones, p = 0.5", _ones),
    Trial("the share that is dropped", _share),
    Trial("what is kept grows by 1 / (1 - p)", partial(_scaled, (30, 20))),
    Trial("evaluation mode", partial(_unchanged_in_evaluation, (20, 30), 0.4)),
    Trial("seeds", _masks),
    Trial("x stays as it is", _promises),
    Trial("float32 stays float32", _short_floats),
    Trial(
        "evaluation mode, p = 0.8", partial(_unchanged_in_evaluation, (40, 20), 0.8), hidden=True
    ),
    Trial(
        "evaluation mode, images", partial(_unchanged_in_evaluation, (3, 4, 6, 7), 0.3), hidden=True
    ),
    Trial("p = 0", _nothing_to_drop, hidden=True),
    Trial("x of shape (N, C, H, W)", partial(_scaled, (5, 4, 6, 7)), hidden=True),
    Trial("every entry by itself", _by_entry, hidden=True),
)


def _mask_and_cache(
    tried: Tried, x: np.ndarray, p: float, training: bool, seed: int
) -> tuple[np.ndarray, Any]:
    """The mask of the student's own forward pass and its cache, where that is right.

    Else one that is drawn here, which is the cache that the statement suggests. A wrong `dropout`
    costs its own points only.
    """
    try:
        out, cache = _forward(tried, x, p, training, seed)
        mask = np.where(out != 0, 1 / (1 - p), 0.0) if training else np.ones(x.shape)
        if np.allclose(out, x * mask) and (not training or 0 < np.mean(out != 0) < 1):
            return mask, cache
    except Exception:  # it is judged by the question of its own
        pass
    kept = np.random.default_rng(seed).random(x.shape) >= (p if training else 0)
    mask = np.where(kept, 1 / (1 - p) if training else 1.0, 0.0).astype(x.dtype)
    return mask, mask


def _back(
    shape: tuple[int, ...],
    tried: Tried,
    rng: np.random.Generator,
    training: bool = True,
    dtype: type = np.float64,
    call: str = "__call__",
) -> None:
    x: np.ndarray = _entries(rng, shape).astype(dtype)
    dout: np.ndarray = _entries(rng, shape).astype(dtype)
    p = float(rng.uniform(0.2, 0.4))
    mask, cache = _mask_and_cache(tried, x, p, training, draw_seed(rng))
    dx = numbers(getattr(tried, call)("dropout_backward", dout, cache), "dx is", shape)
    expected = dout * mask
    if dx.dtype != dtype:
        raise TrialError(f"dropout_backward returned {dx.dtype} where dout is {np.dtype(dtype)}")
    if not training and not np.allclose(dx, dout):
        raise TrialError("in evaluation mode out was x, so dx must be dout")
    if ((dx != 0) != (expected != 0)).any():
        raise TrialError("dx must be 0 exactly where out was 0: use the mask of the forward pass")
    if not np.allclose(dx, expected, rtol=1e-5 if dtype == np.float32 else 1e-9, atol=0):
        factor = float(np.median(dx[expected != 0] / expected[expected != 0]))
        raise TrialError(
            f"where x was kept dx is {factor:.4g} times what was expected (p = {p:.3g}): "
            "the mask holds the factor 1 / (1 - p) too"
        )


DROPOUT_BACKWARD = (
    Trial("x of shape (20, 30)", partial(_back, (20, 30))),
    Trial("evaluation mode", partial(_back, (12, 10), training=False)),
    Trial("dout stays as it is", partial(_back, (20, 30), call="unchanged")),
    Trial("float32 stays float32", partial(_back, (20, 30), dtype=np.float32)),
    Trial("another mask", partial(_back, (30, 25)), hidden=True),
    Trial("x of shape (N, C, H, W)", partial(_back, (4, 3, 8, 7)), hidden=True),
)
