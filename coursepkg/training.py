"""The training loop: shuffle, take a mini-batch, forward, loss, backward, step; and again."""

import math
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg.backend import Array, namespace, on_device, to_device, to_numpy
from coursepkg.captured import CapturedStep
from coursepkg.checkpoints import load_checkpoint, save_checkpoint
from coursepkg.layers import Layer
from coursepkg.optim import Optimizer

Loss = tuple[Callable[[Array, Array], tuple[Array, Any]], Callable[[Array, Any], Array]]
"""A loss of `functional` and its backward."""

CROSS_ENTROPY: Loss = (F.cross_entropy, F.cross_entropy_backward)


@dataclass
class History:
    """What happened in training: the loss of every step; after every epoch, how the test went."""

    loss: list[float] = field(default_factory=list)
    test_loss: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)


def minibatches(
    n: int, batch_size: int, rng: np.random.Generator, xp: ModuleType = np
) -> Iterator[Array]:
    """Yield the numbers 0 .. n-1 in random order, `batch_size` at a time; the last may be fewer.

    Parameters
    ----------
    n, batch_size : so many numbers, so many at a time
    rng : source of the order
    xp : whose arrays they come in; those of a GPU get there once, not batch by batch

    Examples
    --------
    >>> sorted(len(rows) for rows in minibatches(10, 4, np.random.default_rng(0)))
    [2, 4, 4]
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    order = xp.asarray(rng.permutation(n))
    for start in range(0, n, batch_size):
        yield order[start : min(start + batch_size, n)]


def scores_of(network: Layer, x: Array, batch_size: int = 1024) -> Array:
    """Return what the network says in evaluation mode, computed so many samples at a time.

    The mode is afterwards what it was before.

    Examples
    --------
    >>> from coursepkg.network import mlp
    >>> scores_of(mlp((3, 2)), np.zeros((5, 3))).shape
    (5, 2)
    """
    was_training, x = network.training, namespace(x).asarray(x)
    network.eval()
    try:
        n = x.shape[0]
        parts = [
            network.forward(x[start : min(start + batch_size, n), ...])
            for start in range(0, max(n, 1), batch_size)
        ]
    finally:
        network.train(was_training)
    return namespace(parts[0]).concat(parts)


def accuracy(network: Layer, x: Array, labels: Array) -> float:
    """Return the share of rows whose largest score stands at the label.

    Raises
    ------
    ValueError
        If there is not one label for each row.

    Examples
    --------
    >>> from coursepkg.layers import Flatten
    >>> accuracy(Flatten(), np.eye(4), [0, 1, 2, 0])
    0.75
    """
    return _accuracy(scores_of(network, x), labels)


def fit(
    network: Layer,
    optimizer: Optimizer,
    x: Array,
    labels: Array,
    *,
    epochs: int,
    batch_size: int = 32,
    test: tuple[Array, Array] | None = None,
    rng: np.random.Generator | int = 0,
    loss: Loss = CROSS_ENTROPY,
    patience: int | None = None,
    checkpoint: str | Path | None = None,
    progress: bool = False,
    device: str | None = None,
    captured: bool = False,
) -> History:
    """Train a network: a classifier with softmax cross-entropy, or with another loss.

    Parameters
    ----------
    network : maps x (N, ...) to scores (N, C)
    optimizer : built over ``network.parameters()``
    x, labels : training data, N samples; targets (N, ...) where the loss takes such
    epochs : passes over the data
    batch_size : samples a step
    test : (x, labels) to measure the loss, and a classifier's accuracy, on after every epoch
    rng : generator of the shuffling, or its seed; the same seed gives the same run
    loss : (forward, backward) of `functional`
    patience : stop after so many epochs without a smaller test loss, and go back to the weights
        that had the smallest
    checkpoint : file ending in .npz, written after every epoch; if it exists, the run goes on from
        there and ends with the same numbers as one that was never interrupted
    progress : whether to show a progress bar (the extra `progress`)
    device : "gpu" or "cpu", to train there: network, optimizer and data move there once, and when
        all is done the network and the optimizer come back to where they were; if not given, the
        data goes to where the network is
    captured : whether a step is recorded and replayed, see `coursepkg.captured.CapturedStep`

    Raises
    ------
    ValueError
        If x and labels differ in length, patience is given without a test, or the checkpoint
        belongs to another run, or the device is none or cannot capture this network.
    ImportError, RuntimeError
        If the device is "gpu" and there is none to be had; the message says what to do.
    FloatingPointError
        If the loss is no longer a finite number; the usual cause is a learning rate too large.
        On a GPU this is seen at the end of an epoch: a look at every step would slow it down.

    Examples
    --------
    >>> from coursepkg.datasets import load_digits
    >>> from coursepkg.network import mlp
    >>> from coursepkg.optim import SGD
    >>> digits, network = load_digits(), mlp((64, 64, 10))
    >>> history = fit(network, SGD(network.parameters(), lr=0.1, momentum=0.9),
    ...               digits.x_train, digits.y_train, epochs=20)
    >>> accuracy(network, digits.x_test, digits.y_test) >= 0.97
    True
    """
    x, labels = namespace(x).asarray(x), namespace(labels).asarray(labels)
    if x.shape[0] != labels.shape[0]:
        raise ValueError(f"x has {x.shape[0]} samples, labels {labels.shape[0]}")
    if patience is not None and (test is None or patience < 1):
        raise ValueError(f"patience needs a test set and at least 1 epoch, got {patience}")
    run = _Run(network, optimizer, loss, np.random.default_rng(rng), patience)
    setup: dict[str, Any] = {}
    if checkpoint is not None:
        sizes = {"batch_size": batch_size, "patience": patience}
        seed = {"seed": rng if isinstance(rng, int) else None}
        setup = _setup(network, optimizer, loss) | _fingerprints(x, labels) | sizes | seed
    home = "gpu" if any(map(on_device, network.state_dict().values())) else "cpu"
    place = "gpu" if device is None and home == "gpu" else device
    given = labels
    try:
        if place is not None:
            run.move(place)
            x, labels = to_device(x, place), to_device(labels, place)
        if place == "gpu":
            _require_values(network, loss, x[:1, ...], given)
            test = test and (to_device(test[0], place), to_device(test[1], place))
        if checkpoint is not None and Path(checkpoint).exists():
            run.resume(checkpoint, setup)
        run.capture(captured)
        for _ in _bar(range(run.epoch, epochs), progress, run):
            if run.is_over():
                break
            run.train_epoch(x, labels, batch_size)
            if test is not None:
                run.measure(*test)
            if checkpoint is not None:
                run.save(checkpoint, setup)
        if run.best:
            network.load_state_dict(run.best)
    finally:
        if place is not None:
            run.move(home)
    return run.history


class _Run:
    """A training run between two epochs."""

    def __init__(
        self,
        network: Layer,
        optimizer: Optimizer,
        loss: Loss,
        rng: np.random.Generator,
        patience: int | None,
    ):
        self.network, self.optimizer, self.loss, self.rng = network, optimizer, loss, rng
        self.patience, self.epoch = patience, 0
        self.history = History()
        self.best: dict[str, Array] = {}
        self.step: Callable[[Array, Array], Array] = self.plain_step

    def move(self, device: str) -> None:
        self.network.to(device)
        self.optimizer.to(device)

    def capture(self, captured: bool) -> None:
        if captured:
            self.step = CapturedStep(self.network, self.optimizer, self.loss)

    def train_epoch(self, x: Array, labels: Array, batch_size: int) -> None:
        self.network.train()
        losses = []
        for rows in minibatches(x.shape[0], batch_size, self.rng, namespace(x)):
            loss = self.step(_rows(x, rows), _rows(labels, rows))
            losses.append(loss if on_device(loss) else _finite(loss))
        if losses and on_device(losses[0]):  # all in one copy
            losses = [_finite(loss) for loss in to_numpy(namespace(losses[0]).stack(losses))]
        self.history.loss += losses
        self.epoch += 1

    def plain_step(self, x: Array, labels: Array) -> Array:
        forward, backward = self.loss
        loss, cache = forward(self.network.forward(x), labels)
        if not on_device(loss):
            _finite(loss)  # before the weights are spoilt
        self.network.backward_parameters(backward(1.0, cache))
        self.optimizer.step()
        return loss

    def measure(self, x: Array, labels: Array) -> None:
        scores = scores_of(self.network, x)
        history = self.history
        history.test_loss.append(float(self.loss[0](scores, labels)[0]))
        if self.loss[0] is F.cross_entropy or self.loss[0] is F.multiclass_hinge_loss:
            history.test_accuracy.append(_accuracy(scores, labels))
        if self.patience and np.argmin(history.test_loss) == len(history.test_loss) - 1:
            own = self.network.state_dict()
            self.best = {name: namespace(a).asarray(a, copy=True) for name, a in own.items()}

    def is_over(self) -> bool:
        """Whether the test loss has been no smaller for as long as patience lasts."""
        losses = self.history.test_loss
        if self.patience is None or not losses:
            return False
        return len(losses) - 1 - int(np.argmin(losses)) >= self.patience

    def save(self, path: str | Path, setup: dict[str, Any]) -> None:
        progress = {"epoch": self.epoch, "history": asdict(self.history)}
        state = (self.network, self.optimizer, self.rng)
        save_checkpoint(path, *state, progress, self.best, setup)

    def resume(self, path: str | Path, setup: dict[str, Any]) -> None:
        state = (self.network, self.optimizer, self.rng)
        progress, self.best = load_checkpoint(path, *state, setup)
        self.epoch, self.history = progress["epoch"], History(**progress["history"])


def _setup(network: Layer, optimizer: Optimizer, loss: Loss) -> dict[str, Any]:
    """What a run must have in common with the checkpoint it goes on from."""
    options = {name: str(value) for name, value in optimizer.options.items()}
    rule = {"optimizer": type(optimizer).__name__, "rule": optimizer.rule.__name__, **options}
    made = {"layers": _layers(network), "loss": loss[0].__name__}
    return rule | made | {"first lr": float(optimizer.schedule(0))}


def _layers(layer: Layer) -> list[Any]:
    return [type(layer).__name__, *(_layers(child) for _, child in layer.children())]


def _fingerprints(x: Array, labels: Array) -> dict[str, Any]:
    arrays = {"x": to_numpy(x), "labels": to_numpy(labels)}
    return {
        name: f"{array.shape} {array.dtype} {zlib.crc32(array.tobytes()):08x}"
        for name, array in arrays.items()
    }


def _finite(loss: Array) -> float:
    if not math.isfinite(float(loss)):
        raise FloatingPointError(f"the loss became {loss}; try a smaller learning rate")
    return float(loss)


def _require_values(network: Layer, loss: Loss, sample: Array, labels: Array) -> None:
    """Let the loss look once, on the host, at all labels: on a GPU it looks at no values."""
    shape = scores_of(network, sample).shape[1:]
    loss[0](np.zeros((labels.shape[0], *shape)), to_numpy(labels))


def _rows(x: Array, rows: np.ndarray) -> Array:
    return namespace(x).take(x, rows, axis=0)


def _accuracy(scores: Array, labels: Array) -> float:
    labels = to_numpy(labels)
    if labels.shape != (scores.shape[0],):
        raise ValueError(
            f"labels must be one integer for each of {scores.shape[0]} samples, "
            f"got shape {labels.shape}"
        )
    guesses = namespace(scores).argmax(scores, axis=1)
    return float(np.mean(to_numpy(guesses) == labels))


def _bar(epochs: range, progress: bool, run: _Run) -> Iterable[int]:
    if not progress:
        return epochs
    try:
        from tqdm.auto import tqdm
    except ImportError as error:
        raise ImportError("progress=True needs tqdm: pip install 'coursepkg[progress]'") from error
    return _described(tqdm(epochs, unit="epoch"), run)


def _described(bar: Any, run: _Run) -> Iterator[int]:
    """The epochs of a progress bar that shows the last loss and accuracy."""
    for epoch in bar:
        yield epoch
        seen = {"loss": f"{run.history.loss[-1]:.3f}"} if run.history.loss else {}
        if run.history.test_accuracy:
            seen["test"] = f"{run.history.test_accuracy[-1]:.3f}"
        bar.set_postfix(seen)
