"""What a convolutional network looks for, and what it sees: filters and activations as tiles."""

import numpy as np

from coursepkg.plots.picture import SIGNED, Picture, figure, show


def filter_grid(w: np.ndarray, title: str, alt: str) -> Picture:
    """Draw the filters of a convolution side by side.

    Filters with one channel, or three (as colours), are one tile each; others take a row, a tile
    for every channel. Orange weights are positive, blue ones negative, clear ones near zero.

    Parameters
    ----------
    w : array (F, C, KH, KW)
    title, alt : the message, and message with evidence in words

    Examples
    --------
    >>> filter_grid(np.ones((4, 1, 3, 3)), "All alike", "...").title
    'All alike'
    """
    w = np.asarray(w, dtype=float)
    if w.ndim != 4 or 0 in w.shape:
        raise ValueError(f"w must have shape (F, C, KH, KW), got {w.shape}")
    largest = float(np.abs(w).max()) or 1.0
    if w.shape[1] == 3:
        return _mosaic(0.5 + 0.5 * np.moveaxis(w, 1, -1) / largest, None, title, alt)
    columns = None if w.shape[1] == 1 else w.shape[1]
    tiles = w.reshape(-1, *w.shape[2:])
    return _mosaic(tiles, columns, title, alt, cmap=SIGNED, vmin=-largest, vmax=largest)


def activation_maps(activations: np.ndarray, title: str, alt: str) -> Picture:
    """Draw the maps that the filters of a layer make of one image; yellow is strong.

    Parameters
    ----------
    activations : array (C, H, W), what a layer gives for one sample
    title, alt : the message, and message with evidence in words

    Examples
    --------
    >>> activation_maps(np.ones((6, 5, 5)), "All alike", "...").title
    'All alike'
    """
    maps = np.asarray(activations, dtype=float)
    if maps.ndim != 3 or 0 in maps.shape:
        raise ValueError(f"activations must have shape (C, H, W), of one sample, got {maps.shape}")
    return _mosaic(maps, None, title, alt, cmap="cividis")


def _mosaic(
    tiles: np.ndarray, columns: int | None, title: str, alt: str, **colors: object
) -> Picture:
    """Tiles (T, H, W), or (T, H, W, 3) in colour, in rows, with a gap of one pixel between them."""
    columns = columns or int(np.ceil(np.sqrt(2 * len(tiles))))
    if tiles.ndim == 4:
        tiles = np.concatenate([tiles, np.ones((*tiles.shape[:3], 1))], axis=3)  # opaque
    rows = -(-len(tiles) // columns)
    height, width = tiles.shape[1] + 1, tiles.shape[2] + 1
    gap = np.nan if tiles.ndim == 3 else 0.0  # both are drawn transparent
    sheet = np.full((rows * height - 1, columns * width - 1, *tiles.shape[3:]), gap)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        top, left = row * height, column * width
        sheet[top : top + height - 1, left : left + width - 1] = tile
    fig, ax = figure(4.2, max(0.9, 4.2 * sheet.shape[0] / sheet.shape[1]))
    ax.imshow(sheet, interpolation="nearest", **colors)  # type: ignore[arg-type]
    ax.set_axis_off()
    return show(fig, title, alt)
