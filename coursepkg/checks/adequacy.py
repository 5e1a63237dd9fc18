"""Do the hidden tests see what they should? What they are tried on, and how."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from coursepkg.checks import QUESTIONS, hidden_seed
from coursepkg.checks.engine import examine
from coursepkg.checks.question import Pair, Question
from coursepkg.checks.report import Report
from coursepkg.checks.seeds import hidden_rng
from coursepkg.mistakes import Mistake, of

# No mistakes where they stand: another subgradient at the kink, and what A8 leaves out (dilation,
# windows that count their padding only in part).
ACCEPTED = {"ACT4", "CV12", "PL8"}


def graded(question: str, functions: Mapping[str, Any], seed: bytes) -> Report:
    """Return the report of a question that is worth one point, on hidden data of that seed.

    Examples
    --------
    >>> import numpy as np
    >>> float(graded("A0.relu", {"relu": lambda x: np.maximum(x, 0)}, b"any").share)
    1.0
    """
    with hidden_seed(seed):
        rng = hidden_rng(question)
    return examine(QUESTIONS[question], functions, rng, points=1)


def with_mistakes(question: Question) -> Iterator[tuple[Mistake, dict[str, Callable[..., Any]]]]:
    """Yield the registered mistakes of a question, and the functions that make each of them.

    A wrong backward pass stands on top of the right forward pass, whose cache it reads. Nothing
    is known about questions that are about more than one function.

    Examples
    --------
    >>> mistake, functions = next(with_mistakes(QUESTIONS["A5.tanh_backward"]))
    >>> mistake.id, list(functions)
    ('ACT6', ['tanh', 'tanh_backward'])
    """
    if isinstance(question.subject, tuple):
        return
    for mistake in of(question.operation):
        right: dict[str, Callable[..., Any]] = {}
        if isinstance(question.subject, Pair):
            right = {question.subject.forward: question.subject.reference}
        if mistake.id not in ACCEPTED:
            yield mistake, {**right, question.function: mistake.code}
