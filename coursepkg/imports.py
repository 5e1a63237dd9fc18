"""What makes a program that reads notebooks start in half a second instead of four."""

import sys


def skip_address_grammar() -> None:
    """Keep `jsonschema` from compiling a grammar of web addresses when it is imported.

    It does so, for seconds, wherever the package `rfc3987_syntax` is installed, as it is with
    Jupyter; without it the formats "iri" and "iri-reference" are not checked, and no notebook has
    them. Call this before anything imports `nbformat`.

    Examples
    --------
    >>> skip_address_grammar()
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # "not installed"
