"""What a submission can fake: nothing. Each attack keeps its zero, and the next one is graded."""

import os
from collections.abc import Callable

import pytest

from autograder.rubric import QuestionResult, Status
from autograder.sandbox import Jail

pytestmark = pytest.mark.jail
Attack = Callable[..., QuestionResult]

RIGHT = "def f(x):\n    return 7 * x\n"
FORGERIES = {
    "patch np.testing": "np.testing.assert_allclose = lambda *a, **k: None\n"
    "np.array_equal = lambda *a: True\ndef f(x): return x",
    "patch bool": "import builtins\nbuiltins.bool = lambda x: True\ndef f(x): return x",
    "equal to everything": "class Yes:\n    __array_ufunc__ = None\n"
    "    def __eq__(self, other): return True\n    def __bool__(self): return True\n"
    "def f(x): return Yes()",
    "an array that agrees": "class A(np.ndarray):\n"
    "    def __eq__(self, other): return np.ones(3, bool)\n"
    "def f(x): return x.view(A)",
    "objects that agree": "class Yes:\n    def __eq__(self, o): return True\n"
    "def f(x): return np.array([Yes()] * 3, dtype=object)",
    "overwrite the inputs": "def f(x):\n    x[:] = 0\n    return np.zeros(3)",
    "search the frames": "import gc, sys\ndef f(x):\n"
    "    for o in gc.get_objects():\n"
    "        if isinstance(o, str) and '4711' in o and 'array_equal' in o: return 7 * x\n"
    "    frame = sys._getframe()\n"
    "    while frame:\n"
    "        if '7 * x' in str(frame.f_locals.get('original')): return 7 * x\n"
    "        frame = frame.f_back\n    return x",
    "not a number": "def f(x): return np.full(3, np.nan)",
    "a text": "def f(x): return '5.0'",
}


@pytest.mark.parametrize("source", FORGERIES.values(), ids=FORGERIES.keys())
def test_forged_results_earn_nothing(attack: Attack, source: str) -> None:
    result = attack(source)
    assert result.points == 0
    assert result.status in (Status.WRONG, Status.ERROR)


FIND_LINE = """
import os, struct
def fails(d):
    try:
        os.fstat(d)
    except OSError:
        return True
LINE = next(d for d in range(3, 64) if not fails(d))
def send(data):
    while data:
        data = data[os.write(LINE, data):]
def frame(text, body=b""):
    send(struct.pack(">I", len(text)) + text.encode() + body)
FORGED = '{"list": [{"dict": {}}, {"dict": {}}]}'
"""
FORGED_REPLIES = {
    "garbage": "os.write(LINE, b'\\x00\\x00\\x00\\x04\\xff\\xff\\xff\\xff')",
    "a 4 GB header": "os.write(LINE, b'\\xff\\xff\\xff\\xff')",
    "deep nesting": "frame('[' * 100_000)",
    "object dtype": """frame('{"dict": {"value": {"array": "|O", "shape": [1]}}}', bytes(8))""",
    "huge shape": """frame('{"dict": {"value": {"array": "<f8", "shape": [1048576, 1048576]}}}')""",
    "no reply": """frame('{"dict": {}}')""",
    "a reply of another kind": """frame('[1]')""",
    "value and error": """frame('{"dict": {"value": 1, "error": "x"}}')""",
    "a number": "frame('7')",
}


@pytest.mark.parametrize("code", FORGED_REPLIES.values(), ids=FORGED_REPLIES.keys())
def test_forged_replies_are_a_crash(attack: Attack, code: str) -> None:
    result = attack(f"{FIND_LINE}def f(x):\n    {code}\n    os._exit(0)")
    assert (result.points, result.status) == (0, Status.CRASHED)


def test_a_forged_reply_can_only_hold_an_answer(attack: Attack) -> None:
    told = """frame('{"dict": {"value": {"float": 5.0}, "points": 5.0, "status": "graded"}}')"""
    assert attack(f"{FIND_LINE}def f(x):\n    {told}\n    os._exit(0)").points == 0
    flags = """frame('{"dict": {"value": 3.0, "mutated": {"dict": {"a": 1}}, "output": 7}}')"""
    assert attack(f"{FIND_LINE}def f(x):\n    {flags}\n    os._exit(0)").points == 0


