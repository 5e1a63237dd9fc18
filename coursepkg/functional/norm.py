"""Batch and layer normalisation: entries get mean 0 and variance 1, then a learned scale.

Both are one calculation over different axes: batch norm looks down a feature, over the samples;
layer norm looks along a sample, over its features.
"""

from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect


class BatchNormCache(NamedTuple):
    """`mean` and `var` (biased) are those of the batch, of shape (C,)."""

    xhat: Array
    inv_std: Array
    gamma: Array
    mean: Array
    var: Array


class BatchNormInferenceCache(NamedTuple):
    xhat: Array
    inv_std: Array
    gamma: Array


class LayerNormCache(NamedTuple):
    xhat: Array
    inv_std: Array
    gamma: Array


class NormGrads(NamedTuple):
    dx: Array
    dgamma: Array
    dbeta: Array


def batch_norm(
    x: Array, gamma: Array, beta: Array, eps: float = 1e-5
) -> tuple[Array, BatchNormCache]:
    """Compute ``out = gamma * (x - mean) / sqrt(var + eps) + beta`` with the batch's statistics.

    Mean and (biased) variance are taken of every feature, over the batch and, for images, over
    all places (Ioffe and Szegedy, 2015).

    Parameters
    ----------
    x : array (N, C) or (N, C, H, W)
    gamma, beta : arrays (C,)
    eps : keeps the quotient finite where a feature does not vary

    Returns
    -------
    out : array with the shape of x
    cache : BatchNormCache
        With the statistics `mean` and `var`, for the running averages of a layer.

    Raises
    ------
    ValueError
        If shapes do not fit, eps is negative, or there is nothing to take a mean of.

    Examples
    --------
    >>> out, cache = batch_norm([[1.0], [2.0], [3.0], [4.0]], [1.0], [0.0], eps=0.0)
    >>> out[:, 0].round(4)
    array([-1.3416, -0.4472,  0.4472,  1.3416])
    >>> cache.var
    array([1.25])
    """
    x, gamma, beta = _checked(x, gamma, beta)
    if 0 in x.shape:
        raise ValueError(f"there is nothing to take a mean of in x of shape {x.shape}")
    axes = _all_but_features(x)
    xhat, inv_std, mean, var = _standardize(x, axes, eps)
    out = _along_features(gamma, x) * xhat + _along_features(beta, x)
    xp = namespace(x)
    flat = (x.shape[1],)
    cache = BatchNormCache(xhat, inv_std, gamma, xp.reshape(mean, flat), xp.reshape(var, flat))
    return out, cache


def batch_norm_backward(dout: Array, cache: BatchNormCache) -> NormGrads:
    """Send a gradient back through the normalisation, its mean and its variance.

    ``dx = gamma / std * (dout - mean(dout) - xhat * mean(dout * xhat))``: every entry moved the
    mean and the variance of all the others, so its gradient loses what the batch shares.

    Examples
    --------
    >>> import numpy as np
    >>> _, cache = batch_norm([[1.0], [2.0], [4.0]], [1.0], [0.0])
    >>> dx = batch_norm_backward(np.array([[5.0], [5.0], [5.0]]), cache).dx
    >>> bool(np.abs(dx).max() < 1e-12)
    True
    """
    xhat, inv_std, gamma, *_ = cache
    expect.same_shape(dout, xhat.shape)
    dgamma, dbeta = _scale_grads(dout, xhat, _all_but_features(xhat))
    m = expect.size_of(xhat) // gamma.shape[0]  # entries of one feature
    shared, along = _along_features(dbeta / m, xhat), _along_features(dgamma / m, xhat)
    scale = _along_features(gamma, xhat) * inv_std
    return NormGrads(_standardize_backward(dout, xhat, scale, shared, along), dgamma, dbeta)


def batch_norm_inference(
    x: Array, gamma: Array, beta: Array, mean: Array, var: Array, eps: float = 1e-5
) -> tuple[Array, BatchNormInferenceCache]:
    """Compute ``out = gamma * (x - mean) / sqrt(var + eps) + beta`` with statistics that are given.

    What a trained network does: the answer for a sample does not depend on its neighbours.

    Parameters
    ----------
    x : array (N, C) or (N, C, H, W)
    gamma, beta, mean, var : arrays (C,)

    Raises
    ------
    ValueError
        If shapes do not fit, or eps or a variance is negative.

    Examples
    --------
    >>> batch_norm_inference([[3.0]], [2.0], [10.0], [1.0], [4.0], eps=0.0)[0]
    array([[12.]])
    """
    x, gamma, beta = _checked(x, gamma, beta)
    xp = namespace(x)
    mean = xp.asarray(as_float(mean, "mean"), dtype=x.dtype)
    var = xp.asarray(as_float(var, "var"), dtype=x.dtype)
    if mean.shape != gamma.shape or var.shape != gamma.shape:
        raise ValueError(
            f"mean and var must have the shape {gamma.shape} of gamma, "
            f"got {mean.shape} and {var.shape}"
        )
    if not xp.all(var >= 0):
        raise ValueError(f"var must not be negative, got values down to {xp.min(var)}")
    inv_std = _along_features(1 / xp.sqrt(var + _checked_eps(eps)), x)
    xhat = (x - _along_features(mean, x)) * inv_std
    out = _along_features(gamma, x) * xhat + _along_features(beta, x)
    return out, BatchNormInferenceCache(xhat, inv_std, gamma)


