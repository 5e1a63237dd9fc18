"""Matrices that a reader or a program hands to a widget."""

from typing import Any

import numpy as np
import traitlets


def require_matrix(given: Any, name: str, shape: tuple[int, ...]) -> list[Any]:
    """Return `given` as nested lists, if it holds finite numbers of this shape.

    Raises
    ------
    traitlets.TraitError
        If it does not; `name` says what was asked for.

    Examples
    --------
    >>> require_matrix(np.array([[1, 2]]), "dout", (1, 2))
    [[1, 2]]
    >>> require_matrix([[1, 2]], "dout", (2, 1))
    Traceback (most recent call last):
    ...
    traitlets.traitlets.TraitError: dout must hold (2, 1) finite numbers, got (1, 2)
    """
    try:
        found = np.asarray(given, dtype=float)
    except (TypeError, ValueError) as error:
        raise traitlets.TraitError(f"{name} is rows of numbers; {error}") from None
    if found.shape != shape or not np.isfinite(found).all():
        raise traitlets.TraitError(f"{name} must hold {shape} finite numbers, got {found.shape}")
    return given if isinstance(given, list) else np.asarray(given).tolist()
