"""The fully connected layer: gradients of weights and bias."""

from coursepkg.functional.linear import LinearGrads
from coursepkg.mistakes.registry import mistake


@mistake(
    "LIN1",
    of="linear_backward",
    symptom="dw is transposed: it has the shape (M, D) instead of (D, M).",
    question="Which shape must dw have, if w - lr * dw is to make sense?",
    section="6.4",
    affects=("dw",),
)
def dw_transposed(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (dout @ cache.w.T).reshape(cache.x.shape)
    return LinearGrads(dx, dw=dout.T @ rows, db=dout.sum(axis=0))


@mistake(
    "LIN3",
    of="linear_backward",
    symptom="db is N times too small.",
    question="Every sample adds the same b: what do gradients do where a value is copied?",
    section="6.4",
    affects=("db",),
    hidden_when="The batch has one sample.",
)
def db_is_a_mean(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (dout @ cache.w.T).reshape(cache.x.shape)
    return LinearGrads(dx, dw=rows.T @ dout, db=dout.mean(axis=0))


@mistake(
    "LIN4",
    of="linear_backward",
    symptom="db has one row for every sample, the shape (N, M) instead of (M,).",
    question="How many numbers does b hold, and how many does your db?",
    section="6.4",
    affects=("db",),
)
def db_not_summed(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (dout @ cache.w.T).reshape(cache.x.shape)
    return LinearGrads(dx, dw=rows.T @ dout, db=dout)


@mistake(
    "LIN5",
    of="linear_backward",
    symptom="db is one number, the sum over all outputs, and moves every bias alike.",
    question="Does the bias of output 0 have anything to do with the gradient at output 1?",
    section="6.4",
    affects=("db",),
)
def db_is_one_number(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (dout @ cache.w.T).reshape(cache.x.shape)
    return LinearGrads(dx, dw=rows.T @ dout, db=dout.sum())


@mistake(
    "LIN6",
    of="linear_backward",
    symptom="db is summed over the outputs: one number a sample instead of one an output.",
    question="Which of the two axes of dout is the one that b does not have?",
    section="6.4",
    affects=("db",),
)
def db_over_the_outputs(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (dout @ cache.w.T).reshape(cache.x.shape)
    return LinearGrads(dx, dw=rows.T @ dout, db=dout.sum(axis=1))


@mistake(
    "LIN7",
    of="linear_backward",
    symptom="db has the right numbers in the shape (1, M); the first update makes b a matrix.",
    question="Is an array of shape (1, M) the same as one of shape (M,)?",
    section="6.4",
    affects=("db",),
)
def db_keeps_its_axis(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (dout @ cache.w.T).reshape(cache.x.shape)
    return LinearGrads(dx, dw=rows.T @ dout, db=dout.sum(axis=0, keepdims=True))


@mistake(
    "LIN8",
    of="linear_backward",
    symptom="dw is N times too small; in a network the batch is divided out twice.",
    question="The loss was a mean over the batch already: who has divided by N before?",
    section="6.4",
    affects=("dw",),
    hidden_when="The batch has one sample.",
)
def dw_divided_by_n(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (dout @ cache.w.T).reshape(cache.x.shape)
    return LinearGrads(dx, dw=rows.T @ dout / len(rows), db=dout.sum(axis=0))


@mistake(
    "LIN11",
    of="linear_backward",
    symptom="dw ignores the sign of the inputs.",
    question="If an input is negative and its weight grows, does the output rise or fall?",
    section="6.4",
    affects=("dw",),
    hidden_when="No input is negative.",
)
def dw_of_sizes(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (dout @ cache.w.T).reshape(cache.x.shape)
    return LinearGrads(dx, dw=abs(rows).T @ dout, db=dout.sum(axis=0))


@mistake(
    "LIN12",
    of="linear_backward",
    symptom="db has the wrong sign.",
    question="If b grows by a little, does the output rise or fall?",
    section="6.4",
    affects=("db",),
)
def db_negative(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (dout @ cache.w.T).reshape(cache.x.shape)
    return LinearGrads(dx, dw=rows.T @ dout, db=-dout.sum(axis=0))
