"""Plain data over a socket, without pickle: a JSON header, then raw array buffers.

A frame is a 4-byte big-endian header length, the header (JSON) and, one after the other, the
bytes of the arrays which the header describes. The reader believes nothing: sizes, depth, dtypes
and shapes are checked before memory is taken, so whoever sits at the other end can at worst send
wrong numbers. This module is also imported inside the jail; it needs NumPy only.
"""

from __future__ import annotations

import json
import math
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

MAX_HEADER = 4 * 2**20
MAX_BODY = 64 * 2**20
MAX_DEPTH = 16
MAX_ARRAYS = 1024
DTYPES = frozenset(
    np.dtype(name).str
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float32", "float64", "complex128"),
    )
)
Plain = Any  # None, bool, int, float, complex, str, ndarray, NumPy scalar, Remote, tuple/list/dict


Spec = tuple[np.dtype, tuple[int, ...], Literal["C", "F"]]


class WireError(Exception):
    """The bytes are no message, or the value cannot be one."""


@dataclass(frozen=True)
class Remote:
    """An object that stays in the worker (a student's cache), known here by its number only."""

    number: int
    kind: str = "object"

    def __repr__(self) -> str:
        return f"<{self.kind} kept in the student's process>"


def is_copied(value: object) -> bool:
    """Whether `value` itself (no container) travels as a copy rather than as a `Remote`."""
    if isinstance(value, np.ndarray):
        return type(value) is np.ndarray and value.dtype.str in DTYPES and value.nbytes <= MAX_BODY
    if isinstance(value, np.generic):
        return value.dtype.str in DTYPES
    return value is None or type(value) in (bool, int, float, complex, str)


def encode(message: Plain) -> bytes:
    """The frame for `message`.

    Raises
    ------
    WireError
        If it holds anything but plain data, or more than the caps allow.
    """
    buffers: list[bytes] = []
    try:
        header = json.dumps(_pack(message, buffers, 0)).encode()
    except ValueError as error:  # an integer of more than 4300 digits
        raise WireError(str(error)) from None
    if len(header) > MAX_HEADER or sum(map(len, buffers)) > MAX_BODY:
        raise WireError("the value is too large to be sent")
    return b"".join([struct.pack(">I", len(header)), header, *buffers])


def _pack(value: Plain, buffers: list[bytes], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise WireError(f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, Remote):
        return {"remote": value.number, "kind": value.kind}
    if isinstance(value, tuple | list):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_pack(item, buffers, depth + 1) for item in value]}
    if isinstance(value, dict):
        return {"dict": {str(k): _pack(v, buffers, depth + 1) for k, v in value.items()}}
    if not is_copied(value):
        raise WireError(f"a {type(value).__name__} is not plain data")
    if isinstance(value, np.ndarray | np.generic):
        if len(buffers) == MAX_ARRAYS:
            raise WireError(f"more than {MAX_ARRAYS} arrays")
        buffers.append(value.tobytes("A"))
        node = "array" if isinstance(value, np.ndarray) else "scalar"
        down = isinstance(value, np.ndarray) and value.flags.fnc  # a transposed array stays one
        return {node: value.dtype.str, "shape": list(value.shape), "order": "F" if down else "C"}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    return value


class Channel:
    """A conversation over `sock` that ends at `deadline` (a `time.monotonic()` value) at latest."""

    def __init__(self, sock: socket.socket, deadline: float | None = None) -> None:
        self.sock = sock
        self.deadline = deadline

    def send(self, message: Plain) -> None:
        """Send one message; `TimeoutError` past the deadline, `OSError` on a closed line."""
        frame = encode(message)
        self._arm()
        self.sock.sendall(frame)

    def receive(self) -> Plain:
        """The next message.

        Raises
        ------
        WireError
            If what came is no well-formed message.
        TimeoutError
            If the deadline passes, however slowly bytes keep coming.
        EOFError
            If the other side is gone.
        """
        (size,) = struct.unpack(">I", self._read(4))
        if size > MAX_HEADER:
            raise WireError(f"a header of {size} bytes")
        try:
            header = json.loads(bytes(self._read(size)).decode())
        except (ValueError, RecursionError):
            raise WireError("the header is not JSON") from None
        arrays: list[np.ndarray] = []
        for dtype, shape, order in _array_specs(header):
            data = self._read(dtype.itemsize * math.prod(shape))
            if dtype == np.bool_:  # a forged truth value of 7 would be neither True nor False
                data = bytearray((np.frombuffer(data, np.uint8) != 0).tobytes())
            arrays.append(np.frombuffer(data, dtype).reshape(shape, order=order))
        return _unpack(header, iter(arrays))

    def _read(self, size: int) -> bytearray:
        data = bytearray()
        while len(data) < size:
            self._arm()
            part = self.sock.recv(min(size - len(data), 2**20))
            if not part:
                raise EOFError("the other side closed the line")
            data += part
        return data

    def _arm(self) -> None:
        if self.deadline is None:
            return
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        self.sock.settimeout(left)


