/* W2.1: scores, softmax, cross-entropy and its gradient, in a stable and in a naive program. */
import { handle, scale } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const CLASSES = ["cat", "dog", "ship"];
const HIGHEST = 6;

/* Mathematics */

const sum = (values) => values.reduce((a, b) => a + b);

const stable = (z, y) => {
  const top = Math.max(...z);
  const into = z.map((value) => value - top);
  const exps = into.map(Math.exp);
  const total = sum(exps);
  return { into, exps, p: exps.map((e) => e / total), loss: Math.log(total) - into[y] };
};

const naive = (z, y) => {
  const exps = z.map(Math.exp);
  const total = sum(exps);
  const p = exps.map((e) => e / total);
  return { into: z, exps, p, loss: -Math.log(p[y]) };
};

const compute = ({ scores, temperature, offset, label, program }) => {
  const y = CLASSES.indexOf(label);
  const z = scores.map((score) => (score + offset) / temperature);
  const found = (program === "naive" ? naive : stable)(z, y);
  const gradient = found.p.map((value, j) => (value - (j === y ? 1 : 0)) / temperature);
  return { ...found, gradient };
};

/* Picture: scores to take hold of on the left, with the way downhill as arrows; p on the right */

const [TOP, BOTTOM] = [26, 176];
const height = scale([-HIGHEST, HIGHEST], [BOTTOM, TOP]);
const share = scale([0, 1], [BOTTOM, TOP]);
const ARROW = 46; // length of a gradient of 1
const LEFT = [50, 105, 160];
const RIGHT = [235, 285, 335];

const arrow = (j, score, gradient) => {
  const length = -gradient * ARROW;
  if (!Number.isFinite(gradient) || Math.abs(length) < 1.5) return nothing;
  const bent = Math.max(-70, Math.min(70, length));
  const [from, to] = [height(score), height(score) - bent];
  const tip = Math.sign(bent) * 6;
  const x = LEFT[j] + 17;
  return svg`<path class="sm-arrow ${bent > 0 ? "sm-up" : "sm-down"}"
    d="M${x} ${from}V${to}M${x - 5} ${to + tip}L${x} ${to}L${x + 5} ${to + tip}" />`;
};

const lollipop = (state, numbers, set, j) => {
  const across = scale([j, j + 1], [LEFT[j], LEFT[j] + 1]);
  across.ends = [j, j];
  const move = ([, score]) => set({ scores: state.scores.map((old, k) => (k === j ? score : old)) });
  const score = state.scores[j];
  return svg`<path class="sm-stem" d="M${LEFT[j]} ${height(0)}V${height(score)}" />
    ${arrow(j, score, numbers.gradient[j])}
    ${handle({
      at: [j, score],
      x: across,
      y: height,
      step: 0.1,
      label: `Score of ${CLASSES[j]}`,
      move,
      mark: svg`<circle class="sm-knob" r="8" />`,
    })}
    <text x=${LEFT[j]} y=${BOTTOM + 20} text-anchor="middle">${CLASSES[j]}</text>
    <text x=${LEFT[j]} y=${BOTTOM + 36} text-anchor="middle">${number(score, 2)}</text>`;
};

const bar = ({ label }, { p }, j) => {
  const whole = Number.isFinite(p[j]) ? p[j] : 0;
  const right = CLASSES[j] === label;
  return svg`<rect class=${right ? "sm-right" : "sm-wrong"} x=${RIGHT[j] - 16} width="32"
      y=${share(whole)} height=${Math.max(BOTTOM - share(whole), 0.5)} />
    <text x=${RIGHT[j]} y=${share(whole) - 5} text-anchor="middle"
      class=${Number.isFinite(p[j]) ? "" : "sm-broken"}>${Number.isFinite(p[j]) ? p[j].toFixed(3) : short(p[j])}</text>
    <text x=${RIGHT[j]} y=${BOTTOM + 20} text-anchor="middle">${CLASSES[j]}</text>
    <text x=${RIGHT[j]} y=${BOTTOM + 36} text-anchor="middle">${right ? "right" : ""}</text>`;
};

const short = (value) => (Number.isNaN(value) ? "nan" : value === Infinity ? "inf" : number(value, 3));

const cell = (value) => html`<td class=${Number.isFinite(value) ? "" : "sm-broken"}>${
  Math.abs(value) < 0.001 || Math.abs(value) >= 1e4 ? short(Number(value.toPrecision(2))) : short(value)
}</td>`;

const table = ({ offset, temperature, program }, { into, exps, p, gradient }) => {
  const shifted = offset || temperature !== 1 || program === "stable";
  return html`<table>
    <thead>
      <tr>
        <th scope="col">class</th>
        <th scope="col">${shifted ? "into exp" : "s"}</th>
        <th scope="col">exp</th>
        <th scope="col">p</th>
        <th scope="col">dL/ds</th>
      </tr>
    </thead>
    <tbody>
      ${CLASSES.map(
        (name, j) => html`<tr>
          <th scope="row">${name}</th>
          ${[into, exps, p, gradient].map((column) => cell(column[j]))}
        </tr>`,
      )}
    </tbody>
  </table>`;
};

