"""A name for a state of the library: what was made with another one is stale."""

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path


def source_digest(package: Path, suffixes: Collection[str]) -> str:
    """Return a digest of the names and contents of the files below `package`.

    Parameters
    ----------
    package : folder
    suffixes : which files count, such as {".py", ".js"}

    Examples
    --------
    >>> len(source_digest(Path(__file__).parent, {".py"}))
    64
    """
    digest = sha256()
    for path in sorted(p for p in package.rglob("*") if p.suffix in suffixes):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()
