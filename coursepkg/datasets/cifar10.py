"""CIFAR-10: 60,000 small colour pictures in ten classes, from its binary version (no pickle)."""

import tarfile
import zlib
from pathlib import Path

import numpy as np

from coursepkg.backend import made
from coursepkg.datasets.digits import Split
from coursepkg.datasets.fetch import RemoteFile, data_folder, fetch

ARCHIVE = RemoteFile(
    "cifar-10-binary.tar.gz",
    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    ("https://www.cs.toronto.edu/~kriz/",),
)
INSIDE = "cifar-10-batches-bin"
PIXELS = 3 * 32 * 32
CIFAR10_CLASSES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip


def load_cifar10(folder: str | Path | None = None) -> Split:
    """Load pictures of animals and vehicles: 50,000 for training and 10,000 for testing.

    The archive (170 MB) is downloaded once, and read without being unpacked to the disk.

    Parameters
    ----------
    folder : where the folder `cifar10` with the archive is or shall be, optional

    Returns
    -------
    Split
        Images (N, 3, 32, 32), float32 between 0 and 1, red, green, blue; labels 0 .. 9, named by
        `CIFAR10_CLASSES`.

    Raises
    ------
    ConnectionError
        If the archive is not there and cannot be downloaded.
    ValueError
        If it is damaged.

    Notes
    -----
    Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009; published without a
    licence, for research.

    Examples
    --------
    >>> CIFAR10_CLASSES[3]
    'cat'
    """
    path = fetch(ARCHIVE, data_folder("cifar10", folder))
    try:
        with tarfile.open(path, "r:gz") as archive:
            batches = [_read(archive, f"{INSIDE}/data_batch_{i}.bin", path) for i in range(1, 6)]
            test = _read(archive, f"{INSIDE}/test_batch.bin", path)
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise ValueError(
            f"{path} is damaged: {error}. Delete it, and it is downloaded anew"
        ) from error
    images, labels = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    return Split(*map(made, (images, labels, *test)))


def _read(archive: tarfile.TarFile, name: str, path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Records of one byte of label and 3072 of pixels, the planes red, green, blue."""
    try:
        member = archive.extractfile(name)
    except KeyError:
        member = None
    if member is None:
        raise ValueError(f"{path} holds no file {name}; is it the binary version of CIFAR-10?")
    content = member.read()
    if not content or len(content) % (1 + PIXELS):
        raise ValueError(
            f"{name} in {path} holds {len(content)} bytes, no multiple of {1 + PIXELS}"
        )
    records = np.frombuffer(content, np.uint8).reshape(-1, 1 + PIXELS)
    labels = records[:, 0].astype(np.int64)
    if labels.max() > 9:
        raise ValueError(f"{name} in {path} holds the label {labels.max()}, expected 0 .. 9")
    return records[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / np.float32(255), labels
