"""Chapter 11: what the lectures say is there, every number was computed, every listing runs."""

import re
from typing import Any

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursepkg import datasets
from coursepkg import functional as F
from coursepkg.datasets import cifar10, load_digits, mnist
from coursepkg.network import lenet
from tests.book.conftest import assert_answer_boxes, assert_derivations_checked, assert_told

CHAPTER = "11-cnns"
ROWS = {  # deck row -> what a reader must be able to read about it
    35: ["A minus sign got lost", "E-S3", "as printed", "mended"],
    39: [
        "Feature extraction can improve results by a lot",
        "79.6 %",
        "k-means, whitened",
        "k-means, raw RGB",
    ],
    70: ["Image features vs ConvNets", "10 numbers giving scores for classes", "training"],
    119: [
        "low level features",
        "edges and dark spots",
        "eyes, ears and noses",
        "facial structure, in layer 3",
    ],
    120: ["CNN for classification", "the weights of the filters and of the fully connected layers"],
    121: [
        "LeCun, Bottou, Bengio and Haffner",
        "Gradient-based learning applied to document recognition",
        "Krizhevsky, Sutskever and Hinton",
        "AlexNet",
    ],
    122: [
        "retrieval",
        "Faster R-CNN (Ren, He, Girshick, Sun, 2015)",
        "Farabet and others, 2012",
        "Toshev and Szegedy, 2014",
        "Guo and others, 2014",
        "Vinyals and others, Karpathy and Fei-Fei, both 2015",
        "A white teddy bear sitting in the grass",
        "A man riding a wave on top of a surfboard",
        "A man in a baseball uniform throwing a ball",
        "A cat sitting on a suitcase on the floor",
        "A woman is holding a cat in her hand",
        "A woman standing on a beach holding a surfboard",
        "Somewhat related",
        "Inceptionism",
        "Gatys and others, 2016 and 2017",
    ],
    123: ["A CNN example", "Linear (N, 10) 1,290"],
}


@pytest.mark.parametrize("row", ROWS)
def test_deck_row_is_named_in_the_source_and_told_on_the_page(
    row: int, source: str, text: str
) -> None:
    assert_told(row, ROWS[row], source, text)


def test_pasted_numbers_are_the_right_ones(text: str) -> None:
    assert f"{sum(p.data.size for p in lenet().parameters()):,} weights" in text
    products = 28 * 28 * 6 * 25 + 10 * 10 * 16 * 150 + 400 * 120 + 120 * 84 + 84 * 10
    assert f"of the {products:,} multiplications" in text
    assert f"hold {100 * (156 + 2416) / 61706:.1f} % of the weights" in text


def test_the_run_of_the_first_page_says_what_it_should(text: str) -> None:
    """In place it reads well, moved it does not; the exact shares depend on the processor."""
    found = re.search(r"from ([\d.]+) % to ([\d.]+) %", text)
    assert found is not None
    in_place, moved = map(float, found.groups())
    assert in_place > 94
    assert moved < 80


def test_the_printed_loss_makes_it_worse_than_guessing_or_no_better(text: str) -> None:
    found = re.search(r"as printed ([\d.]+)%, mended ([\d.]+)%", text)
    assert found is not None
    assert float(found[1]) < 20 < 60 < float(found[2])


def test_shapes_need_a_cnn(text: str) -> None:
    linear, cnn = (float(share) for share in re.findall(r"weights +([\d.]+)%", text)[:2])
    assert linear < 70
    assert cnn > 85


def test_the_shortcut_shows_only_on_other_forms(text: str) -> None:
    same, none, mixed = (float(share) for share in re.findall(r"test, [a-z ]+?([\d.]+)%", text)[:3])
    assert same > none + 5 > mixed + 5


def test_features_without_labels_are_ahead_where_labels_are_few(text: str) -> None:
    rows = {
        name: [float(share) for share in re.findall(r"([\d.]+)%", rest)[:3]]
        for name, rest in re.findall(r"(pixels|k-means, whitened|CNN) ((?: *[\d.]+%){3})", text)
    }
    assert rows["k-means, whitened"][0] > max(rows["pixels"][0], rows["CNN"][0])
    assert all(a > b for a, b in zip(rows["k-means, whitened"], rows["pixels"], strict=True))


