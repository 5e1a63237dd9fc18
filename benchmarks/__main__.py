"""Time coursepkg beside PyTorch in eager mode and its peers, and keep every number.

    python -m benchmarks --machine laptop --note "on mains, nothing else running"
    python -m benchmarks --machine laptop --all

The first writes ``benchmarks/results/laptop-free-1.json``: machine, mode, threads, versions, date,
and for every case the seconds of every round. ``--all`` does so in both modes on one and on two
threads, and then writes how costs grow and what memory is taken (`growth`, `memory`), the tables
and the picture. What is not installed is left out.

Pinned, OpenBLAS is held to the instructions of 2013 (AVX2), as some environments hold it; oneDNN,
which PyTorch uses for convolutions, is not. Free is what you get if nobody set anything.

Contenders take turns in one process (`timing`); before they do, each case is checked to give the
same numbers with all of them. Compare ratios, not times: these belong to the machine and the day.
"""

import argparse
import os
import subprocess
import sys

PINNED = {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": "512"}


def main() -> None:
    options = arguments()
    if options.all:
        for mode in ("free", "pinned"):
            for threads in (1, 2):
                again("benchmarks", options, "--mode", mode, "--threads", str(threads))
        for module in ("growth", "memory", "table"):
            again(f"benchmarks.{module}", options)
        return
    set_environment(options.mode, options.threads)
    from benchmarks.measure import measure, write  # NumPy reads the environment once

    write(f"{options.machine}-{options.mode}-{options.threads}", measure(options))


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--machine", default="here", help="first part of the names of results")
    parser.add_argument("--note", default="", help="what a reader of the numbers should know")
    parser.add_argument("--mode", choices=("free", "pinned"), default="free")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--cases", nargs="+", help="only these")
    parser.add_argument("--all", action="store_true", help="every mode, growth, memory, tables")
    return parser.parse_args()


def again(module: str, options: argparse.Namespace, *more: str) -> None:
    """Run a part in a process of its own."""
    rest = [*more, "--note", options.note, "--rounds", str(options.rounds)] if more else []
    print(f"# python -m {module} --machine {options.machine} {' '.join(more)}", flush=True)
    subprocess.run([sys.executable, "-m", module, "--machine", options.machine, *rest], check=True)


def set_environment(mode: str, threads: int) -> None:
    """Threads and instructions of the libraries that are about to be imported.

    Raises
    ------
    RuntimeError
        If NumPy is there already: it has read the environment, and will not again.
    """
    if "numpy" in sys.modules:
        raise RuntimeError("NumPy was imported before its threads were set")
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = str(threads)
    for name, value in PINNED.items():
        os.environ.pop(name, None)
        if mode == "pinned":
            os.environ[name] = value


if __name__ == "__main__":
    main()
