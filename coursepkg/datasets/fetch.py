"""Files from the network: kept in a folder, checked by SHA-256, never left half there."""

import hashlib
import os
from pathlib import Path
from typing import Any, NamedTuple

FOLDER_VARIABLE = "COURSEPKG_DATA"


class RemoteFile(NamedTuple):
    """A file, the sum it must have, and the addresses it can be had from, tried in turn."""

    name: str
    sha256: str
    mirrors: tuple[str, ...]


def data_folder(dataset: str, folder: str | Path | None = None) -> Path:
    """Return where the files of a data set are kept.

    That is a folder named after the data set below `folder`; below the one that the environment
    variable COURSEPKG_DATA names; or below the cache folder of the system.

    Examples
    --------
    >>> data_folder("mnist", "shared").as_posix()
    'shared/mnist'
    """
    if folder is None:
        folder = os.environ.get(FOLDER_VARIABLE) or _pooch().os_cache("coursepkg")
    return Path(folder) / dataset


def fetch(file: RemoteFile, folder: Path) -> Path:
    """Return the path of `file` in `folder`, downloaded if it is not there yet.

    Raises
    ------
    ConnectionError
        If no mirror could be reached, or none had the right file.
    ImportError
        If something has to be downloaded and pooch is not installed.

    Examples
    --------
    A file that is there, with the right sum, needs no network:

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "empty").write_bytes(b"")
    ...     fetch(RemoteFile("empty", hashlib.sha256(b"").hexdigest(), ()), Path(folder)).name
    'empty'
    """
    path = folder / file.name
    if path.is_file() and _sha256(path) == file.sha256:
        return path
    pooch = _pooch()
    problems = []
    for mirror in file.mirrors:
        url = f"{mirror}{file.name}"
        try:
            found = pooch.retrieve(
                url, known_hash=f"sha256:{file.sha256}", fname=file.name, path=folder
            )
        except (OSError, ValueError) as error:  # unreachable, refused; or another sum
            problems.append(f"{url}: {_short(error)}")
        else:
            return Path(found)
    raise ConnectionError(
        f"could not get {file.name}.\n  "
        + "\n  ".join(problems)
        + f"\nWithout a network, put a copy into {folder} by hand; it must have the SHA-256 sum "
        f"{file.sha256}."
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _short(error: Exception) -> str:
    text = " ".join(str(error).split())
    if "does not match the known hash" in text:
        return "what came is not the right file (its SHA-256 sum is another)"
    return f"{type(error).__name__}: {text[:160]}"


def _pooch() -> Any:
    try:
        import pooch
    except ImportError as error:
        raise ImportError(
            "to download data sets, pooch is needed: pip install 'coursepkg[data]'. Without it, "
            f"give the folder that holds the files, or set {FOLDER_VARIABLE}"
        ) from error
    pooch.get_logger().setLevel("WARNING")
    return pooch
