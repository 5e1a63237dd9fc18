"""Checkpoints: all that a training run needs to go on as if nothing had happened.

One ``.npz`` file, without pickle: arrays under "network.", "optimizer.", "best.", and a text in
JSON for the rest: history, the states of all random generators, and the set-up, so that a run is
not continued as another one.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from coursepkg.backend import to_numpy
from coursepkg.layers import Layer
from coursepkg.optim import Optimizer
from coursepkg.weights import load_weights, save_weights

Arrays = dict[str, Any]


def save_checkpoint(
    path: str | Path,
    network: Layer,
    optimizer: Optimizer,
    rng: np.random.Generator,
    progress: dict[str, Any],
    best: Arrays,
    setup: dict[str, Any],
) -> None:
    """Write the state of a run.

    Parameters
    ----------
    path : file that ends in .npz
    network, optimizer, rng : whose states are saved; generators inside the network too
    progress : history and counters, anything that JSON can say
    best : arrays to keep beside, such as the best weights so far
    setup : what must be the same when the run goes on

    Examples
    --------
    See `coursepkg.training.fit`, which writes one after every epoch:

    >>> save_checkpoint.__module__
    'coursepkg.checkpoints'
    """
    generators = [g.bit_generator.state for g in (rng, *_generators(network))]
    content = {"progress": progress, "generators": generators, "setup": setup}
    text = json.dumps(content, default=np.ndarray.tolist)
    arrays: Arrays = {"text": np.array(text)}
    parts = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "best": best}
    for part, values in parts.items():
        arrays |= {f"{part}.{name}": to_numpy(value) for name, value in values.items()}
    save_weights(path, arrays)


def load_checkpoint(
    path: str | Path,
    network: Layer,
    optimizer: Optimizer,
    rng: np.random.Generator,
    setup: dict[str, Any],
) -> tuple[dict[str, Any], Arrays]:
    """Bring network, optimizer and generators to the saved state; return progress and `best`.

    Raises
    ------
    ValueError
        If the file is damaged, no checkpoint, or that of another set-up; nothing is changed then.

    Examples
    --------
    >>> load_checkpoint("nowhere.npz", None, None, None, {})
    Traceback (most recent call last):
        ...
    FileNotFoundError: there is no file nowhere.npz
    """
    arrays: Arrays = load_weights(path)
    text = _text(path, arrays)
    differences = [
        f"{name} was {text['setup'].get(name)!r}, is {value!r}"
        for name, value in setup.items()
        if text["setup"].get(name) != value
    ]
    if differences:
        raise ValueError(
            f"{path} belongs to another run: {'; '.join(differences)}. Delete it to start anew, "
            "or give another path"
        )
    before = network.state_dict()
    network.load_state_dict(_part(arrays, "network"))
    try:
        optimizer.load_state_dict(_part(arrays, "optimizer"))
    except ValueError:
        network.load_state_dict(before)
        raise
    for generator, state in zip((rng, *_generators(network)), text["generators"], strict=True):
        generator.bit_generator.state = state
    return text["progress"], _part(arrays, "best")


def _text(path: str | Path, arrays: Arrays) -> dict[str, Any]:
    try:
        text = json.loads(str(arrays["text"]))
    except (KeyError, ValueError) as error:
        raise ValueError(
            f"{path} is no checkpoint: it has no text; was it written by save_weights?"
        ) from error
    return text


def _part(arrays: Arrays, name: str) -> Arrays:
    prefix = f"{name}."
    return {key.removeprefix(prefix): a for key, a in arrays.items() if key.startswith(prefix)}


def _generators(layer: Layer) -> Iterator[np.random.Generator]:
    """Generators of random numbers that layers hold, such as those of dropout."""
    for value in vars(layer).values():
        if isinstance(value, np.random.Generator):
            yield value
    for _, child in layer.children():
        yield from _generators(child)