def _array_specs(header: Any) -> list[Spec]:
    """Dtype, shape and memory order of each announced array, checked, in order of appearance."""
    specs: list[Spec] = []
    _collect_specs(header, specs, 0)
    if len(specs) > MAX_ARRAYS:
        raise WireError(f"more than {MAX_ARRAYS} arrays")
    if sum(dtype.itemsize * math.prod(shape) for dtype, shape, _ in specs) > MAX_BODY:
        raise WireError("the arrays are too large")
    return specs


def _collect_specs(node: Any, specs: list[Spec], depth: int) -> None:
    if depth > 2 * MAX_DEPTH:
        raise WireError("nested too deep")
    if isinstance(node, list):
        for item in node:
            _collect_specs(item, specs, depth + 1)
    elif isinstance(node, dict):
        kind = _kind(node)
        if kind in ("array", "scalar"):
            specs.append(_spec(node[kind], node.get("shape"), node.get("order")))
        elif kind == "dict":
            if not isinstance(node["dict"], dict):
                raise WireError("a dict without entries")
            _collect_specs(list(node["dict"].values()), specs, depth + 1)
        elif kind in ("tuple", "list"):
            if not isinstance(node[kind], list):
                raise WireError(f"a {kind} without items")
            _collect_specs(node[kind], specs, depth + 1)


def _spec(dtype: Any, shape: Any, order: Any) -> Spec:
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise WireError(f"dtype {dtype!r} is not accepted")
    if not isinstance(shape, list) or len(shape) > 16:
        raise WireError("a shape must be a list of at most 16 sizes")
    if not all(type(size) is int and 0 <= size <= MAX_BODY for size in shape):
        raise WireError("a shape holds a size that cannot be")
    return np.dtype(dtype), tuple(shape), "F" if order == "F" else "C"


def _kind(node: dict[str, Any]) -> str:
    for kind in ("array", "scalar", "tuple", "list", "dict", "remote", "complex"):
        if kind in node:
            return kind
    raise WireError("a value of unknown kind")


def _unpack(node: Any, arrays: Any) -> Plain:
    if isinstance(node, list):
        raise WireError("a bare list")
    if isinstance(node, str):
        return _writable(node)
    if not isinstance(node, dict):
        return node
    kind = _kind(node)
    body = node[kind]
    if kind == "array":
        return next(arrays)
    if kind == "scalar":
        array = next(arrays)
        if array.shape:
            raise WireError("a scalar with a shape")
        return array[()]
    if kind == "dict":
        return {_writable(key): _unpack(item, arrays) for key, item in body.items()}
    if kind in ("tuple", "list"):
        items = [_unpack(item, arrays) for item in body]
        return tuple(items) if kind == "tuple" else items
    if kind == "remote":
        if type(body) is not int:
            raise WireError("a remote object without a number")
        return Remote(body, _writable(str(node.get("kind", "object")))[:40])
    return _unpack_complex(body)


def _writable(text: str) -> str:
    """Text without lone surrogates, which could be written to no file later."""
    return text.encode("utf-8", "replace").decode()


def _unpack_complex(body: Any) -> complex:
    if not (isinstance(body, list) and len(body) == 2 and all(type(x) is float for x in body)):
        raise WireError("a complex number of other than two parts")
    return complex(*body)
