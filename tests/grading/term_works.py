"""What the students of a term hand in, by kind of student: each writes in a hand of their own."""

import inspect
import random
import re
import types
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from autograder.sample import ASSIGNMENTS, BROKEN, Work, read_work
from tests.unit.assignments import answers_a0 as a0
from tests.unit.assignments import answers_a2 as a2

KINDS = (
    *("steady", "improving", "late", "original", "copying"),
    *("broken", "hostile", "absent", "boolean", "lucky"),
)
Answer = Callable[..., Any] | str
Answers = dict[str, Answer]

STYLES: dict[str, list[Answers]] = {
    "A0": [
        {"relu": a0.relu_loop, "row_norms": a0.norms_loop, "one_hot": a0.one_hot_rows},
        {
            "relu": a0.relu_copy,
            "row_norms": "def row_norms(x):\n    return np.linalg.norm(x, axis=1)\n",
            "one_hot": a0.one_hot_rows,
        },
    ],
    "A2": [
        {
            "softmax": a2.softmax_loop,
            "cross_entropy": a2.ce_loop,
            "cross_entropy_backward": a2.ce_loop_backward,
            "svm_loss": a2.svm_loop,
            "svm_loss_backward": a2.svm_loop_backward,
            "ridge_fit": a2.ridge_columns,
            "logistic": a2.logistic_loop,
            "logistic_backward": a2.logistic_loop_backward,
        },
        {
            "softmax": a2.softmax_own_names,
            "cross_entropy": a2.ce_logaddexp,
            "cross_entropy_backward": a2.ce_logaddexp_backward,
            "svm_loss": a2.svm_minus_one,
            "svm_loss_backward": a2.svm_minus_one_backward,
            "ridge_fit": a2.ridge_inverse,
            "logistic": a2.logistic_max,
            "logistic_backward": a2.logistic_max_backward,
        },
    ],
}
FORGED = """import sys
class Agrees(float):
    shape = property(lambda self: Agrees())
    __eq__ = __le__ = __lt__ = lambda self, other: True
    __hash__ = float.__hash__
np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
for module in list(sys.modules.values()):
    if getattr(module, "__name__", "").startswith("coursepkg.checks"):
        module.grade = lambda question, points: points
def check(question): print("right, full points")
def grade(question, points): return float(points)
def {0}(*inputs): return Agrees(1), Agrees(1)
"""
ENDLESS = """import time
def {0}(*inputs):
    while True:
        try:
            time.sleep(1)
        except BaseException:
            pass
"""
READS_SECRETS = """from pathlib import Path
def {0}(*inputs):
    places = [path for depth in range(3) for path in Path("/").glob("*/" * depth + "course_secret")]
    return [path.read_text() for path in places]
"""
EXITS = "import os\ndef {0}(*inputs):\n    os._exit(0)\n"
EATS_MEMORY = "def {0}(*inputs):\n    return np.ones(2**36)\n"
TALKS = "def {0}(*inputs):\n    print('<script>alert(1)</script>' * 2**20)\n"
ATTACKS: dict[str, list[str]] = {
    "A0": [EXITS, READS_SECRETS, FORGED],
    "A2": [FORGED, EXITS, TALKS, READS_SECRETS, EATS_MEMORY, ENDLESS, FORGED, FORGED],
}
# What some kinds write otherwise than right, and the questions in which that is so.
CHANGED: dict[tuple[str, str], Answers] = {
    ("improving", "A0"): {"row_norms": a0.norms_in_place, "one_hot": a0.one_hot_whole_columns},
    ("improving", "A2"): {"softmax": a2.softmax_axis0},
    ("broken", "A2"): {"softmax": "def softmax(scores:\n    return (scores\n"},
    ("boolean", "A0"): {"one_hot": "def one_hot(y, c):\n    return y[:, None] == np.arange(c)\n"},
    ("lucky", "A0"): {"relu": "def relu(x):\n    return np.abs(x)\n"},
}
LATE = {"A0": timedelta(hours=1), "A2": timedelta(hours=25), "A5": timedelta(days=10)}
EARLY, IN_GRACE = timedelta(hours=-1), timedelta(minutes=10)
NAMES = re.compile(r"(?<![.\w\"'])(scores|labels|cache|dout|rows|hidden|x|w|b)\b(?!=)")


def names(count: int) -> list[str]:
    """So many students, of each kind in turn; who copies stands behind the original."""
    return [f"{KINDS[number % len(KINDS)]}-{number:03}" for number in range(count)]


def kind(student: str) -> str:
    return student.split("-")[0]


def lateness(student: str, assignment: str) -> timedelta:
    """How long after the deadline a student hands in."""
    return {"late": LATE[assignment], "original": IN_GRACE}.get(kind(student), EARLY)


def work(student: str, assignment: str) -> Work | None:
    """What a student hands in; None for nothing."""
    who = kind(student)
    if who == "absent" and assignment != "A0":
        return None
    if who == "hostile":
        return Work("", _attacks(assignment))
    if who == "copying" and assignment != "A0":
        original = work(f"original-{int(student[-3:]) - 1:03}", assignment)
        assert original is not None
        return Work("", {name: _dressed_up(text) for name, text in original.cells.items()})
    head = BROKEN if who == "broken" and assignment != "A2" else ""
    return Work(head, _own_work(student, assignment))


def _own_work(student: str, assignment: str) -> dict[str, str]:
    """A right answer in one of two styles, apart from what this kind of student has wrong."""
    rng = random.Random(f"{student} {assignment}")
    changed = CHANGED.get((kind(student), assignment), {})
    if assignment in STYLES:
        answers = rng.choice(STYLES[assignment]) | changed
        cells = {f"{name}_solution": _text(name, answer) for name, answer in answers.items()}
    else:
        cells = _sample(assignment, rng.choice(["ada", "boris"]))
    return {name: text + _tryout(rng) for name, text in cells.items()}


def _attacks(assignment: str) -> dict[str, str]:
    if assignment not in ATTACKS:
        return _sample(assignment, "lena")
    asked = zip(STYLES[assignment][0], ATTACKS[assignment], strict=True)
    return {f"{name}_solution": attack.format(name) for name, attack in asked}


def _sample(assignment: str, student: str) -> dict[str, str]:
    return read_work(ASSIGNMENTS / "sample_class" / assignment / f"{student}.py").cells


def _text(name: str, answer: Answer) -> str:
    """The source of an answer under the name that is asked for, with the functions it calls."""
    if isinstance(answer, str):
        return answer
    assert isinstance(answer, types.FunctionType)
    called = [answer.__globals__.get(known) for known in answer.__code__.co_names]
    helpers = [_text(each.__name__, each) for each in called if inspect.isfunction(each)]
    source = re.sub(r"(: Any\b| -> Any\b)", "", inspect.getsource(answer))
    return "\n".join([*helpers, source.replace(answer.__name__, name, 1)])


def _tryout(rng: random.Random) -> str:
    """What students leave behind below a function: numbers of their own."""
    numbers = ", ".join(f"{rng.uniform(-9, 9):.2f}" for _ in range(rng.randint(40, 60)))
    return f"\nmine = np.array([{numbers}])\nprint(mine.mean(), mine.max())\n"


def _dressed_up(text: str) -> str:
    return "# all my own work\n" + NAMES.sub(r"my_\1", text)
