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
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_HEADER = 4 * 2**20
MAX_BODY = 64 * 2**20
MAX_DEPTH = 16
MAX_ARRAYS = 1024
PULSE = 1.0  # seconds; a Ctrl-C that comes just before a wait is noticed only when that wait ends
DTYPES = frozenset(
    np.dtype(name).str
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
)
Plain = Any  # None, bool, int, float, complex, str, ndarray, NumPy scalar, Remote, tuple/list/dict
KINDS = ("array", "scalar", "tuple", "list", "dict", "remote", "complex")


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
    kind = type(value)
    if value is None or kind in (str, int, float, bool):
        return value
    if kind is np.ndarray or isinstance(value, np.generic):
        return _pack_array(value, buffers)
    if depth > MAX_DEPTH:
        raise WireError(f"nested deeper than {MAX_DEPTH}")
    if kind is Remote:
        return {"remote": value.number, "kind": value.kind}
    if isinstance(value, tuple | list):
        name = "tuple" if isinstance(value, tuple) else "list"
        return {name: [_pack(item, buffers, depth + 1) for item in value]}
    if isinstance(value, dict):
        return {"dict": {str(k): _pack(v, buffers, depth + 1) for k, v in value.items()}}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    raise WireError(f"a {kind.__name__} is not plain data")


def _pack_array(value: np.ndarray | np.generic, buffers: list[bytes]) -> Any:
    dtype = value.dtype.str
    if dtype not in DTYPES or value.nbytes > MAX_BODY:
        raise WireError(f"an array of {value.nbytes} bytes, {value.dtype}, is not plain data")
    if len(buffers) == MAX_ARRAYS:
        raise WireError(f"more than {MAX_ARRAYS} arrays")
    buffers.append(value.tobytes("A"))
    if isinstance(value, np.generic):
        return {"scalar": dtype, "shape": []}
    node = {"array": dtype, "shape": value.shape}
    return {**node, "order": "F"} if value.flags.fnc else node  # a transposed array stays one


class Channel:
    """A conversation over `sock` that ends at `deadline` (a `time.monotonic()` value) at latest."""

    def __init__(self, sock: socket.socket, deadline: float | None = None) -> None:
        self.sock = sock
        self.deadline = deadline
        self._came = bytearray()  # read already, and not yet asked for

    def send(self, message: Plain) -> None:
        """Send one message; `TimeoutError` past the deadline, `OSError` on a closed line."""
        self.send_frame(encode(message))

    def send_frame(self, frame: bytes) -> None:
        """Send a message that is encoded already; raises what `send` raises."""
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
        return _Reader(self._read).value(header, 0)

    def _read(self, size: int) -> bytearray:
        while len(self._came) < size:
            self._arm(PULSE)
            try:
                part = self.sock.recv(min(max(size - len(self._came), 2**16), 2**20))
            except TimeoutError:
                continue  # to be awake now and then, or because the deadline has passed
            if not part:
                raise EOFError("the other side closed the line")
            self._came += part
        data = self._came[:size]
        del self._came[:size]
        return data

    def _arm(self, longest: float = math.inf) -> None:
        if self.deadline is None:
            return
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        self.sock.settimeout(min(left, longest))


class _Reader:
    """Builds a message from its header; takes the bytes of each array as it comes to it."""

    def __init__(self, read: Callable[[int], bytearray]) -> None:
        self.read = read
        self.arrays = self.bytes = 0

    def value(self, node: Any, depth: int) -> Plain:
        if isinstance(node, str):  # a lone surrogate could be written to no file later
            return node if node.isascii() else node.encode("utf-8", "replace").decode()
        if not isinstance(node, dict | list):
            return node
        if isinstance(node, list) or depth > 2 * MAX_DEPTH:
            raise WireError("a bare list" if isinstance(node, list) else "nested too deep")
        kind = _kind(node)
        body = node[kind]
        if kind in ("array", "scalar"):
            return self._array(kind, body, node.get("shape"), node.get("order"))
        if kind == "dict":
            if not isinstance(body, dict):
                raise WireError("a dict without entries")
            return {self.value(k, depth): self.value(v, depth + 1) for k, v in body.items()}
        if kind in ("tuple", "list"):
            if not isinstance(body, list):
                raise WireError(f"a {kind} without items")
            items = [self.value(item, depth + 1) for item in body]
            return tuple(items) if kind == "tuple" else items
        if kind == "remote":
            if type(body) is not int:
                raise WireError("a remote object without a number")
            return Remote(body, self.value(str(node.get("kind", "object")), depth)[:40])
        return _unpack_complex(body)

    def _array(self, kind: str, name: Any, sizes: Any, order: Any) -> Plain:
        dtype, shape = _spec(name, sizes)
        count = dtype.itemsize * math.prod(shape)
        self.arrays += 1
        self.bytes += count
        if self.arrays > MAX_ARRAYS:
            raise WireError(f"more than {MAX_ARRAYS} arrays")
        if self.bytes > MAX_BODY:  # before any memory is taken for it
            raise WireError("the arrays are too large")
        data = self.read(count)
        if dtype == np.bool_:  # a forged truth value of 7 would be neither True nor False
            data = bytearray((np.frombuffer(data, np.uint8) != 0).tobytes())
        array = np.frombuffer(data, dtype).reshape(shape, order="F" if order == "F" else "C")
        if kind == "array":
            return array
        if shape:
            raise WireError("a scalar with a shape")
        return array[()]


def _spec(dtype: Any, shape: Any) -> tuple[np.dtype, tuple[int, ...]]:
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise WireError(f"dtype {dtype!r} is not accepted")
    if not isinstance(shape, list) or len(shape) > 16:
        raise WireError("a shape must be a list of at most 16 sizes")
    if not all(type(size) is int and 0 <= size <= MAX_BODY for size in shape):
        raise WireError("a shape holds a size that cannot be")
    return np.dtype(dtype), tuple(shape)


def _kind(node: dict[str, Any]) -> str:
    for kind in KINDS:
        if kind in node:
            return kind
    raise WireError("a value of unknown kind")


def _unpack_complex(body: Any) -> complex:
    if not (isinstance(body, list) and len(body) == 2 and all(type(x) is float for x in body)):
        raise WireError("a complex number of other than two parts")
    return complex(*body)
