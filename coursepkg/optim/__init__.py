"""Optimizers: pure update rules, classes that apply them to parameters, and schedules."""

from coursepkg.optim.optimizers import SGD, AdaGrad, Adam, AdamW, Optimizer, RMSProp
from coursepkg.optim.rules import (
    AdaGradState,
    AdamState,
    MomentumState,
    RMSPropState,
    adagrad,
    adam,
    adamw,
    momentum,
    nesterov,
    rmsprop,
    sgd,
)
from coursepkg.optim.schedules import Schedule, constant, cosine_decay, step_decay, warmup

__all__ = [
    "SGD",
    "AdaGrad",
    "AdaGradState",
    "Adam",
    "AdamState",
    "AdamW",
    "MomentumState",
    "Optimizer",
    "RMSProp",
    "RMSPropState",
    "Schedule",
    "adagrad",
    "adam",
    "adamw",
    "constant",
    "cosine_decay",
    "momentum",
    "nesterov",
    "rmsprop",
    "sgd",
    "step_decay",
    "warmup",
]
