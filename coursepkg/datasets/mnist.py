"""MNIST and Fashion-MNIST: 70,000 grey images of 28 x 28 pixels in ten classes, the same format."""

from pathlib import Path

import numpy as np

from coursepkg.backend import made
from coursepkg.datasets.digits import Split
from coursepkg.datasets.fetch import RemoteFile, data_folder, fetch
from coursepkg.datasets.idx import read_idx

MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
FASHION_MIRRORS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
NAMES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
MNIST_SUMS = (
    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
)
FASHION_SUMS = (
    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
)
FASHION_CLASSES = (
    "T-shirt/top", "trouser", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip


def load_mnist(folder: str | Path | None = None) -> Split:
    """Load handwritten digits: 60,000 for training and 10,000 for testing.

    The files (11 MB) are downloaded once, see `coursepkg.datasets.fetch`.

    Parameters
    ----------
    folder : where the folder `mnist` with the files is or shall be, optional

    Returns
    -------
    Split
        Images (N, 1, 28, 28), float32 (float64 would take half a gigabyte) between 0 (paper) and
        1 (ink), and labels 0 .. 9.

    Raises
    ------
    ConnectionError
        If a file is not there and cannot be downloaded.
    ValueError
        If a file is damaged.

    Notes
    -----
    LeCun, Cortes and Burges, 1998, from digits collected by NIST; CC BY-SA 3.0.

    Examples
    --------
    >>> load_mnist.__name__
    'load_mnist'
    """
    return _load("mnist", MNIST_SUMS, MNIST_MIRRORS, folder)


def load_fashion_mnist(folder: str | Path | None = None) -> Split:
    """Load pictures of clothes: 60,000 for training and 10,000 for testing, in ten classes.

    As `load_mnist`, but harder; `FASHION_CLASSES` names the classes. The files take 31 MB.

    Notes
    -----
    Xiao, Rasul and Vollgraf (Zalando Research), 2017; MIT licence.

    Examples
    --------
    >>> FASHION_CLASSES[9]
    'ankle boot'
    """
    return _load("fashion_mnist", FASHION_SUMS, FASHION_MIRRORS, folder)


def _load(
    dataset: str, sums: tuple[str, ...], mirrors: tuple[str, ...], folder: str | Path | None
) -> Split:
    place = data_folder(dataset, folder)
    files = [RemoteFile(*file, mirrors) for file in zip(NAMES, sums, strict=True)]
    paths = [fetch(file, place) for file in files]
    train, test = _pair(*paths[:2]), _pair(*paths[2:])
    return Split(*map(made, (*train, *test)))


def _pair(images_path: Path, labels_path: Path) -> tuple[np.ndarray, np.ndarray]:
    images, labels = read_idx(images_path), read_idx(labels_path)
    if images.ndim != 3 or labels.shape != images.shape[:1]:
        raise ValueError(
            f"{images_path.name} and {labels_path.name} do not belong together: they hold arrays "
            f"of shapes {images.shape} and {labels.shape}"
        )
    return images[:, None].astype(np.float32) / np.float32(255), labels.astype(np.int64)
