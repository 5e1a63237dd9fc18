"""Times that can be compared: contenders take turns, and every round is kept.

A machine is never twice the same: it warms up, throttles, does something else. Two contenders that
run one after the other meet two machines. Here they run side by side, round by round, in an order
that turns round each time, so that the ratio within a round is a fair one. Threads of OpenBLAS and
of OpenMP go on looking for work when theirs is done, on a core that the next one needs; so each
begins with a pause that outlasts them, and a call that is not counted. Garbage is collected in
between: a contender that leaves much would pay for what the others have lying about.
"""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

Call = Callable[[], Any]
Seconds = dict[str, list[float]]
PAUSE = 0.05  # seconds; OpenBLAS lets its threads sleep after 2**26 cycles
LEAST = 0.02  # seconds that one measurement lasts at least: a clock is coarse, an interrupt is not


def interleaved(calls: Mapping[str, Call], rounds: int) -> Seconds:
    """Seconds per call of each contender, one number for every round.

    >>> {name: len(times) for name, times in interleaved({"a": int, "b": int}, 3).items()}
    {'a': 3, 'b': 3}
    """
    repeats = {name: _repeats(call) for name, call in calls.items()}
    seconds: Seconds = {name: [] for name in calls}
    order = list(calls)
    for _ in range(rounds):
        for name in order:
            time.sleep(PAUSE)
            calls[name]()
            seconds[name].append(_measure(calls[name], repeats[name]))
        order.reverse()
    return seconds


def one_after_the_other(calls: Mapping[str, Call], rounds: int) -> Seconds:
    """The same measurements as people usually take them: all of the first, then all of the next."""
    return {name: interleaved({name: call}, rounds)[name] for name, call in calls.items()}


def spread(values: Sequence[float]) -> dict[str, float]:
    """Least, middle and largest.

    >>> spread([3.0, 1.0, 2.0])
    {'min': 1.0, 'median': 2.0, 'max': 3.0}
    """
    return {"min": min(values), "median": median(values), "max": max(values)}


def ratios(seconds: Seconds, ours: str, theirs: str) -> list[float]:
    """Our time over theirs, round by round.

    >>> ratios({"a": [1.0, 2.0], "b": [2.0, 2.0]}, "a", "b")
    [0.5, 1.0]
    """
    return [a / b for a, b in zip(seconds[ours], seconds[theirs], strict=True)]


def _repeats(call: Call) -> int:
    """How often to call for a measurement of `LEAST` seconds; warms up on the way."""
    call()
    repeats = 1
    while (taken := _measure(call, repeats) * repeats) < LEAST:
        repeats = max(repeats + 1, int(repeats * min(10.0, 1.2 * LEAST / max(taken, 1e-9))))
    return repeats


def _measure(call: Call, repeats: int) -> float:
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        for _ in range(repeats):
            call()
        return (time.perf_counter() - start) / repeats
    finally:
        gc.enable()
