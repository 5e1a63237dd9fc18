"""What lateness costs: arithmetic only, no files and no clock.

A penalty takes a share of the points that were earned; raw points are never changed. Slip days
are spent in order of hand-in: each moves the deadline of one student by a day, and each day that
is begun takes one while there are any. So what was given back to a student stays as it is when
they hand in something else later, and an extension never hurts: a slip day that it saves is there
for everything handed in afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class LateRules:
    """What a late hand-in loses: `percent` for every unit begun after the deadline, up to `cap`.

    Within `grace` nothing is lost; later than that, lateness counts from the deadline.
    """

    grace: timedelta = timedelta()
    percent: float = 0.0
    unit: timedelta = DAY
    cap: float = 100.0


@dataclass(frozen=True)
class HandIn:
    """One assignment of one student: when it came in, and when it was due (None: whenever)."""

    assignment: str
    at: datetime
    due: datetime | None
    rules: LateRules = LateRules()


@dataclass(frozen=True)
class Lateness:
    """How late a hand-in was, the slip days it took, and the percentage that is taken off."""

    at: datetime | None = None
    due: datetime | None = None
    late: timedelta = timedelta()
    slip_days: int = 0
    percent: float = 0.0

    def applied_to(self, points: float) -> float:
        """What is left of `points`.

        Examples
        --------
        >>> Lateness(percent=20).applied_to(30)
        24.0
        """
        return points * (1 - self.percent / 100)


def penalty(late: timedelta, rules: LateRules) -> float:
    """The percentage that a hand-in loses, without slip days.

    Parameters
    ----------
    late : timedelta
        Time after the deadline; nothing or less where it was met.

    Examples
    --------
    >>> rules = LateRules(grace=timedelta(minutes=15), percent=10, cap=50)
    >>> [penalty(timedelta(minutes=m), rules) for m in (15, 16, 1441, 99999)]
    [0.0, 10.0, 20.0, 50.0]
    """
    if late <= rules.grace:
        return 0.0
    return float(min(rules.percent * math.ceil(late / rules.unit), rules.cap))


def slip_days_needed(late: timedelta, grace: timedelta) -> int:
    """How many days later a deadline has to be for a hand-in to meet it.

    Examples
    --------
    >>> slip_days_needed(timedelta(hours=25), grace=timedelta(hours=1))
    1
    """
    return max(0, math.ceil((late - grace) / DAY))


def judge(hand_ins: Iterable[HandIn], slip_days: int) -> dict[str, Lateness]:
    """What one student's hand-ins lose, by assignment.

    Parameters
    ----------
    hand_ins : iterable of HandIn
        Everything this student handed in, in any order.
    slip_days : int
        The days this student may spend in the whole course.

    Examples
    --------
    >>> due, rules = datetime(2026, 11, 20), LateRules(percent=10)
    >>> both = judge(
    ...     [HandIn("A1", due + DAY, due, rules), HandIn("A2", due + 2 * DAY, due, rules)], 2
    ... )
    >>> [(each.slip_days, each.percent) for each in both.values()]
    [(1, 0.0), (1, 10.0)]
    """
    judged = {}
    for each in sorted(hand_ins, key=lambda each: (each.at, each.assignment)):
        late = max(timedelta(), each.at - each.due) if each.due else timedelta()
        spent = min(slip_days_needed(late, each.rules.grace), slip_days)
        slip_days -= spent
        percent = penalty(late - spent * DAY, each.rules)
        judged[each.assignment] = Lateness(each.at, each.due, late, spent, percent)
    return judged


def dropped(scores: Mapping[str, tuple[float, float]], count: int) -> frozenset[str]:
    """The `count` assignments without which the share of points is best; one is always kept.

    Parameters
    ----------
    scores : mapping of (float, float)
        Points and most possible points, by assignment.

    Examples
    --------
    >>> sorted(dropped({"A1": (18, 20), "A2": (9, 30), "A3": (0, 20)}, 1))
    ['A3']
    """
    count = min(count, len(scores) - 1)
    if count <= 0:
        return frozenset()
    choices = map(frozenset, combinations(scores, count))
    return max(choices, key=lambda without: share(scores, without))  # of equals the first


def share(scores: Mapping[str, tuple[float, float]], without: Collection[str] = ()) -> float:
    """The share of all points that was earned, `without` some assignments; 0 of nothing.

    Examples
    --------
    >>> share({"A1": (18, 20), "A2": (9, 30)})
    0.54
    """
    kept = [score for name, score in scores.items() if name not in without]
    most = math.fsum(top for _, top in kept)
    return math.fsum(points for points, _ in kept) / most if most else 0.0
