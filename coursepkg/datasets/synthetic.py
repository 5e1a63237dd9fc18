"""Data made on the spot: points in the plane, and small pictures of shapes.

Every function returns x and labels (int64), shuffled, the classes equally large as far as that is
possible, and the same for the same `rng`, a generator or its seed.
"""

from collections.abc import Callable

import numpy as np

from coursepkg.backend import made

Rng = np.random.Generator | int


def make_xor(n: int = 200, noise: float = 0.1, rng: Rng = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw points around the corners of a square, with the label ``x1 xor x2``.

    Parameters
    ----------
    n : number of points
    noise : standard deviation around the corners (0, 0), (0, 1), (1, 0), (1, 1)

    Returns
    -------
    x : array (n, 2), labels : array (n,) of 0 and 1

    Examples
    --------
    >>> x, y = make_xor(4, noise=0.0)
    >>> bool((y == (x[:, 0] != x[:, 1])).all())
    True
    """
    rng = _checked(n, noise, rng)
    corner = _shares(n, 4)
    x = np.stack([corner // 2, corner % 2], axis=1).astype(float)
    return _shuffled(x, (corner // 2) ^ (corner % 2), noise, rng)


def make_moons(n: int = 200, noise: float = 0.1, rng: Rng = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw points along two half circles that reach into each other.

    Examples
    --------
    >>> x, y = make_moons(100)
    >>> x.shape, y.tolist().count(1)
    ((100, 2), 50)
    """
    rng = _checked(n, noise, rng)
    labels = _shares(n, 2)
    angle = rng.uniform(0, np.pi, n)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    return _shuffled(np.where(labels[:, None], lower, upper), labels, noise, rng)


def make_circles(
    n: int = 200, noise: float = 0.05, factor: float = 0.5, rng: Rng = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Draw points on a circle of radius 1 (label 0) and one of radius `factor` (label 1).

    Examples
    --------
    >>> x, y = make_circles(50, noise=0.0)
    >>> np.unique(np.linalg.norm(x, axis=1).round(6)).tolist()
    [0.5, 1.0]
    """
    if not 0 < factor < 1:
        raise ValueError(f"factor must lie between 0 and 1, got {factor}")
    rng = _checked(n, noise, rng)
    labels = _shares(n, 2)
    angle, radius = rng.uniform(0, 2 * np.pi, n), np.where(labels, factor, 1.0)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius[:, None]
    return _shuffled(circle, labels, noise, rng)


def make_spirals(
    n: int = 300, classes: int = 3, noise: float = 0.03, turns: float = 0.75, rng: Rng = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Draw points along arms that wind around the origin, one a class.

    Examples
    --------
    >>> x, y = make_spirals(300, classes=3)
    >>> np.bincount(y).tolist(), bool(np.abs(x).max() < 1.3)
    ([100, 100, 100], True)
    """
    rng = _checked(n, noise, rng, classes)
    labels = _shares(n, classes)
    radius = rng.uniform(0.05, 1, n)
    angle = 2 * np.pi * (labels / classes + turns * radius)
    arms = np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius[:, None]
    return _shuffled(arms, labels, noise, rng)


def make_blobs(
    n: int = 300, classes: int = 3, noise: float = 0.5, features: int = 2, rng: Rng = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Draw clouds of points around random centres in a cube of side 4, one a class.

    Examples
    --------
    >>> make_blobs(30, classes=2, features=5)[0].shape
    (30, 5)
    """
    rng = _checked(n, noise, rng, classes)
    labels = _shares(n, classes)
    return _shuffled(rng.uniform(-2, 2, (classes, features))[labels], labels, noise, rng)


Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]

SHAPES: dict[str, Distance] = {
    "disc": lambda x, y: np.hypot(x, y) - 1,
    "square": lambda x, y: np.maximum(np.abs(x), np.abs(y)) - 0.85,
    "triangle": lambda x, y: np.maximum(y - 0.7, 0.87 * np.abs(x) - 0.5 * y - 0.5),
    "cross": lambda x, y: np.maximum(
        np.minimum(np.abs(x), np.abs(y)) - 0.3, np.maximum(np.abs(x), np.abs(y)) - 1
    ),
    "ring": lambda x, y: np.abs(np.hypot(x, y) - 0.75) - 0.25,
}
"""Shapes by name: about how far a point is outside, at size 1; the label is the place here."""


def make_shapes(
    n: int = 500, size: int = 16, noise: float = 0.05, rng: Rng = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Draw small grey pictures of the `SHAPES`, at random places and in random sizes.

    Parameters
    ----------
    n : number of pictures
    size : side in pixels, at least 8
    noise : standard deviation of the grey noise

    Returns
    -------
    x : array (n, 1, size, size), 0 (paper) to 1 (ink), labels : array (n,)

    Examples
    --------
    >>> x, y = make_shapes(10, size=12)
    >>> x.shape, sorted(y.tolist())
    ((10, 1, 12, 12), [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    """
    if size < 8:
        raise ValueError(f"size must be at least 8 pixels, got {size}")
    rng = _checked(n, noise, rng)
    labels = _shares(n, len(SHAPES))
    radius = rng.uniform(0.22, 0.38, n) * size
    room = size / 2 - radius - 0.5
    centre = (size - 1) / 2 + rng.uniform(-1, 1, (2, n)) * room
    grid = np.arange(size)
    images = np.empty((n, 1, size, size))
    for i, distance in enumerate(np.array(list(SHAPES.values()), dtype=object)[labels]):
        x = (grid[None, :] - centre[0, i]) / radius[i]
        y = (grid[:, None] - centre[1, i]) / radius[i]
        # Half covered at the edge, one pixel from full to empty: soft, so that size is learnable.
        images[i, 0] = np.clip(0.5 - radius[i] * distance(x, y), 0, 1)
    x, labels = _shuffled(images, labels, noise, rng)
    return made(np.clip(x, 0, 1)), made(labels)


def _checked(n: int, noise: float, rng: Rng, classes: int = 2) -> np.random.Generator:
    if classes < 2 or n < classes:
        raise ValueError(f"need two classes or more, and n >= classes, got {classes} and n = {n}")
    if not noise >= 0:
        raise ValueError(f"noise must not be negative, got {noise}")
    return np.random.default_rng(rng)


def _shares(n: int, classes: int) -> np.ndarray:
    """Labels 0 .. classes-1 in turn, n of them."""
    return np.arange(n) % classes


def _shuffled(
    x: np.ndarray, labels: np.ndarray, noise: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    order = rng.permutation(len(x))
    x = x[order] + noise * rng.standard_normal(x.shape)
    return made(x), made(labels[order].astype(np.int64))
