"""First weights, and batches."""

import numpy as np

from coursepkg.mistakes.registry import mistake


@mistake(
    "TR1",
    of="minibatches",
    symptom="The last, smaller batch is dropped: some samples are not seen in this epoch.",
    question="How many of ten samples does an epoch see, if a batch has four?",
    section="3.7",
    affects=("rows",),
    hidden_when="The batch size divides the number of samples.",
)
def last_batch_dropped(n, batch_size, rng):
    order = rng.permutation(n)
    for start in range(0, n - batch_size + 1, batch_size):
        yield order[start : start + batch_size]


@mistake(
    "TR2",
    of="minibatches",
    symptom="Nothing is shuffled: every epoch has the same batches in the same order.",
    question="If the data are sorted by class, what is in your first batch?",
    section="3.7",
    affects=("rows",),
    hidden_when="The data are in random order already, and there is one epoch.",
)
def not_shuffled(n, batch_size, rng):
    for start in range(0, n, batch_size):
        yield np.arange(start, min(start + batch_size, n))


@mistake(
    "TR3",
    of="minibatches",
    symptom="Samples are drawn with replacement: some come twice, others not at all.",
    question="How often does each sample come in one epoch?",
    section="3.7",
    affects=("rows",),
)
def drawn_with_replacement(n, batch_size, rng):
    order = rng.integers(0, n, size=n)
    for start in range(0, n, batch_size):
        yield order[start : start + batch_size]


@mistake(
    "TR4",
    of="minibatches",
    symptom="Every batch has one sample too many, which the next one sees again.",
    question="How many entries has a[0:4], and which of them has a[4:8] too?",
    section="3.7",
    affects=("rows",),
    hidden_when="All samples are in one batch.",
)
def batches_overlap(n, batch_size, rng):
    order = rng.permutation(n)
    for start in range(0, n, batch_size):
        yield order[start : start + batch_size + 1]


@mistake(
    "IN1",
    of="he_normal",
    symptom="The 2 is missing, so that a ReLU halves the signal at every layer.",
    question="What share of the signal passes a ReLU?",
    section="7.2",
    affects=("w",),
)
def two_of_he_forgotten(shape, fan_in, fan_out, rng=None):
    return np.random.default_rng(rng).standard_normal(shape) / np.sqrt(fan_in)


@mistake(
    "IN2",
    of="he_normal",
    symptom="The weights have the size 0.01, whatever the number of inputs: signals die out.",
    question="How large is a sum of fan_in such products?",
    section="7.2",
    affects=("w",),
    hidden_when="There are 20,000 inputs.",
)
def one_percent(shape, fan_in, fan_out, rng=None):
    return 0.01 * np.random.default_rng(rng).standard_normal(shape)


@mistake(
    "IN3",
    of="he_normal",
    symptom="The variance is used as the standard deviation.",
    question="If the variance is 2 / fan_in, what is the standard deviation?",
    section="7.2",
    affects=("w",),
    hidden_when="There are two inputs.",
)
def variance_as_deviation(shape, fan_in, fan_out, rng=None):
    return np.random.default_rng(rng).standard_normal(shape) * 2 / fan_in


@mistake(
    "IN4",
    of="he_normal",
    symptom="The outputs are counted instead of the inputs.",
    question="How many products are added up in one output?",
    section="7.2",
    affects=("w",),
    hidden_when="The layer has as many outputs as inputs.",
)
def counts_the_outputs(shape, fan_in, fan_out, rng=None):
    return np.random.default_rng(rng).standard_normal(shape) * np.sqrt(2 / fan_out)


@mistake(
    "IN5",
    of="xavier_normal",
    symptom="Only the inputs are counted, as He's rule does.",
    question="Which two numbers does this rule strike a balance between?",
    section="7.2",
    affects=("w",),
)
def only_the_inputs(shape, fan_in, fan_out, rng=None):
    return np.random.default_rng(rng).standard_normal(shape) * np.sqrt(2 / fan_in)
