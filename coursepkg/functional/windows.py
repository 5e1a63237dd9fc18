"""Windows that slide over an image: how many there are, and which pixels each tap of them meets."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from coursepkg.backend import Array, namespace

Pair = int | tuple[int, int]
"""One number for both directions, or (height, width)."""


def conv_output_size(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Return how many windows fit: ``floor((I + 2P - D (K - 1) - 1) / S) + 1``.

    A window that would hang over the far edge is dropped, and the pixels only it would have met
    get no gradient.

    Raises
    ------
    ValueError
        If not even one window fits.

    Examples
    --------
    >>> conv_output_size(7, 3, stride=2)
    3
    >>> conv_output_size(227, 11, stride=4)
    55
    """
    reach = dilation * (kernel_size - 1) + 1
    if reach > size + 2 * padding:
        raise ValueError(
            f"a kernel of {kernel_size} with dilation {dilation} reaches over {reach} pixels, "
            f"the image with its padding has only {size} + 2 * {padding}"
        )
    return (size + 2 * padding - reach) // stride + 1


class Windows(NamedTuple):
    """Where windows lie on an image; every field is a pair (vertical, horizontal)."""

    image: tuple[int, int]
    kernel: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]
    out: tuple[int, int]

    def taps(self) -> Iterator[tuple[int, int]]:
        """Yield the places (row, column) of the kernel in row-major order.

        Examples
        --------
        >>> list(windows_over((5, 5), (1, 2)).taps())
        [(0, 0), (0, 1)]
        """
        return product(range(self.kernel[0]), range(self.kernel[1]))

    def seen_by(self, tap: tuple[int, int]) -> tuple[slice, slice]:
        """Return the rows and columns of the padded image that `tap` meets, one a window.

        Examples
        --------
        >>> windows_over((7, 7), 3, stride=2).seen_by((0, 1))
        (slice(0, 5, 2), slice(1, 6, 2))
        """
        rows, columns = (
            slice(at * dilation, at * dilation + stride * (out - 1) + 1, stride)
            for at, dilation, stride, out in zip(
                tap, self.dilation, self.stride, self.out, strict=True
            )
        )
        return rows, columns

    def pad(self, x: Array, value: float = 0.0) -> Array:
        """Return (N, C, H, W) with a border of `value`; `x` itself if the border is empty.

        Examples
        --------
        >>> import numpy as np
        >>> windows_over((1, 1), 3, padding=1).pad(np.ones((1, 1, 1, 1)))[0, 0]
        array([[0., 0., 0.],
               [0., 1., 0.],
               [0., 0., 0.]])
        """
        if self.padding == (0, 0):
            return x
        xp = namespace(x)
        (height, width), (above, left) = self.image, self.padding
        shape = (*x.shape[:2], height + 2 * above, width + 2 * left)
        padded = xp.full(shape, value, dtype=x.dtype)
        padded[:, :, above : above + height, left : left + width] = x
        return padded

    def crop(self, padded: Array) -> Array:
        """Return the image inside the border, what `pad` was given.

        Examples
        --------
        >>> import numpy as np
        >>> windows_over((1, 1), 3, padding=1).crop(np.ones((1, 1, 3, 3))).shape
        (1, 1, 1, 1)
        """
        (height, width), (above, left) = self.image, self.padding
        return padded[:, :, above : above + height, left : left + width]


def windows_over(
    image: tuple[int, int], kernel: Pair, stride: Pair = 1, padding: Pair = 0, dilation: Pair = 1
) -> Windows:
    """Return the windows of a kernel over an image (H, W), all arguments checked.

    Raises
    ------
    TypeError, ValueError
        If an argument is no whole number or pair of them, is too small, or nothing fits.

    Examples
    --------
    >>> windows_over((28, 28), 5, padding=2).out
    (28, 28)
    """
    kernel, stride = pair(kernel, "kernel_size"), pair(stride, "stride")
    padding, dilation = pair(padding, "padding", least=0), pair(dilation, "dilation")
    height, width = (
        conv_output_size(*sizes)
        for sizes in zip(image, kernel, stride, padding, dilation, strict=True)
    )
    return Windows(image, kernel, stride, padding, dilation, (height, width))


def pair(value: Pair, name: str, least: int = 1) -> tuple[int, int]:
    """Return (value, value) for one number, a pair as it is.

    Examples
    --------
    >>> pair(3, "stride")
    (3, 3)
    """
    values = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(values) != 2 or not all(hasattr(number, "__index__") for number in values):
        raise TypeError(f"{name} must be a whole number or a pair of them, got {value!r}")
    first, second = (number.__index__() for number in values)
    if min(first, second) < least:
        raise ValueError(f"{name} must be at least {least}, got {value!r}")
    return first, second


def require_images(x: Array) -> None:
    """Raise ValueError unless `x` is a batch of images, (N, C, H, W).

    Examples
    --------
    >>> import numpy as np
    >>> require_images(np.ones((1, 3, 8, 8)))
    """
    if x.ndim != 4:
        raise ValueError(f"x must hold images, shape (N, C, H, W), got shape {x.shape}")
