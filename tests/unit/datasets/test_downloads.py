"""Downloads from a real server: once, checked, never half; and files of the true formats."""

import gzip
import hashlib
import io
import sys
import tarfile
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from coursepkg.datasets import cifar10, load_cifar10, load_fashion_mnist, load_mnist, mnist
from coursepkg.datasets.fetch import data_folder
from coursepkg.datasets.idx import read_idx

RNG = np.random.default_rng(0)


class Handler(BaseHTTPRequestHandler):
    """Serves a dictionary of contents; cuts off after half where it is told to."""

    def __init__(self, site, *args):
        self.site = site
        super().__init__(*args)

    def do_GET(self):
        self.site.asked.append(self.path)
        content = self.site.files.get(self.path.split("/")[-1])
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if self.site.cuts else content)

    def log_message(self, *_):
        pass


class Site:
    """A web server on this machine."""

    def __init__(self):
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.cuts = False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, self))
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    site = Site()
    yield site
    site.close()


def idx(array):
    codes = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
    head = bytes([0, 0, codes[array.dtype.str[1:]], array.ndim])
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return head + sizes + array.astype(array.dtype.newbyteorder(">")).tobytes()


def sums(files):
    return tuple(hashlib.sha256(content).hexdigest() for content in files)


IMAGES = RNG.integers(256, size=(6, 28, 28), dtype=np.uint8)
LABELS = RNG.integers(10, size=6, dtype=np.uint8)


@pytest.fixture
def mnist_site(site, monkeypatch):
    parts = (IMAGES, LABELS, IMAGES[:2], LABELS[:2])
    contents = [gzip.compress(idx(part)) for part in parts]
    site.files = dict(zip(mnist.NAMES, contents, strict=True))
    for kind in ("MNIST", "FASHION"):
        monkeypatch.setattr(mnist, f"{kind}_SUMS", sums(contents))
        monkeypatch.setattr(mnist, f"{kind}_MIRRORS", (site.address,))
    return site


@pytest.mark.parametrize(
    ("load", "name"), [(load_mnist, "mnist"), (load_fashion_mnist, "fashion_mnist")]
)
def test_downloaded_once_then_read_without_a_network(mnist_site, tmp_path, load, name):
    split = load(tmp_path)
    np.testing.assert_allclose(split.x_train[:, 0] * 255, IMAGES, atol=1e-4)
    np.testing.assert_array_equal(split.y_test, LABELS[:2])
    assert (split.x_train.dtype, split.y_train.dtype) == (np.float32, np.int64)
    assert sorted(p.name for p in (tmp_path / name).iterdir()) == sorted(mnist.NAMES)
    asked = len(mnist_site.asked)
    mnist_site.close()
    np.testing.assert_array_equal(load(tmp_path).x_train, split.x_train)
    assert len(mnist_site.asked) == asked == 4


def test_a_second_mirror_helps(mnist_site, tmp_path, monkeypatch):
    monkeypatch.setattr(mnist, "MNIST_MIRRORS", (f"{mnist_site.address}gone/", mnist_site.address))
    lost = dict(mnist_site.files)
    monkeypatch.setattr(
        Handler,
        "do_GET",
        lambda self, old=Handler.do_GET: (
            self.send_error(404) if "/gone/" in self.path else old(self)
        ),
    )
    assert load_mnist(tmp_path).x_test.shape == (2, 1, 28, 28)
    assert mnist_site.files == lost


def test_the_wrong_file_is_refused_and_not_kept(mnist_site, tmp_path):
    mnist_site.files[mnist.NAMES[1]] = b"something else"
    with pytest.raises(ConnectionError, match=r"(?s)train-labels.*not the right file.*by hand"):
        load_mnist(tmp_path)
    assert [p.name for p in (tmp_path / "mnist").iterdir()] == [mnist.NAMES[0]]


def test_half_a_file_is_refused_and_not_kept(mnist_site, tmp_path):
    mnist_site.cuts = True
    with pytest.raises(ConnectionError, match=r"could not get train-images"):
        load_mnist(tmp_path)
    assert list((tmp_path / "mnist").iterdir()) == []


def test_offline_there_is_advice(mnist_site, tmp_path):
    mnist_site.close()
    with pytest.raises(ConnectionError) as caught:
        load_mnist(tmp_path)
    text = str(caught.value)
    assert mnist_site.address in text
    assert f"put a copy into {tmp_path / 'mnist'} by hand" in text
    assert mnist.MNIST_SUMS[0] in text


def test_files_put_there_by_hand_need_no_pooch(mnist_site, tmp_path, monkeypatch):
    (tmp_path / "mnist").mkdir()
    for name, content in mnist_site.files.items():
        (tmp_path / "mnist" / name).write_bytes(content)
    monkeypatch.setitem(sys.modules, "pooch", None)
    assert load_mnist(tmp_path).y_train.tolist() == LABELS.tolist()
    with pytest.raises(ImportError, match=r"pip install 'coursepkg\[data\]'"):
        load_fashion_mnist(tmp_path)


