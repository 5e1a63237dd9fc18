"""W6.3: a wrong gradient on the table, and what the autograder's engine says about it."""

from typing import Any, NamedTuple

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.gradcheck import check_values, relative_error
from coursepkg.mistakes import MISTAKES
from coursepkg.mistakes.diagnosis import diagnose
from coursepkg.mistakes.right import right_function
from coursepkg.mistakes.tensors import names_of, tensors_of
from coursepkg.widgets.base import BookWidget

# The mistakes of every ward, in the order of the beds.
WARDS = {
    "linear": ("LIN3", "LIN1", "LIN9", "LIN2", "LIN8"),
    "relu": ("ACT2", "ACT10", "ACT1", "ACT11", "ACT9"),
    "cross_entropy": ("CE1", "CE6", "CE4", "CE3", "CE5"),
}
BEDS = ("1", "2", "3", "4", "5")
INPUTS = ("plain", "one", "square", "ones", "positive")
SHAPES = {"one": (1, 3, 2), "square": (3, 3, 3)}  # N, D, M; else (4, 3, 2)


class Finding(NamedTuple):
    """What came out: gradients by name, the right ones, and what the engine says."""

    got: dict[str, np.ndarray] | None
    right: dict[str, np.ndarray]
    report: str

    @property
    def error(self) -> float:
        """The largest relative error of a gradient; 1 where its shape is wrong."""
        return max(_error(self._got(name), right) for name, right in self.right.items())

    @property
    def wrong(self) -> int:
        """How many entries of the right gradients were missed."""
        return sum(_wrong(self._got(name), right) for name, right in self.right.items())

    def _got(self, name: str) -> np.ndarray | None:
        return None if self.got is None else self.got[name]


class GradientDoctor(BookWidget):
    """Wrong backward passes as patients: gradients got and expected, a guess, the diagnosis.

    Parameters
    ----------
    operation : "linear", "relu" or "cross_entropy"
    patient : "1" to "5"
    inputs : what the patient is examined with: "plain" (all sizes differ, signs mixed), "one"
        (one sample), "square" (all sizes equal), "ones" (dout is 1 everywhere), "positive" (no
        input and no dout is negative)
    guess : the number of the symptom chosen, 1 to 5; 0 before

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> print(examine("linear", "1", "plain").report.splitlines()[0])
    db: wrong values
    """

    script = "gradient_doctor.js"
    number = "W6.3"
    title = "The gradient doctor"
    alt = (
        "The backward pass of a linear layer on 4 samples, its gradients beside the right ones. dx "
        "and dw agree; both entries of db are a quarter of what they should be. The engine says: "
        "got = 0.25 x expected everywhere, db is N times too small. With one sample the same "
        "mistake would not show."
    )

    operation = traitlets.Enum(list(WARDS), "linear").tag(sync=True)
    patient = traitlets.Enum(BEDS, "1").tag(sync=True)
    inputs = traitlets.Enum(INPUTS, "plain").tag(sync=True)
    guess = traitlets.Int(0, min=0, max=len(BEDS)).tag(sync=True)

    @traitlets.default("_data")
    def _ship_findings(self) -> dict[str, Any]:
        return {operation: _ward(operation) for operation in WARDS}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every patient with every kind of inputs."""
        return [
            (
                {"operation": operation, "patient": patient, "inputs": inputs},
                {"error": found.error, "wrong": found.wrong},
            )
            for operation in WARDS
            for patient in BEDS
            for inputs in INPUTS
            for found in [examine(operation, patient, inputs)]
        ]


def examine(operation: str, patient: str, inputs: str) -> Finding:
    """Run a wrong backward pass and the right one, and ask the autograder's engine."""
    name = f"{operation}_backward"
    mistake = MISTAKES[WARDS[operation][BEDS.index(patient)]]
    given = _arguments(operation, inputs)
    right = right_function(name)(*given)
    names = names_of(name, right)
    truth = {key: _shown(one) for key, one in zip(names, tensors_of(name, right), strict=True)}
    try:
        answer = mistake.code(*given)
    except ValueError as error:
        return Finding(None, truth, f"ValueError: {error}")
    pairs = zip(names, tensors_of(name, answer), tensors_of(name, right), strict=True)
    reports = [check_values(*pair) for pair in pairs]
    lines = [str(report) for report in reports if not report.ok]
    lines.append(str(diagnose(name, [given], [answer], [right])))
    got = zip(names, tensors_of(name, answer), strict=True)
    return Finding({key: _shown(one) for key, one in got}, truth, "\n".join(lines))


def _arguments(operation: str, inputs: str) -> tuple[Any, Any]:
    """The ``(dout, cache)`` of the backward pass; numbers that are short to read."""
    rng = np.random.default_rng(62)
    n, d, m = SHAPES.get(inputs, (4, 3, 2))

    def draw(*shape: int) -> np.ndarray:
        # Odd halves: never zero, never equal to one.
        numbers = rng.choice([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5], size=shape)
        return abs(numbers) if inputs == "positive" else numbers

    cache: Any
    if operation == "linear":
        out, cache = F.linear(draw(n, d), draw(d, m), np.zeros(m))
    elif operation == "relu":
        out, cache = F.relu(draw(n, d))
    else:
        labels = np.array([2, 0, 2, 1])[:n]
        return (1.0 if inputs == "ones" else 2.0), F.cross_entropy(draw(n, d), labels)[1]
    return np.ones(out.shape) if inputs == "ones" else draw(*out.shape), cache


def _shown(array: Any) -> np.ndarray:
    return np.asarray(array, dtype=float).round(3)


def _ward(operation: str) -> dict[str, Any]:
    """All that the browser shows of an operation; gradients that are right are left out."""
    symptoms = sorted(MISTAKES[name].symptom for name in WARDS[operation])
    patients, lines = {}, _Lines()
    for patient, name in zip(BEDS, WARDS[operation], strict=True):
        findings = {inputs: examine(operation, patient, inputs) for inputs in INPUTS}
        patients[patient] = {
            "answer": 1 + symptoms.index(MISTAKES[name].symptom),
            "hidden": MISTAKES[name].hidden_when,
            "found": {key: _sent(found, lines) for key, found in findings.items()},
        }
    right = {inputs: examine(operation, "1", inputs).right for inputs in INPUTS}
    return {
        "symptoms": symptoms,
        "patients": patients,
        "right": {key: {n: _short(a) for n, a in one.items()} for key, one in right.items()},
        "lines": list(lines),
    }


class _Lines(dict[str, int]):
    """Lines of reports by their place in a list; most stand in several reports."""

    def __missing__(self, line: str) -> int:
        return self.setdefault(line, len(self))


def _sent(found: Finding, lines: _Lines) -> dict[str, Any]:
    report = [lines[line] for line in found.report.splitlines()]
    if found.got is None:
        return {"got": None, "report": report}
    differ = {
        name: _short(array)
        for name, array in found.got.items()
        if not np.array_equal(array, found.right[name])
    }
    return {"got": differ, "report": report}


def _short(array: np.ndarray) -> Any:
    """As lists, with 1 instead of 1.0."""
    if array.ndim:
        return [_short(each) for each in array]
    return int(array) if array == int(array) else float(array)


def _error(got: np.ndarray | None, right: np.ndarray) -> float:
    if got is None or got.shape != right.shape:
        return 1.0
    return relative_error(got, right)


def _wrong(got: np.ndarray | None, right: np.ndarray) -> int:
    if got is None or got.shape != right.shape:
        return right.size
    return int(np.count_nonzero(got != right))
