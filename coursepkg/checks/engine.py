"""Try a student's function on cases and judge what comes back.

One engine serves `check` and `grade`; they differ in the data and in how many cases there are.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from coursepkg.checks.by_hand import by_hand
from coursepkg.checks.calling import Student, without_warnings
from coursepkg.checks.finding import NOT_YET, Finding
from coursepkg.checks.question import Case, Part, Question, Single
from coursepkg.checks.report import Report
from coursepkg.checks.speed import SLOW, is_fast
from coursepkg.checks.trials import try_all
from coursepkg.gradcheck import TensorReport, check_gradient, check_values, relative_error

if TYPE_CHECKING:
    from coursepkg.mistakes import Mistake

Forward = Callable[..., tuple[Any, ...]]
HIDDEN_SEEDS = 3
SAME = 1e-12
"""Two answers to the same call may differ in the order of a sum, not in more."""


@dataclass(frozen=True)
class Answer:
    """The tensors a student's function returned for one case, or why there are none."""

    values: tuple[Any, ...] = ()
    problem: str | None = None
    raised: bool = False


@without_warnings()
def examine(
    question: Question,
    functions: Mapping[str, Any],
    rng: np.random.Generator,
    points: float | None = None,
) -> Report:
    """Check the function of `question` among `functions`; grade it if it is worth `points`."""
    student, hidden = Student(functions), points is not None
    notes: list[str] = []
    mistakes: tuple[Mistake, ...] = ()
    if isinstance(question.subject, tuple):
        findings = list(try_all(question.subject, student, rng, hidden))
        kept_back = [trial.title for trial in question.subject if trial.hidden]
    else:
        samples = [question.subject.sample(rng) for _ in range(HIDDEN_SEEDS if hidden else 1)]
        edges = question.subject.edges(rng)
        # All data is drawn by now: what a student's code does cannot change what it is tried on.
        examination = _Examination(question, student, rng, notes)
        findings = examination.all(samples, edges if hidden else [])
        if not all(finding.ok for finding in findings):
            mistakes = examination.known_mistakes([question.subject.example, *samples])
        kept_back = ["other seeds", *(case.title for case in edges)]
    return Report(
        question=question.name,
        function=question.function,
        findings=_weighted(question, findings),
        points=points,
        hints=question.hints,
        section=question.section,
        kept_back=tuple(kept_back),
        notes=tuple(dict.fromkeys(notes)),
        mistakes=mistakes,
        operation=question.operation,
    )


def _weighted(question: Question, findings: list[Finding]) -> tuple[Finding, ...]:
    """Share each part's points evenly among its findings: a wrong db costs its third only."""
    counts = {part: sum(f.part == part for f in findings) for part in question.rubric}
    return tuple(replace(f, weight=question.rubric[f.part] / counts[f.part]) for f in findings)


