"""Code as it is compared: without what a copyist changes first."""

from __future__ import annotations

from pygments.lexers import PythonLexer
from pygments.token import Comment, Name, String, Text

Range = tuple[int, int]


def normalised(text: str) -> tuple[str, list[Range]]:
    """Python code without what a copyist changes first, and where each character comes from.

    Examples
    --------
    >>> normalised("total = np.sum(x)  # all")[0], normalised("s=xp.sum( values )")[0]
    ('v=v.sum(v)', 'v=v.sum(v)')
    """
    kept: list[str] = []
    places: list[Range] = []
    for start, kind, value in PythonLexer().get_tokens_unprocessed(text):
        if kind in Comment or kind in Text or kind in String.Doc:
            continue
        is_name = kind in Name and kept[-1:] != ["."]
        word = "v" if is_name else "s" if kind in String else value
        kept.append(word)
        places += [(start, start + len(value))] * len(word)
    return "".join(kept), places
