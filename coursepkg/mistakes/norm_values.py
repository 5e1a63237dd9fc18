"""Normalisation on the way forward, the averages kept for later, and layer norm."""

import numpy as np

from coursepkg import functional as F
from coursepkg.functional.norm import NormGrads
from coursepkg.mistakes.registry import mistake


@mistake(
    "BN12",
    of="batch_norm",
    symptom="The variance is divided by N - 1, and the outputs are too small.",
    question="What is the mean of the squares of a column of xhat, and what should it be?",
    section="7.6",
    affects=("out",),
    hidden_when="The batch is large.",
)
def unbiased_variance(x, gamma, beta, eps=1e-5):
    xhat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=1) + eps)
    return gamma * xhat + beta, F.batch_norm(x, gamma, beta, eps)[1]


@mistake(
    "BN13",
    of="batch_norm",
    symptom="Each sample is normalised over its features, as in layer norm.",
    question="Along which axis of x should the means be 0 afterwards?",
    section="7.6",
    affects=("out",),
)
def each_sample_alone(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    out = gamma * (x - mean) / np.sqrt(var + eps) + beta
    return out, F.batch_norm(x, gamma, beta, eps)[1]


@mistake(
    "BN14",
    of="batch_norm",
    symptom="The centred x is divided by the variance instead of its root.",
    question="If x is measured in metres, in what is xhat measured?",
    section="7.6",
    affects=("out",),
    hidden_when="Every feature has variance 1.",
)
def root_forgotten(x, gamma, beta, eps=1e-5):
    xhat = (x - x.mean(axis=0)) / (x.var(axis=0) + eps)
    return gamma * xhat + beta, F.batch_norm(x, gamma, beta, eps)[1]


@mistake(
    "BN18",
    of="batch_norm",
    symptom="One mean and one variance are taken for the whole batch: an axis is missing.",
    question="How many means does a batch with C features have?",
    section="7.6",
    affects=("out",),
    hidden_when="There is one feature.",
)
def one_mean_for_all(x, gamma, beta, eps=1e-5):
    xhat = (x - x.mean()) / np.sqrt(x.var() + eps)
    return gamma * xhat + beta, F.batch_norm(x, gamma, beta, eps)[1]


@mistake(
    "BN11",
    of="batch_norm_inference",
    symptom="The statistics of the batch are used: the answer for a sample depends on the others.",
    question="What is your answer to a batch of one sample?",
    section="7.6",
    affects=("out",),
    hidden_when="The batch has the mean and the variance that were kept.",
)
def statistics_of_the_batch(x, gamma, beta, mean, var, eps=1e-5):
    xhat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return gamma * xhat + beta, F.batch_norm_inference(x, gamma, beta, mean, var, eps)[1]


@mistake(
    "BN10",
    of="running_average",
    symptom="Old and new have changed places: the average forgets nearly all at every step.",
    question="Does momentum weigh the average so far here, or the new batch?",
    section="7.6",
    affects=("average",),
    hidden_when="momentum is 1/2.",
)
def momentum_swapped(average, new, momentum=0.1):
    return momentum * average + (1 - momentum) * new


@mistake(
    "BN19",
    of="running_average",
    symptom="The average is replaced by the last batch.",
    question="After a hundred batches, how many of them does your average remember?",
    section="7.6",
    affects=("average",),
    hidden_when="momentum is 1.",
)
def no_average(average, new, momentum=0.1):
    return new


@mistake(
    "LN4",
    of="layer_norm",
    symptom="The means are taken down the batch, as in batch norm.",
    question="Should the answer for a sample depend on the other samples?",
    section="7.6",
    affects=("out",),
)
def over_the_batch(x, gamma, beta, eps=1e-5):
    xhat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return gamma * xhat + beta, F.layer_norm(x, gamma, beta, eps)[1]


@mistake(
    "LN1",
    of="layer_norm_backward",
    symptom="dx is taken down the batch, as in batch norm: its rows do not add up to 0.",
    question="Over which axis was this mean taken on the way forward?",
    section="7.6",
    affects=("dx",),
)
def along_the_batch(dout, cache):
    xhat, dxhat = cache.xhat, dout * cache.gamma
    dx = cache.inv_std * (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0))
    return F.layer_norm_backward(dout, cache)._replace(dx=dx)


@mistake(
    "LN2",
    of="layer_norm_backward",
    symptom="gamma stands before the means instead of inside them.",
    question="gamma differs from feature to feature: may it be taken out of a mean over them?",
    section="7.6",
    affects=("dx",),
    hidden_when="gamma is the same for all features.",
)
def gamma_outside(dout, cache):
    xhat = cache.xhat
    shared = dout.mean(axis=-1, keepdims=True)
    along = (dout * xhat).mean(axis=-1, keepdims=True)
    dx = cache.gamma * cache.inv_std * (dout - shared - xhat * along)
    return F.layer_norm_backward(dout, cache)._replace(dx=dx)


@mistake(
    "LN3",
    of="layer_norm_backward",
    symptom="dgamma and dbeta are summed over the features: one number a sample.",
    question="Which axis does gamma not have, so that it was copied along it?",
    section="7.6",
    affects=("dgamma", "dbeta"),
)
def summed_over_the_features(dout, cache):
    dx, _, _ = F.layer_norm_backward(dout, cache)
    return NormGrads(dx, (dout * cache.xhat).sum(axis=-1), dout.sum(axis=-1))
