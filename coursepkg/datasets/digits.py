"""The UCI handwritten digits: 1797 images of 8x8 pixels, shipped with the package."""

from importlib.resources import files
from typing import NamedTuple

import numpy as np

from coursepkg.backend import made

TEST_IMAGES = 360
SHUFFLE_SEED = 1998


class Split(NamedTuple):
    """Images (N, C, H, W) and labels (N,), for training and for testing."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def load_digits() -> Split:
    """Load 1797 handwritten digits, 1437 for training and 360 for testing.

    The file is ordered by writer; it is shuffled once, always in the same way, so that both
    parts hold digits of all thirteen.

    Returns
    -------
    Split
        Images of shape (N, 1, 8, 8), float64 between 0 (paper) and 1 (ink), and labels 0 .. 9.

    Notes
    -----
    Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning
    Repository, 1998, CC BY 4.0 (see `LICENSE-digits` beside the data).

    Examples
    --------
    >>> digits = load_digits()
    >>> digits.x_train.shape, digits.x_test.shape
    ((1437, 1, 8, 8), (360, 1, 8, 8))
    """
    with (files(__package__) / "digits.npz").open("rb") as file, np.load(file) as stored:
        images, labels = stored["images"], stored["labels"].astype(np.int64)
    order = np.random.default_rng(SHUFFLE_SEED).permutation(len(images))
    x = images[order, np.newaxis] / 16.0
    y = labels[order]
    parts = x[TEST_IMAGES:], y[TEST_IMAGES:], x[:TEST_IMAGES], y[:TEST_IMAGES]
    return Split(*map(made, parts))
