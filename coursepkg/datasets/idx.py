"""The IDX format, in which MNIST and Fashion-MNIST are published."""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read_idx(path: str | Path) -> np.ndarray:
    """Read a gzipped IDX file: two zero bytes, a dtype, the number of axes, their sizes, the data.

    Raises
    ------
    ValueError
        If the file is damaged, cut off, or no IDX file; its name is told, and what was found.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     content = bytes([0, 0, 0x08, 1, 0, 0, 0, 3, 7, 8, 9])
    ...     _ = Path(folder, "a.gz").write_bytes(gzip.compress(content))
    ...     read_idx(Path(folder, "a.gz"))
    array([7, 8, 9], dtype=uint8)
    """
    path = Path(path)
    try:
        content = gzip.decompress(path.read_bytes())
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(
            f"{path} is damaged: {error}. Delete it, and it is downloaded anew"
        ) from error
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in DTYPES:
        raise ValueError(
            f"{path} is no IDX file: it begins with {content[:4].hex(' ') or 'nothing'}, expected "
            "00 00, a dtype and the number of axes"
        )
    dtype, axes = np.dtype(DTYPES[content[2]]), content[3]
    start = 4 + 4 * axes
    if len(content) < start:
        raise ValueError(f"{path} ends within its header, after {len(content)} of {start} bytes")
    shape = tuple(int.from_bytes(content[i : i + 4], "big") for i in range(4, start, 4))
    expected = start + math.prod(shape) * dtype.itemsize
    if len(content) != expected:
        raise ValueError(
            f"{path} should hold {expected} bytes for an array of shape {shape}, "
            f"it holds {len(content)}"
        )
    array = np.frombuffer(content, dtype, offset=start).reshape(shape)
    return array.astype(dtype.newbyteorder("="))