@dataclass
class _Examination:
    question: Question
    student: Student
    rng: np.random.Generator
    notes: list[str] = field(default_factory=list)
    mutated: bool = False
    # By the id of a case; the case is kept with it, so that its id stays its own.
    _truths: dict[int, tuple[Case, tuple[np.ndarray, ...]]] = field(default_factory=dict)
    _answers: dict[int, tuple[Case, Any, Answer]] = field(default_factory=dict)
    _own: dict[int, Answer] = field(default_factory=dict)  # from the cache of a wrong forward

    def all(self, samples: list[Case], edges: list[Case]) -> list[Finding]:
        """Everything that is looked at, in the order of the rubric."""
        assert not isinstance(self.question.subject, tuple)
        findings = [
            *self.shapes(samples[0]),
            *self.values("example", [self.question.subject.example]),
            *self.values("seeds", samples),
            *self.values("edges", edges),
        ]
        right_somewhere = any(f.ok and f.part != "shape" for f in findings)
        findings += self.contract(samples[0], right_somewhere)
        return [*findings, *self.speed(right_somewhere)]

    def shapes(self, case: Case) -> Iterator[Finding]:
        for finding in self.values("shape", [case]):
            detail = finding.detail
            yield finding if detail is None else replace(finding, ok=_fits(detail))

    def values(self, part: Part, cases: list[Case]) -> Iterator[Finding]:
        for case in cases:
            answer = self.answer(case)
            for position, name in enumerate(self.question.tensors):
                if answer.problem is not None:
                    problem, raised = answer.problem, answer.raised
                    yield Finding(part, case.title, name, False, problem, raised=raised)
                    continue
                numeric = self.question.backward and part == "seeds"
                judge = self._differentiate if numeric else self._compare
                detail = judge(case, position, answer.values[position])
                by_hand = self._by_hand(case, detail) if part == "example" else None
                yield Finding(part, case.title, name, detail.ok, detail=detail, by_hand=by_hand)

    def _by_hand(self, case: Case, detail: TensorReport) -> str | None:
        rule = self.question.sums.get(detail.name)
        if rule is None or detail.first is None:
            return None
        if isinstance(rule, str):
            return by_hand(rule, detail.first.index, self.question.pair.arrays(case))
        return rule(detail.first.index, case)

    def contract(self, case: Case, right_somewhere: bool) -> Iterator[Finding]:
        for title, problem in self._promises(case):
            if not right_somewhere:
                problem = NOT_YET
            yield Finding("contract", title, None, problem is None, problem)

    def known_mistakes(self, cases: list[Case]) -> tuple["Mistake", ...]:
        """The mistakes of the register that give the student's numbers in all of the cases."""
        got = [self.answer(case).values for case in cases]
        complete = all(each and all(value is not None for value in each) for each in got)
        if not self.question.operation or not complete:
            return ()
        from coursepkg.mistakes.diagnosis import diagnose  # large, and seldom needed

        assert not isinstance(self.question.subject, tuple)
        right: Callable[..., Any] = self.question.subject.reference
        arguments: list[tuple[Any, ...]] = [case.inputs for case in cases]
        if self.question.backward:
            pair = self.question.pair
            right = pair.reference_backward
            arguments = [(case.dout, pair.reference(*case.inputs)[1]) for case in cases]
        answers = [values if len(values) > 1 else values[0] for values in got]
        truths = [right(*given) for given in arguments]
        return diagnose(self.question.operation, arguments, answers, truths).mistakes

    def speed(self, right_somewhere: bool) -> Iterator[Finding]:
        """Whether a large image is done without a loop over its windows, where that was asked."""
        assert not isinstance(self.question.subject, tuple)
        large = self.question.subject.large
        if large is None:
            return
        problem: str | None = NOT_YET
        if right_somewhere:
            cache, answer = self._tried(large.case)
            problem = answer.problem
            if problem is None and not is_fast(lambda: self._try(large.case, cache), large.windows):
                problem = SLOW.format(self.question.function)
        yield Finding("speed", large.case.title, None, problem is None, problem)

    def answer(self, case: Case) -> Answer:
        """Return the tensors that the question asks for; every case is tried once."""
        return self._tried(case)[1]

    def _tried(self, case: Case) -> tuple[Any, Answer]:
        """Return the cache that a backward question starts from, and the answer."""
        if id(case) not in self._answers:
            cache = self._cache(case) if self.question.backward else None
            self._answers[id(case)] = case, cache, self._try(case, cache)
        return self._answers[id(case)][1:]

    def _try(self, case: Case, cache: Any) -> Answer:
        if isinstance(self.question.subject, Single):
            return self._single(case, self.question.subject)
        if self.question.backward:
            return self._backward(case, cache)
        answer = self._forward(case)
        return Answer(answer.values[:1], answer.problem, answer.raised)

    def _single(self, case: Case, single: Single) -> Answer:
        call = self.student.call(single.function, *case.inputs)
        self.mutated |= call.mutated
        if call.problem is not None:
            return Answer(problem=call.problem, raised=call.raised)
        answer = _unpacked(call.value, single.outputs, single.function)
        return Answer(tuple(map(_numbers, answer.values)), answer.problem)

    def _forward(self, case: Case) -> Answer:
        """Return output and cache, the two values of a forward function."""
        pair = self.question.pair
        call = self.student.call(pair.forward, *case.inputs)
        self.mutated |= call.mutated and not self.question.backward
        if call.problem is not None:
            return Answer(problem=call.problem, raised=call.raised)
        answer = _unpacked(call.value, (pair.output, "cache"), pair.forward)
        values = (*map(_numbers, answer.values[:1]), *answer.values[1:])
        return Answer(values, answer.problem)

    def _backward(self, case: Case, cache: Any) -> Answer:
        pair = self.question.pair
        call = self.student.call(pair.backward, case.dout, cache)
        self.mutated |= call.mutated
        if call.problem is not None:
            return Answer(problem=call.problem, raised=call.raised)
        answer = _unpacked(call.value, pair.grads, pair.backward)
        return Answer(tuple(map(_numbers, answer.values)), answer.problem)

    def _cache(self, case: Case) -> Any:
        """The cache of the student's own forward where that is right, else the suggested one.

        So a wrong forward costs its own points only.
        """
        pair = self.question.pair
        forward = self._forward(case)
        if forward.problem is None:
            out, cache = forward.values
            report = _same(pair.output, out, pair.out(case))
            if report.ok:
                return cache
            if report.got_shape == report.expected_shape:
                own = self._backward(case, cache)
                if own.problem is None:
                    self._own[id(case)] = own
        self.notes.append(
            f"your {pair.forward} is not right yet, so {pair.backward} was given the cache "
            f"that the statement suggests"
        )
        return pair.suggested_cache(*case.inputs)

    def _compare(self, case: Case, position: int, got: np.ndarray | None) -> TensorReport:
        return _same(self.question.tensors[position], got, self._truth(case)[position])

    def _truth(self, case: Case) -> tuple[np.ndarray, ...]:
        """Return the right values, worked out once."""
        if id(case) not in self._truths:
            self._truths[id(case)] = case, self.question.truth(case)
        return self._truths[id(case)][1]

    def _differentiate(self, case: Case, position: int, got: np.ndarray | None) -> TensorReport:
        """Judge a gradient by the right forward pass; else by the student's own, if that is wrong.

        A true derivative of a wrong function is a right backward pass.
        """
        report = self._judge(case, position, got, self.question.pair.reference)
        if report.ok or id(case) not in self._own:
            return report
        mine = self._own[id(case)].values[position]
        if mine is None or not mine.any():  # the derivative of nothing at all earns nothing
            return report
        own = self._judge(case, position, mine, self._own_forward)
        if own.ok:
            self.notes.append(
                f"{self.question.function} is the derivative of your own "
                f"{self.question.pair.forward}, which is not right yet: that counts"
            )
        return own if own.ok else report

    def _judge(self, case: Case, position: int, got: Any, forward: Forward) -> TensorReport:
        inputs = case.inputs

        def out(x: np.ndarray) -> Any:
            return forward(*inputs[:position], x, *inputs[position + 1 :])[0]

        name = self.question.tensors[position]
        return check_gradient(name, got, out, inputs[position], case.dout, self.rng)

    def _own_forward(self, *inputs: Any) -> tuple[Any, ...]:
        answer = self._forward(Case("", inputs))
        if answer.problem is not None or answer.values[0] is None:
            raise ArithmeticError(answer.problem)
        return answer.values

    def _promises(self, case: Case) -> Iterator[tuple[str, str | None]]:
        name = self.question.function
        yield (
            "the arrays it is given",
            f"{name} changed them: `a[...] = 0` and `a -= b` write into the caller's array"
            if self.mutated
            else None,
        )
        yield (
            "the same call a second time",
            None if self._repeats(case) else f"{name} gave another answer than the first time",
        )
        if isinstance(self.question.subject, Single) and not self.question.subject.keeps_dtype:
            return
        yield (
            "float32 numbers",
            None if self._keeps_dtype(case) else f"{name} did not return float32 for float32",
        )

    def _repeats(self, case: Case) -> bool:
        """Ask again, after all the calls in between, which must have left no trace."""
        cache, first = self._tried(case)
        second = self._try(case, cache)
        if first.problem is not None or second.problem is not None:
            return False
        return all(map(_equal, first.values, second.values))

    def _keeps_dtype(self, case: Case) -> bool:
        case = replace(case, inputs=_shortened(case.inputs), dout=_shortened(case.dout))
        answer = self.answer(case)
        if answer.problem is not None:
            return False
        details = [self._compare(case, i, value) for i, value in enumerate(answer.values)]
        return all(detail.got_dtype == detail.expected_dtype for detail in details)


