"""No right gradient is accused: every pair, random shapes, small numbers and large ones."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.gradcheck import check_gradients

Pair = tuple[str, dict[str, Any], tuple[Any, ...]]


def pairs(rng: np.random.Generator, scale: float, offset: float) -> Iterator[Pair]:
    """Every pair: its name, options, and inputs of random shapes."""

    def r(*shape: int) -> np.ndarray:
        return scale * rng.standard_normal(shape) + offset

    n, d, m, k, height, width = (int(size) for size in rng.permutation(6) + 2)
    stride, padding = int(rng.integers(1, 3)), int(rng.integers(0, 2))
    image = (n, 3, height + 3, width + 3)
    window: dict[str, Any] = {"stride": stride, "padding": padding}
    rows, columns = (
        F.conv_output_size(size, kernel, stride, padding)
        for size, kernel in ((image[2], 3), (image[3], 2))
    )
    for name in ("relu", "sigmoid", "tanh", "leaky_relu", "elu", "softmax", "log_softmax"):
        yield name, {}, (r(n, d),)
        yield name, {}, (r(n, d, m),)
    for name in ("flatten", "transpose", "sum"):
        yield name, {}, (r(n, d, m),)
    yield "reshape", {"shape": (m, n * d)}, (r(n, d, m),)
    if offset + 5 * scale < 500:
        yield "exp", {}, (r(n, d),)
    for name in ("log", "reciprocal"):
        yield name, {}, (abs(r(n, d)) + 0.01 * scale,)
    yield "power", {"exponent": 3}, (r(n, d),)
    for name in ("add", "subtract", "multiply", "divide", "maximum"):
        yield name, {}, (r(n, 1, d), r(m, d))
    yield "matmul", {}, (r(k, n, d), r(d, m))
    yield "linear", {}, (r(n, d), r(d, m), r(m))
    yield "maxout", {}, (r(n, d), r(k, d, m), r(k, m))
    for shape in ((n, d), (2, d), (n, d, height, width)):
        yield "batch_norm", {}, (r(*shape), r(d), r(d))
    running = {"mean": r(d), "var": abs(r(d)) + 0.1}
    yield "batch_norm_inference", running, (r(n, d, height), r(d), r(d))
    for rest in ((d,), (2,), (d, m)):
        yield "layer_norm", {}, (r(n, *rest), r(*rest), r(*rest))
    yield "cross_entropy", {}, (r(n, d), rng.integers(0, d, n))
    yield "multiclass_hinge_loss", {}, (r(n, d), rng.integers(0, d, n))
    for name in ("binary_cross_entropy_with_logits", "mse_loss", "half_squared_error"):
        yield name, {"targets": rng.random((n, d))}, (r(n, d),)
    yield "l2_penalty", {"lam": 0.3}, (r(n, d),)
    yield "conv2d", window, (r(*image), r(m, 3, 3, 2), r(m))
    yield "conv2d", {"groups": 3, "dilation": 2}, (r(*image), r(6, 1, 2, 3), r(6))
    yield (
        "locally_connected2d",
        window,
        (r(*image), r(rows, columns, m, 3, 3, 2), r(rows, columns, m)),
    )
    for name in ("max_pool2d", "avg_pool2d", "lp_pool2d"):
        yield name, {"kernel_size": (3, 2), **window}, (r(*image),)
    yield "feature_lp_pool", {"kernel_size": 2}, (r(*image),)


def alarms(seed: int, scale: float, offset: float) -> tuple[int, list[str]]:
    """How many tensors were checked, and reports on right ones that were accused."""
    rng, checked, accused = np.random.default_rng(seed), 0, []
    for name, options, inputs in pairs(rng, scale, offset):
        forward, backward = getattr(F, name), getattr(F, f"{name}_backward")
        report = check_gradients(partial(forward, **options), backward, inputs, rng=rng)
        checked += len(report.tensors)
        if not report.ok:
            accused.append(f"{name} {[np.shape(x) for x in inputs]} {report}")
    return checked, accused


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("scale", "offset"), [(1, 0), (1e-4, 0), (30, 0), (1e3, 0), (1, 1e4)], ids=str
)
def test_no_false_alarm(seed, scale, offset):
    checked, accused = alarms(seed, scale, offset)
    assert checked >= 70
    assert not accused, "\n".join(accused)


def test_every_pair_is_tried():
    named = {name for name, *_ in pairs(np.random.default_rng(0), 1.0, 0.0)}
    public = {name.removesuffix("_backward") for name in F.__all__ if name.endswith("_backward")}
    assert named | {"dropout"} == public  # dropout draws anew in every call
