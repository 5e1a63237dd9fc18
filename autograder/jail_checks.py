"""Stands in for `coursepkg.checks` inside the jail, where the real one would give answers away."""


def check(question: str) -> None:
    """Do nothing: the visible checks run outside, with the hidden ones."""


def grade(question: str, points: float) -> float:
    """Give nothing: points are counted outside."""
    return 0.0
