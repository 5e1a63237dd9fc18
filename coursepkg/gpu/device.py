"""CuPy with a GPU that works, or the reason why not and what to do about it."""

from functools import cache
from types import ModuleType

INSTALL = "pip install 'coursepkg[gpu]'"
LIBRARIES = "pip install 'cupy-cuda13x[ctk]'"
OLD_DRIVER = 35  # cudaErrorInsufficientDriver, also where there is no driver at all


def cupy() -> ModuleType:
    """Return the module `cupy`, tried on a product of two small matrices.

    Raises
    ------
    ImportError
        If CuPy is not installed, or does not load.
    RuntimeError
        If there is no GPU, no driver or one too old for this CuPy, or CUDA's libraries are missing.

    Examples
    --------
    On a machine without a GPU:

    >>> cupy()  # doctest: +SKIP
    Traceback (most recent call last):
        ...
    RuntimeError: CuPy finds no driver of NVIDIA ...
    """
    try:
        import cupy
    except ModuleNotFoundError as error:
        raise ImportError(
            f"a GPU is used through CuPy, which is not installed: {INSTALL}"
        ) from error
    except ImportError as error:
        raise ImportError(f"CuPy is installed, but does not load ({error}): {INSTALL}") from error
    try:
        devices = cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        raise RuntimeError(_reason(cupy, error)) from error
    if devices == 0:
        raise RuntimeError(
            "CuPy finds no GPU: is one there, and is CUDA_VISIBLE_DEVICES not empty?"
        )
    _try_out(cupy)
    return cupy


@cache
def _try_out(cupy: ModuleType) -> None:
    """A sum needs the compiler of kernels, a product needs cuBLAS: packages beside CuPy's own."""
    try:
        ones = cupy.ones((2, 2))
        ones @ (ones + ones)
    except (ImportError, OSError, RuntimeError, cupy.cuda.compiler.CompileException) as error:
        raise RuntimeError(
            f"CuPy finds a GPU, but cannot compute on it ({error}). Where CUDA's libraries are "
            f"missing: {LIBRARIES}"
        ) from error


def _reason(cupy: ModuleType, error: Exception) -> str:
    runtime = cupy.cuda.runtime
    if getattr(error, "status", None) != OLD_DRIVER:
        return f"CuPy finds no GPU that works ({error}); what does nvidia-smi say?"
    driver, built = _version(runtime.driverGetVersion()), _version(runtime.runtimeGetVersion())
    if driver == "0.0":
        return "CuPy finds no driver of NVIDIA: install it, or train on the CPU"
    return (
        f"the driver of the GPU is for CUDA {driver}, this CuPy for CUDA {built}: update the "
        "driver, or install the CuPy that fits it, such as cupy-cuda12x"
    )


def _version(number: int) -> str:
    """CUDA counts 13.2 as 13020."""
    return f"{number // 1000}.{number % 1000 // 10}"
