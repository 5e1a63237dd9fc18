"""W2.3: ridge regression on few digits; templates, and errors over lambda (rows 22 to 24)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg.datasets import load_digits
from coursepkg.linear_models import OneHotRidge
from coursepkg.widgets.base import BookWidget

LAMBDAS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)
SIZES = (40, 60, 80, 100, 120)
MOST = 120
INK = "ABCDEFGHIJKLMNOPQ"  # 0 to 16 sixteenths of ink, a letter for each pixel


class Ridge(BookWidget):
    """One-hot regression with a penalty, trained on a few digits and tested on 120 others.

    Parameters
    ----------
    lam : weight of the penalty, 0.001 to 1000
    images : how many digits it is trained on, 40 to 120
    measure : what the curves show: "squared", the squared error of an image, or "wrong", the
        share of images with the wrong label

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> Ridge(lam=10).state()
    {'images': 80, 'lam': 10, 'measure': 'squared'}
    """

    script = "ridge.js"
    number = "W2.3"
    title = "How much penalty do 80 digits need?"
    alt = (
        "Ten templates of 8 by 8 weights, learned by one-hot regression from 80 handwritten "
        "digits, and two curves over lambda from 0.001 to 1000. The error on the training images "
        "only rises with lambda; the error on 120 other images falls first and has its minimum "
        "in between. With little penalty the templates are speckled, with much they blur."
    )

    lam = traitlets.Enum(LAMBDAS, 0.01).tag(sync=True)
    images = traitlets.Enum(SIZES, 80).tag(sync=True)
    measure = traitlets.Enum(["squared", "wrong"], "squared").tag(sync=True)

    @traitlets.default("_data")
    def _ship_digits(self) -> dict[str, Any]:
        (x, y), (x_test, y_test) = few_digits(MOST), other_digits()
        return {
            "train": _letters(x),
            "test": _letters(x_test),
            "train_labels": "".join(map(str, y)),
            "test_labels": "".join(map(str, y_test)),
        }

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every lambda on the images it starts with, and every size with three of them."""
        states: list[dict[str, Any]] = [{"lam": lam, "images": 80} for lam in LAMBDAS]
        states += [{"lam": lam, "images": n} for n in SIZES for lam in (0.001, 1, 1000)]
        return [(state, errors(**state)) for state in states]


def few_digits(images: int) -> tuple[np.ndarray, np.ndarray]:
    """The first training digits, (images, 64), and their labels."""
    digits = load_digits()
    return digits.x_train[:images].reshape(-1, 64), digits.y_train[:images]


def other_digits() -> tuple[np.ndarray, np.ndarray]:
    """120 digits that are never trained on, (120, 64), and their labels."""
    digits = load_digits()
    return digits.x_test[:MOST].reshape(-1, 64), digits.y_test[:MOST]


def errors(lam: float, images: int) -> dict[str, Any]:
    """Squared error of an image and share of wrong labels, in training and in test.

    Examples
    --------
    >>> found = errors(1, 80)
    >>> found["train"] < found["test"]
    True
    """
    x, y = few_digits(images)
    x_test, y_test = other_digits()
    model = OneHotRidge(lam).fit(x, y)
    targets = np.eye(10)
    return {
        "train": squared(model, x, targets[y]),
        "test": squared(model, x_test, targets[y_test]),
        "train_wrong": 1 - model.score(x, y),
        "test_wrong": 1 - model.score(x_test, y_test),
        "norm": float(np.sum(model.coef_**2)),
    }


def squared(model: OneHotRidge, x: np.ndarray, targets: np.ndarray) -> float:
    """Mean over the images of |scores - targets|^2."""
    return float(np.mean(np.sum((model.decision_function(x) - targets) ** 2, axis=1)))


def _letters(x: np.ndarray) -> str:
    return "".join(INK[round(16 * ink)] for ink in x.ravel())
