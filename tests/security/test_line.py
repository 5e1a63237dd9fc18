"""The line between worker and grader, as a submission would abuse it."""

import json
import socket
import struct
from collections.abc import Callable

import pytest

from autograder.rubric import QuestionResult, Status
from autograder.wire import Channel

pytestmark = pytest.mark.jail
Attack = Callable[..., QuestionResult]

RIGHT = "def f(x):\n    return 7 * x\n"
FIND_LINE = """
import json, os, struct, time
def fails(d):
    try:
        os.fstat(d)
    except OSError:
        return True
LINE = next(d for d in range(3, 64) if not fails(d))
def frame(reply, body=b""):
    text = json.dumps(reply).encode()
    data = struct.pack(">I", len(text)) + text + body
    while data:
        data = data[os.write(LINE, data):]
ZEROS = {"dict": {"value": {"array": "<f8", "shape": [3]}}}
CELLS = {"list": [{"dict": {}}, {"dict": {}}]}
"""
UNEARNED = {
    "an answer before the question": "frame(CELLS)\nframe(ZEROS, bytes(24))\n" + RIGHT,
    "two answers to one question": "def f(x):\n    frame(ZEROS, bytes(24))\n    return 7 * x",
    "a hundred answers": "def f(x):\n    [frame(ZEROS, bytes(24)) for _ in range(100)]\n"
    "    return 7 * x",
    "points instead of an answer": "def f(x):\n    frame({'dict': {'value': 5.0}})\n"
    "    os._exit(0)",
    "the truth instead of an answer": "def f(x):\n    frame({'dict': {'value': True}})\n"
    "    os._exit(0)",
    "an object of the grader": "def f(x):\n"
    "    frame({'dict': {'value': {'remote': 0, 'kind': 'ndarray'}}})\n    os._exit(0)",
    "infinity in a number": "def f(x):\n    frame({'dict': {'value': 1e400}})\n    os._exit(0)",
    "4000 digits": "def f(x): return 10**4000",
    "flags of another kind": "def f(x):\n"
    "    frame({'dict': {'value': 1.0, 'mutated': {'list': ['x', 1e9]}, 'output': None}})\n"
    "    os._exit(0)",
    "an error with a value in it": "def f(x):\n"
    "    frame({'dict': {'error': {'array': '<f8', 'shape': [3]}}}, bytes(24))\n    os._exit(0)",
}


@pytest.mark.parametrize("source", UNEARNED.values(), ids=UNEARNED.keys())
def test_what_is_said_is_only_an_answer(attack: Attack, source: str) -> None:
    result = attack(FIND_LINE + source)
    assert (result.points, attack(RIGHT).points) == (0, 5)
    assert result.status in (Status.WRONG, Status.ERROR, Status.CRASHED)


TOO_MUCH = {
    "8 GB": "{'array': '<f8', 'shape': [2**30]}",
    "8 GB in parts": "{'list': [{'array': '<f8', 'shape': [2**23]}] * 128}",
    "8 GB by a second size": "{'array': '<f8', 'shape': [2**15, 2**15]}",
    "16 GB of one number": "{'scalar': '<c16', 'shape': [2**20, 2**10]}",
}


@pytest.mark.parametrize("value", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_no_memory_is_taken_for_what_is_announced(attack: Attack, value: str) -> None:
    result = attack(f"{FIND_LINE}def f(x):\n    frame({{'dict': {{'value': {value}}}}})\n    f(x)")
    assert result.points == 0
    if result.status is Status.TIMEOUT:  # of several arrays the first, small enough, never came
        assert value == TOO_MUCH["8 GB in parts"]
    else:
        assert "too large" in result.message or "cannot be" in result.message


LATE = {
    "the answer": "def f(x):\n    time.sleep(0.7)\n    return 7 * x",
    "the cells": "time.sleep(0.7)\n" + RIGHT,
    "half of the answer": 'def f(x):\n    text = b\'{"dict": {"value": 1\'\n'
    "    os.write(LINE, struct.pack('>I', 40) + text)\n    time.sleep(0.7)\n"
    "    os.write(LINE, b'}}'.ljust(40 - len(text)))\n    return 7 * x",
    "byte after byte of an array": "def f(x):\n    frame(ZEROS)\n    for _ in range(24):\n"
    "        os.write(LINE, b'\\0')\n        time.sleep(0.05)\n    return 7 * x",
    "nothing but noise": "def f(x):\n    while True: frame({'dict': {}}, bytes(10**6))",
}


@pytest.mark.parametrize("source", LATE.values(), ids=LATE.keys())
def test_what_is_late_does_not_count(attack: Attack, source: str) -> None:
    result = attack(FIND_LINE + source, seconds=0.5)
    assert (result.points, attack(RIGHT).points) == (0, 5)
    assert result.status in (Status.TIMEOUT, Status.CRASHED)


SPOILT = {
    "in a name": {"remote": 0, "kind": "\ud800"},
    "in a key": {"dict": {"\ud800": {"dict": {"a": "\ud800"}}}},
    "in a text": {"list": ["\ud800"]},
}


@pytest.mark.parametrize("reply", SPOILT.values(), ids=SPOILT.keys())
def test_half_a_character_reaches_no_file(reply: object) -> None:
    text = json.dumps(reply).encode()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(struct.pack(">I", len(text)) + text)
        got = Channel(ours).receive()
    assert "?" in json.dumps(got, default=repr, ensure_ascii=False).encode().decode()