const draw = (state, numbers, set) => html`<div class="sm-sides">
  <svg class="cw-chart" viewBox="0 0 360 218" role="group"
    aria-label="Scores that can be moved, and the probabilities they give">
    <text x="2" y="12">scores s, and which way to move</text>
    <text x="358" y="12" text-anchor="end">p = softmax</text>
    <path class="sm-zero" d="M30 ${height(0)}H190M212 ${BOTTOM}H358" />
    <text x="24" y=${height(0) + 4} text-anchor="end">0</text>
    <text x="24" y=${TOP + 4} text-anchor="end">6</text>
    <text x="24" y=${BOTTOM + 4} text-anchor="end">−6</text>
    ${CLASSES.map((_, j) => lollipop(state, numbers, set, j))}
    ${CLASSES.map((_, j) => bar(state, numbers, j))}
  </svg>
  <div>
    ${table(state, numbers)}
    <p>cross-entropy of ${state.label}:
      <b class=${Number.isFinite(numbers.loss) ? "" : "sm-broken"}>${short(numbers.loss)}</b></p>
  </div>
</div>`;

/* What you see */

const broken = ({ offset }, { exps }) =>
  exps.some((e) => e === Infinity)
    ? html`<p>
        <b>nan.</b> exp of something above 709.78 does not fit into a float64 and becomes infinity,
        and infinity over infinity is not a number. Nothing is wrong with your scores: their
        differences are what they were. Switch the program to stable, and ${offset} changes nothing.
      </p>`
    : html`<p>
        <b>Every useful digit is gone.</b> All exponentials are 0, or so close to it that a few bits
        are left of them. 0 over 0 is not a number. Switch to stable and nothing is lost.
      </p>`;

const reading = ({ scores, label, temperature, offset }, { p, gradient, loss }) => {
  const y = CLASSES.indexOf(label);
  const best = p.indexOf(Math.max(...p));
  const rival = gradient.indexOf(Math.max(...gradient));
  return html`<p>
      ${best === y
        ? html`The right class leads, with p = ${number(p[y], 3)}. The loss is
            <b>${number(loss, 3)}</b>, and <b>not zero</b>: it never is.`
        : html`<b>${CLASSES[best]}</b> wins with ${number(p[best], 3)}, and the right class
            ${label} has ${number(p[y], 3)}. The loss is −log of that, <b>${number(loss, 3)}</b>.`}
    </p>
    <p>
      The arrows are the way downhill: ${label} up by ${number(-gradient[y], 3)},
      ${CLASSES[rival]} down by ${number(gradient[rival], 3)}. Each wrong class is blamed by as much
      as it was believed${temperature === 1 ? "" : `, over the temperature`}; ups and downs cancel.
    </p>
    ${offset
      ? html`<p>${number(offset)} was added to all three scores, and <b>nothing moved</b>.</p>`
      : nothing}
    ${temperature === 1
      ? nothing
      : html`<p>
          Temperature ${number(temperature)}:
          ${temperature < 1 ? "differences count more, the winner takes nearly all" : "differences count less, and p drifts to a third each"}.
          The order of the classes stays.
        </p>`}
    ${new Set(scores).size === 1 ? html`<p>Three equal scores: the loss is log 3 = 1.099.</p>` : nothing}`;
};

const see = (state, numbers) =>
  Number.isFinite(numbers.loss) ? reading(state, numbers) : broken(state, numbers);

/* As code */

const code = ({ scores, temperature, offset, label, program }) => {
  const y = CLASSES.indexOf(label);
  const head = `import numpy as np
from coursepkg import functional as F

s = np.array([[${scores.join(", ")}]])
z = (s + ${offset}) / ${temperature}
y = ${y}  # ${label}
`;
  if (program === "stable") {
    return `${head}loss, cache = F.cross_entropy(z, np.array([y]))
p = cache.probabilities
gradient = F.cross_entropy_backward(1.0, cache) / ${temperature}  # p - t, over the temperature`;
  }
  return `${head}with np.errstate(all="ignore"):
    e = np.exp(z)  # too large above 709
    p = e / e.sum()
    loss = -np.log(p[0, y])
    gradient = (p - np.eye(3)[y]) / ${temperature}`;
};

export default widget({
  controls: [
    { name: "label", label: "Right class", options: CLASSES.map((name) => [name, name]) },
    {
      name: "offset",
      label: "Add to all",
      values: [-800, -745, -100, -5, 0, 5, 100, 700, 705, 710, 800],
    },
    { name: "temperature", label: "Temperature", values: [0.1, 0.2, 0.5, 1, 2, 5, 10] },
    {
      name: "program",
      label: "Program",
      options: [
        ["stable", "stable"],
        ["naive", "naive"],
      ],
    },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question: "Add 5 to all three scores. What happens to the probability of cat, 0.13?",
    options: ["It grows", "It shrinks", "Nothing"],
    answer: 2,
    attempt:
      "Add 5, then 800. Then switch the program to naive and find the offset at which it breaks. Then drag dog down until the loss falls below 0.1, and watch the arrows shrink.",
    explain:
      "Every exponential is multiplied by the same e⁵, above and below the line, and it cancels. Only differences of scores count. So a program may subtract what it likes first, and the largest score is the clever choice: then no exponential exceeds 1. The naive program computes e⁸⁰⁰ and has infinity over infinity. The gradient is p − t: what each class was believed, less what was true.",
  },
});
