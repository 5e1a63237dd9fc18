"""How cost grows: seconds against size on logarithmic axes, where a power law is a line.

    python -m benchmarks.growth --machine laptop

The slope is the power. Fixed costs of a call flatten the left end, so it is fitted to the right
half of the sizes. What is expected: batch 1, width of a hidden layer 2 (it meets itself), side of
an image 2, side of a kernel 2.
"""

from math import log
from statistics import linear_regression
from typing import Any

from benchmarks.__main__ import arguments, set_environment

SIZES = {
    "batch": [8, 16, 32, 64, 128, 256, 512],
    "width": [32, 64, 128, 256, 512, 1024],
    "image": [8, 12, 16, 24, 32, 48, 64],
    "kernel": [1, 3, 5, 7, 9, 11],
}
EXPECTED = {"batch": 1, "width": 2, "image": 2, "kernel": 2}
WHAT = {
    "batch": "MLP 784-512-10, step of SGD, over the batch",
    "width": "a linear layer as wide as its input, both ways, batch 128, over the width",
    "image": "conv2d, 16 images, 16 to 16 channels, 3 × 3, over the side of the image",
    "kernel": "conv2d, 16 images of 32 × 32, 16 to 16 channels, over the side of the kernel",
}


def main() -> None:
    options = arguments()
    set_environment(options.mode, options.threads)
    from benchmarks.measure import write

    write(f"{options.machine}-growth", {name: curve(name) for name in SIZES})


def curve(name: str) -> dict[str, Any]:
    """Best seconds over the sizes, for all contenders, and the slopes."""
    from benchmarks import timing
    from benchmarks.measure import contenders, rounded

    seconds: dict[str, list[float]] = {}
    for size in SIZES[name]:
        calls = contenders(case_of(name, size))
        kept = {who: calls[who] for who in ("coursepkg", "torch") if who in calls}
        for who, times in timing.interleaved(kept, 7).items():
            seconds.setdefault(who, []).append(rounded(min(times)))
    slopes = {who: rounded(slope(SIZES[name], times)) for who, times in seconds.items()}
    print(f"{name:8} {slopes}, expected {EXPECTED[name]}", flush=True)
    about = {"title": WHAT[name], "expected": EXPECTED[name], "sizes": SIZES[name]}
    return about | {"slopes": slopes, "seconds": seconds}


def case_of(name: str, size: int) -> Any:
    """The case of a size."""
    from benchmarks.cases import conv_case, mlp_case, wide_case

    if name == "batch":
        return mlp_case(size)
    if name == "width":
        return wide_case(size)
    side, k = (size, 3) if name == "image" else (32, size)
    return conv_case(name, (16, 16, side, side), (16, 16, k, k), padding=k // 2)


def slope(sizes: list[int], seconds: list[float]) -> float:
    """The power of the right half.

    >>> round(slope([1, 2, 4, 8], [9.0, 8.0, 32.0, 128.0]), 6)
    2.0
    """
    half = len(sizes) // 2
    return linear_regression(*(list(map(log, part[half:])) for part in (sizes, seconds))).slope


if __name__ == "__main__":
    main()
