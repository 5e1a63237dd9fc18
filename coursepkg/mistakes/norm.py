"""Normalisation: every entry moved the mean and the variance of all the others."""

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes.registry import mistake


@mistake(
    "BN1",
    of="batch_norm_backward",
    symptom="Mean and variance are taken as constants: the columns of dx do not add up to 0.",
    question="If one entry of the batch grows, do the mean and the variance stay what they were?",
    section="7.6",
    affects=("dx",),
)
def statistics_as_constants(dout, cache):
    dx = dout * cache.gamma * cache.inv_std
    return F.batch_norm_backward(dout, cache)._replace(dx=dx)


@mistake(
    "BN2",
    of="batch_norm_backward",
    symptom="The path through the variance is missing: dx still has a part along xhat.",
    question="On how many paths does x reach the output, and which of them have you walked back?",
    section="7.6",
    affects=("dx",),
)
def no_path_through_the_variance(dout, cache):
    dxhat = dout * cache.gamma
    dx = cache.inv_std * (dxhat - dxhat.mean(axis=0))
    return F.batch_norm_backward(dout, cache)._replace(dx=dx)


@mistake(
    "BN3",
    of="batch_norm_backward",
    symptom="The path through the mean is missing: the columns of dx do not add up to 0.",
    question="If all entries of a column grow alike, does the output change?",
    section="7.6",
    affects=("dx",),
)
def no_path_through_the_mean(dout, cache):
    xhat, dxhat = cache.xhat, dout * cache.gamma
    dx = cache.inv_std * (dxhat - xhat * (dxhat * xhat).mean(axis=0))
    return F.batch_norm_backward(dout, cache)._replace(dx=dx)


@mistake(
    "BN4",
    of="batch_norm_backward",
    symptom="The variance is differentiated as if it were divided by N - 1.",
    question="By which number did the forward pass divide the sum of squares?",
    section="7.6",
    affects=("dx",),
    hidden_when="The batch is large.",
)
def variance_with_n_minus_one(dout, cache):
    xhat, dxhat = cache.xhat, dout * cache.gamma
    along = (dxhat * xhat).sum(axis=0) / (len(xhat) - 1)
    dx = cache.inv_std * (dxhat - dxhat.mean(axis=0) - xhat * along)
    return F.batch_norm_backward(dout, cache)._replace(dx=dx)


@mistake(
    "BN5",
    of="batch_norm_backward",
    symptom="dgamma is one number, the sum over all features.",
    question="How many gammas are there, and how many numbers has your dgamma?",
    section="7.6",
    affects=("dgamma",),
)
def dgamma_is_one_number(dout, cache):
    dgamma = np.sum(dout * cache.xhat)
    return F.batch_norm_backward(dout, cache)._replace(dgamma=dgamma)


@mistake(
    "BN6",
    of="batch_norm_backward",
    symptom="dgamma is computed from x instead of the normalised x.",
    question="What is gamma multiplied by on the way forward?",
    section="7.6",
    affects=("dgamma",),
    hidden_when="x has mean 0 and variance 1 already.",
)
def dgamma_of_x(dout, cache):
    x = cache.xhat / cache.inv_std + cache.mean
    dgamma = np.sum(dout * x, axis=0)
    return F.batch_norm_backward(dout, cache)._replace(dgamma=dgamma)


@mistake(
    "BN7",
    of="batch_norm_backward",
    symptom="dgamma and dbeta have the right numbers in the shape (1, C).",
    question="Is an array of shape (1, C) the same as one of shape (C,)?",
    section="7.6",
    affects=("dgamma", "dbeta"),
)
def scales_keep_their_axis(dout, cache):
    dgamma = np.sum(dout * cache.xhat, axis=0, keepdims=True)
    dbeta = np.sum(dout, axis=0, keepdims=True)
    return F.batch_norm_backward(dout, cache)._replace(dgamma=dgamma, dbeta=dbeta)


@mistake(
    "BN8",
    of="batch_norm_backward",
    symptom="The mean of all features is subtracted from each: an axis is missing.",
    question="Do the features of a batch have anything to do with one another here?",
    section="7.6",
    affects=("dx",),
    hidden_when="There is one feature.",
)
def mean_over_everything(dout, cache):
    xhat, dxhat = cache.xhat, dout * cache.gamma
    dx = cache.inv_std * (dxhat - dxhat.mean() - xhat * (dxhat * xhat).mean(axis=0))
    return F.batch_norm_backward(dout, cache)._replace(dx=dx)


@mistake(
    "BN9",
    of="batch_norm_backward",
    symptom="gamma is missing in dx: every column is off by its own factor.",
    question="What stands between dout and the gradient of the normalised x?",
    section="7.6",
    affects=("dx",),
    hidden_when="gamma is 1, as it is at first.",
)
def gamma_forgotten(dout, cache):
    xhat = cache.xhat
    dx = cache.inv_std * (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0))
    return F.batch_norm_backward(dout, cache)._replace(dx=dx)


@mistake(
    "BN16",
    of="batch_norm_backward",
    symptom="dx is N times too large: the shared parts are sums, so N stands before dout.",
    question="Is what the batch shares a sum or a mean?",
    section="7.6",
    affects=("dx",),
    hidden_when="The batch has one sample.",
)
def not_divided_by_the_batch(dout, cache):
    xhat, dxhat, n = cache.xhat, dout * cache.gamma, len(dout)
    dx = cache.inv_std * (n * dxhat - dxhat.sum(axis=0) - xhat * (dxhat * xhat).sum(axis=0))
    return F.batch_norm_backward(dout, cache)._replace(dx=dx)


@mistake(
    "BN17",
    of="batch_norm_backward",
    symptom="The shared parts are sums where means belong: far too much is subtracted.",
    question="Is what the batch shares a sum or a mean?",
    section="7.6",
    affects=("dx",),
    hidden_when="The batch has one sample.",
)
def sums_instead_of_means(dout, cache):
    xhat, dxhat = cache.xhat, dout * cache.gamma
    dx = cache.inv_std * (dxhat - dxhat.sum(axis=0) - xhat * (dxhat * xhat).sum(axis=0))
    return F.batch_norm_backward(dout, cache)._replace(dx=dx)
