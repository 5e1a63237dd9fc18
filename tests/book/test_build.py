"""The cache of executed chapters is thrown away when the library changes, and only then."""

from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def package(tmp_path: Path) -> Path:
    package = tmp_path / "library"
    (package / "widgets").mkdir(parents=True)
    (package / "linear.py").write_text("x = 1\n")
    (package / "widgets" / "vjp.js").write_text("let x = 1\n")
    (package / "widgets" / "vjp.css").write_text("p {}\n")
    return package


@pytest.fixture
def output(tmp_path: Path, package: Path, build: ModuleType) -> Path:
    """A book that was built with `package` as it is."""
    output = tmp_path / "out"
    build.drop_stale_outputs(output, package)
    (output / "_build").mkdir()
    return output


@pytest.mark.parametrize("changed", ["linear.py", "widgets/vjp.js", "widgets/vjp.css"])
def test_a_change_in_any_source_drops_the_outputs(
    build: ModuleType, output: Path, package: Path, changed: str
) -> None:
    (package / changed).write_text("something else\n")
    assert build.drop_stale_outputs(output, package)
    assert not (output / "_build").exists()


def test_a_new_a_renamed_and_a_removed_file_change_the_key(
    build: ModuleType, package: Path
) -> None:
    keys = [build.library_hash(package)]
    (package / "new.py").write_text("")
    keys.append(build.library_hash(package))
    (package / "new.py").rename(package / "other.py")
    keys.append(build.library_hash(package))
    (package / "linear.py").unlink()
    keys.append(build.library_hash(package))
    assert len(set(keys)) == 4


def test_text_that_moves_from_one_file_to_the_next_changes_the_key(
    build: ModuleType, package: Path
) -> None:
    before = build.library_hash(package)
    (package / "linear.py").write_text("x =")
    (package / "widgets" / "vjp.css").write_text(" 1\np {}\n")
    assert build.library_hash(package) != before


def test_without_a_change_the_outputs_stay(build: ModuleType, output: Path, package: Path) -> None:
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "linear.pyc").write_bytes(b"compiled")
    (package / "digits.npz").write_bytes(b"data")
    assert not build.drop_stale_outputs(output, package)
    assert (output / "_build").exists()
