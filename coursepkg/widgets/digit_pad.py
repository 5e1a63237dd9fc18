"""Strokes of a pen made into 8 x 8 pixels, the way the digits of the data set were made.

There, forms were scanned, each digit stretched to 20 x 32 pixels with strokes of an even width,
put into the middle of 32 x 32, and the black pixels of every block of 4 x 4 were counted.
"""

import numpy as np

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SIDE = 64  # of the pad: a place on it is two of the letters, across and down
FINE, BLOCK = 32, 4
WIDE, HIGH = 12.0, 28.0  # what the middle of the pen may cover, in fine pixels
STRETCH = 1.6  # at most so much more in one direction than in the other
INK = 312  # black pixels of 1024, the mean of the data set
LEAST, MOST = 1.2, 4.5  # radius of the pen, in fine pixels


def strokes_of(text: str) -> list[np.ndarray]:
    """Read strokes, arrays (points, 2) of places (across, down).

    A stroke is its places one after the other; a full stop ends it. What follows a tilde is where
    the pen hovers, and leaves no ink.

    Examples
    --------
    >>> [s.tolist() for s in strokes_of("AABB.CC~DD")]
    [[[0.0, 0.0], [1.0, 1.0]], [[2.0, 2.0]]]
    """
    pieces = [piece for piece in text.split("~")[0].split(".") if piece]
    return [
        np.array([LETTERS.index(c) for c in piece], dtype=float).reshape(-1, 2) for piece in pieces
    ]


def text_of(strokes: list[list[tuple[int, int]]]) -> str:
    """Write strokes the way `strokes_of` reads them.

    Examples
    --------
    >>> text_of([[(0, 0), (1, 1)], [(2, 2)]])
    'AABB.CC'
    """
    return ".".join("".join(LETTERS[c] for point in s for c in point) for s in strokes)


def ink_of(text: str) -> np.ndarray:
    """Return the image (8, 8), from 0 (paper) to 1 (ink), of strokes on the pad.

    Examples
    --------
    >>> bar = ink_of("gAg_")  # from top to bottom
    >>> bar[:, 3].tolist(), float(bar[:, 0].sum())
    ([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], 0.0)
    """
    strokes = strokes_of(text)
    if not strokes:
        return np.zeros((8, 8))
    far = _squared_distances([_placed(s, np.concatenate(strokes)) for s in strokes])
    reach = min(max(np.sort(far, axis=None)[INK - 1], LEAST**2), MOST**2)
    black = (far <= reach).reshape(8, BLOCK, 8, BLOCK)
    return black.sum(axis=(1, 3)) / BLOCK**2


def _placed(stroke: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The stroke in fine pixels, the box around all points in the middle."""
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum(high - low, 1)
    across, down = WIDE / size[0], HIGH / size[1]
    scale = np.array([min(across, STRETCH * down), min(down, STRETCH * across)])
    return (stroke - (low + high) / 2) * scale + FINE / 2


def _squared_distances(strokes: list[np.ndarray]) -> np.ndarray:
    """From the middle of every fine pixel (32, 32) to the nearest place of the pen."""
    middle = np.arange(FINE) + 0.5
    x, y = middle[None, :], middle[:, None]
    nearest = np.full((FINE, FINE), np.inf)
    for stroke in strokes:
        for (ax, ay), (bx, by) in zip(stroke, np.vstack([stroke[1:], stroke[-1:]]), strict=True):
            ux, uy = bx - ax, by - ay
            length = ux * ux + uy * uy
            along = ((x - ax) * ux + (y - ay) * uy) / (length if length else 1.0)
            along = np.minimum(1.0, np.maximum(0.0, along))
            dx, dy = x - (ax + along * ux), y - (ay + along * uy)
            nearest = np.minimum(nearest, dx * dx + dy * dy)
    return nearest
