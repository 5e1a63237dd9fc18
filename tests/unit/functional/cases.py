"""Every pair of the library with inputs to try it on; the tests beside this file run over them."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from coursepkg import functional as F
from coursepkg.functional.conv_taps import conv2d_taps, conv2d_taps_backward

LABELS = [0, 2, 1, 1, 0]
TARGETS = [[0.0, 1.0, 0.25], [1.0, 0.0, 1.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.75]]

Draw = Callable[..., np.ndarray]


class Case(NamedTuple):
    """A pair, and `make`, which draws inputs for it: ``make(r)`` with ``r(*shape)`` an array."""

    name: str
    forward: Callable[..., tuple[Any, Any]]
    backward: Callable[[Any, Any], Any]
    make: Callable[[Draw], tuple[Any, ...]]

    def __str__(self) -> str:
        return self.name


def case(
    name: str, make: Callable[[Draw], tuple[Any, ...]], title: str = "", **options: Any
) -> Case:
    """A pair of `F` by its name, with options."""
    forward, backward = getattr(F, name), getattr(F, f"{name}_backward")
    return Case(f"{name} {title}".strip(), partial(forward, **options), backward, make)


def dropped(x):
    return F.dropout(x, 0.4, np.random.default_rng(3))


def images(r: Draw) -> tuple[Any, ...]:
    return (r(2, 3, 7, 6),)


CASES = [
    *(
        case(name, lambda r: (r(4, 1, 3), r(5, 1)), "broadcast")
        for name in ("add", "subtract", "multiply", "divide", "maximum")
    ),
    *(case(name, lambda r: (abs(r(4, 3)),)) for name in ("exp", "log", "reciprocal")),
    case("power", lambda r: (r(4, 3),), exponent=3),
    case("power", lambda r: (abs(r(4, 3)),), "a root", exponent=-0.5),
    case("matmul", lambda r: (r(4, 3), r(3, 5))),
    case("matmul", lambda r: (r(2, 1, 4, 3), r(6, 3, 5)), "of stacks"),
    case("sum", lambda r: (r(4, 3, 2),)),
    case("sum", lambda r: (r(4, 3, 2),), "along axes", axis=(0, -1)),
    case("sum", lambda r: (r(4, 3, 2),), "kept", axis=1, keepdims=True),
    case("reshape", lambda r: (r(4, 3),), shape=(2, 6)),
    case("transpose", lambda r: (r(4, 3, 2),)),
    case("transpose", lambda r: (r(4, 3, 2),), "in an order", axes=(1, 2, 0)),
    case("linear", lambda r: (r(5, 3), r(3, 4), r(4))),
    case("linear", lambda r: (r(5, 2, 3), r(6, 4), r(4)), "of images"),
    *(case(name, lambda r: (r(5, 3),)) for name in ("relu", "sigmoid", "tanh", "elu", "flatten")),
    case("leaky_relu", lambda r: (r(5, 3),)),
    case("leaky_relu", lambda r: (r(5, 3, 2),), "steep", negative_slope=0.3),
    case("elu", lambda r: (r(5, 3),), "alpha", alpha=0.7),
    case("flatten", lambda r: (r(5, 3, 2, 4),), "of images"),
    *(
        case(name, lambda r: (r(5, 3, 4),), f"axis {axis}", axis=axis)
        for name in ("softmax", "log_softmax")
        for axis in (0, 1, -1)
    ),
    case("maxout", lambda r: (r(5, 3), r(2, 3, 4), r(2, 4))),
    case("batch_norm", lambda r: (r(5, 3), r(3), r(3))),
    case("batch_norm", lambda r: (r(5, 3, 4, 2), r(3), r(3)), "of images", eps=1e-3),
    case(
        "batch_norm_inference",
        lambda r: (r(5, 3, 4, 2), r(3), r(3)),
        mean=[0.1, -1, 2],
        var=[1, 2, 0.5],
    ),
    case("layer_norm", lambda r: (r(5, 4), r(4), r(4))),
    case("layer_norm", lambda r: (r(5, 3, 4), r(3, 4), r(3, 4)), "two axes"),
    Case("dropout", dropped, F.dropout_backward, lambda r: (r(5, 3),)),
    case("cross_entropy", lambda r: (r(5, 3), LABELS)),
    case("multiclass_hinge_loss", lambda r: (r(5, 3), LABELS)),
    case("multiclass_hinge_loss", lambda r: (r(5, 3), LABELS), "wide", margin=2.5),
    case("binary_cross_entropy_with_logits", lambda r: (r(5, 3),), targets=TARGETS),
    case("mse_loss", lambda r: (r(5, 3),), targets=TARGETS),
    case("half_squared_error", lambda r: (r(5, 3),), targets=TARGETS),
    case("l2_penalty", lambda r: (r(5, 3),), lam=0.3),
    *(
        Case(f"{forward.__name__} {title}".strip(), partial(forward, **options), backward, make)
        for forward, backward in (
            (F.conv2d, F.conv2d_backward),
            (conv2d_taps, conv2d_taps_backward),
        )
        for title, make, options in (
            ("", lambda r: (r(2, 3, 7, 6), r(4, 3, 3, 2), r(4)), {}),
            ("1 x 1", lambda r: (r(2, 3, 4, 5), r(4, 3, 1, 1), r(4)), {}),
            (
                "strided",
                lambda r: (r(2, 3, 8, 7), r(4, 3, 3, 2), r(4)),
                {"stride": (2, 3), "padding": (2, 1)},
            ),
            (
                "dilated",
                lambda r: (r(2, 3, 9, 8), r(4, 3, 2, 3), r(4)),
                {"dilation": (3, 2), "padding": 1},
            ),
            (
                "in groups",
                lambda r: (r(2, 4, 6, 5), r(6, 2, 3, 2), r(6)),
                {"groups": 2, "stride": 2, "padding": 1},
            ),
        )
    ),
    case("locally_connected2d", lambda r: (r(2, 3, 5, 4), r(3, 3, 4, 3, 3, 2), r(3, 3, 4))),
    case(
        "locally_connected2d",
        lambda r: (r(2, 3, 5, 4), r(3, 2, 4, 3, 3, 2), r(3, 2, 4)),
        "strided",
        stride=(2, 3),
        padding=1,
    ),
    *(
        case(name, images, title, **options)
        for name in ("max_pool2d", "avg_pool2d", "lp_pool2d")
        for title, options in (
            ("", {"kernel_size": 2}),
            ("overlapping", {"kernel_size": (3, 2), "stride": (2, 1)}),
            ("padded", {"kernel_size": (3, 2), "stride": 3, "padding": 1}),
        )
    ),
    case(
        "avg_pool2d",
        images,
        "of pixels only",
        kernel_size=3,
        stride=2,
        padding=1,
        count_include_pad=False,
    ),
    case("lp_pool2d", images, "p = 3", kernel_size=2, norm_type=3),
    case("lp_pool2d", images, "p = 1", kernel_size=2, norm_type=1),
    case("feature_lp_pool", lambda r: (r(2, 5, 3, 4),), kernel_size=2),
    case(
        "feature_lp_pool", lambda r: (r(4, 5),), "overlapping", kernel_size=3, stride=1, padding=1
    ),
]


def drawing(seed: int, dtype: type = np.float64) -> Draw:
    """A function that draws arrays with entries away from zero, where many pairs have a kink."""
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        x = rng.standard_normal(shape)
        return (x + 0.05 * np.sign(x)).astype(dtype)

    return draw


def in_tuple(grads: Any) -> tuple[Any, ...]:
    """Gradients as a tuple, also where there is one."""
    return tuple(grads) if isinstance(grads, tuple) else (grads,)
