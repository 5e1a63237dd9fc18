"""What a gradient check found out, in words: verdict, shapes, first wrong entry, pattern."""

from dataclasses import dataclass


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
    """One `TensorReport` for each tensor that has a gradient.

    `remarks` say what is wrong with the backward pass as a function: that it changes what it was
    given, or answers differently the second time.
    """

    tensors: tuple[TensorReport, ...]
    remarks: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return all(tensor.ok for tensor in self.tensors) and not self.remarks

    def __str__(self) -> str:
        return "\n".join([*map(str, self.tensors), *self.remarks])
