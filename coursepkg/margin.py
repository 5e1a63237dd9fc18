"""The widest gap between two classes, found exactly.

Turn every sample of class -1 around, ``z_n = y_n x_n``. A plane through the origin with normal u,
of length 1, leaves every sample on its right side by at least ``min_n u @ z_n``. The u for which
that is largest points to the place of the convex hull of the z_n that is nearest to the origin,
and the distance of that place is the margin. If the origin lies in the hull, no plane separates.
"""

import numpy as np


def widest_margin(
    x: np.ndarray, y: np.ndarray, tolerance: float = 1e-10
) -> tuple[np.ndarray, float]:
    """Return the plane that separates two classes with the widest margin, and that margin.

    Parameters
    ----------
    x : array (N, D), with a column of ones if the plane need not pass through the origin
    y : array (N,) of -1 and +1
    tolerance : what counts as zero, as a share of the longest sample

    Returns
    -------
    w : array (D,) of length 1, or of zeros where no plane separates the classes
    margin : distance of the nearest sample from the plane; 0 where there is none

    Examples
    --------
    >>> w, margin = widest_margin(np.array([[2.0, 1], [1, 2], [-1, -1], [-2, -1]]), [1, 1, -1, -1])
    >>> w.round(4), round(margin**2, 12)
    (array([0.7071, 0.7071]), 2.0)
    """
    z = np.asarray(y, dtype=float)[:, None] * np.asarray(x, dtype=float)
    nearest = nearest_of_hull(z, tolerance)
    margin = float(np.linalg.norm(nearest))
    if margin <= tolerance * float(np.linalg.norm(z, axis=1).max()):
        return np.zeros(z.shape[1]), 0.0
    return nearest / margin, margin


def nearest_of_hull(z: np.ndarray, tolerance: float = 1e-10) -> np.ndarray:
    """Return the point of the convex hull of the rows of z that is nearest to the origin.

    The method is that of P. Wolfe (Finding the nearest point in a polytope, 1976): keep a few
    rows that span a face, go to its nearest point, add the row that lies furthest below.

    Examples
    --------
    >>> nearest_of_hull(np.array([[1.0, -1.0], [1.0, 2.0]]))
    array([1., 0.])
    """
    small = tolerance * float(np.square(z).sum(axis=1).max())
    face = [int(np.square(z).sum(axis=1).argmin())]
    shares, point = np.ones(1), z[face[0]]
    while True:
        lowest = int((z @ point).argmin())
        if z[lowest] @ point >= point @ point - small or lowest in face:
            return point
        face, shares = [*face, lowest], np.append(shares, 0.0)
        face, shares = _settle(z, face, shares)
        point = shares @ z[face]


def _settle(z: np.ndarray, face: list[int], shares: np.ndarray) -> tuple[list[int], np.ndarray]:
    """Walk to the nearest point of the face, leaving out rows whose share would turn negative."""
    while True:
        aim = _affine_shares(z[face])
        if (aim > 1e-12).all():
            return face, aim
        shrinking = np.flatnonzero(aim <= 1e-12)
        reach = shares[shrinking] / np.maximum(shares[shrinking] - aim[shrinking], 1e-300)
        shares = shares + min(1.0, float(reach.min())) * (aim - shares)
        shares[shrinking[reach.argmin()]] = 0.0
        face = [row for row, share in zip(face, shares, strict=True) if share > 1e-12]
        shares = shares[shares > 1e-12]


def _affine_shares(z: np.ndarray) -> np.ndarray:
    """Shares a, adding up to 1, for which ``a @ z`` is shortest; they may be negative."""
    n = len(z)
    system = np.ones((n + 1, n + 1))
    system[0, 0], system[1:, 1:] = 0.0, z @ z.T
    right = np.zeros(n + 1)
    right[0] = 1.0
    return np.linalg.lstsq(system, right, rcond=None)[0][1:]
