"""What a gradient check found out, in words: verdict, shapes, first wrong entry, pattern."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class FirstDifference:
    """The first wrong entry in row-major order; `expected` is the numerical derivative."""

    index: tuple[int, ...]
    got: float
    expected: float


@dataclass(frozen=True)
class TensorReport:
    """What the check found out about the gradient of one tensor.

    `verdict` is one of "right", "wrong values", "wrong shape", "wrong dtype", "not finite",
    "not an array of numbers", "at a kink". `error` is the largest disagreement along a direction,
    relative to the norm of the gradient.
    """

    name: str
    verdict: str
    got_shape: tuple[int, ...] | None
    expected_shape: tuple[int, ...]
    got_dtype: str | None
    expected_dtype: str
    error: float | None = None
    first: FirstDifference | None = None
    pattern: str | None = None

    @property
    def ok(self) -> bool:
        return self.verdict == "right"

    def __str__(self) -> str:
        if self.ok:
            return f"{self.name}: right (shape {self.got_shape}, error {self.error:.1e})"
        lines = [f"{self.name}: {self.verdict}"]
        if self.got_shape is not None:
            lines.append(f"  shape: got {self.got_shape}, expected {self.expected_shape}")
            lines.append(f"  dtype: got {self.got_dtype}, expected {self.expected_dtype}")
        if self.first is not None:
            index = ", ".join(map(str, self.first.index))
            lines.append(
                f"  first wrong entry {self.name}[{index}]: "
                f"got {self.first.got:.6g}, expected {self.first.expected:.6g}"
            )
        if self.pattern is not None:
            lines.append(f"  pattern: {self.pattern}")
        return "\n".join(lines)


@dataclass(frozen=True)
class GradientReport:
    """One `TensorReport` for each tensor that has a gradient."""

    tensors: tuple[TensorReport, ...]

    @property
    def ok(self) -> bool:
        return all(tensor.ok for tensor in self.tensors)

    def __str__(self) -> str:
        return "\n".join(str(tensor) for tensor in self.tensors)


def describe_difference(got: np.ndarray, expected: np.ndarray, rtol: float = 1e-4) -> str | None:
    """Say how `got` relates to `expected`, or None if no simple relation holds.

    Examples
    --------
    >>> describe_difference(np.array([2.0, 4.0]), np.array([1.0, 2.0]))
    'got = 2 x expected everywhere'
    >>> describe_difference(np.ones((5, 3)), np.full(3, 5.0))
    'summed over axis 0, got equals expected'
    """
    if got.shape != expected.shape:
        return _describe_shapes(got, expected, rtol)
    wrong = ~np.isclose(got, expected, rtol=rtol, atol=rtol * np.abs(expected).max(initial=0.0))
    if not got.any():
        return "got is zero everywhere"
    scale = float(np.vdot(expected, got) / np.vdot(expected, expected)) if expected.any() else 0.0
    if scale and _close(got, scale * expected, rtol):
        return f"got = {scale:.4g} x expected everywhere"
    if got.ndim == 2 and _close(got, expected.T, rtol):
        return "got is the transpose of expected"
    return f"{wrong.sum()} of {wrong.size} entries differ"


def _describe_shapes(got: np.ndarray, expected: np.ndarray, rtol: float) -> str | None:
    if _close(got.T, expected, rtol):
        return "got is the transpose of expected"
    if got.size == expected.size and _close(got.reshape(expected.shape), expected, rtol):
        return "the values are right, only the shape is not"
    for axis in range(got.ndim):
        if _close(got.sum(axis=axis), expected, rtol):
            return f"summed over axis {axis}, got equals expected"
    if got.ndim == 0 and np.isclose(got, expected.sum(), rtol=rtol):
        return "got is the sum of all expected entries"
    return None


def _close(a: np.ndarray, b: np.ndarray, rtol: float) -> bool:
    return a.shape == b.shape and bool(np.linalg.norm(a - b) <= rtol * np.linalg.norm(b))
