/* The playground in words: the entry that is read, what to notice, and the run as code. */
import { html, number } from "./frame.js";
import { SHARE, activations, entriesOf, illness, labelOf, range, shutAt } from "./playground_numbers.js";

const short = (value) => number(value, 3);
const signed = (value) => (value < 0 ? `(${short(value)})` : short(value));
const product = ([a, b]) => a * b;
const sum = (values) => values.reduce((total, value) => total + value, 0);

const nameOf = ({ sizes }, l, j) => (l < 0 ? `x[${j}]` : entriesOf(sizes, l).filter(({ kind }) => kind === "h")[j].name);

/* What is read of an entry, while training and when frozen */

const weightReading = ({ lr, lam }, { numeric, inner }) => {
  const { net, dW, choice } = inner;
  const { l, i, j, name } = choice;
  const k = i * net.sizes[l + 1] + j;
  const gradient = dW[l][k];
  const error = Math.abs(gradient - numeric) / Math.max(Math.abs(gradient), Math.abs(numeric)) || 0;
  return html`<b>${name} = ${short(net.W[l][k])}</b>, from ${nameOf(net, l - 1, i)} to ${nameOf(net, l, j)}.
    Gradient at this step: <b>${number(gradient, 5)}</b>${lam ? ` (λW is ${short(lam * net.W[l][k])} of it)` : ""};
    by central difference ${number(numeric, 5)}, relative error ${number(error, 1)}.
    The next step adds −${lr} × it = ${short(-lr * gradient)}.`;
};

const unitReading = ({ activation }, { inner }) => {
  const { net, all, choice } = inner;
  const { l, j, name } = choice;
  const n = net.sizes[l + 1];
  const inputs = range(net.sizes[l]).map((i) => `${signed(net.W[l][i * n + j])} ${nameOf(net, l - 1, i)} + `);
  const ill = illness(inner, l, j);
  return html`<b>${name}</b> = ${name === "p" ? "σ" : activation === "none" ? "" : activation}(${inputs}${signed(net.b[l][j])}).
    Gradient of the bias: <b>${short(all.db[l][j])}</b>.
    ${ill ? html`<b>${ill}</b>: shut at ${shutAt(inner, l, j)} of ${SHARE} training points.` : ""}`;
};

/* dW[i,j] as the sum that it is: point by point, the value at its one end times the blame at the other. */
const blameOfWeight = ({ net, shown, choice, alone }) => {
  const { l, i, j, name } = choice;
  const [m, n] = [net.sizes[l], net.sizes[l + 1]];
  const terms = range(shown.outs[0].length / 2).map((r) => [shown.outs[l][r * m + i], shown.dz[l][r * n + j]]);
  const size = ([h, d]) => Math.abs(h * d);
  const largest = [...terms].sort((a, b) => size(b) - size(a)).slice(0, 3);
  const rest = sum(terms.map(product)) - sum(largest.map(product));
  const zeros = terms.filter((term) => size(term) === 0).length;
  return html`<b>d${name}</b> = ${alone ? "" : "Σₙ "}<span class="pg-first">${nameOf(net, l - 1, i)}</span> ·
    <span class="pg-second">δ${l + 1}[${j}]</span> =
    ${largest.map(
      ([h, d], place) => html`${place ? " + " : ""}<span class="pg-first">${signed(h)}</span> ·
        <span class="pg-second">${signed(d)}</span>`,
    )}
    ${alone ? "" : `+ ${signed(rest)} from the other ${SHARE - 3} points`} = <b>${short(shown.dW[l][i * n + j])}</b>.
    ${zeros ? (alone ? "A factor is 0: no blame." : `${zeros} of the ${SHARE} products are 0.`) : ""}`;
};

const SLOPES = { tanh: "1 − h²", relu: "h > 0", sigmoid: "h(1 − h)", none: "1" };

/* δ of a unit: upstream × local. */
const blameOfUnit = ({ sample }, { inner }) => {
  const { net, shown, choice, alone, says } = inner;
  const { l, j } = choice;
  const total = html`<b>${short(shown.db[l][j])}</b>`;
  const delta = html`<b>δ${l + 1}[${j}]</b>`;
  const last = l === net.W.length - 1;
  if (!alone) return html`Σₙ ${delta} = ${last ? "mean of p − t = " : ""}${total}, the gradient of its bias.
    ${last ? "" : `Shut at ${shutAt(inner, l, j)} of ${SHARE} points.`}`;
  if (last) return html`${delta} = p − t = ${short(says[l][0])} − ${labelOf(sample)} = ${total}: all the blame there is.`;
  const n = net.sizes[l + 2];
  const parts = range(n).map((k) => [net.W[l + 1][j * n + k], shown.dz[l + 1][k]]);
  const local = activations[net.act].slope(shown.outs[l + 1][j]);
  return html`${delta} = upstream × local = (${parts.map(([w, d], k) => `${k ? " + " : ""}${signed(w)} · ${signed(d)}`)}) ×
    (${SLOPES[net.act]}) = ${short(sum(parts.map(product)))} × ${short(local)} = ${total}. Upstream: Σₖ W${l + 2}[${j},k] · δ${l + 2}[k].`;
};

const reading = (state, numbers) => {
  const { choice, known } = numbers.inner;
  const isWeight = choice.kind === "W";
  if (!state.frozen) return (isWeight ? weightReading : unitReading)(state, numbers);
  if (!known(choice.l)) return html`<b>${choice.name}</b>: no blame has come here yet.`;
  return isWeight ? blameOfWeight(numbers.inner) : blameOfUnit(state, numbers);
};

