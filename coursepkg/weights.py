"""Weights on disk: ``.npz`` (NumPy's own, without pickle) or ``.safetensors`` (the extra `files`).

A file appears whole or not at all: it is written beside its place and then moved there.
"""

import io
import os
import uuid
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from coursepkg.backend import Array, to_numpy


def save_weights(path: str | Path, arrays: Mapping[str, Array]) -> None:
    """Write named arrays, such as ``network.state_dict()``.

    Parameters
    ----------
    path : file that ends in .npz or .safetensors
    arrays : by name; arrays on a device are copied to the host

    Raises
    ------
    ValueError
        If the suffix is another, or an array holds Python objects, which only pickle could write.
    ImportError
        If it is .safetensors and that package is not installed.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     save_weights(f"{folder}/w.npz", {"0.w": np.ones((2, 3))})
    ...     load_weights(f"{folder}/w.npz")["0.w"].shape
    (2, 3)
    """
    path = Path(path)
    hosted = {name: np.asarray(to_numpy(array), order="C") for name, array in arrays.items()}
    objects = sorted(name for name, array in hosted.items() if array.dtype.hasobject)
    if objects:
        raise ValueError(f"arrays of numbers can be saved, not of Python objects: {objects}")
    if _suffix(path) == ".npz":
        memory = io.BytesIO()
        # The prefix keeps a name such as "file" apart from savez's own arguments.
        prefixed: dict[str, Any] = {f"array:{name}": array for name, array in hosted.items()}
        np.savez(memory, **prefixed)
        content = memory.getvalue()
    else:
        content = _safetensors().numpy.save(hosted)
    write_atomically(path, content)


def load_weights(path: str | Path) -> dict[str, np.ndarray]:
    """Read named arrays that `save_weights` wrote, for ``network.load_state_dict``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is damaged, or no file of that kind.

    Examples
    --------
    >>> load_weights("nowhere.npz")
    Traceback (most recent call last):
        ...
    FileNotFoundError: there is no file nowhere.npz
    """
    path = Path(path)
    suffix = _suffix(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    damage: tuple[type[Exception], ...]
    if suffix == ".npz":
        read, damage = _load_npz, (OSError, ValueError, EOFError, KeyError, NotImplementedError)
        damage += (zipfile.BadZipFile, zlib.error, SyntaxError, UnicodeError)
    else:
        read, damage = _safetensors().numpy.load_file, (_safetensors().SafetensorError,)
    try:
        return read(path)
    except damage as error:
        message = f"{path} is damaged or not a {suffix} file of arrays: {error}"
        raise ValueError(message) from error


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file that, whatever happens, is either the old one or the new one.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder, "file"), b"content")
    ...     [path.name for path in Path(folder).iterdir()]
    ['file']
    """
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _load_npz(path: Path) -> dict[str, np.ndarray]:
    if not zipfile.is_zipfile(path):
        raise ValueError("it is no archive")
    with np.load(path, allow_pickle=False) as file:
        return {name.removeprefix("array:"): file[name] for name in file.files}


def _suffix(path: Path) -> str:
    if path.suffix not in (".npz", ".safetensors"):
        raise ValueError(f"the file must end in .npz or .safetensors, got {path.name!r}")
    return path.suffix


def _safetensors() -> Any:
    try:
        import safetensors.numpy
    except ImportError as error:
        raise ImportError(
            "files of the kind .safetensors need that package: pip install 'coursepkg[files]'; "
            "a file that ends in .npz needs nothing more"
        ) from error
    return safetensors
