"""Files that are written whole or not at all, and words for what is wrong with one."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.errors import CourseError


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file: whatever happens, it is there whole or as it was before.

    Raises
    ------
    CourseError
        If it cannot be written.
    """
    _write(path, content, 0o666, os.replace)


def write_once(path: Path, content: str) -> None:
    """Write a file that only its owner may read, unless it is there, made by whomever.

    Raises
    ------
    CourseError
        If it cannot be written.
    """

    def unless_there(part: Path, path: Path) -> None:
        with contextlib.suppress(FileExistsError):  # another process was first
            os.link(part, path)

    _write(path, content, 0o600, unless_there)


def _write(
    path: Path, content: str | bytes, mode: int, publish: Callable[[Path, Path], None]
) -> None:
    data = content.encode() if isinstance(content, str) else content
    # Of this process alone: another one may write the same file at the same time.
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
            with open(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(handle)  # or a power cut could leave the name with nothing behind it
            publish(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise CourseError(
            f"cannot write {path} ({error.strerror}): mend that and run the same command again, "
            "what is done is kept"
        ) from None


def read_json(path: Path, remedy: str) -> Any:
    """What a JSON file of ours holds.

    Raises
    ------
    CourseError
        If it cannot be read; the text ends in the remedy.
    """
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise CourseError(f"{path} is damaged ({type(error).__name__}): {remedy}") from None
