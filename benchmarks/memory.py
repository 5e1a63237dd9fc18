"""Seconds and bytes before anything happens, and the most memory that a step takes.

    python -m benchmarks.memory --machine laptop

Every figure comes from a fresh process, the middle one of `TIMES`. "import" is the most that a
process has held by then; "peak" is how far three steps go beyond what was held when data and
network stood. Linux only: it is the one that lets a process forget its highest mark.
"""

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.__main__ import arguments, set_environment

TIMES = 5
MODULES = ("", "numpy", "coursepkg", "coursepkg.functional", "coursepkg.training", "torch")
STEPS = ("lenet-64", "conv-d")


def main() -> None:
    options = arguments()
    set_environment(options.mode, options.threads)
    from benchmarks.machine import has_torch
    from benchmarks.measure import write

    modules = [name for name in MODULES if name != "torch" or has_torch()]
    whom = ("coursepkg", "torch") if has_torch() else ("coursepkg",)
    found = {
        "import": {name or "python": ask("import", name) for name in modules},
        "peak": {case: {who: ask("step", case, who) for who in whom} for case in STEPS},
    }
    print(json.dumps(found, indent=1))
    write(f"{options.machine}-memory", found)


def ask(*words: str) -> dict[str, float]:
    """The median of what fresh processes answer."""
    code = "import sys; from benchmarks.memory import answer; answer(*sys.argv[1:])"
    if words[0] == "import":  # nothing but the interpreter may be loaded before
        code = IMPORT
    compiled = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code, *words]
    answers = [
        json.loads(subprocess.check_output(command, text=True, env=compiled)) for _ in range(TIMES)
    ]
    return {name: sorted(each[name] for each in answers)[TIMES // 2] for name in answers[0]}


IMPORT = """
import sys, time
start = time.perf_counter()
if sys.argv[2]:
    __import__(sys.argv[2])
seconds = time.perf_counter() - start
status = open("/proc/self/status").read()
print('{"seconds": %.5f, "MB": %.1f}' % (seconds, int(status.split("VmHWM:")[1].split()[0]) / 1024))
"""


def answer(_: str, case: str, who: str) -> None:
    """Print, in a process of its own, what three steps of a case add to its memory."""
    call = maker(who)(next(each for each in cases() if each.name == case))
    ctypes.CDLL(None).malloc_trim(0)  # what making them took and gave back does not count
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the highest mark
    before = megabytes("VmRSS")
    for _ in range(3):
        call()
    print(json.dumps({"MB": round(megabytes("VmHWM") - before, 1)}))


def cases() -> Any:
    from benchmarks.cases import CASES

    return CASES


def maker(who: str) -> Callable[[Any], Callable[[], Any]]:
    from benchmarks import ours

    if who == "coursepkg":
        return lambda case: ours.MAKERS[case.kind](case)
    import torch

    from benchmarks import torch_eager

    torch.set_num_threads(1)
    return lambda case: torch_eager.MAKERS[case.kind](case)


def megabytes(mark: str) -> float:
    """What the system says of this process: "VmRSS" is held now, "VmHWM" was at most."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{mark}:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
