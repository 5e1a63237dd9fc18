"""How training went, what a classifier decides where, and which classes it takes for which."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap

from coursepkg.plots.picture import BLUE, INK, ORANGE, Picture, figure, show

COLORS = (BLUE, ORANGE, "#0f9d76", "#c4679b", "#8a6fd1", "#9a8a3c")
DASHES = ("-", "--", ":", "-.")
MARKERS = "os^DvP"


def loss_curves(
    curves: Mapping[str, Sequence[float]] | Any, title: str, alt: str, log: bool = True
) -> Picture:
    """Draw losses over steps.

    Parameters
    ----------
    curves : losses by name; or a `coursepkg.training.History`, which becomes "training", a moving
        average over an epoch's steps where there are test losses, and "test"
    title, alt : the message, and message with evidence in words
    log : whether the axis of losses is logarithmic

    Examples
    --------
    >>> loss_curves({"sgd": [2, 1, 0.5], "adam": [2, 0.4, 0.1]}, "Adam is first", "...").title
    'Adam is first'
    """
    fig, ax = figure()
    for i, (name, (x, y)) in enumerate(_named_curves(curves).items()):
        ax.plot(x, y, DASHES[i % len(DASHES)], color=COLORS[i % len(COLORS)], label=name)
    ax.legend(frameon=False, labelcolor="linecolor")  # curves often end together: no room there
    ax.set(xlabel="step", ylabel="loss", yscale="log" if log else "linear")
    return show(fig, title, alt)


def _named_curves(curves: Any) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    if isinstance(curves, Mapping):
        named = {name: np.asarray(y, dtype=float) for name, y in curves.items()}
        if not named or any(y.ndim != 1 or y.size == 0 for y in named.values()):
            raise ValueError("curves must hold sequences of losses by name, none of them empty")
        return {name: (np.arange(y.size), y) for name, y in named.items()}
    loss, test = np.asarray(curves.loss, dtype=float), np.asarray(curves.test_loss, dtype=float)
    if not loss.size:
        raise ValueError("the history is empty: nothing was trained yet")
    every = loss.size // test.size if test.size else 1
    smooth = np.convolve(loss, np.ones(every) / every, mode="valid")
    found = {"training": (np.arange(every - 1, loss.size), smooth)}
    return found | ({"test": (every * np.arange(1, test.size + 1) - 1, test)} if test.size else {})


def decision_regions(
    predict: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    labels: np.ndarray,
    title: str,
    alt: str,
    resolution: int = 200,
) -> Picture:
    """Draw which class is predicted where in the plane, and the samples on it.

    Parameters
    ----------
    predict : function from points (M, 2) to their labels (M,), such as ``model.predict``
    x : samples (N, 2)
    labels : their labels (N,), of any kind; classes differ by colour and by marker
    title, alt : the message, and message with evidence in words
    resolution : points of the grid on each side

    Examples
    --------
    >>> x, labels = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1])
    >>> decision_regions(lambda p: (p[:, 0] > 0.5) * 1, x, labels, "A line", "...").title
    'A line'
    """
    x, labels = np.asarray(x, dtype=float), np.asarray(labels)
    if x.ndim != 2 or x.shape[1] != 2 or labels.shape != (len(x),) or not len(x):
        raise ValueError(f"need x (N, 2) and labels (N,), got {x.shape} and {labels.shape}")
    classes = np.unique(labels)
    if len(classes) > len(COLORS):
        raise ValueError(f"at most {len(COLORS)} classes can be told apart, got {len(classes)}")
    low, high = x.min(axis=0), x.max(axis=0)
    margin = 0.08 * np.maximum(high - low, 1e-9)
    xs, ys = (
        np.linspace(a, b, resolution) for a, b in zip(low - margin, high + margin, strict=True)
    )
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    found = np.searchsorted(classes, predict(points)).reshape(resolution, resolution)
    fig, ax = figure(4.2, 3.4)
    box = (xs[0], xs[-1], ys[0], ys[-1])
    shades = ListedColormap(COLORS[: len(classes)])
    ax.imshow(
        found, cmap=shades, vmin=-0.5, vmax=len(classes) - 0.5, alpha=0.28, extent=box,
        origin="lower", aspect="auto", interpolation="nearest",
    )  # fmt: skip
    for i, name in enumerate(classes):
        own = x[labels == name]
        ax.scatter(
            own[:, 0],
            own[:, 1],
            s=18,
            marker=MARKERS[i],
            color=COLORS[i],
            linewidths=0,
            label=str(name),
        )
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5), handletextpad=0.1)
    return show(fig, title, alt)


def confusion_matrix(
    labels: Sequence[Any], predicted: Sequence[Any], title: str, alt: str
) -> Picture:
    """Draw how often each class was taken for which, with the numbers in the cells.

    Parameters
    ----------
    labels, predicted : true and predicted labels, of one length
    title, alt : the message, and message with evidence in words

    Examples
    --------
    >>> confusion_matrix(["cat", "dog"], ["cat", "cat"], "A dog passes for a cat", "...").title
    'A dog passes for a cat'
    """
    true, guess = np.asarray(labels), np.asarray(predicted)
    if true.shape != guess.shape or true.ndim != 1 or not true.size:
        raise ValueError(f"need as many labels as predictions, got {true.shape} and {guess.shape}")
    classes = np.unique(np.concatenate([true, guess]))
    counts = np.zeros((len(classes), len(classes)), dtype=int)
    np.add.at(counts, (np.searchsorted(classes, true), np.searchsorted(classes, guess)), 1)
    side = max(3.0, 0.38 * len(classes) + 0.9)
    fig, ax = figure(side, side)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(shares, cmap="cividis", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        if count:
            color = "#111111" if shares[row, column] > 0.5 else "#f4f4f4"
            ax.text(column, row, str(count), ha="center", va="center", color=color, fontsize=10)
    places = np.arange(len(classes))
    ax.set_xticks(places, [str(name) for name in classes], color=INK)
    ax.set_yticks(places, [str(name) for name in classes], color=INK)
    ax.set(xlabel="predicted", ylabel="true")
    return show(fig, title, alt)
