"""A stand-in for CuPy that computes with NumPy, and refuses and counts what a GPU would.

`Spy()` is to be put into ``sys.modules["cupy"]``. As in CuPy, a NumPy array in arithmetic raises,
and so does an implicit conversion; a copy to the host is counted. While its stream is captured,
nothing is written and nothing may be read or brought along: operations go onto a tape, which
`Graph.launch` runs over the same memory, as often as it is asked to. Products are refused then.
"""

import ctypes
import math
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

OPERATORS = (
    "add sub mul truediv floordiv mod pow matmul and or xor eq ne lt le gt ge neg abs invert"
)


class ndarray:  # noqa: N801 - CuPy's name
    """An array "on the device". `_spy`, the module it belongs to, is set by `Spy`."""

    __module__ = "cupy"
    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]
    _spy: Any

    def __init__(self, values: np.ndarray):
        self._a = values

    dtype = property(lambda self: self._a.dtype)
    shape = property(lambda self: self._a.shape)
    strides = property(lambda self: self._a.strides)
    ndim = property(lambda self: self._a.ndim)
    size = property(lambda self: self._a.size)
    T = property(lambda self: self._spy.run(np.transpose, self))
    data = property(lambda self: SimpleNamespace(ptr=self._a.ctypes.data))
    array_namespace = property(lambda self: self._spy)
    __cuda_array_interface__ = property(lambda self: {"version": 3})

    def get(self) -> np.ndarray:
        self._spy.refuse_while_capturing("a copy to the host")
        self._spy.copies += 1
        return self._a.copy()

    def __float__(self) -> float:
        return float(self.get())

    def __int__(self) -> int:
        return int(self.get())

    def __bool__(self) -> bool:
        return bool(self.get())

    def __len__(self) -> int:
        return len(self._a)

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        raise TypeError("Implicit conversion to a NumPy array is not allowed. Use `.get()`")

    def __getitem__(self, key: Any) -> Any:
        return self._spy.run(np.ndarray.__getitem__, self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._spy.write(np.ndarray.__setitem__, self, key, value)

    def __iadd__(self, other: Any) -> Any:
        self._spy.write(np.ndarray.__iadd__, self, other)
        return self

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        return self._spy.run(np.astype, self, dtype, copy=copy)

    def copy(self, order: str = "C") -> Any:
        return self._spy.run(np.array, self, order=order)


def _operator(name: str) -> Any:
    return lambda self, *others: self._spy.run(getattr(np.ndarray, name), self, *others)


for _name in OPERATORS.split():
    for _form in (f"__{_name}__", f"__r{_name}__"):
        if hasattr(np.ndarray, _form):
            setattr(ndarray, _form, _operator(_form))


class Spy(ModuleType):
    """The module. `copies` counts arrays brought to the host, `uploads` those that came."""

    float32, float64, int64, uint8, int32 = np.float32, np.float64, np.int64, np.uint8, np.int32
    newaxis, pi, inf = None, math.pi, math.inf

    def __init__(self, devices: int = 1):
        super().__init__("cupy")
        self.ndarray = type("ndarray", (ndarray,), {"__module__": "cupy", "_spy": self})
        self.copies = self.uploads = 0
        self.tape: list[Any] | None = None
        self.launched = 0
        self.library = FakeCublas(self)
        runtime = SimpleNamespace(
            CUDARuntimeError=type("CUDARuntimeError", (RuntimeError,), {}),
            getDeviceCount=lambda: devices,
            getDevice=lambda: 0,
        )
        self.cuda = SimpleNamespace(
            runtime=runtime,
            compiler=SimpleNamespace(CompileException=type("CompileException", (Exception,), {})),
            Stream=lambda non_blocking: Stream(self),
            get_current_stream=lambda: Stream(self),
            MemoryPool=lambda: SimpleNamespace(malloc=None),
            using_allocator=lambda malloc: Stream(self),
        )

    def __getattr__(self, name: str) -> Any:
        function = getattr(np, name)
        return lambda *args, **kwargs: self.run(function, *args, **kwargs)

    def asarray(self, x: Any, dtype: Any = None, copy: bool | None = None) -> Any:
        if isinstance(x, ndarray):
            same = dtype in (None, x.dtype) and not copy
            return x if same else self.run(np.array, x, dtype=dtype)
        self.refuse_while_capturing("an array that comes from the host")
        self.uploads += 1
        return self.ndarray(np.array(x, dtype=dtype))

    def isdtype(self, dtype: Any, kind: Any) -> bool:
        return np.isdtype(dtype, kind)

    def result_type(self, *arrays: Any) -> np.dtype:
        return np.result_type(*self.inside(arrays))

    def ElementwiseKernel(self, *description: str) -> Any:  # noqa: N802 - CuPy's name
        return Kernel(self, *description)

    def run(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Call a function of NumPy with what is inside the arrays, and wrap the result."""
        if self.tape is not None and function in (np.matmul, np.ndarray.__matmul__):
            raise NotImplementedError("calling cuBLAS API during stream capture is unsupported")
        args, kwargs = self.inside(args), {name: self.inside(x) for name, x in kwargs.items()}
        result = function(*args, **kwargs)
        if result is NotImplemented:
            raise TypeError(f"Unsupported types in {function.__name__}")
        result = np.asarray(result)
        if self.tape is not None and not any(
            np.shares_memory(result, x) for x in args if isinstance(x, np.ndarray)
        ):
            self.tape.append(lambda: np.copyto(result, function(*args, **kwargs)))
        return self.ndarray(result)

    def write(self, function: Any, *args: Any) -> None:
        args = self.inside(args)
        if self.tape is not None:
            self.tape.append(lambda: function(*args))
        else:
            function(*args)

    def inside(self, x: Any) -> Any:
        if isinstance(x, ndarray):
            return x._a
        if isinstance(x, np.ndarray):
            raise TypeError(f"Unsupported type {type(x)}")
        return type(x)(map(self.inside, x)) if type(x) in (tuple, list) else x

    def refuse_while_capturing(self, what: str) -> None:
        if self.tape is not None:
            raise RuntimeError(f"cudaErrorStreamCaptureUnsupported: {what}")


class Stream:
    """Streams do nothing, and capture the tape of their spy."""

    ptr = 0

    def __init__(self, spy: Spy):
        self.spy = spy

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def record(self) -> None:
        pass

    def wait_event(self, event: None) -> None:
        pass

    def begin_capture(self) -> None:
        self.spy.tape = []
        self.errors = np.seterr(all="ignore")  # what is computed now is never seen

    def end_capture(self) -> Any:
        tape, self.spy.tape = self.spy.tape, None
        assert tape is not None
        np.seterr(**self.errors)

        def launch() -> None:
            self.spy.launched += 1
            for operation in tape:
                operation()

        return SimpleNamespace(launch=launch)


class Kernel:
    """An ElementwiseKernel: its text, where Python can read it too, run by NumPy."""

    def __init__(self, spy: Spy, inputs: str, outputs: str, text: str, name: str):
        self.spy, self.text, self.name = spy, text, name
        self.inputs, self.outputs = (
            [parameter.split()[-2:] for parameter in parameters.split(",")]
            for parameters in (inputs, outputs)
        )

    def __call__(self, *args: Any) -> Any:
        kinds = {kind for kind, _ in self.inputs}
        for kind in kinds:
            pairs = zip(self.inputs, args, strict=False)
            dtypes = {x.dtype for (of, _), x in pairs if of == kind and isinstance(x, ndarray)}
            assert len(dtypes) <= 1, f"Type is mismatched: {kind} is {dtypes}"
            assert kind == "T" or dtypes <= {np.dtype(kind)}, f"{kind} is {dtypes}"
        if self.name == "softmax_cross_entropy":  # in C only; another test compiles it
            scores, labels, _, losses, p = args
            shifted = scores - self.spy.max(scores, axis=1, keepdims=True)
            exps = self.spy.exp(shifted)
            totals = self.spy.sum(exps, axis=1, keepdims=True)
            p[...] = exps / totals
            at_label = self.spy.take_along_axis(shifted, labels[:, None], axis=1)
            losses[...] = (self.spy.log(totals) - at_label)[:, 0]
            return None
        found = [self.spy.run(self._evaluate, output, *args) for _, output in self.outputs]
        return found[0] if len(found) == 1 else tuple(found)

    def _evaluate(self, output: str, *args: Any) -> np.ndarray:
        dtype = next(x.dtype for x, (kind, _) in zip(args, self.inputs, strict=True) if kind == "T")
        shape = np.broadcast_shapes(*(np.shape(x) for x in args))
        names: dict[str, Any] = {
            "sqrt": np.sqrt, "i": np.arange(math.prod(shape)).reshape(shape)
        }  # fmt: skip
        for (kind, name), x in zip(self.inputs, args, strict=True):
            names[name] = dtype.type(x) if kind == "T" and isinstance(x, float) else x
        exec(self.text, names)
        return np.asarray(names[output]).astype(dtype)


class FakeCublas:
    """The functions of cuBLAS that the library calls: columns first, addresses, no shapes."""

    def __init__(self, spy: Spy):
        self.spy = spy
        self.cublasSgemmStridedBatched = self._gemm(np.float32)
        self.cublasDgemmStridedBatched = self._gemm(np.float64)

    def cublasCreate_v2(self, handle: Any) -> int:  # noqa: N802
        return 0

    def cublasSetStream_v2(self, handle: Any, stream: Any) -> int:  # noqa: N802
        return 0

    def _gemm(self, dtype: type) -> Any:
        item = np.dtype(dtype).itemsize

        def matrix(place: Any, leading: Any, apart: Any, shape: Any, number: int) -> np.ndarray:
            """A matrix as cuBLAS finds it: the columns one after the other, `leading` apart."""
            rows, columns = shape
            length = ((columns - 1) * leading.value + rows) * item
            memory = (ctypes.c_char * length).from_address(
                place.value + number * apart.value * item
            )
            flat: np.ndarray = np.frombuffer(memory, dtype)
            return as_strided(flat, shape, (item, leading.value * item))

        def gemm(
            handle, op_a, op_b, m, n, k, alpha, pa, la, sa, pb, lb, sb, beta, pc, lc, sc, many
        ):
            def work() -> None:
                for number in range(many):
                    a = matrix(pa, la, sa, (k, m) if op_a else (m, k), number)
                    b = matrix(pb, lb, sb, (n, k) if op_b else (k, n), number)
                    product = (a.T if op_a else a) @ (b.T if op_b else b)
                    matrix(pc, lc, sc, (m, n), number)[...] = product

            if self.spy.tape is not None:
                self.spy.tape.append(work)
            work()  # while capturing too: the memory is new, and garbage would overflow
            return 0

        return gemm
