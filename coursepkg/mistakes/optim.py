"""Update rules: signs, states, roots."""

from coursepkg.mistakes.registry import mistake
from coursepkg.optim import AdaGradState, MomentumState, RMSPropState


@mistake(
    "OP12",
    of="sgd",
    symptom="The step goes uphill: the loss rises.",
    question="The gradient points to where the loss grows: where do you want to go?",
    section="8.1",
    affects=("w",),
)
def climbs(w, dw, state, lr):
    return w + lr * dw, state


@mistake(
    "OP10",
    of="sgd",
    symptom="The weights are right, but the array of the caller was changed with them.",
    question="What does w -= ... do to the array that somebody else still holds?",
    section="8.1",
    hidden_when="Nobody looks at the old weights again.",
)
def in_place(w, dw, state, lr):
    w -= lr * dw
    return w, state


@mistake(
    "OP13",
    of="sgd",
    symptom="The weights are replaced by the step; the network forgets all it was.",
    question="After a step with lr = 0, where should the weights be?",
    section="6.9",
    affects=("w",),
)
def replaced_by_the_step(w, dw, state, lr):
    return -lr * dw, state


@mistake(
    "OP14",
    of="sgd",
    symptom="The learning rate is missing: every step is as long as the gradient.",
    question="After a step with lr = 0, where should the weights be?",
    section="8.1",
    affects=("w",),
    hidden_when="The learning rate is 1.",
)
def no_learning_rate(w, dw, state, lr):
    return w - dw, state


@mistake(
    "OP5",
    of="momentum",
    symptom="Two minus signs make a plus: the step goes uphill.",
    question="How often is the gradient negated between dw and the new w?",
    section="8.2",
    affects=("w", "v"),
)
def two_minus_signs(w, dw, state, lr, momentum=0.9):
    v = -lr * dw if state is None else momentum * state.v - lr * dw
    return w - v, MomentumState(v)


@mistake(
    "OP15",
    of="momentum",
    symptom="The step goes uphill, faster and faster.",
    question="Should w move along v or against it, if v is a sum of gradients?",
    section="8.1",
    affects=("w",),
)
def momentum_climbs(w, dw, state, lr, momentum=0.9):
    v = dw if state is None else momentum * state.v + dw
    return w + lr * v, MomentumState(v)


@mistake(
    "OP6",
    of="momentum",
    symptom="The learning rate is inside v: another convention, which differs when lr changes.",
    question="If lr is halved now, should the speed gathered so far be halved too?",
    section="8.2",
    affects=("w", "v"),
    hidden_when="Only the weights are looked at, from the first step on, and lr never changes.",
)
def rate_inside_the_velocity(w, dw, state, lr, momentum=0.9):
    v = lr * dw if state is None else momentum * state.v + lr * dw
    return w - v, MomentumState(v)


@mistake(
    "OP17",
    of="momentum",
    symptom="v is a mean of the gradients instead of a sum: steps are 1 / (1 - momentum) shorter.",
    question="If the gradient stays 1, what does v tend to?",
    section="8.2",
    affects=("w", "v"),
    hidden_when="momentum is 0.",
)
def mean_instead_of_sum(w, dw, state, lr, momentum=0.9):
    v = (1 - momentum) * dw
    if state is not None:
        v = momentum * state.v + v
    return w - lr * v, MomentumState(v)


@mistake(
    "OP7",
    of="nesterov",
    symptom="This is plain momentum: nothing looks ahead.",
    question="Where does Nesterov's method take its gradient?",
    section="8.3",
    affects=("w",),
    hidden_when="momentum is 0.",
)
def plain_momentum(w, dw, state, lr, momentum=0.9):
    v = dw if state is None else momentum * state.v + dw
    return w - lr * v, MomentumState(v)


@mistake(
    "OP18",
    of="nesterov",
    symptom="The step is the velocity of the future alone: the gradient of this step is missing.",
    question="In the first step v is dw: how many times lr * dw should w move?",
    section="8.3",
    affects=("w",),
)
def gradient_missing(w, dw, state, lr, momentum=0.9):
    v = dw if state is None else momentum * state.v + dw
    return w - lr * momentum * v, MomentumState(v)


@mistake(
    "OP4G",
    of="adagrad",
    symptom="The step is divided by the sum of squares instead of its root.",
    question="If all gradients are a hundred times larger, how long should the steps be?",
    section="8.4",
    affects=("w",),
    hidden_when="The root of s is 1.",
)
def adagrad_without_root(w, dw, state, lr, eps=1e-10):
    s = dw * dw if state is None else state.s + dw * dw
    return w - lr * dw / (s + eps), AdaGradState(s)


@mistake(
    "OP8G",
    of="adagrad",
    symptom="The gradients themselves are added up, and the root of a negative sum is nan.",
    question="Can your s become negative?",
    section="8.4",
    affects=("w", "s"),
    hidden_when="Every gradient is 0 or 1.",
)
def adagrad_not_squared(w, dw, state, lr, eps=1e-10):
    s = dw if state is None else state.s + dw
    return w - lr * dw / (s**0.5 + eps), AdaGradState(s)


@mistake(
    "OP16",
    of="adagrad",
    symptom="Only the last gradient is remembered: every step is a learning rate long.",
    question="What does s know of the steps before?",
    section="8.4",
    affects=("w", "s"),
    hidden_when="It is the first step.",
)
def not_accumulated(w, dw, state, lr, eps=1e-10):
    s = dw * dw
    return w - lr * dw / (s**0.5 + eps), AdaGradState(s)


@mistake(
    "OP4R",
    of="rmsprop",
    symptom="The step is divided by the mean square instead of its root.",
    question="If all gradients are a hundred times larger, how long should the steps be?",
    section="8.4",
    affects=("w",),
    hidden_when="The root of s is 1.",
)
def rmsprop_without_root(w, dw, state, lr, decay=0.99, eps=1e-8):
    s = (1 - decay) * dw * dw if state is None else decay * state.s + (1 - decay) * dw * dw
    return w - lr * dw / (s + eps), RMSPropState(s)
