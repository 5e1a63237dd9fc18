"""W11.2: cover parts of a digit, and compare two maps of what the network looks at."""

import re
from functools import cache
from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.digit_reader import reader, shown, shown_letters, stored

IMAGES = tuple(map(str, range(12)))
LABELS = tuple(map(str, range(10)))
NOTHING = 16 * "0"


class OcclusionBrush(BookWidget):
    """A digit to cover cell by cell, with the scores, and a map of what each place is worth.

    Parameters
    ----------
    image : number of a test digit, "0" to "11"; the last two are misread
    label : the class whose score is looked at, "0" to "9"
    map : "occlusion", the fall of the score when a patch is covered; "saliency", its gradient;
        or "product", gradient times pixel
    size : side of the patch of the occlusion map, 1 to 4
    cover : what is covered, 16 hexadecimal digits of four cells each, row after row
    at : where the cursor is, 0 to 63

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> OcclusionBrush(image="8").state()["cover"]
    '0000000000000000'
    """

    script = "occlusion_brush.js"
    number = "W11.2"
    title = "What does it look at? Cover it and see"
    alt = (
        "A handwritten five of 8 by 8 pixels that can be covered cell by cell, the probabilities "
        "of ten classes for it, and a map of how much the score of the five falls when a patch of "
        "2 by 2 is covered. Some patches speak for the five, others against it. Covering the worst "
        "cell first, it takes 5 cells until the network no longer reads a five."
    )

    image = traitlets.Enum(IMAGES, "5").tag(sync=True)
    label = traitlets.Enum(LABELS, "5").tag(sync=True)
    map = traitlets.Enum(("occlusion", "saliency", "product"), "occlusion").tag(sync=True)
    size = traitlets.Int(2, min=1, max=4).tag(sync=True)
    cover = traitlets.Unicode(NOTHING).tag(sync=True)
    at = traitlets.Int(27, min=0, max=63).tag(sync=True)

    @traitlets.validate("cover")
    def _check_cover(self, proposal: Any) -> str:
        cover: str = proposal["value"]
        if not re.fullmatch("[0-9a-f]{16}", cover):
            raise traitlets.TraitError(f"cover must be 16 hexadecimal digits, got {cover!r}")
        return cover

    @traitlets.default("_data")
    def _ship_network(self) -> dict[str, Any]:
        return {"trained": stored()["trained"], "greedy": greedy_counts()} | shown_letters()

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every digit with its label and another, all sizes, and some covers."""
        covers = [NOTHING, "0000001818000000", "ffff000000000000", 16 * "f"]
        states: list[dict[str, Any]] = [
            {"image": image, "label": str((int(image) + other) % 10), "size": 1 + (k + other) % 4}
            | {"cover": covers[(k + other) % 4]}
            for k, image in enumerate(IMAGES)
            for other in (0, 1)
        ]
        return [(state, looked_at(**state)) for state in states]


def covered(image: str, cover: str) -> np.ndarray:
    """Return the image (8, 8) with paper where the cover has a 1."""
    bits = np.array([int(bit) for digit in cover for bit in f"{int(digit, 16):04b}"])
    return np.where(bits.reshape(8, 8), 0, shown()[0][int(image)])


def occlusion_map(image: np.ndarray, label: int, size: int) -> np.ndarray:
    """Return how much the score falls when a patch is covered, for every place of the patch.

    Examples
    --------
    >>> occlusion_map(shown()[0][3], 3, 2).shape
    (7, 7)
    """
    side = 8 - size + 1
    every = np.repeat(image[None, None], side * side + 1, axis=0)
    for number, (i, j) in enumerate(np.ndindex(side, side), start=1):
        every[number, 0, i : i + size, j : j + size] = 0
    scores = reader().forward(every)[:, label]
    return (scores[0] - scores[1:]).reshape(side, side)


def saliency_map(image: np.ndarray, label: int) -> np.ndarray:
    """Return the gradient of the score with respect to the pixels, (8, 8)."""
    network = reader()
    network.forward(image[None, None])
    return np.asarray(network.backward(np.eye(10)[[label]])[0, 0])


@cache
def greedy_counts() -> list[int]:
    """Return how many cells it takes to change its mind, the one that hurts most covered first."""
    return [_greedy(image) for image in shown()[0]]


def _greedy(image: np.ndarray) -> int:
    image, first = image.copy(), int(reader().forward(image[None, None]).argmax())
    for count in range(1, 65):
        every = np.repeat(image[None, None], 64, axis=0)
        every.reshape(64, 64)[np.arange(64), np.arange(64)] = 0
        scores = reader().forward(every)
        others = np.delete(scores, first, axis=1).max(axis=1)
        worst = int((scores[:, first] - others).argmin())
        image.flat[worst] = 0
        if scores[worst].argmax() != first:
            return count
    return 64


def looked_at(image: str, label: str, size: int, cover: str) -> dict[str, Any]:
    """Return what the browser must find: scores, probabilities and both maps.

    Examples
    --------
    >>> looked_at("4", "4", 2, NOTHING)["guess"]
    4
    """
    x = covered(image, cover)
    scores = reader().forward(x[None, None])
    return {
        "scores": scores[0].tolist(),
        "p": F.softmax(scores)[0][0].tolist(),
        "guess": int(scores.argmax()),
        "occlusion": occlusion_map(x, int(label), size).ravel().tolist(),
        "saliency": saliency_map(x, int(label)).ravel().tolist(),
    }
