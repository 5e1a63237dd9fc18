"""Pooling layers."""

from coursepkg import functional as F
from coursepkg.functional.windows import Pair
from coursepkg.layers.base import Stateless


class MaxPool2d(Stateless):
    """The largest entry of every window, see `coursepkg.functional.max_pool2d`."""

    pair = (F.max_pool2d, F.max_pool2d_backward)

    def __init__(self, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0):
        super().__init__(kernel_size=kernel_size, stride=stride, padding=padding)


class AvgPool2d(Stateless):
    """The mean of every window, see `coursepkg.functional.avg_pool2d`."""

    pair = (F.avg_pool2d, F.avg_pool2d_backward)

    def __init__(
        self,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Pair = 0,
        count_include_pad: bool = True,
    ):
        options = {"stride": stride, "padding": padding, "count_include_pad": count_include_pad}
        super().__init__(kernel_size=kernel_size, **options)


class LpPool2d(Stateless):
    """The norm of every window, see `coursepkg.functional.lp_pool2d`."""

    pair = (F.lp_pool2d, F.lp_pool2d_backward)

    def __init__(
        self,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Pair = 0,
        norm_type: float = 2,
    ):
        options = {"stride": stride, "padding": padding, "norm_type": norm_type}
        super().__init__(kernel_size=kernel_size, **options)


class FeatureLpPool(Stateless):
    """The norm of windows of channels, see `coursepkg.functional.feature_lp_pool`."""

    pair = (F.feature_lp_pool, F.feature_lp_pool_backward)

    def __init__(
        self, kernel_size: int, stride: int | None = None, padding: int = 0, norm_type: float = 2
    ):
        options = {"stride": stride, "padding": padding, "norm_type": norm_type}
        super().__init__(kernel_size=kernel_size, **options)
