"""Frames: what `coursepkg` takes too long to compute while a page is built, kept in files."""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent


@cache
def frames(name: str) -> Any:
    """Return the frames of a name; a number that is none is None."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def write_frames(name: str, content: Any) -> None:
    """Keep frames under a name, every number to four significant digits."""
    text = json.dumps(_short(content), separators=(",", ":"), allow_nan=False)
    (FOLDER / f"{name}.json").write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")


def _short(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _short(value) for name, value in content.items()}
    if isinstance(content, list | tuple | np.ndarray):
        return [_short(value) for value in content]
    if isinstance(content, str):
        return content
    return float(f"{content:.4g}") if math.isfinite(content) else None
