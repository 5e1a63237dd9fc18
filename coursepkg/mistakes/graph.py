"""Gates, and the order in which gradients go back through a graph."""

import numpy as np

from coursepkg import functional as F
from coursepkg.functional.arithmetic import BinaryGrads
from coursepkg.mistakes.registry import mistake


@mistake(
    "GR1",
    of="tape_backward",
    symptom="A node that is used twice keeps the gradient of one path: = instead of +=.",
    question="On how many paths does this node reach the output?",
    section="5.4",
    affects=("grads",),
    hidden_when="Every node is used once.",
)
def overwritten(tape):
    grads = np.zeros(len(tape))
    grads[-1] = 1.0
    for place in reversed(range(len(tape))):
        for parent, local in tape[place]:
            grads[parent] = local * grads[place]
    return grads


@mistake(
    "GR2",
    of="tape_backward",
    symptom="A node passes its gradient on before all of its users have sent theirs, and then "
    "again: paths are counted several times.",
    question="When is the gradient of a node complete, so that it may be passed on?",
    section="5.7",
    affects=("grads",),
    hidden_when="No node that is used twice is made of others.",
)
def depth_first(tape):
    grads = np.zeros(len(tape))
    grads[-1] = 1.0
    waiting = [len(tape) - 1]
    while waiting:
        place = waiting.pop()
        for parent, local in tape[place]:
            grads[parent] += local * grads[place]
            waiting.append(parent)
    return grads


@mistake(
    "GR16",
    of="tape_backward",
    symptom="The nodes are visited forwards: what is far from the output gets nothing.",
    question="Whose gradient do you know first, that of the inputs or that of the output?",
    section="5.7",
    affects=("grads",),
    hidden_when="There is one gate.",
)
def front_to_back(tape):
    grads = np.zeros(len(tape))
    grads[-1] = 1.0
    for place in range(len(tape)):
        for parent, local in tape[place]:
            grads[parent] += local * grads[place]
    return grads


@mistake(
    "GR11",
    of="tape_backward",
    symptom="A long chain ends in a RecursionError.",
    question="How many calls are open at once in a chain of five thousand nodes?",
    section="5.7",
    hidden_when="No chain is longer than about a thousand nodes.",
)
def recursive(tape):
    grads = np.zeros(len(tape))

    def send(place, grad):
        grads[place] += grad
        for parent, local in tape[place]:
            send(parent, local * grad)

    send(len(tape) - 1, 1.0)
    return grads


@mistake(
    "GR3",
    of="tape_backward_twice",
    symptom="The second call starts with the gradients of the first: k calls give k times as much.",
    question="What stands in the gradients before the second call?",
    section="5.7",
    affects=("grads",),
    hidden_when="backward is called once.",
)
def not_zeroed(tape):
    grads = np.zeros(len(tape))
    for _ in range(2):
        own = np.zeros(len(tape))
        own[-1] = 1.0
        for place in reversed(range(len(tape))):
            for parent, local in tape[place]:
                own[parent] += local * own[place]
        grads += own
    return grads


@mistake(
    "GR4",
    of="multiply_backward",
    symptom="Each input gets its own value as a factor instead of the other's.",
    question="If x grows by 1, by how much does x * y grow?",
    section="5.4",
    affects=("dx", "dy"),
    hidden_when="x and y are equal.",
)
def not_swapped(dout, cache):
    x, y, _ = cache
    return BinaryGrads(F.unbroadcast(dout * x, x.shape), F.unbroadcast(dout * y, y.shape))


@mistake(
    "GR5",
    of="subtract_backward",
    symptom="The second input gets the wrong sign.",
    question="If y grows, does x - y rise or fall?",
    section="5.4",
    affects=("dy",),
)
def sign_of_the_second(dout, cache):
    return F.add_backward(dout, cache)


@mistake(
    "GR6",
    of="maximum_backward",
    symptom="The smaller input gets the gradient too.",
    question="If the smaller of the two grows by a little, does the output change?",
    section="5.4",
    affects=("dx", "dy"),
)
def to_both(dout, cache):
    return F.add_backward(dout, cache)


@mistake(
    "GR7",
    of="add_backward",
    symptom="The gradient of an input that was broadcast has the shape of the output.",
    question="To how many places was one entry of this input copied?",
    section="12.2",
    affects=("dx", "dy"),
    hidden_when="Both inputs have the shape of the output.",
)
def not_summed(dout, cache):
    return BinaryGrads(dout, dout)


@mistake(
    "GR9",
    of="divide_backward",
    symptom="The gradient of the divisor has the wrong sign.",
    question="If y grows, does x / y rise or fall, for positive numbers?",
    section="5.4",
    affects=("dy",),
)
def divisor_with_the_wrong_sign(dout, cache):
    dx, dy = F.divide_backward(dout, cache)
    return BinaryGrads(dx, -dy)


@mistake(
    "GR10",
    of="divide_backward",
    symptom="The gradient of the divisor is divided by y once instead of twice.",
    question="What is the derivative of 1 / y?",
    section="5.4",
    affects=("dy",),
    hidden_when="y is 1.",
)
def divisor_not_squared(dout, cache):
    x, y, _ = cache
    return F.divide_backward(dout, cache)._replace(dy=F.unbroadcast(-dout * x / y, y.shape))