def batch_norm_inference_backward(dout: Array, cache: BatchNormInferenceCache) -> NormGrads:
    """Return ``dx = dout * gamma / sqrt(var + eps)``: here mean and variance are constants.

    Examples
    --------
    >>> import numpy as np
    >>> _, cache = batch_norm_inference([[3.0]], [2.0], [10.0], [1.0], [4.0], eps=0.0)
    >>> batch_norm_inference_backward(np.array([[1.0]]), cache).dx
    array([[1.]])
    """
    xhat, inv_std, gamma = cache
    expect.same_shape(dout, xhat.shape)
    dx = dout * _along_features(gamma, xhat) * inv_std
    return NormGrads(dx, *_scale_grads(dout, xhat, _all_but_features(xhat)))


def layer_norm(
    x: Array, gamma: Array, beta: Array, eps: float = 1e-5
) -> tuple[Array, LayerNormCache]:
    """Compute ``out = gamma * (x - mean) / sqrt(var + eps) + beta``, each sample by itself.

    Mean and (biased) variance are taken over the trailing axes that `gamma` has (Ba et al., 2016).

    Parameters
    ----------
    x : array (..., d1, ..., dk)
    gamma, beta : arrays (d1, ..., dk)

    Raises
    ------
    ValueError
        If these are not the trailing axes of x, or eps is negative.

    Examples
    --------
    >>> layer_norm([[1.0, 3.0]], [1.0, 1.0], [0.0, 0.0], eps=0.0)[0]
    array([[-1.,  1.]])
    """
    x, gamma, beta = as_float(x, "x"), as_float(gamma, "gamma"), as_float(beta, "beta")
    k = gamma.ndim
    if k == 0 or x.shape[-k:] != gamma.shape or beta.shape != gamma.shape or 0 in gamma.shape:
        raise ValueError(
            "gamma and beta must have the shape of the trailing axes of x that are normalised, "
            f"got {gamma.shape} and {beta.shape} for x {x.shape}"
        )
    xhat, inv_std, _, _ = _standardize(x, tuple(range(-k, 0)), eps)
    return gamma * xhat + beta, LayerNormCache(xhat, inv_std, gamma)


def layer_norm_backward(dout: Array, cache: LayerNormCache) -> NormGrads:
    """Send a gradient back as `batch_norm_backward` does, over the axes of a sample.

    Examples
    --------
    >>> import numpy as np
    >>> _, cache = layer_norm([[1.0, 3.0]], [1.0, 1.0], [0.0, 0.0])
    >>> layer_norm_backward(np.array([[2.0, 2.0]]), cache).dx
    array([[0., 0.]])
    """
    xhat, inv_std, gamma = cache
    expect.same_shape(dout, xhat.shape)
    xp, k = namespace(xhat), gamma.ndim
    axes, dxhat = tuple(range(-k, 0)), dout * gamma
    shared = xp.mean(dxhat, axis=axes, keepdims=True)
    along = xp.mean(dxhat * xhat, axis=axes, keepdims=True)
    dx = _standardize_backward(dxhat, xhat, inv_std, shared, along)
    return NormGrads(dx, *_scale_grads(dout, xhat, tuple(range(xhat.ndim - k))))


def _standardize(x: Array, axes: tuple[int, ...], eps: float) -> tuple[Array, Array, Array, Array]:
    xp = namespace(x)
    mean = xp.mean(x, axis=axes, keepdims=True)
    centred = x - mean
    var = xp.mean(centred * centred, axis=axes, keepdims=True)
    inv_std = 1 / xp.sqrt(var + _checked_eps(eps))
    return centred * inv_std, inv_std, mean, var


def _standardize_backward(
    d: Array, xhat: Array, scale: Array, shared: Array, along: Array
) -> Array:
    """What is left of `d` without its means, `shared` of d itself and `along` of d * xhat."""
    return scale * (d - shared - xhat * along)


def _scale_grads(dout: Array, xhat: Array, axes: tuple[int, ...]) -> tuple[Array, Array]:
    """dgamma and dbeta: both were copied along `axes`, so their gradients add there."""
    xp = namespace(xhat)
    return xp.sum(dout * xhat, axis=axes), xp.sum(dout, axis=axes)


def _checked(x: Array, gamma: Array, beta: Array) -> tuple[Array, Array, Array]:
    x, gamma, beta = as_float(x, "x"), as_float(gamma, "gamma"), as_float(beta, "beta")
    if x.ndim < 2:
        raise ValueError(f"x must have shape (N, C) or (N, C, H, W), got {x.shape}")
    if gamma.shape != (x.shape[1],) or beta.shape != gamma.shape:
        raise ValueError(
            f"gamma and beta must have shape (C,) = ({x.shape[1]},), "
            f"got {gamma.shape} and {beta.shape}"
        )
    return x, gamma, beta


def _checked_eps(eps: float) -> float:
    eps = expect.number(eps, "eps")
    if eps < 0:
        raise ValueError(f"eps must not be negative, got {eps}")
    return eps


def _all_but_features(x: Array) -> tuple[int, ...]:
    return (0, *range(2, x.ndim))


def _along_features(values: Array, x: Array) -> Array:
    """One value a feature, shaped so that it meets axis 1 of `x`."""
    return namespace(x).reshape(values, (1, x.shape[1]) + (1,) * (x.ndim - 2))
