"""Data sets that come with the package; nothing here needs a network."""

from coursepkg.datasets.digits import Split, load_digits

__all__ = ["Split", "load_digits"]