def test_a_spoilt_file_is_fetched_again(mnist_site, tmp_path):
    load_mnist(tmp_path)
    (tmp_path / "mnist" / mnist.NAMES[0]).write_bytes(b"spoilt")
    assert load_mnist(tmp_path).x_train.shape == (6, 1, 28, 28)


def test_the_folder_may_come_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEPKG_DATA", str(tmp_path))
    assert data_folder("mnist") == tmp_path / "mnist"
    monkeypatch.delenv("COURSEPKG_DATA")
    assert data_folder("mnist").parts[-2:] == ("coursepkg", "mnist")


def test_images_and_labels_must_belong_together(mnist_site, tmp_path, monkeypatch):
    mnist_site.files[mnist.NAMES[1]] = gzip.compress(idx(LABELS[:3]))
    monkeypatch.setattr(mnist, "MNIST_SUMS", sums(mnist_site.files.values()))
    with pytest.raises(ValueError, match=r"do not belong together.*\(6, 28, 28\) and \(3,\)"):
        load_mnist(tmp_path)


@given(
    array=st.sampled_from(["u1", "i1", "i2", "i4", "f4", "f8"]).flatmap(
        lambda kind: arrays(kind, array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    )
)
@settings(max_examples=60)
def test_idx_files_of_every_dtype(tmp_path_factory, array):
    path = tmp_path_factory.mktemp("idx") / "a.gz"
    path.write_bytes(gzip.compress(idx(array)))
    read = read_idx(path)
    assert (read.dtype, read.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(read, array)


@given(where=st.floats(0, 1), value=st.integers(0, 255), cut=st.booleans(), packed=st.booleans())
@settings(max_examples=100)
def test_a_damaged_idx_file_is_named(tmp_path_factory, where, value, cut, packed):
    path = tmp_path_factory.mktemp("idx") / "a.gz"
    content = bytearray(gzip.compress(idx(IMAGES[:2])) if packed else idx(IMAGES[:2]))
    place = min(int(where * len(content)), len(content) - 1)
    content[place] = value
    content = content[:place] if cut else content
    path.write_bytes(bytes(content) if packed else gzip.compress(bytes(content)))
    try:
        array = read_idx(path)
    except ValueError as error:
        assert str(path) in str(error)  # noqa: PT017
    else:
        assert not cut
        assert array.size <= IMAGES[:2].size


def archive(batches, inside=cifar10.INSIDE):
    """A tar.gz as CIFAR-10's, with a member that tries to get out of its folder."""
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz") as tar:
        for name, content in [("../../evil", b"evil"), *batches]:
            info = tarfile.TarInfo(name if name.startswith("..") else f"{inside}/{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return memory.getvalue()


def records(n, seed):
    rng = np.random.default_rng(seed)
    labels, pixels = rng.integers(10, size=(n, 1)), rng.integers(256, size=(n, 3072))
    return np.hstack([labels, pixels]).astype(np.uint8)


NAMES = [*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"]
PARTS = [(name, records(3, i).tobytes()) for i, name in enumerate(NAMES)]


@pytest.fixture
def cifar(tmp_path, monkeypatch):
    """A function that puts an archive where it is looked for, and loads it."""

    def load(content):
        (tmp_path / "cifar10").mkdir(exist_ok=True)
        (tmp_path / "cifar10" / cifar10.ARCHIVE.name).write_bytes(content)
        (sha,) = sums([content])
        monkeypatch.setattr(cifar10, "ARCHIVE", cifar10.ARCHIVE._replace(sha256=sha))
        return load_cifar10(tmp_path)

    return load


def test_cifar10(cifar, tmp_path):
    split = cifar(archive(PARTS))
    assert split.x_train.shape == (15, 3, 32, 32)
    assert split.x_test.shape == (3, 3, 32, 32)
    first = records(3, 0)
    assert split.y_train[:3].tolist() == first[:, 0].tolist()
    assert split.x_train[1, 2, 4, 7] == np.float32(first[1, 1 + 2 * 1024 + 4 * 32 + 7]) / 255
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["cifar-10-binary.tar.gz", "cifar10"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (archive(PARTS[:4]), r"holds no file cifar-10-batches-bin/data_batch_5\.bin"),
        (archive(PARTS, inside="cifar-10-batches-py"), "the binary version"),
        (archive([(PARTS[0][0], PARTS[0][1][:-1]), *PARTS[1:]]), "no multiple of 3073"),
        (archive([(PARTS[0][0], b"\x0a" * 3073), *PARTS[1:]]), r"the label 10, expected 0 \.\. 9"),
        (archive(PARTS)[:5000], "is damaged"),
        (b"no archive", "is damaged"),
    ],
)
def test_a_damaged_cifar10_is_named(cifar, content, message):
    with pytest.raises(ValueError, match=message):
        cifar(content)


def test_importing_the_data_sets_brings_no_downloader():
    import subprocess

    code = "import sys, coursepkg.datasets; sys.exit('pooch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