/* What you see */

const frozenText = (state, { net, alone, shown }) => {
  const deep = net.W.length;
  const back = Math.min(state.back, deep);
  const who = alone ? `point ${state.sample}` : `all ${SHARE} points`;
  if (!back) {
    return html`Forward only, for ${who}: the loss is <b>${short(shown.loss)}</b>. Which weight will be blamed most?`;
  }
  if (back < deep) {
    return html`${back === 1 ? "The blame δ begins as p − t." : "δ came down the weights the values went up, times the slope of the unit."}
      A connection is blamed <b>the value at its left end times the δ at its right end</b>.`;
  }
  const count = sum([...net.W, ...net.b].map(({ length }) => length));
  const shut = alone ? sum(shown.dz.map((d) => d.filter((value) => value === 0).length)) : 0;
  return html`One backward pass, and all ${count} parameters have their gradient for ${who}; central differences take
    ${2 * count} forward passes. ${shut ? html`<b>${shut} units pass on nothing</b>: the point lies where their maps are blank.` : ""}
    ${alone ? "A step uses the mean over all points." : "Touch a point in the large map for its share."}`;
};

const diagnosis = ({ data, lr, lam, layers, activation }, { loss, test_loss, right, inner }) => {
  const { run, net, at } = inner;
  const past = run.loss.slice(Math.max(0, at - 20), at + 1);
  const rises = past.filter((value, k) => value > past[k - 1]).length;
  const hurt = net.W.flatMap((_, l) => entriesOf(net.sizes, l)).filter(({ kind, l, j }) => kind === "h" && illness(inner, l, j)).length;
  const ill = `${hurt} hidden ${hurt > 1 ? "units are" : "unit is"} ${activation === "relu" ? "dead" : "saturated"}`;
  if (run.broke !== null) {
    return html`<b>Step ${run.broke} leaves the numbers a float can hold.</b> ${lr * lam > 2
      ? `Each step multiplies every weight by 1 − ${lr} · ${lam}.`
      : "The step is too long."}`;
  }
  if (rises > 3 || loss > 1.2 * run.loss[0]) {
    return html`<b>The learning rate breaks it</b>: the loss rose in ${rises} of the last ${past.length - 1} steps; it began at
      ${short(run.loss[0])}. The direction is right, the step too long${hurt ? `; ${ill}` : ""}. Try a tenth of ${lr}.`;
  }
  if (layers === "2-1" || activation === "none") {
    return html`${layers === "2-1" ? "No hidden layer" : "Without activation all layers are one"}: all this can draw is
      <b>a straight line</b>. ${data === "moons" ? "It gets the moons, but for their tips." : "No line parts these points, so no number of steps will."}`;
  }
  if (hurt) return html`<b>${ill}</b>: next to no blame gets through. Freeze, and see where.`;
  if (test_loss > 1.5 * loss && loss < 0.1) {
    return html`The test loss is ${short(test_loss / loss)} times the training loss: <b>it learns these very points</b>. Try λ.`;
  }
  if (right >= SHARE - 1) return html`<b>The fold is found.</b> Point at a unit: the large map shows what it adds.`;
  const fall = past[0] - loss;
  return fall < 0.01
    ? html`The last steps gained ${number(fall, 2)}. <b>Plateau or dead end?</b> Play on, or change the seed.`
    : html`The loss still falls, by ${short(fall)} in ${past.length - 1} steps. Which unit will have to turn?`;
};

const see = (state, numbers) => {
  const { loss, test_loss, right, inner } = numbers;
  if (state.frozen) return html`<p>${frozenText(state, inner)}</p>`;
  return html`<p>
      Step ${inner.at}: the loss is <b>${short(loss)}</b>, ${short(test_loss)} on the test points; ${right} of ${SHARE} right.
    </p>
    <p>${diagnosis(state, numbers)}</p>`;
};

/* As code */

const code = ({ data, layers, activation, lr, lam, seed, steps, frozen, sample }) => {
  const alone = frozen && sample >= 0;
  return `import numpy as np
from coursepkg import functional as F
from coursepkg.optim import SGD
from coursepkg.widgets.playground import network, points

x, t, x_test, t_test = points("${data}")
net = network("${layers}", "${activation}", seed=${seed})
optimizer = SGD(net.parameters(), lr=${lr})
parameters = list(net.parameters())  # W1, b1, W2, b2, ...

def backward(x, t, lam):
    loss, cache = F.binary_cross_entropy_with_logits(net.forward(x), t)
    net.backward(F.binary_cross_entropy_with_logits_backward(1.0, cache))
    for w in parameters[::2]:
        w.grad = w.grad + lam * w.data
    return float(loss)

for step in range(${steps}):
    backward(x, t, lam=${lam})
    optimizer.step()

weights = np.concatenate([p.data.ravel() for p in parameters])
test_loss = backward(x_test, t_test, 0)
${alone ? `backward(x[[${sample}]], t[[${sample}]], 0)  # one point` : "backward(x, t, 0)"}
blame = np.concatenate([p.grad for p in parameters[1::2]])  # of every sum, so of its bias
loss = backward(x, t, lam=${lam})
gradient = np.concatenate([p.grad.ravel() for p in parameters])`;
};

export { code, reading, see };
