"""Files of weights: whole or not there, readable by others, clear about damage."""

import json
import os
import struct
import sys
from contextlib import contextmanager, suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursepkg.weights import load_weights, save_weights, write_atomically

ARRAYS = {"0.w": np.arange(6.0).reshape(2, 3), "file": np.ones(2, np.float32), "n": np.array(3)}


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_round_trip(tmp_path, suffix):
    path = tmp_path / f"w{suffix}"
    save_weights(path, ARRAYS | {"t": ARRAYS["0.w"].T})
    loaded = load_weights(path)
    assert loaded.keys() == ARRAYS.keys() | {"t"}
    np.testing.assert_array_equal(loaded["t"], ARRAYS["0.w"].T)
    for name, array in ARRAYS.items():
        assert (loaded[name].dtype, loaded[name].shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(loaded[name], array)


def test_a_safetensors_file_says_dtypes_and_shapes(tmp_path):
    save_weights(tmp_path / "w.safetensors", ARRAYS)
    content = (tmp_path / "w.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    assert (header["0.w"]["dtype"], header["0.w"]["shape"]) == ("F64", [2, 3])
    assert (header["file"]["dtype"], header["file"]["shape"]) == ("F32", [2])


@contextmanager
def clear_errors():
    """A changed byte inside an array may go unseen; if it is seen, nothing else is raised."""
    with suppress(ValueError):
        yield


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
@given(where=st.floats(0, 1), cut=st.booleans(), value=st.integers(0, 255))
@settings(max_examples=60)
def test_damage_is_named(tmp_path_factory, suffix, where, cut, value):
    path = tmp_path_factory.mktemp("damage") / f"w{suffix}"
    save_weights(path, ARRAYS)
    content = bytearray(path.read_bytes())
    place = min(int(where * len(content)), len(content) - 1)
    content[place] = value
    path.write_bytes(content[:place] if cut else content)
    with pytest.raises(ValueError, match="is damaged or not a") if cut else clear_errors():
        load_weights(path)


def test_pickles_are_refused(tmp_path):
    np.savez(tmp_path / "w.npz", evil=np.array([{"run": "me"}], dtype=object))
    with pytest.raises(ValueError, match=r"damaged or not a \.npz file of arrays"):
        load_weights(tmp_path / "w.npz")
    np.save(tmp_path / "one.npy", np.ones(2))
    (tmp_path / "one.npy").rename(tmp_path / "one.npz")
    with pytest.raises(ValueError, match="it is no archive"):
        load_weights(tmp_path / "one.npz")


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_python_objects_are_not_pickled(tmp_path, suffix):
    with pytest.raises(ValueError, match=r"not of Python objects: \['w'\]"):
        save_weights(tmp_path / f"w{suffix}", {"w": np.array([{"a": 1}], dtype=object)})
    assert not list(tmp_path.iterdir())


def test_others_may_read_what_the_umask_lets_them(tmp_path):
    before = os.umask(0o027)
    try:
        save_weights(tmp_path / "w.npz", ARRAYS)
    finally:
        os.umask(before)
    assert (tmp_path / "w.npz").stat().st_mode & 0o777 == 0o640


def test_other_files_are_named(tmp_path):
    with pytest.raises(ValueError, match=r"must end in .npz or .safetensors, got 'w.pkl'"):
        save_weights(tmp_path / "w.pkl", ARRAYS)
    with pytest.raises(FileNotFoundError, match="there is no file"):
        load_weights(tmp_path / "w.npz")


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    with pytest.raises(ImportError, match=r"coursepkg\[files\].*\.npz needs nothing more"):
        save_weights(tmp_path / "w.safetensors", ARRAYS)


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "w.npz"
    save_weights(path, ARRAYS)
    before = path.read_bytes()

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(path, b"half")
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["w.npz"]
