"""What a submission can reach: nothing but arithmetic.

Each attack is tried in the jail, and says there what it got. `test_the_probe_can_tell` shows that
the same code reports success where nothing stops it.
"""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder import sandbox
from autograder.course import CONFIG
from autograder.errors import NoJailError
from autograder.mounts import HOUSE
from autograder.rubric import QuestionResult, Status
from autograder.sandbox import Jail

pytestmark = pytest.mark.jail
Attack = Callable[..., QuestionResult]

BLOCKED = {
    "read the grader's code": f"return open({str(HOUSE / 'examine.py')!r}).read()",
    "read the tests": f"return os.listdir({str(HOUSE.parent / 'tests')!r})",
    "read the course": f"return os.listdir({str(HOUSE.parent / 'assignments')!r})",
    "read the answers": "import coursepkg.functional; return coursepkg.functional",
    "read the checks": "import coursepkg.checks.engine; return coursepkg.checks.engine",
    "read the mistakes": "import coursepkg.checks.a5; return coursepkg.checks.a5",
    "import the grader": "import autograder.examine; return autograder.examine",
    "import nbgrader": "import nbgrader; return nbgrader",
    "read a home": "return os.listdir(os.path.expanduser('~root/.ssh'))",
    "read accounts": "return open('/etc/passwd').read()",
    "read the environment of others": "return open('/proc/1/environ').read()",
    "look at processes": "return os.listdir('/proc')[0]",
    "read kernel settings": "return os.listdir('/sys')",
    "write into the system": "open('/usr/lib/mark', 'w'); return 'written'",
    "write into a package": "open('/packages/numpy/mark', 'w'); return 'written'",
    "write shared memory": "open('/dev/shm/mark', 'w'); return 'written'",
    "open a socket": "return socket.socket()",
    "open a local socket": "return socket.socket(socket.AF_UNIX)",
    "connect": "return socket.create_connection(('127.0.0.1', 22), 1)",
    "fork": "return os.fork() and 'forked'",
    "start a thread": "threading.Thread(target=print).start(); return 'started'",
    "run a program": "os.execv(sys.executable, ['python']); return 'ran'",
    "kill": "os.kill(1, signal.SIGKILL); return 'killed'",
    "mount": "return 1 / (ctypes.CDLL(None).mount(b'none', b'/proc', b'proc', 0, b'') + 1)",
    "new namespaces": "return 1 / (ctypes.CDLL(None).unshare(0x10000000) + 1)",
    "outlive the grader": "return 1 / (ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) + 1)",
    "trace": "return 1 / (ctypes.CDLL(None).ptrace(0, 0, 0, 0) + 1)",
    "become root": "os.setuid(0); return 'root'",
    "raise limits": "import resource; "
    "resource.setrlimit(resource.RLIMIT_AS, (-1, -1)); return 'raised'",
    "keys": "return 1 / (ctypes.CDLL(None).syscall(250, 0, 0, 0, 0, 0) + 1)",
    "memory": "return len(bytearray(3 * 2**30))",
    "memory by NumPy": "return np.ones((2**15, 2**15)).sum()",
    "disk": "return open('big', 'wb').write(bytes(64 * 2**20))",
    "many files": "return [open(str(i), 'w').close() for i in range(10_000)]",
    "many open files": "return [os.dup(0) for i in range(1000)]",
}


@pytest.mark.parametrize("code", BLOCKED.values(), ids=BLOCKED.keys())
def test_out_of_reach(probe: Attack, code: str) -> None:
    result = probe(code)
    assert result.output.startswith("BLOCKED"), result.output
    assert (result.points, result.status) == (5, Status.GRADED)


def test_the_probe_can_tell(probe: Attack) -> None:
    assert probe("return os.getcwd()").output == "GOT /scratch\n"


def test_no_program_can_be_run(probe: Attack) -> None:
    assert probe("return os.system('true')").output != "GOT 0\n"


