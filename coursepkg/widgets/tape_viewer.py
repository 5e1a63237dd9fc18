"""W12.1: what a tape holds while it records and while it is played back (deck rows 83, 124)."""

from typing import Any, NamedTuple

import numpy as np
import traitlets

from coursepkg.autodiff import Tensor, gradients
from coursepkg.widgets.base import BookWidget

DEEPEST, LONGEST = 16, 100
ROWS, WIDTH = 2, 3
_RNG = np.random.default_rng(12)
# Rounded, so that they are short to ship.
X = _RNG.normal(size=(ROWS, WIDTH)).round(2)
WEIGHTS = _RNG.normal(scale=0.9, size=(DEEPEST, WIDTH, WIDTH)).round(2)
START, FORWARD, AGAIN, BACK = range(4)


class Event(NamedTuple):
    """A step of recording or of playing back.

    Attributes
    ----------
    kind : START, FORWARD, AGAIN (forward a second time) or BACK
    op : which operation, by the number of the value it makes
    held : numbers of the values in memory during the step
    """

    kind: int
    op: int
    held: tuple[int, ...]


class TapeViewer(BookWidget):
    """A deep network on a tape: recorded, played back, and what is in memory at every step.

    Layer k makes two values, ``z = h @ w`` and ``h = tanh(z)``; at the end stand ``q = h * h`` and
    its sum, the loss. Value 0 is the input, 2 k - 1 and 2 k are z and h of layer k.

    Parameters
    ----------
    depth : layers, 2 to 16
    every : layers from one checkpoint to the next, 1 to 16; `depth` or more keeps everything
    moment : how far the film has run, 0 to 100; it ends earlier for shallow networks

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> events = schedule(depth=12, every=4)
    >>> max(len(event.held) for event in events), sum(event.kind == AGAIN for event in events)
    (13, 14)
    """

    script = "tape_viewer.js"
    number = "W12.1"
    title = "Record, play back, and what that takes in memory"
    alt = (
        "The tape of a network of 12 layers with a checkpoint every 4 layers, seen while it is "
        "played back. Recording everything would hold 27 arrays when the loss is reached; with "
        "checkpoints the film never holds more than 13, at the price of 14 operations, of 26, "
        "done a second time."
    )

    depth = traitlets.Int(12, min=2, max=DEEPEST).tag(sync=True)
    every = traitlets.Int(4, min=1, max=DEEPEST).tag(sync=True)
    moment = traitlets.Int(41, min=0, max=LONGEST).tag(sync=True)

    @traitlets.default("_data")
    def _ship_numbers(self) -> dict[str, Any]:
        return {"x": X.tolist(), "weights": WEIGHTS.tolist()}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Shallow and deep, with few and many checkpoints, at several moments."""
        choices = [(depth, every) for depth in (2, 5, 12, 16) for every in (1, 3, 4, 16)]
        states = [
            {"depth": depth, "every": every, "moment": moment}
            for depth, every in choices
            for moment in (0, 2 * depth + 2, 2 * depth + 9, 100)
        ]
        return [(state, _numbers(**state)) for state in states]


def schedule(depth: int, every: int) -> list[Event]:
    """All steps of recording and playing back a network of `depth` layers.

    The output of every `every`-th layer is kept, and so is all of the last stretch. Each earlier
    stretch is computed again from the checkpoint at its beginning when the way back reaches it.

    >>> [event.op for event in schedule(2, 2)]
    [0, 1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1]
    """
    every = min(every, depth)
    last = 2 * every * ((depth - 1) // every)  # the value at which the last stretch begins
    end = 2 * depth + 2
    held = {0}
    events = [Event(START, 0, (0,))]

    def enter(kind: int, op: int) -> None:
        held.add(op)
        events.append(Event(kind, op, tuple(sorted(held))))

    for op in range(1, end + 1):
        enter(FORWARD, op)
        if op - 1 < last and (op - 1) % (2 * every):
            held.discard(op - 1)
    for op in range(end, 0, -1):
        stretch = 2 * every * ((op - 1) // (2 * every))
        if op <= last and op == stretch + 2 * every:
            for again in range(stretch + 1, op):
                enter(AGAIN, again)
        events.append(Event(BACK, op, tuple(sorted(held))))
        held.discard(op)
    return events


def run(depth: int) -> tuple[float, list[float]]:
    """Loss, and the norm of its gradient with respect to the input and every layer's output."""
    layers = [Tensor(X, requires_grad=True)]
    for w in WEIGHTS[:depth]:
        layers.append((layers[-1] @ w).tanh())
    loss = (layers[-1] * layers[-1]).sum()
    return float(loss.data), [float(np.linalg.norm(g.data)) for g in gradients(loss, layers)]


def _numbers(depth: int, every: int, moment: int) -> dict[str, Any]:
    events = schedule(depth, every)
    now = events[min(moment, len(events) - 1)]
    loss, slopes = run(depth)
    return {
        "loss": loss,
        "slopes": slopes,
        "timeline": [len(event.held) for event in events],
        "peak": max(len(event.held) for event in events),
        "again": sum(event.kind == AGAIN for event in events),
        "kind": now.kind,
        "op": now.op,
        "held": list(now.held),
        "peaks": [max(len(e.held) for e in schedule(depth, s)) for s in range(1, depth + 1)],
    }
