"""Where in the book the checks send a student, as an address."""

from __future__ import annotations

import re
from typing import NamedTuple

SENT = re.compile(r"^  book +section (\d+)\.(\d+), (.+)$", re.MULTILINE)
CHAPTERS = (
    "01-perceptron",
    "02-losses",
    "03-gradients",
    "04-networks",
    "05-backprop-graph",
    "06-backprop-matrices",
    "07-training",
    "08-optimisers",
    "09-convolution",
    "10-conv-backward",
    "11-cnns",
    "12-autodiff",
)


class Link(NamedTuple):
    """A section of the book: what it is called, and its address."""

    title: str
    address: str


def next_step(message: str, book: str) -> Link | None:
    """The section that a message names, in the book at that address; None without one of them.

    Examples
    --------
    >>> link = next_step("  book         section 6.4, the linear layer", "https://example.org")
    >>> link.address
    'https://example.org/chapters/06-backprop-matrices.html#sec-6-4'
    """
    sent = SENT.search(message)
    if sent is None or not book or not 1 <= int(sent[1]) <= len(CHAPTERS):
        return None
    page = f"{book.rstrip('/')}/chapters/{CHAPTERS[int(sent[1]) - 1]}.html"
    return Link(f"{sent[1]}.{sent[2]}, {sent[3]}", f"{page}#sec-{sent[1]}-{sent[2]}")
