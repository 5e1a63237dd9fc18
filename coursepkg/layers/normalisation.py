"""Normalisation layers."""

import numpy as np

from coursepkg import functional as F
from coursepkg.backend import Array, made
from coursepkg.functional.norm import BatchNormInferenceCache
from coursepkg.layers.base import Layer, Parameter


class BatchNorm(Layer):
    """Features with mean 0 and variance 1 over the batch, see `coursepkg.functional.batch_norm`.

    For (N, C) and for images (N, C, H, W). In training the batch's own statistics are used, and
    running averages of them kept: ``running = (1 - momentum) * running + momentum * batch``.
    Evaluation uses the averages, so that a sample's answer does not depend on its neighbours.

    Parameters
    ----------
    features : C
    eps : keeps the quotient finite
    momentum : weight of the NEW batch in the averages, as in PyTorch (CS231n gives it to the old)
    """

    buffers = ("running_mean", "running_var")

    def __init__(self, features: int, eps: float = 1e-5, momentum: float = 0.1):
        self.gamma, self.beta = Parameter(np.ones(features)), Parameter(np.zeros(features))
        self.running_mean: Array = made(np.zeros(features))
        self.running_var: Array = made(np.ones(features))
        self.eps, self.momentum = eps, momentum

    def forward(self, x: Array) -> Array:
        gamma, beta = self.gamma.data, self.beta.data
        if not self.training:
            averages = self.running_mean, self.running_var
            out, self._cache = F.batch_norm_inference(x, gamma, beta, *averages, self.eps)
            return out
        out, self._cache = F.batch_norm(x, gamma, beta, self.eps)
        n = out.size // max(out.shape[1], 1)
        unbiased = self._cache.var * (n / max(n - 1, 1))
        self.running_mean = self._averaged(self.running_mean, self._cache.mean)
        self.running_var = self._averaged(self.running_var, unbiased)
        return out

    def backward(self, dout: Array) -> Array:
        cache = self._last_cache()
        inference = isinstance(cache, BatchNormInferenceCache)
        backward = F.batch_norm_inference_backward if inference else F.batch_norm_backward
        dx, self.gamma.grad, self.beta.grad = backward(dout, cache)
        return dx

    def _averaged(self, running: Array, batch: Array) -> Array:
        return (1 - self.momentum) * running + self.momentum * batch


class LayerNorm(Layer):
    """Every sample with mean 0 and variance 1, see `coursepkg.functional.layer_norm`.

    Parameters
    ----------
    shape : the trailing axes to normalise over; one number for one axis
    """

    def __init__(self, shape: int | tuple[int, ...], eps: float = 1e-5):
        self.gamma, self.beta = Parameter(np.ones(shape)), Parameter(np.zeros(shape))
        self.eps = eps

    def forward(self, x: Array) -> Array:
        out, self._cache = F.layer_norm(x, self.gamma.data, self.beta.data, self.eps)
        return out

    def backward(self, dout: Array) -> Array:
        dx, self.gamma.grad, self.beta.grad = F.layer_norm_backward(dout, self._last_cache())
        return dx
