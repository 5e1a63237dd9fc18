"""One thing that was checked, and the lines that tell of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from coursepkg.checks.question import Part
from coursepkg.gradcheck import TensorReport

NOT_YET = "counts once one of the values is right"
"""The problem of a promise that an empty function would keep as well."""


@dataclass(frozen=True)
class Finding:
    """One thing that was checked.

    `weight` is its share of the question's points. A comparison of numbers has a `detail`;
    anything else that went wrong has a `problem` in words. `by_hand` is the right sum behind the
    first wrong entry, where it is known.
    """

    part: Part
    case: str
    tensor: str | None
    ok: bool
    problem: str | None = None
    detail: TensorReport | None = None
    raised: bool = False
    weight: Fraction = Fraction(0)
    by_hand: str | None = None


def problem_of(finding: Finding) -> Iterator[str]:
    """What went wrong, in words."""
    yield f"  problem      {finding.problem}"


def lines_of(finding: Finding) -> Iterator[str]:
    """What was compared, and how it differs, each line with its label in front."""
    what = f"{finding.tensor} on {finding.case}" if finding.tensor else finding.case
    detail = finding.detail
    if detail is None:
        yield f"  compared     {what}"
        yield from problem_of(finding)
        return
    if detail.got_shape is None:
        yield f"  compared     {what}: not an array of numbers"
        yield f"  shape        {detail.expected_shape} expected"
        return
    yield f"  compared     {what}: {detail.verdict}"
    shape = _against(detail.got_shape, detail.expected_shape)
    yield f"  shape        {shape}, dtype {_against(detail.got_dtype, detail.expected_dtype)}"
    if detail.first is not None:
        index = ", ".join(map(str, detail.first.index))
        yield (
            f"  first wrong  {detail.name}[{index}]: "
            f"yours {detail.first.got:.6g}, expected {detail.first.expected:.6g}"
        )
    if finding.by_hand is not None:
        yield f"  by hand      {finding.by_hand}"
    if detail.pattern is not None:
        yield f"  pattern      {detail.pattern}"


def _against(got: object, expected: object) -> str:
    return f"{got} as expected" if got == expected else f"{got}, expected {expected}"
