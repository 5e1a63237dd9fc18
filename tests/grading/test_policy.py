"""Late penalties, slip days, extensions and what is dropped: properties that hold for everybody."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from autograder.policy import (
    DAY,
    HOUR,
    HandIn,
    LateRules,
    dropped,
    judge,
    penalty,
    share,
    slip_days_needed,
)

DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
spans = st.timedeltas(timedelta(), 30 * DAY)
percents = st.floats(0, 100)
rules = st.builds(
    LateRules,
    st.timedeltas(timedelta(), 2 * HOUR),
    percents,
    st.sampled_from([HOUR, DAY]),
    percents,
)
NAMES = ["A1", "A2", "A3", "A4", "A5"]


@st.composite
def hand_ins(draw: st.DrawFn) -> list[HandIn]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    return [HandIn(name, DUE + draw(spans), DUE + draw(spans), draw(rules)) for name in names]


@given(spans, spans, rules)
def test_later_never_costs_less(late: timedelta, more: timedelta, rules: LateRules) -> None:
    assert penalty(late, rules) <= penalty(late + more, rules)


@given(st.timedeltas(), rules)
def test_never_more_than_the_cap_is_taken(late: timedelta, rules: LateRules) -> None:
    assert 0 <= penalty(late, rules) <= rules.cap


@given(st.timedeltas(max_value=2 * HOUR), percents)
def test_grace_costs_nothing(late: timedelta, percent: float) -> None:
    assert penalty(late, LateRules(2 * HOUR, percent)) == 0


@given(spans, rules, st.integers(0, 9))
def test_later_never_costs_less_with_slip_days(
    late: timedelta, rules: LateRules, days: int
) -> None:
    def percent(late: timedelta) -> float:
        return judge([HandIn("A1", DUE + late, DUE, rules)], days)["A1"].percent

    assert percent(late) <= percent(late + timedelta(minutes=7))
    assert percent(late) <= percent(late + 2 * DAY)


@given(hand_ins(), st.integers(0, 9), st.integers(0, 4), spans)
def test_an_extension_never_hurts(
    works: list[HandIn], days: int, which: int, longer: timedelta
) -> None:
    before = judge(works, days)
    chosen = works[which % len(works)]
    assert chosen.due
    extended = HandIn(chosen.assignment, chosen.at, chosen.due + longer, chosen.rules)
    after = judge([extended if work is chosen else work for work in works], days)
    assert all(after[name].percent <= before[name].percent for name in before)


@given(hand_ins(), st.integers(0, 9))
def test_slip_days_are_spent_in_order_of_hand_in(works: list[HandIn], days: int) -> None:
    judged = judge(works, days)
    for work in sorted(works, key=lambda work: (work.at, work.assignment)):
        assert work.due
        needed = slip_days_needed(work.at - work.due, work.rules.grace)
        assert judged[work.assignment].slip_days == min(needed, days)
        days -= min(needed, days)
    assert days >= 0


@given(hand_ins(), st.integers(0, 9), spans)
def test_later_work_changes_nothing_that_was_given_back(
    works: list[HandIn], days: int, later: timedelta
) -> None:
    last = max(work.at for work in works)
    more = HandIn("A9", last + later + HOUR, DUE, LateRules(percent=10))
    assert judge(works, days).items() <= judge([*works, more], days).items()


def test_a_slip_day_moves_the_deadline_and_its_grace() -> None:
    rules = LateRules(grace=15 * timedelta(minutes=1), percent=10)
    judged = judge([HandIn("A1", DUE + DAY + timedelta(minutes=15), DUE, rules)], 1)
    assert (judged["A1"].slip_days, judged["A1"].percent) == (1, 0)
    judged = judge([HandIn("A1", DUE + DAY + timedelta(minutes=16), DUE, rules)], 1)
    assert (judged["A1"].slip_days, judged["A1"].percent) == (1, 10)


def test_without_a_deadline_nothing_is_late() -> None:
    assert judge([HandIn("A1", DUE, None, LateRules(percent=10))], 1)["A1"].percent == 0


points = st.dictionaries(
    st.sampled_from(NAMES),
    st.tuples(st.floats(0, 40), st.sampled_from([20.0, 25.0, 40.0])).map(
        lambda pair: (min(pair), pair[1])
    ),
    min_size=1,
)


@given(points, st.integers(0, 6))
def test_dropping_never_hurts_and_keeps_one(
    scores: dict[str, tuple[float, float]], count: int
) -> None:
    without = dropped(scores, count)
    assert len(without) == min(count, len(scores) - 1)
    assert share(scores, without) >= share(scores) - 1e-12


@given(points, st.integers(0, 3), st.sampled_from(NAMES), st.floats(0, 1))
def test_a_better_score_never_hurts(
    scores: dict[str, tuple[float, float]], count: int, name: str, part: float
) -> None:
    better = dict(scores)
    if name in better:
        got, most = better[name]
        better[name] = (got + part * (most - got), most)
    before, after = (share(s, dropped(s, count)) for s in (scores, better))
    assert after >= before - 1e-12
