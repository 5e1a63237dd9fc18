"""RMSProp, Adam and AdamW: what is remembered, what it is divided by, and when."""

from coursepkg.mistakes.registry import mistake
from coursepkg.optim import AdamState, RMSPropState, adam


@mistake(
    "OP3R",
    of="rmsprop",
    symptom="eps stands inside the root, where it weighs as its own root: tiny gradients stall.",
    question="What is the root of 1e-8, and how large are your smallest gradients?",
    section="8.4",
    affects=("w",),
    hidden_when="All gradients are much larger than 1e-4.",
)
def rmsprop_eps_inside(w, dw, state, lr, decay=0.99, eps=1e-8):
    s = (1 - decay) * dw * dw if state is None else decay * state.s + (1 - decay) * dw * dw
    return w - lr * dw / (s + eps) ** 0.5, RMSPropState(s)


@mistake(
    "OP8",
    of="rmsprop",
    symptom="The mean is taken of the gradients, not of their squares, and its root may be nan.",
    question="Can your s become negative?",
    section="8.4",
    affects=("w", "s"),
    hidden_when="Every gradient is 0 or 1.",
)
def rmsprop_not_squared(w, dw, state, lr, decay=0.99, eps=1e-8):
    s = (1 - decay) * dw if state is None else decay * state.s + (1 - decay) * dw
    return w - lr * dw / (s**0.5 + eps), RMSPropState(s)


@mistake(
    "OP9",
    of="rmsprop",
    symptom="s is a sum instead of a mean: after a while steps are sqrt(1 - decay) as long.",
    question="If the gradient stays 1, what does s tend to?",
    section="8.4",
    affects=("w", "s"),
)
def sum_of_recent_squares(w, dw, state, lr, decay=0.99, eps=1e-8):
    s = dw * dw if state is None else decay * state.s + dw * dw
    return w - lr * dw / (s**0.5 + eps), RMSPropState(s)


@mistake(
    "OP1",
    of="adam",
    symptom="No bias correction: the first step is about three times as long as it should be.",
    question="Both means start at 0: what do they say after one gradient?",
    section="8.5",
    affects=("w",),
    hidden_when="Thousands of steps were taken.",
)
def no_bias_correction(w, dw, state, lr, betas=(0.9, 0.999), eps=1e-8):
    return adam(w, dw, state, lr, betas, eps, bias_correction=False)


@mistake(
    "OP2",
    of="adam",
    symptom="t is still 0 in the first step: division by zero, and nan in all weights.",
    question="What is 1 - beta to the power of 0?",
    section="8.5",
    affects=("w",),
)
def counts_from_zero(w, dw, state, lr, betas=(0.9, 0.999), eps=1e-8):
    (b1, b2), t = betas, 0 if state is None else state.t
    _, (m, v, _) = adam(w, dw, state, lr, betas, eps)
    mean, mean_square = m / (1 - b1**t), v / (1 - b2**t)
    return w - lr * mean / (mean_square**0.5 + eps), AdamState(m, v, t + 1)


@mistake(
    "OP3",
    of="adam",
    symptom="eps stands inside the root, where it weighs as its own root: tiny gradients stall.",
    question="What is the root of 1e-8, and how large are your smallest gradients?",
    section="8.5",
    affects=("w",),
    hidden_when="All gradients are much larger than 1e-4.",
)
def adam_eps_inside(w, dw, state, lr, betas=(0.9, 0.999), eps=1e-8):
    _, (m, v, t) = adam(w, dw, state, lr, betas, eps)
    mean, mean_square = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    return w - lr * mean / (mean_square + eps) ** 0.5, AdamState(m, v, t)


@mistake(
    "OP4",
    of="adam",
    symptom="The step is divided by the mean square instead of its root.",
    question="If all gradients are a hundred times larger, how long should the steps be?",
    section="8.5",
    affects=("w",),
)
def adam_without_root(w, dw, state, lr, betas=(0.9, 0.999), eps=1e-8):
    _, (m, v, t) = adam(w, dw, state, lr, betas, eps)
    mean, mean_square = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    return w - lr * mean / (mean_square + eps), AdamState(m, v, t)


@mistake(
    "OP21",
    of="adam",
    symptom="The mean of the squares is taken of the gradients: it may be negative, its root nan.",
    question="Can your v become negative?",
    section="8.5",
    affects=("w", "v"),
)
def adam_not_squared(w, dw, state, lr, betas=(0.9, 0.999), eps=1e-8):
    _, (m, _, t) = adam(w, dw, state, lr, betas, eps)
    v = (1 - betas[1]) * dw if state is None else betas[1] * state.v + (1 - betas[1]) * dw
    mean, mean_square = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    return w - lr * mean / (mean_square**0.5 + eps), AdamState(m, v, t)


@mistake(
    "OP22",
    of="adam",
    symptom="t never grows past 1: every step is corrected as if it were the first.",
    question="After ten steps, what is t?",
    section="8.5",
    affects=("w", "t"),
    hidden_when="It is the first step.",
)
def time_stands_still(w, dw, state, lr, betas=(0.9, 0.999), eps=1e-8):
    _, (m, v, _) = adam(w, dw, state, lr, betas, eps)
    mean, mean_square = m / (1 - betas[0]), v / (1 - betas[1])
    return w - lr * mean / (mean_square**0.5 + eps), AdamState(m, v, 1)


@mistake(
    "OP19",
    of="adamw",
    symptom="The decay goes through the gradient, and so through Adam's division: L2, not decay.",
    question="Do your weights shrink alike, whatever the size of their gradients?",
    section="8.6",
    affects=("w", "m", "v"),
    hidden_when="weight_decay is 0.",
)
def decay_through_the_gradient(w, dw, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    return adam(w, dw + weight_decay * w, state, lr, betas, eps)


@mistake(
    "OP20",
    of="adamw",
    symptom="The decay is not multiplied by the learning rate: the weights shrink far too fast.",
    question="If lr is 0, what should a step do to the weights?",
    section="8.6",
    affects=("w",),
    hidden_when="weight_decay is 0.",
)
def decay_without_rate(w, dw, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    return adam(w - weight_decay * w, dw, state, lr, betas, eps)


@mistake(
    "OP11",
    of="momentum_each",
    symptom="All parameters share one velocity: an error where their shapes differ, and where "
    "not, each is pushed by the gradients of the others.",
    question="Whose past does this v remember?",
    section="8.2",
    affects=("w2",),
    hidden_when="There is one parameter.",
)
def one_state_for_all(weights, gradients, velocities, lr, momentum=0.9):
    v, new = velocities[0], []
    for w, dw in zip(weights, gradients, strict=True):
        v = momentum * v + dw
        new.append(w - lr * v)
    return tuple(new)
