"""W11.3: the filters of the first layer, epoch by epoch, in three runs."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.digit_reader import (
    EPOCHS,
    RUNS,
    first_filters,
    shown,
    shown_letters,
    stored,
)

IMAGES = tuple(map(str, range(12)))


class FilterEvolution(BookWidget):
    """Eight filters after every epoch of a run, and the maps they make of a digit.

    Parameters
    ----------
    run : "learned"; "frozen", where the first layer stays as it began; or "shuffled", where the
        labels were dealt out at random
    epoch : 0 to 30
    image : number of a test digit, "0" to "11"
    filter : which is read, 0 to 7

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> FilterEvolution(epoch=3).state()
    {'epoch': 3, 'filter': 0, 'image': '4', 'run': 'learned'}
    """

    script = "filter_evolution.js"
    number = "W11.3"
    title = "How filters come to be, and whether they had to"
    alt = (
        "Eight filters of 3 by 3 weights after 30 epochs of training, the maps they make of a "
        "handwritten four, and the test accuracy over 30 epochs of three runs: with all layers "
        "learning it ends at 96.4 per cent, with the first layer frozen at 95.6, with shuffled "
        "labels at 9.4, although there the filters move as well."
    )

    run = traitlets.Enum(RUNS, "learned").tag(sync=True)
    epoch = traitlets.Int(EPOCHS, min=0, max=EPOCHS).tag(sync=True)
    image = traitlets.Enum(IMAGES, "4").tag(sync=True)
    filter = traitlets.Int(0, min=0, max=7).tag(sync=True)

    @traitlets.default("_data")
    def _ship_runs(self) -> dict[str, Any]:
        return {"runs": stored()["runs"]} | shown_letters()

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every run at a few epochs, with another digit each time."""
        states: list[dict[str, Any]] = [
            {"run": run, "epoch": epoch, "image": IMAGES[(3 * k + m) % 12], "filter": (k + m) % 8}
            for k, run in enumerate(RUNS)
            for m, epoch in enumerate((0, 1, 2, 5, 10, 17, 24, EPOCHS))
        ]
        return [(state, filters_at(**state)) for state in states]


def filters_at(run: str, epoch: int, image: str, filter: int) -> dict[str, Any]:
    """Return filters, their maps of a digit after the ReLU, and how far they have moved.

    Examples
    --------
    >>> filters_at("frozen", 30, "4", 0)["moved"]
    0.0
    """
    (w, b), (start, _) = first_filters(run, epoch), first_filters(run, 0)
    out, _ = F.conv2d(shown()[0][int(image)][None, None], w, b, padding=1)
    one, other = w[filter].ravel(), start[filter].ravel()
    return {
        "w": w.ravel().tolist(),
        "maps": F.relu(out)[0].ravel().tolist(),
        "moved": float(np.linalg.norm(w - start) / np.linalg.norm(start)),
        "cosine": float(one @ other / np.linalg.norm(one) / np.linalg.norm(other)),
        "test": stored()["runs"][run]["test"][epoch],
        "loss": stored()["runs"][run]["loss"][epoch],
    }
