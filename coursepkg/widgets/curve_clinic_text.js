/* W7.2: the diagnoses, how each looks, and the one line that mends it. */

/* [name, what gives it away, the wrong line, the right one] */
const diagnoses = {
  labels: [
    "labels shuffled against the images",
    "The loss settles at guessing, 2.3, although the gradient is right and eight samples are learned by heart. The test loss lies above guessing: what it learns is worth less than nothing.",
    "x, labels = x[order], labels[other]",
    "x, labels = x[order], labels[order]",
  ],
  lr_high: [
    "learning rate too large",
    "It falls, jumps back, falls again, and never settles. The gradient check passes and the first loss is right: the direction is good, the step is not. Many units are dead afterwards.",
    "lr = 1.5",
    "lr = 0.3",
  ],
  plus: [
    "step with the wrong sign",
    "The loss grows from the very first step, faster and faster, without a bounce. Measured along the gradient in use, the slope is −1 times what it should be.",
    "w = w + lr * dw",
    "w = w - lr * dw",
  ],
  twice: [
    "softmax applied twice",
    "A floor at about 1.46, far above zero, while the test accuracy is good. Scores that are probabilities differ by 1 at most, and then the loss cannot be less than ln(e + 9) − 1 = 1.461. The gradient check passes: it is the right gradient of the wrong loss.",
    "cross_entropy(softmax(scores), labels)",
    "cross_entropy(scores, labels)",
  ],
  leak: [
    "tested on training samples",
    "Training and test fall together, down to nothing, with no gap at all. A real test is never that obedient. On digits that it has not seen it is far worse.",
    "x_test, y_test = x[:60], y[:60]",
    "x_test, y_test = x[60:], y[60:]",
  ],
  tiny_init: [
    "first weights too small for the depth",
    "Flat at 2.3026, from the first step to the last, training and test alike. The first loss is exactly that of guessing, since no signal reaches the scores; eight samples cannot be learned by heart either.",
    "w = 0.01 * rng.standard_normal((n, m))",
    "w = sqrt(2 / n) * rng.standard_normal((n, m))",
  ],
  replaced: [
    "weights replaced instead of moved",
    "A plunge within three steps, and then a straight line for ever, at the loss of predicting almost zero. Descent comes to rest slowly; this is a fixed point. (The minus of -= got lost in a slide, and with it the descent.)",
    "w1 = 1e-4 * grad_w1",
    "w1 -= 1e-4 * grad_w1",
  ],
  no_shuffle: [
    "sorted data, never shuffled",
    "A saw: the training loss drops almost to nothing while a class lasts and shoots up with the next one. The test loss is bad throughout, since each class is forgotten as the others come.",
    "order = np.arange(n)",
    "order = rng.permutation(n)",
  ],
  undivided: [
    "gradient not divided by N",
    "One or two steps fling it above guessing, and there it rattles. It looks like a learning rate far too large, and it is one, 64 times. Only the gradient check tells the two apart: ratio 64, the batch size.",
    "dscores = p - onehot",
    "dscores = (p - onehot) / N",
  ],
  lr_low: [
    "learning rate too small",
    "It falls, slowly and steadily, training and test together, and is nowhere near the bottom when the run ends. Nothing is broken: the gradient is right, no unit is dead, and even eight samples take longer than that.",
    "lr = 0.003",
    "lr = 0.3",
  ],
  overfit: [
    "too little data for the network",
    "Training loss to nothing, test loss to a floor, and a gap between them that stays. All checks pass. That is no bug, it is the data: sixty digits.",
    "x, labels = x[:60], labels[:60]",
    "more data, or a penalty, or an earlier stop",
  ],
  unscaled: [
    "inputs not scaled",
    "The first loss says it: hundreds, where guessing costs 2.3. One step with such gradients throws all units off for good, and what is left, the last bias, learns to guess.",
    "x = pixels",
    "x = pixels / 255",
  ],
};

/* Four to choose from for every run, in an order that says nothing. */
const choices = {
  labels: ["tiny_init", "labels", "lr_low", "overfit"],
  lr_high: ["undivided", "no_shuffle", "lr_high", "labels"],
  plus: ["plus", "lr_high", "unscaled", "undivided"],
  twice: ["lr_low", "labels", "tiny_init", "twice"],
  leak: ["overfit", "leak", "lr_low", "twice"],
  tiny_init: ["labels", "lr_low", "tiny_init", "unscaled"],
  replaced: ["lr_high", "replaced", "tiny_init", "leak"],
  no_shuffle: ["no_shuffle", "lr_high", "overfit", "undivided"],
  undivided: ["lr_high", "plus", "undivided", "no_shuffle"],
  lr_low: ["tiny_init", "twice", "labels", "lr_low"],
  overfit: ["leak", "overfit", "labels", "twice"],
  unscaled: ["tiny_init", "undivided", "unscaled", "lr_high"],
};

export { choices, diagnoses };
