"""Outputs of a student's cells, made fit for a notebook that the instructor opens."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Any

import nh3

TAGS = nh3.ALLOWED_TAGS - {"img", "area", "map"}  # an image would tell a server who reads
MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
TEXTS = ("text/plain", "text/latex")
MOST = 200  # outputs of one cell; a loop around `display` fills no page


def read_outputs(shown: bytes) -> list[dict[str, Any]]:
    """The outputs in `shown`, JSON that a student's process sent, without anything alive.

    Text, tables and figures are kept; scripts, styles, forms, images from elsewhere and other
    kinds of data are not. What is no output at all is left out.

    Examples
    --------
    >>> read_outputs(b'[{"output_type": "stream", "name": "stdout", "text": "hello"}]')
    [{'output_type': 'stream', 'name': 'stdout', 'text': 'hello'}]
    >>> read_outputs(b"nonsense")
    []
    """
    if shown in (b"", b"[]"):
        return []
    try:
        told = json.loads(shown)
    except (ValueError, RecursionError):
        return []
    outputs = told[:MOST] if isinstance(told, list) else []
    return [safe for output in outputs if isinstance(output, dict) for safe in _output(output)]


def _output(output: dict[str, Any]) -> Iterator[dict[str, Any]]:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        yield {"output_type": kind, "name": name, "text": _text(output.get("text"))}
    elif kind == "error":
        words = {key: _text(output.get(key)) for key in ("ename", "evalue")}
        lines = output.get("traceback")
        texts = [_text(line) for line in lines] if isinstance(lines, list) else []
        yield {"output_type": kind, **words, "traceback": texts}
    elif kind in ("execute_result", "display_data"):
        data = output.get("data")
        safe = dict(_safe(data)) if isinstance(data, dict) else {}
        if safe:
            yield {"output_type": "display_data", "data": safe, "metadata": {}}


def _safe(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for kind in TEXTS:
        if kind in data:
            yield kind, _text(data[kind])
    for kind in ("text/html", "text/markdown"):
        if kind in data:
            yield kind, nh3.clean(_text(data[kind]), tags=TAGS)
    for kind, start in MAGIC.items():
        if kind in data and _image(_text(data[kind]), start):
            yield kind, _text(data[kind])


def _image(text: str, start: bytes) -> bool:
    try:
        return base64.b64decode(re.sub(r"\s", "", text), validate=True).startswith(start)
    except (binascii.Error, ValueError):
        return False


def _text(value: Any) -> str:
    # A lone surrogate could be written to no file.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
