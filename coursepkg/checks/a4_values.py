"""What the checks of assignment 4 look at: the numbers of a student's values, and their traces.

A value knows what it was made of (`inputs`) and its derivative by each of them (`local`). So
operations are judged without the student's `backward`, by the chain rule along every path.
"""

from collections.abc import Callable, Sequence
from typing import Any

from coursepkg.autodiff import Tensor
from coursepkg.checks.trials import TrialError, Tried, numbers

MOST_VISITS = 100
EXACT = 1e-9


def _number(value: Any, what: str) -> float:
    return float(numbers(value, f"{what} is", shape=()))


def compare(what: str, got: Any, expected: float) -> None:
    """Compare one number with what it must be.

    Raises
    ------
    TrialError
        If it is another one, or no number.
    """
    got = _number(got, what)
    if abs(got - expected) > EXACT * (1 + abs(expected)):
        raise TrialError(f"{what} must be {expected:.6g}, yours is {got:.6g}")


def _remembered(node: Any) -> tuple[Sequence[Any], Sequence[Any]]:
    inputs, local = node.inputs, node.local
    if not all(isinstance(each, tuple | list) for each in (inputs, local)):
        raise TrialError("inputs and local of a Value must be tuples")
    if len(inputs) != len(local):
        raise TrialError(f"a Value has {len(inputs)} inputs, but {len(local)} local derivatives")
    return inputs, local


def _along_all_paths(out: Any, leaves: Sequence[Any]) -> list[float]:
    """The derivatives of `out` by the leaves, from what the values between them remember."""
    for mark, leaf in enumerate(leaves):
        leaf.grad = mark + 1.0  # objects in another process are told apart by what they hold
    totals = [0.0] * (len(leaves) + 1)
    todo = [(out, 1.0)]
    for _ in range(MOST_VISITS):
        if not todo:
            return totals[1:]
        node, upstream = todo.pop()
        inputs, local = _remembered(node)
        if not inputs:
            mark = int(_number(node.grad, "grad"))
            totals[mark if 0 <= mark < len(totals) else 0] += upstream
        for each, slope in zip(inputs, local, strict=True):
            todo.append((each, upstream * _number(slope, "a local derivative")))
    raise TrialError("there is no end to the inputs of the inputs: is a value its own input?")


def expression(text: str, run: Callable[..., Any]) -> Callable[..., None]:
    """A trial of an expression at some numbers: its value, and its derivatives by path."""

    def attempt(tried: Tried, *at: float) -> None:
        leaves = [tried("Value", number) for number in at]
        value, slopes = truth(run, at)
        where = f"{text} at {', '.join(f'{number:.4g}' for number in at)}"
        out = run(*leaves)
        compare(f"the data of {where}", out.data, value)
        for place, got in enumerate(_along_all_paths(out, leaves)):
            which = f"derivative number {place + 1} of {where}, by inputs and local,"
            compare(which, got, slopes[place])

    return attempt


def truth(run: Callable[..., Any], at: Sequence[float]) -> tuple[float, list[float]]:
    """The value of an expression and its derivatives, by the library's own tape."""
    leaves = [Tensor(number, requires_grad=True) for number in at]
    out = run(*leaves)
    out.backward()
    return float(out.data), [0.0 if x.grad is None else float(x.grad) for x in leaves]
