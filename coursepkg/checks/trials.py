"""Try what cannot be compared number by number: a training run, a class, a checker of gradients."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from coursepkg.checks.calling import Call, Student, describe
from coursepkg.checks.finding import Finding
from coursepkg.checks.question import Trial


class TrialError(Exception):
    """What came back is not right; the text tells the student what was expected."""


class _NoAnswerError(Exception):
    """The student's function raised, or is not there."""


class Tried:
    """The student's functions in a trial.

    `mutated` says whether the last call changed an array that it was given.

    Examples
    --------
    >>> tried = Tried(Student({"double": lambda x: x + x}))
    >>> tried("double", 4)
    8
    """

    def __init__(self, student: Student) -> None:
        self._student = student
        self.mutated = False

    def __call__(self, name: str, *args: Any) -> Any:
        """Call the function `name`; what it raises ends the trial, and is told as it is."""
        return self._answered(name, args).value

    def unchanged(self, name: str, *args: Any) -> Any:
        """Call the function `name`, which has to leave the arrays it is given as they are.

        Raises
        ------
        TrialError
            If it wrote into one of them.
        """
        call = self._answered(name, args)
        if call.mutated:
            raise TrialError(
                f"{name} changed the arrays it was given: `a -= b` and `a[...] = 0` write into "
                "the caller's array; make a new one"
            )
        return call.value

    def _answered(self, name: str, args: tuple[Any, ...]) -> Call:
        call = self._student.call(name, *args)
        self.mutated = call.mutated
        if call.problem is not None:
            raise _NoAnswerError(call.problem)
        return call

    def array(self, name: str, *args: Any, shape: tuple[int, ...] | None = None) -> np.ndarray:
        """Call the function `name`, whose answer has to be an array of numbers.

        Raises
        ------
        TrialError
            If it is none, or not of that shape, or not finite.
        """
        value = self(name, *args)
        return numbers(value, f"{name} returned", shape)


def numbers(value: Any, what: str, shape: tuple[int, ...] | None = None) -> np.ndarray:
    """Return `value` as a finite array of numbers.

    Raises
    ------
    TrialError
        If it is none, or not of that shape, or not finite.

    Examples
    --------
    >>> numbers([1, 2], "fit returned")
    array([1, 2])
    """
    try:
        array = np.array(value)
    except Exception:
        array = np.array(None)
    if array.dtype.kind not in "fiub":
        raise TrialError(f"{what} {type(value).__name__}, where an array of numbers was expected")
    if shape is not None and array.shape != shape:
        raise TrialError(f"{what} an array of shape {array.shape}, where {shape} was expected")
    if not np.isfinite(array).all():
        raise TrialError(f"{what} numbers that are not finite")
    return array


def try_all(
    trials: tuple[Trial, ...], student: Student, rng: np.random.Generator, hidden: bool
) -> Iterator[Finding]:
    """Run the trials, or the public ones among them: one finding each."""
    for trial in trials:
        if trial.hidden and not hidden:
            continue
        try:
            trial.run(Tried(student), rng)
        except _NoAnswerError as error:
            yield Finding("behaviour", trial.title, None, False, str(error), raised=True)
        except TrialError as error:
            yield Finding("behaviour", trial.title, None, False, str(error))
        except Exception as error:  # such as of an operator of a student's class
            problem = describe(error, trial.title)
            yield Finding("behaviour", trial.title, None, False, problem, raised=True)
        else:
            yield Finding("behaviour", trial.title, None, True)