def test_a_folded_cell_drives_a_widget(text: str) -> None:
    assert re.search(r"is read as 1, 9\d\.\d%", text)
    assert "'weights': 'trained'" in text


@pytest.mark.parametrize(
    "term",
    [
        "occlusion-map",
        "saliency-map",
        "k-means",
        "whitening",
        "transfer-learning",
        "shortcut-learning",
    ],
)
def test_terms_are_marked_where_they_are_explained(term: str, chapter: BeautifulSoup) -> None:
    assert chapter.find("dfn", id=f"term-{term}")


def test_answer_boxes_hold_what_a_computation_gives(chapter: BeautifulSoup) -> None:
    seen = 1
    for layer in ("pool", "conv", "pool", "conv"):
        seen = 2 * seen if layer == "pool" else seen + 2
    expected = [
        sum(p.data.size for p in lenet().parameters()),
        8 * 8 * 8 * 10 + 10,
        -float(F.cross_entropy(np.log([[0.7, 0.2, 0.1]]), [0])[0]),
        seen,
        1.0,
    ]
    assert_answer_boxes(chapter, expected, slack=1e-4)


def test_every_derivation_shows_its_relative_error(text: str) -> None:
    assert_derivations_checked(text, 6)


def test_the_download_holds_the_pasted_numbers(notebook: nbformat.NotebookNode) -> None:
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "61,706" in prose


def test_the_listing_for_mnist_and_cifar_runs(
    source: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On few images, read from files of the true formats; the files are made here."""
    import gzip
    import hashlib
    import io
    import tarfile

    rng = np.random.default_rng(0)
    listing = re.search(
        r"```python\n(from coursepkg.datasets import load_cifar10.*?)```", source, re.S
    )
    assert listing is not None

    def idx(array: np.ndarray) -> bytes:
        sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
        return gzip.compress(bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes())

    images, labels = rng.integers(256, size=(80, 28, 28), dtype=np.uint8), np.arange(80, dtype="u1")
    parts = [idx(part) for part in (images, labels % 10, images[:20], labels[:20] % 10)]
    folder = tmp_path / "mnist"
    folder.mkdir()
    for name, content in zip(mnist.NAMES, parts, strict=True):
        (folder / name).write_bytes(content)
    sums = tuple(hashlib.sha256(content).hexdigest() for content in parts)
    monkeypatch.setattr(mnist, "MNIST_SUMS", sums)

    records = rng.integers(256, size=(16, 3073), dtype=np.uint8)
    records[:, 0] %= 10
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz") as archive:
        for name in [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]:
            info = tarfile.TarInfo(f"{cifar10.INSIDE}/{name}.bin")
            info.size = records.nbytes
            archive.addfile(info, io.BytesIO(records.tobytes()))
    (tmp_path / "cifar10").mkdir()
    archive_path = tmp_path / "cifar10" / cifar10.ARCHIVE.name
    archive_path.write_bytes(memory.getvalue())
    digest = hashlib.sha256(memory.getvalue()).hexdigest()
    monkeypatch.setattr(cifar10, "ARCHIVE", cifar10.ARCHIVE._replace(sha256=digest))

    monkeypatch.chdir(tmp_path)
    load_mnist, load_cifar10 = datasets.load_mnist, datasets.load_cifar10
    monkeypatch.setattr(datasets, "load_mnist", lambda: load_mnist(tmp_path))
    monkeypatch.setattr(datasets, "load_cifar10", lambda: load_cifar10(tmp_path))
    exec(listing[1], {})
    assert re.fullmatch(r"MNIST [\d.]+%\nCIFAR-10 [\d.]+%\n", capsys.readouterr().out)
    assert (tmp_path / "mnist.npz").exists()


def test_the_digits_of_the_chapter_are_those_that_are_shipped() -> None:
    assert load_digits().x_train.shape == (1437, 1, 8, 8)