ENDLESS = {
    "loop": "def f(x):\n    while True: pass",
    "loop that swallows interrupts": "def f(x):\n    while True:\n        try:\n"
    "            while True: pass\n        except BaseException: pass",
    "loop in a cell": "while True: pass",
    "loop in C": "def f(x): return sum(range(10**13))",
    "sleep": "import time\ndef f(x): time.sleep(1000)",
    "slow drip": FIND_LINE + "import time\ndef f(x):\n    send(struct.pack('>I', 10**6))\n"
    "    while True:\n        send(b' ')\n        time.sleep(0.01)",
    "loop after a forged reply": FIND_LINE + "frame(FORGED)\nwhile True: pass",
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS.keys())
def test_time_runs_out(attack: Attack, source: str) -> None:
    result = attack(source, seconds=0.5)
    assert (result.points, result.status) == (0, Status.TIMEOUT)
    assert "0.5 seconds" in result.message


DEATHS = {
    "os._exit": ("import os\ndef f(x): os._exit(0)", "exit code 0"),
    "os._exit in a cell": ("import os\nos._exit(3)", "exit code 3"),
    "segmentation fault": ("import ctypes\ndef f(x): ctypes.string_at(0)", "signal 11"),
    "close the line": (FIND_LINE + "def f(x):\n    os.close(LINE)\n    return x", ""),
}


@pytest.mark.parametrize(("source", "words"), DEATHS.values(), ids=DEATHS.keys())
def test_death_is_a_crash(attack: Attack, source: str, words: str) -> None:
    result = attack(source)
    assert (result.points, result.status) == (0, Status.CRASHED)
    assert words in result.message


@pytest.mark.parametrize(
    "name", ["SystemExit", "KeyboardInterrupt", "MemoryError", "GeneratorExit"]
)
def test_any_exception_is_an_error(attack: Attack, name: str) -> None:
    result = attack(f"def f(x):\n    raise {name}('stop')")
    assert (result.points, result.status) == (0, Status.ERROR)
    assert f"{name}: stop (line 2 of your cell)" in result.message


def test_endless_recursion_is_an_error(attack: Attack) -> None:
    result = attack("def f(x): return f(x)")
    assert result.status is Status.ERROR
    assert "RecursionError" in result.message


def test_exit_in_a_cell_costs_that_cell_only(attack: Attack) -> None:
    assert attack(RIGHT + "import sys; sys.exit('bye')").points == 5


def test_two_hundred_megabytes_of_output(attack: Attack) -> None:
    result = attack("print('x' * 1000 * 1000 * 200)\n" + RIGHT, seconds=20)
    assert result.points == 5
    assert len(result.output) < 30_000
    assert "more characters cut" in result.output


def test_a_huge_answer_is_an_error(attack: Attack) -> None:
    result = attack("def f(x): return np.zeros(10**7 + 1)", seconds=20)
    assert (result.points, result.status) == (0, Status.ERROR)


def test_a_fork_bomb_forks_nothing(attack: Attack) -> None:
    bomb = "import os\ndef f(x):\n    while True:\n        os.fork()"
    result = attack(bomb)
    assert result.status is Status.ERROR
    assert "PermissionError" in result.message


def test_the_next_question_is_graded_after_all_that(attack: Attack) -> None:
    for source in ("import os; os._exit(1)", "while True: pass"):
        attack(source, seconds=0.5)
    assert attack(RIGHT).points == 5


def test_a_dead_zygote_is_replaced() -> None:
    with Jail() as jail:
        jail.process.kill()
        os.waitid(os.P_PID, jail.process.pid, os.WEXITED | os.WNOWAIT)
        with jail.worker(10) as worker:
            told = worker.ask("run", cells=[{"name": "a", "source": "print(1)"}])
    assert told[0]["output"] == "1\n"


def test_warnings_and_stderr_cost_nothing(attack: Attack) -> None:
    source = "import sys, warnings\ndef f(x):\n    warnings.warn('careful')\n"
    source += "    print('noise', file=sys.stderr)\n    return 7 * x"
    assert attack(source).points == 5
