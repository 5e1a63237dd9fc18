"""Assignment 7, optimizers: the update rules of `coursepkg.optim`, with states of plain data."""

import numpy as np

from coursepkg import optim
from coursepkg.checks.question import Question
from coursepkg.checks.update_rules import Rule, trials


def _share(rng: np.random.Generator) -> float:
    return float(rng.uniform(0.5, 0.95))


def _eps(rng: np.random.Generator) -> float:
    return float(10 ** rng.uniform(-4, -2))


SGD = Rule(
    "sgd",
    optim.sgd,
    parts=(),
    usual=(),
    options=lambda rng: (),
    first_step=2.0,
    first_step_in_words="minus the gradient, times lr",
)
MOMENTUM = Rule(
    "momentum",
    optim.momentum,
    parts=("v",),
    usual=(0.9,),
    options=lambda rng: (_share(rng),),
    first_step=2.0,
    first_step_in_words="v starts as the gradient itself: it is a sum, not a mean",
)
NESTEROV = Rule(
    "nesterov",
    optim.nesterov,
    parts=("v",),
    usual=(0.9,),
    options=lambda rng: (_share(rng),),
    first_step=3.8,
    first_step_in_words="dw + 0.9 v, where v is dw by then",
)
ADAGRAD = Rule(
    "adagrad",
    optim.adagrad,
    parts=("s",),
    usual=(1e-8,),
    options=lambda rng: (_eps(rng),),
    first_step=1.0,
    first_step_in_words="the gradient over the root of its own square",
)
RMSPROP = Rule(
    "rmsprop",
    optim.rmsprop,
    parts=("s",),
    usual=(0.9, 1e-8),
    options=lambda rng: (_share(rng), _eps(rng)),
    first_step=0.1**-0.5,
    first_step_in_words="s is a tenth of the squared gradient by then",
)
ADAM = Rule(
    "adam",
    optim.adam,
    parts=("m", "v", "t"),
    usual=((0.9, 0.999), 1e-8),
    options=lambda rng: ((_share(rng), float(rng.uniform(0.9, 0.999))), _eps(rng)),
    first_step=1.0,
    first_step_in_words="after the correction both means are those of one gradient",
)
QUESTIONS = tuple(
    Question(f"A7.{rule.name}", trials(rule), section, operation=rule.name)
    for rule, section in (
        (SGD, "section 8.1, signs first"),
        (MOMENTUM, "section 8.2, momentum"),
        (NESTEROV, "section 8.3, Nesterov's momentum"),
        (ADAGRAD, "section 8.4, AdaGrad and RMSProp"),
        (RMSPROP, "section 8.4, AdaGrad and RMSProp"),
        (ADAM, "section 8.5, Adam"),
    )
)
