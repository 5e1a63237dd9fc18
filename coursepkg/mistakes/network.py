"""The network of two layers."""

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes import right
from coursepkg.mistakes.registry import mistake


@mistake(
    "NET1",
    of="two_layer_net",
    symptom="The second layer takes x for its input in the backward pass: dw2 has a wrong shape.",
    question="What did the second layer multiply by w2?",
    section="6.7",
    affects=("dw2",),
)
def layer_two_reads_x(x, labels, w1, b1, w2, b2):
    loss, dw1, db1, _, db2 = right.two_layer_net(x, labels, w1, b1, w2, b2)
    h = np.maximum(x @ w1 + b1, 0)
    dscores = F.cross_entropy_backward(1.0, F.cross_entropy(h @ w2 + b2, labels)[1])
    return loss, dw1, db1, x.T @ dscores, db2


@mistake(
    "NET2",
    of="two_layer_net",
    symptom="There is no activation between the layers: together they are one linear layer.",
    question="What can two linear layers do that one cannot?",
    section="4.3",
    affects=("loss", "dw1", "db1", "dw2", "db2"),
    hidden_when="Every hidden unit is on for every sample.",
)
def no_hidden_activation(x, labels, w1, b1, w2, b2):
    h = x @ w1 + b1
    loss, cache = F.cross_entropy(h @ w2 + b2, labels)
    dscores = F.cross_entropy_backward(1.0, cache)
    dh = dscores @ w2.T
    return loss, x.T @ dh, dh.sum(axis=0), h.T @ dscores, dscores.sum(axis=0)


@mistake(
    "NET3",
    of="two_layer_net",
    symptom="The ReLU is forgotten in the backward pass: units that were off learn too.",
    question="A hidden unit was 0 for this sample: does its weight matter to the loss?",
    section="6.7",
    affects=("dw1", "db1"),
    hidden_when="Every hidden unit is on for every sample.",
)
def relu_forgotten_on_the_way_back(x, labels, w1, b1, w2, b2):
    h = np.maximum(x @ w1 + b1, 0)
    loss, cache = F.cross_entropy(h @ w2 + b2, labels)
    dscores = F.cross_entropy_backward(1.0, cache)
    dh = dscores @ w2.T
    return loss, x.T @ dh, dh.sum(axis=0), h.T @ dscores, dscores.sum(axis=0)


@mistake(
    "NET4",
    of="two_layer_net",
    symptom="The cache is stale: dw2 is computed from the hidden layer before its ReLU.",
    question="What did the second layer multiply by w2?",
    section="6.7",
    affects=("dw2",),
    hidden_when="Every hidden unit is on for every sample.",
)
def hidden_layer_before_its_relu(x, labels, w1, b1, w2, b2):
    loss, dw1, db1, _, db2 = right.two_layer_net(x, labels, w1, b1, w2, b2)
    z = x @ w1 + b1
    scores = np.maximum(z, 0) @ w2 + b2
    dscores = F.cross_entropy_backward(1.0, F.cross_entropy(scores, labels)[1])
    return loss, dw1, db1, z.T @ dscores, db2
