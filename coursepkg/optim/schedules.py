"""Schedules: the learning rate as a function of the steps taken so far.

An optimizer takes one in place of a number: ``SGD(parameters, lr=cosine_decay(0.1, 1000))``.
"""

import math
from collections.abc import Callable

Schedule = Callable[[int], float]


def constant(lr: float | Schedule) -> Schedule:
    """Return a schedule that always says `lr`; a schedule is returned as it is.

    Examples
    --------
    >>> constant(0.1)(1000)
    0.1
    """
    return lr if callable(lr) else lambda t: lr


def step_decay(lr: float, every: int, factor: float = 0.1) -> Schedule:
    """Multiply the rate by `factor` after every `every` steps.

    Examples
    --------
    >>> schedule = step_decay(1.0, every=10, factor=0.5)
    >>> [schedule(t) for t in (0, 9, 10, 25)]
    [1.0, 1.0, 0.5, 0.25]
    """
    if every < 1:
        raise ValueError(f"every must be at least 1 step, got {every}")
    return lambda t: lr * factor ** (t // every)


def cosine_decay(lr: float, steps: int, final: float = 0.0) -> Schedule:
    """Go from `lr` to `final` along half a cosine, in so many steps, and stay there.

    ``final + (lr - final) * (1 + cos(pi * t / steps)) / 2`` (Loshchilov and Hutter, 2017).

    Examples
    --------
    >>> schedule = cosine_decay(1.0, steps=10)
    >>> [round(schedule(t), 4) for t in (0, 5, 10, 20)]
    [1.0, 0.5, 0.0, 0.0]
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    swing = (lr - final) / 2
    return lambda t: final + swing * (1 + math.cos(math.pi * min(t / steps, 1)))


def warmup(lr: float | Schedule, steps: int) -> Schedule:
    """Grow to the rate in so many steps, then go on with it: ``lr * (t + 1) / steps`` at first.

    Parameters
    ----------
    lr : a number, or the schedule to go on with; it starts when the warm-up is over
    steps : length of the warm-up

    Examples
    --------
    >>> schedule = warmup(step_decay(1.0, every=2), steps=4)
    >>> [schedule(t) for t in range(7)]
    [0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 0.1]
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    after = constant(lr)
    return lambda t: after(0) * (t + 1) / steps if t < steps else after(t - steps)