def _same(name: str, got: np.ndarray | None, expected: np.ndarray) -> TensorReport:
    is_loss = expected.ndim == 0 and expected.dtype.kind == "f"
    if is_loss and got is not None and got.dtype.kind == "f":
        got = got.astype(expected.dtype)  # a loss may well be a Python float
    if expected.dtype.kind in "iub" and got is not None:
        got = got.astype(np.float64)  # of whole numbers any kind will do
    return check_values(name, got, expected)


def _unpacked(value: Any, names: tuple[str, ...], function: str) -> Answer:
    if len(names) == 1 and value is not None:
        return Answer((value,))
    if isinstance(value, tuple) and len(value) == len(names):
        return Answer(value)
    if value is None:
        return Answer(problem=f"{function} returned nothing: is the return statement missing?")
    got = f"{len(value)} values" if isinstance(value, tuple) else f"one {type(value).__name__}"
    return Answer(problem=f"{function} must return {', '.join(names)}, got {got}")


def _numbers(value: Any) -> np.ndarray | None:
    """Return `value` as an array of real numbers, or None: a student may return anything.

    A copy: the student's next call may write into the same array.
    """
    try:
        array = np.array(value)
    except Exception:
        return None
    return array if array.dtype.kind in "fiub" else None


def _fits(detail: TensorReport) -> bool:
    same_shape = detail.got_shape == detail.expected_shape
    return same_shape and detail.got_dtype == detail.expected_dtype


def _equal(a: np.ndarray | None, b: np.ndarray | None) -> bool:
    if a is None or b is None or a.shape != b.shape:
        return False
    return relative_error(a, b) <= SAME


def _shortened(value: Any) -> Any:
    """Return `value` with its arrays in float32."""
    if type(value) is tuple:
        return tuple(map(_shortened, value))
    is_float = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value.astype(np.float32) if is_float else value
