"""Everything that is plain data survives the trip; nothing else gets through."""

import contextlib
import json
import math
import socket
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder import wire
from autograder.wire import DTYPES, Channel, Remote, WireError, encode

arrays = hnp.arrays(
    st.sampled_from(sorted(DTYPES)).map(np.dtype),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | arrays.filter(lambda a: a.ndim == 0).map(lambda a: a[()])
    | st.builds(Remote, st.integers(0, 10**6), st.text("abc", max_size=5))
)
values = st.recursive(
    scalars | arrays,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def receive(data: bytes) -> Any:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        return Channel(ours).receive()


def frame(header: object, body: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text + body


def same(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        layout = not isinstance(a, np.ndarray) or a.flags.fnc == b.flags.fnc
        return layout and a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(same, a.values(), b.values()))
    if isinstance(a, float | complex):
        return repr(a) == repr(b)
    return bool(a == b)


@given(values)
def test_round_trip(value: Any) -> None:
    assert same(receive(encode(value)), value)


def test_a_transposed_array_stays_one() -> None:
    array = np.arange(6.0).reshape(2, 3).T
    got = receive(encode(array))
    assert got.flags.f_contiguous
    np.testing.assert_array_equal(got, array)


def test_received_arrays_can_be_written() -> None:
    got = receive(encode(np.zeros(3)))
    got += 1
    assert got.sum() == 3


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, np.array([object()]), np.array(["a"]), np.longdouble(1), np.ma.array([1.0])],
    ids=["object", "set", "object array", "text array", "long double", "masked"],
)
def test_refuses_to_send(value: object) -> None:
    with pytest.raises(WireError):
        encode(value)


def test_refuses_to_send_what_is_nested_without_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(WireError, match="nested"):
        encode(endless)


FORGED = {
    "garbage": b"\x00\x00\x00\x04\xff\xfe\xfd\xfc",
    "a 4 GB header": b"\xff\xff\xff\xff",
    "deep nesting": struct.pack(">I", 200_000) + b"[" * 200_000,
    "deep dicts": frame(json.loads('{"list":[' * 100 + "]}" * 100)),
    "object dtype": frame({"array": "|O", "shape": [1]}, b"12345678"),
    "unknown dtype": frame({"array": "V99999999", "shape": [1]}),
    "dtype is no text": frame({"array": ["<f8"], "shape": [1]}),
    "huge shape": frame({"array": "<f8", "shape": [2**20, 2**20, 2**20]}),
    "many arrays": frame({"list": [{"array": "<f8", "shape": [0]}] * (wire.MAX_ARRAYS + 1)}),
    "negative size": frame({"array": "<f8", "shape": [-1, -8]}),
    "fractional size": frame({"array": "<f8", "shape": [1.5]}),
    "true as size": frame({"array": "|b1", "shape": [True]}, b"\x01"),
    "no shape": frame({"array": "<f8"}),
    "many dimensions": frame({"array": "<f8", "shape": [1] * 40}, b"12345678"),
    "scalar with a shape": frame({"scalar": "<f8", "shape": [2]}, b"1234567812345678"),
    "tuple of nothing": frame({"tuple": 3}),
    "dict of nothing": frame({"dict": [1]}),
    "bare list": frame([1, 2]),
    "unknown kind": frame({"pickle": "gASV"}),
    "remote by name": frame({"remote": "../../etc"}),
    "half a complex": frame({"complex": [1.0]}),
    "an integer of 5000 digits": struct.pack(">I", 5000) + b"9" * 5000,
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED.keys())
def test_forged_frames_are_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        receive(data)


@given(st.binary(max_size=200))
def test_noise_never_does_more_than_raise(noise: bytes) -> None:
    header = noise[:100]
    with contextlib.suppress(WireError, EOFError):
        receive(struct.pack(">I", len(header)) + header + noise[100:])


def test_a_line_that_ends_early() -> None:
    with pytest.raises(EOFError):
        receive(encode(np.zeros(100))[:-1])


def test_a_forged_truth_value_is_made_true_or_false() -> None:
    got = receive(frame({"array": "|b1", "shape": [2]}, b"\x07\x00"))
    assert got.view(np.uint8).tolist() == [1, 0]


def test_a_lone_surrogate_can_be_written_to_a_file() -> None:
    receive(frame("\ud800")).encode()


def test_slow_drip_does_not_outlive_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(encode(np.zeros(100))[:50])
        with pytest.raises(TimeoutError):
            Channel(ours, deadline=-math.inf).receive()