def test_the_environment_tells_nothing(
    attack: Attack, monkeypatch: pytest.MonkeyPatch, jail: Jail
) -> None:
    monkeypatch.setenv("COURSE_SECRET", "4711")
    with Jail() as fresh, fresh.worker(10) as worker:
        source = "import os; print(sorted(os.environ))"
        told = worker.ask("run", cells=[{"name": "a", "source": source}])
    names = set(eval(told[0]["output"]))
    assert names <= {*sandbox._environment(), "PWD", "LC_CTYPE"}


def test_no_descriptor_is_left_open(probe: Attack) -> None:
    output = probe("return [d for d in range(3, 256) if not fails(os.fstat, d)]").output
    assert output.count(",") == 0  # its own line to the grader, nothing more
    assert output.startswith("GOT [")


def test_what_submissions_need_is_there(attack: Attack) -> None:
    result = attack(
        textwrap.dedent("""
        import matplotlib.pyplot as plt, numpy as np, random, time, tempfile
        from coursepkg.checks import check, grade
        from coursepkg.datasets import load_digits
        from coursepkg.gradcheck import numerical_gradient
        plt.plot([1, 2])
        plt.savefig("figure.png")
        time.sleep(0.001)
        with tempfile.TemporaryFile() as file:
            file.write(b"scratch")
        np.linalg.svd(np.random.default_rng(0).normal(size=(50, 50)))
        check("A5.linear")
        load_digits()
        print("done")
        def f(x):
            return 7 * x
        """)
    )
    assert (result.points, result.output) == (5, "done\n")


def test_one_question_leaves_nothing_to_the_next(attack: Attack, probe: Attack) -> None:
    attack("open('/scratch/note', 'w').write('the answer')")
    assert "FileNotFoundError" in probe("return open('/scratch/note')").output


WITHOUT_FILTER = {
    "capabilities": """
import ctypes
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
sets = (ctypes.c_uint32 * 6)()
assert ctypes.CDLL(None).capget(header, sets) == 0
result = list(sets) == [0] * 6
""",
    "no new privileges": "import ctypes; result = ctypes.CDLL(None).prctl(39, 0, 0, 0, 0) == 1",
    "process numbers of its own": "import os; result = os.getpid() == 1",
    "no network": "import socket; result = socket.if_nameindex() == [(1, 'lo')]",
    "mount": """
import ctypes
result = ctypes.CDLL(None).mount(b'none', b'/scratch', b'tmpfs', 0, b'') == -1
""",
    "unmount": "import ctypes; result = ctypes.CDLL(None).umount2(b'/proc', 2) == -1",
}


def test_the_other_layers_hold_without_the_filter(open_filter: None) -> None:
    with Jail() as jail, jail.worker(20) as worker:
        for name, source in WITHOUT_FILTER.items():
            cell = {"name": name, "source": f"{source}\nprint(result)"}
            assert worker.ask("run", cells=[cell])[0]["output"] == "True\n", name


def test_without_bubblewrap_grading_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoJailError, match="sudo apt install bubblewrap"), Jail():
        pass


def test_where_bubblewrap_fails_grading_refuses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n"
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(NoJailError, match=r"No permissions .*autograder doctor"), Jail():
        pass


def test_the_unsafe_way_has_to_be_typed_in_full(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text("c = get_config()\n")
    command = [sys.executable, "-m", "autograder", "--course", str(tmp_path), "grade", "A5"]
    short = subprocess.run([*command, "--unsafe"], capture_output=True, text=True, check=False)
    assert short.returncode == 2
    assert "No such option" in short.stderr


def test_the_unsafe_way_speaks_the_same_wire() -> None:
    with Jail(jailed=False) as jail, jail.worker(10) as worker:
        worker.ask("run", cells=[{"name": "a", "source": "def f(x): return x + 1"}])
        reply = worker.ask("do", action="call", target="f", args=(np.arange(3),), kwargs={})
    assert reply["value"].tolist() == [1, 2, 3]
