"""Layers: they hold parameters, call the functional pairs and keep the cache in between."""

from coursepkg.layers.activations import ELU, Dropout, Flatten, LeakyReLU, ReLU, Sigmoid, Tanh
from coursepkg.layers.base import Layer, Parameter
from coursepkg.layers.normalisation import BatchNorm, LayerNorm
from coursepkg.layers.pooling import AvgPool2d, FeatureLpPool, LpPool2d, MaxPool2d
from coursepkg.layers.weighted import Conv2d, Linear, LocallyConnected2d, Maxout

__all__ = [
    "ELU",
    "AvgPool2d",
    "BatchNorm",
    "Conv2d",
    "Dropout",
    "FeatureLpPool",
    "Flatten",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LocallyConnected2d",
    "LpPool2d",
    "MaxPool2d",
    "Maxout",
    "Parameter",
    "ReLU",
    "Sigmoid",
    "Tanh",
]
