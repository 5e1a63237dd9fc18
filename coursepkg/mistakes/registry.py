"""The register: what is known about a mistake, and all of them by name."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coursepkg.mistakes.sections import SECTIONS

Code = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation that people really write.

    Parameters
    ----------
    id : short name, such as "LIN3"
    operation : name of the right function, such as "linear_backward"
    code : the wrong function; it takes what the right one takes
    symptom : what it does to the numbers, one sentence
    question : what to ask somebody who should find it alone
    section : where the book explains the matter
    hidden_when : inputs on which nothing shows, or ""
    affects : names of the tensors that come out wrong; none if it raises, or changes its arguments

    Examples
    --------
    >>> from coursepkg.mistakes import MISTAKES
    >>> MISTAKES["LIN3"].affects, MISTAKES["LIN3"].section
    (('db',), 'section 6.4, the linear layer')
    """

    id: str
    operation: str
    code: Code
    symptom: str
    question: str
    section: str
    hidden_when: str = ""
    affects: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The code to show: under the name of the right function, which gives nothing away."""
        text = inspect.getsource(self.code)
        start = re.search(r"^def ", text, re.MULTILINE)
        assert start is not None
        return re.sub(r"^def \w+", f"def {self.operation}", text[start.start() :])


MISTAKES: dict[str, Mistake] = {}


def mistake(
    name: str,
    of: str,
    symptom: str,
    question: str,
    section: str,
    affects: tuple[str, ...] = (),
    hidden_when: str = "",
) -> Callable[[Code], Code]:
    """Enter the function below into the register; it stays the function that it is.

    Raises
    ------
    ValueError
        If there is a mistake of that name.

    Examples
    --------
    >>> mistake("LIN3", "linear_backward", "One.", "Two?", "6.4")(abs)
    Traceback (most recent call last):
        ...
    ValueError: there is a mistake LIN3 already
    """

    def enter(code: Code) -> Code:
        if name in MISTAKES:
            raise ValueError(f"there is a mistake {name} already")
        where = f"section {section}, {SECTIONS[section]}"
        MISTAKES[name] = Mistake(name, of, code, symptom, question, where, hidden_when, affects)
        return code

    return enter


def of(operation: str) -> tuple[Mistake, ...]:
    """Return the known mistakes of a function, in the order in which they were entered.

    Examples
    --------
    >>> [mistake.id for mistake in of("tanh_backward")][:2]
    ['ACT6', 'ACT7']
    """
    return tuple(mistake for mistake in MISTAKES.values() if mistake.operation == operation)
