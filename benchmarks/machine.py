"""Which machine it was, and how fast it is at the two things that everything else is made of."""

import importlib.util
import os
import platform
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

SIDE = 1024  # of the matrices whose product is the peak
COPIED = 64 * 2**20  # bytes, more than a cache holds


def describe(threads: int) -> dict[str, Any]:
    """Processor, threads and versions, and whether OpenBLAS is held to an older processor."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": threads,
        "system": f"{platform.system()} {platform.machine()}",
        "mode": "pinned" if "OPENBLAS_CORETYPE" in os.environ else "free",
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            blas["name"]: blas["version"],
        },
    }


def has_torch() -> bool:
    """Whether PyTorch is installed, without importing it."""
    return importlib.util.find_spec("torch") is not None


def peaks() -> dict[str, float]:
    """Best of several: operations a second in a large product, bytes a second in a large copy."""
    found = {}
    for dtype in ("float32", "float64"):
        x = np.ones((SIDE, SIDE), dtype)
        found[dtype] = 2 * SIDE**3 / _best(partial(np.matmul, x, x))
    source, target = np.ones(COPIED // 8), np.zeros(COPIED // 8)
    found["copy"] = 2 * COPIED / _best(partial(np.copyto, target, source))
    return found


def _best(call: Callable[[], Any], times: int = 12) -> float:
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    found = [line.split(":", 1)[1].strip() for line in names if line.startswith("model name")]
    return found[0] if found else platform.processor() or platform.machine()
