"""W9.3: the numbers a layer learns if it is full, local or shared (deck rows 107 to 109, 112)."""

from typing import Any

import traitlets

from coursepkg.widgets.base import BookWidget

SIDES = (8, 16, 28, 32, 64, 100, 200, 224, 500, 1000, 2000)
HIDDEN = (10, 100, 1000, 4704, 10_000, 40_000, 100_000, 1_000_000)
KERNELS = (1, 3, 5, 7, 8, 10, 11)
FILTERS = (1, 2, 4, 6, 10, 64, 100, 500)


def counts(side: int, channels: int, hidden: int, kernel: int, filters: int) -> dict[str, int]:
    """Count weights, biases and multiplications of three layers on a square image.

    "full": each of the hidden units sees all pixels. "local": each sees a patch of its own,
    kernel x kernel pixels of all channels. "shared": filters of that size, each at every place.

    >>> six = counts(side=32, channels=3, hidden=4704, kernel=5, filters=6)
    >>> six["shared_weights"] + six["shared_biases"], six["full_weights"] + six["full_biases"]
    (456, 14455392)
    """
    patch = channels * kernel**2
    places = (side - kernel + 1) ** 2
    return {
        "full_weights": hidden * channels * side**2,
        "full_biases": hidden,
        "local_weights": hidden * patch,
        "local_biases": hidden,
        "shared_weights": filters * patch,
        "shared_biases": filters,
        "shared_units": filters * places,
        "shared_products": filters * places * patch,
    }


class ParameterScale(BookWidget):
    """Weights of a full, a local and a convolutional layer, side by side on a logarithmic axis.

    Parameters
    ----------
    side : height and width of the image, one of `SIDES`
    channels : 1 (grey) or 3 (colour)
    hidden : units of the full and of the local layer, one of `HIDDEN`
    kernel : side of the patch that a local unit or a filter sees, one of `KERNELS`
    filters : filters of the convolution, one of `FILTERS`

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> ParameterScale(side=1000, hidden=1_000_000).kernel
    10
    """

    script = "parameter_scale.js"
    number = "W9.3"
    title = "Full, local, shared"
    alt = (
        "Three bars on a logarithmic axis for an image of 200 × 200 and 40,000 hidden units: full "
        "1,600,000,000 weights, local with patches of 10 × 10 4,000,000, one shared filter 100. "
        "Below, the same against the side of the image: full rises with its square, the "
        "others stay."
    )

    side = traitlets.Enum(SIDES, 200).tag(sync=True)
    channels = traitlets.Enum([1, 3], 1).tag(sync=True)
    hidden = traitlets.Enum(HIDDEN, 40_000).tag(sync=True)
    kernel = traitlets.Enum(KERNELS, 10).tag(sync=True)
    filters = traitlets.Enum(FILTERS, 1).tag(sync=True)

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """The layers of the lectures, and each value of each control."""
        names = ("side", "channels", "hidden", "kernel", "filters")
        start = (200, 1, 40_000, 10, 1)
        states: list[tuple[int, ...]] = [
            start,
            (1000, 1, 1_000_000, 10, 100),
            (32, 3, 4704, 5, 6),
            (2000, 3, 10, 1, 500),
        ]
        for place, values in enumerate((SIDES[1:], (3,), HIDDEN, KERNELS, FILTERS)):
            states += [(*start[:place], value, *start[place + 1 :]) for value in values]
        return [
            (state, counts(**state))
            for state in (dict(zip(names, each, strict=True)) for each in states)
        ]
