"""How close the comparisons of a check came to their tolerances."""

from __future__ import annotations

import math
from collections.abc import Iterable

from coursepkg.checks import Finding
from coursepkg.gradjudge import COARSE, TOLERANCE


def nearest_to_tolerance(findings: Iterable[Finding]) -> float | None:
    """The error that came nearest to its tolerance, as a multiple of it; None if there is none.

    Examples
    --------
    >>> from coursepkg.gradcheck import TensorReport
    >>> def finding(error):
    ...     detail = TensorReport("dx", "", (3,), (3,), "float64", "float64", error)
    ...     return Finding("seeds", "", "dx", error < TOLERANCE, detail=detail)
    >>> nearest_to_tolerance([finding(0.0), finding(1e-12), finding(0.5), finding(2e-6)])
    2.0
    """
    errors = [
        detail.error / COARSE.get(detail.got_dtype or "", TOLERANCE)
        for detail in (finding.detail for finding in findings)
        if detail and detail.error and math.isfinite(detail.error)
    ]
    return min(errors, key=lambda error: abs(math.log(error)), default=None)
