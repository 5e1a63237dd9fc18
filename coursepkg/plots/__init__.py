"""Figures for the book and for notebooks, readable on light pages, dark pages and paper.

`figure`, `label_line` and `show` make any figure; the others draw what is asked for often. They all
return a `Picture`, and all ask for a `title`, the one message as a sentence, and an `alt` text.
"""

from coursepkg.plots.charts import confusion_matrix, decision_regions, loss_curves
from coursepkg.plots.maps import activation_maps, filter_grid
from coursepkg.plots.picture import (
    BLUE,
    INK,
    ORANGE,
    SIGNED,
    Picture,
    figure,
    label_line,
    show,
)

__all__ = [
    "BLUE",
    "INK",
    "ORANGE",
    "SIGNED",
    "Picture",
    "activation_maps",
    "confusion_matrix",
    "decision_regions",
    "figure",
    "filter_grid",
    "label_line",
    "loss_curves",
    "show",
]
