"""What a check found out: plain data first, then a text for the person who wrote the code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from coursepkg.checks.finding import NOT_YET, Finding, lines_of, problem_of
from coursepkg.checks.question import PART_TITLES

if TYPE_CHECKING:
    from coursepkg.mistakes import Mistake

LATER = ("contract", "speed")
"""What is asked once there is an answer."""


@dataclass(frozen=True)
class Report:
    """All findings of one question. Text and points are derived from them.

    `points` is what the question is worth when graded, None for a public check. `kept_back`
    names what only grading tries. `mistakes` are known ones with the very numbers of the student;
    `operation` is the name under which the library knows others.
    """

    question: str
    function: str
    findings: tuple[Finding, ...]
    points: float | None
    hints: Mapping[str, str]
    section: str
    kept_back: tuple[str, ...]
    notes: tuple[str, ...] = ()
    mistakes: "tuple[Mistake, ...]" = ()
    operation: str = ""

    @property
    def passed(self) -> int:
        return sum(finding.ok for finding in self.findings)

    @property
    def ok(self) -> bool:
        return self.passed == len(self.findings)

    @property
    def share(self) -> Fraction:
        """The part of the points that was earned. Fractions, so that all of them make 1."""
        return sum((f.weight for f in self.findings if f.ok), Fraction(0))

    @property
    def earned(self) -> float:
        """The points, rounded to hundredths."""
        return float(round(Fraction(self.points or 0) * self.share, 2))

    @property
    def status(self) -> str:
        """With points "graded"; without any, "error" if the function raised, else "wrong"."""
        if self.share > 0:
            return "graded"
        return "error" if any(finding.raised for finding in self.findings) else "wrong"

    @property
    def unanswered(self) -> bool:
        """Whether the function is not there, or does nothing but raise."""
        return all(finding.raised for finding in self.findings if finding.part not in LATER)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        from coursepkg.checks.html import as_html  # seldom needed

        return as_html(self)

    def __repr__(self) -> str:
        return f"<Report {self.question}: {self.passed} of {len(self.findings)} checks passed>"

    def _ipython_display_(self) -> None:
        """Nothing: at the end of a notebook cell, `check` has shown the report already."""

    def _lines(self) -> Iterator[str]:
        yield f"{self.question}: {self.verdict}"
        yield from self.details()
        if self.points is None and not self.ok:
            yield f"  more         in a terminal: coursepkg hint {self.question}"
        yield from self.totals()

    def details(self) -> Iterator[str]:
        """The lines between verdict and totals, each with its label in front."""
        for finding in self.worth_showing():
            yield from problem_of(finding) if self.unanswered else lines_of(finding)
        yield from self._advice()
        yield from (f"  note         {note}" for note in self.notes)

    @property
    def verdict(self) -> str:
        """The first line, without the name of the question."""
        points = "" if self.points is None else f"{self.earned:g} of {self.points:g} points, "
        if self.ok:
            return f"{points}right" if points else "right so far"
        tensors = [t for t in dict.fromkeys(f.tensor for f in self.findings) if t]
        wrong = [t for t in tensors if any(f.tensor == t and not f.ok for f in self.findings)]
        if self.unanswered:
            return f"{points}no answer yet"
        if not tensors:
            return f"{points}{self.passed} of {len(self.findings)} right"
        if not wrong:
            return f"{points}right numbers, but something else to mend"
        right = [t for t in tensors if t not in wrong]
        return points + _listed(wrong, "wrong") + (f"; {_listed(right, 'right')}" if right else "")

    def worth_showing(self) -> list[Finding]:
        """The first failure of each tensor, and each other problem once."""
        first: dict[str | None, Finding] = {}
        for finding in self.findings:
            if not finding.ok and finding.problem != NOT_YET:
                first.setdefault(finding.problem or finding.tensor, finding)
        return list(first.values())

    def _advice(self) -> Iterator[str]:
        # A hint is about numbers: it would mislead where there are none.
        judged = [f for f in self.worth_showing() if f.detail and f.detail.got_shape is not None]
        wrong = [finding.tensor for finding in judged if finding.tensor]
        if self.mistakes:
            yield from self._named()
        elif wrong and wrong[0] in self.hints:
            yield f"  hint         {self.hints[wrong[0]]}"
        if not self.ok:
            yield f"  book         {self.section}"

    def _named(self) -> Iterator[str]:
        """A known mistake: a check asks, and feedback after submission says."""
        named: set[tuple[str, ...]] = set()
        for mistake in self.mistakes:
            if self.points is not None:  # two for the same tensors cannot be told apart
                word = "or mistake" if mistake.affects in named else "mistake"
                yield f"  {word:<12} {mistake.symptom}"
            named.add(mistake.affects)
            yield f"  ask yourself {mistake.question}"

    def totals(self) -> Iterator[str]:
        """The last lines: how much was tried, and what only grading tries."""
        if self.points is None:
            yield f"  public checks {self.passed} of {len(self.findings)} passed;"
            if self.kept_back:
                yield f"  hidden checks run after submission: {', '.join(self.kept_back)}"
            return
        for part, title in PART_TITLES.items():
            found = [finding.ok for finding in self.findings if finding.part == part]
            if found:
                yield f"  {title:<16} {sum(found)} of {len(found)} passed"


class Score(float):
    """The points of one question: an ordinary float that remembers its `report`."""

    report: Report


def score(report: Report) -> Score:
    """Return the points a graded report earned."""
    result = Score(report.earned)
    result.report = report
    return result


def _listed(tensors: list[str], adjective: str) -> str:
    return f"{', '.join(tensors)} {'is' if len(tensors) == 1 else 'are'} {adjective}"
