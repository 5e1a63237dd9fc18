"""W7.2: twelve training runs with a planted mistake each, to be diagnosed from their curves."""

from typing import Any

import numpy as np
import traitlets

from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.clinic_runs import NAMES, recorded
from coursepkg.widgets.frames import frames

CASES = tuple(str(place + 1) for place in range(len(NAMES)))
TESTS = ("none", "first", "eight", "ratio", "dead", "accuracy")


class CurveClinic(BookWidget):
    """A loss curve of a run with a mistake in it, tests to order, and diagnoses to choose from.

    Parameters
    ----------
    case : number of the run, "1" to "12"
    test : the test that is ordered: "first" (loss before the first step), "eight" (samples learned
        by heart), "ratio" (gradient check), "dead" (units), "accuracy" (on new digits) or "none"
    beside : what is drawn beside it: "none" or "healthy"
    diagnosis : a name of `coursepkg.widgets.clinic_runs.NAMES`, or "" before one is made

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> CurveClinic(case="7").state()
    {'beside': 'none', 'case': '7', 'diagnosis': '', 'test': 'none'}
    """

    script = "curve_clinic.js"
    number = "W7.2"
    title = "Curve clinic: what is wrong with this run?"
    alt = (
        "Loss of training and of test against steps, for one of twelve real runs with a planted "
        "mistake. In the first, the training loss hardly leaves 2.3, the loss of guessing among "
        "ten classes, and the test loss stays above it. Below are tests to order, such as the "
        "loss before the first step or a gradient check, and four diagnoses to choose from."
    )

    case = traitlets.Enum(CASES, "1").tag(sync=True)
    test = traitlets.Enum(TESTS, "none").tag(sync=True)
    beside = traitlets.Enum(["none", "healthy"], "none").tag(sync=True)
    diagnosis = traitlets.Enum(["", *NAMES], "").tag(sync=True)

    @traitlets.default("_data")
    def _ship_logs(self) -> dict[str, Any]:
        logs = frames("clinic_runs")
        return {"names": NAMES, "runs": [logs[name] for name in NAMES], "healthy": logs["healthy"]}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every case, once with its own diagnosis and once with that of the case before."""
        pairs = [(i, i - wrong) for i in range(len(NAMES)) for wrong in (0, 1)]
        states: list[dict[str, Any]] = [
            {"case": CASES[i], "diagnosis": NAMES[j], "test": TESTS[(i + j) % len(TESTS)]}
            for i, j in pairs
        ]
        return [(state, _numbers(**state)) for state in states]


def _numbers(case: str, diagnosis: str, test: str) -> dict[str, Any]:
    """What the browser must find."""
    name = NAMES[int(case) - 1]
    log = recorded(name)
    ordered = None if test == "none" else getattr(log, test)
    return {
        "train": log.train.tolist(),
        "test": log.test.tolist(),
        "excess": log.first / log.guess,
        "gap": float(log.test[-1] - log.train[-1]),
        "ordered": None if ordered is None or np.isnan(ordered) else float(ordered),
        "right": float(diagnosis == name),
    }
