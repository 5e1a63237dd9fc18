/* W8.4: the slope of a line from noisy gradients: SGD, momentum and Adam, and what quiets them. */
import { chart, clipped, line } from "./chart.js";
import { html, number, svg, widget } from "./frame.js";

const STEPS = 400;
const [SLOPE, START, SIGMA] = [1, 3, 2];
const RATES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
const RHOS = [0, 0.5, 0.8, 0.9, 0.95, 0.99];
const BATCHES = [1, 4, 16, 64];
const NAMES = ["SGD", "momentum", "Adam"];
const range = (n) => [...Array(n).keys()];

/* Mathematics */

/* The same noise as in Python: the generator fits into the whole numbers that both can hold. */
const noiseOf = (batch) => {
  let state = 3;
  const one = () =>
    range(12).reduce((sum) => sum + (state = (state * 48271) % 2147483647), 0) / 2147483647 - 6;
  return range(STEPS).map(() => (SIGMA * range(batch).reduce((sum) => sum + one(), 0)) / batch);
};

const schedules = {
  constant: (rate) => () => rate,
  halves: (rate) => (t) => rate / 2 ** range(20).find((k) => t < STEPS * (1 - 0.5 ** (k + 1))),
  cosine: (rate) => (t) => (rate / 2) * (1 + Math.cos((Math.PI * t) / STEPS)),
};

/* A step of each, as in coursepkg.optim; `m` is its memory. */
const rules = [
  (m, g, lr) => lr * g,
  (m, g, lr, rho) => lr * (1 - rho) * (m.v = rho * m.v + g),
  (m, g, lr, rho, t) => {
    m.v = rho * m.v + (1 - rho) * g;
    m.s = 0.999 * m.s + (1 - 0.999) * g * g;
    return (lr * (m.v / (1 - rho ** t))) / (Math.sqrt(m.s / (1 - 0.999 ** t)) + 1e-8);
  },
];

const rootMeanSquare = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

const expected = (rate, rho, batch) =>
  Math.sqrt((((rate * SIGMA ** 2) / batch) * (1 + rho)) / (2 * (1 + rho) - rate * (1 - rho)));

const known = {}; // noise by batch: 64 samples a step take a moment
const compute = ({ rate, rho, batch, schedule }) => {
  const noise = (known[batch] ??= noiseOf(batch));
  const at = schedules[schedule](rate);
  const paths = rules.map((rule) => {
    const memory = { v: 0, s: 0 };
    const path = [START];
    for (let t = 0; t < STEPS; t++) path.push(path[t] - rule(memory, path[t] - SLOPE + noise[t], at(t), rho, t + 1));
    return path;
  });
  return {
    paths,
    far: paths.map((path) => rootMeanSquare(path.slice(-100).map((w) => w - SLOPE))),
    rough: paths.map((path) => rootMeanSquare(path.slice(-100).map((w, k) => w - path[STEPS - 100 + k]))),
    expected: [expected(rate, 0, batch), expected(rate, rho, batch)],
  };
};

/* Pictures */

const slopesChart = ({ schedule }, { paths, expected: [spread] }) =>
  chart(
    {
      label: `The slope over ${STEPS} steps; at the end ${paths.map((path, i) => `${NAMES[i]} ${number(path[STEPS], 3)}`).join(", ")}`,
      x: [0, STEPS],
      y: [-1.6, 3.4],
      width: 380,
      height: 235,
      xLabel: "step",
      yLabel: "slope of the line",
    },
    (x, y) => svg`
      ${schedule === "constant"
        ? clipped(x, y, svg`<rect class="noise-band" x=${x(0)} width=${x(STEPS) - x(0)} y=${y(SLOPE + spread)}
            height=${y(SLOPE - spread) - y(SLOPE + spread)} />`)
        : ""}
      <path class="noise-goal" d="M${x(0)} ${y(SLOPE)}H${x(STEPS)}" />
      ${clipped(x, y, paths.map((path, i) => svg`<path class="noise-path noise-path-${i}" d=${line(path.map((w, t) => [t, w]), x, y)} />`))}`,
  );

/* The line through a cloud: what the three slopes look like. */
const cloudChart = (_, { paths }) =>
  chart(
    { label: "The three lines found, and the right one, dotted", x: [-1, 1], y: [-2, 2], width: 300, height: 230, xLabel: "x", yLabel: "y" },
    (x, y) => svg`
      <path class="noise-goal" d=${line([[-1, -SLOPE], [1, SLOPE]], x, y)} />
      ${clipped(x, y, paths.map((path, i) => svg`<path class="noise-path noise-path-${i}" d=${line([[-1, -path[STEPS]], [1, path[STEPS]]], x, y)} />`))}`,
  );

const bars = ({ far, rough }) => {
  const most = Math.max(...far, ...rough, 1e-9);
  const bar = (value, i) => html`<span class="noise-bar noise-bar-${i}" style="width:${(100 * value) / most}%"></span>`;
  return html`<table class="noise-table">
    <thead><tr><th scope="col">last 100 steps</th><th scope="col">distance from 1</th><th scope="col">length of a step</th></tr></thead>
    <tbody>
      ${NAMES.map(
        (name, i) => html`<tr>
          <th scope="row">${name}</th>
          <td>${number(far[i], 2)} ${bar(far[i], i)}</td>
          <td>${number(rough[i], 2)} ${bar(rough[i], i)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
};

const draw = (state, numbers) => html`
  ${slopesChart(state, numbers)}
  <p class="noise-key">
    <span class="noise-name-0">━ SGD</span>, <span class="noise-name-1">╍ momentum</span> (its rate times 1 − ρ),
    <span class="noise-name-2">┅ Adam</span> (β₁ = ρ). Band: where theory expects SGD to stay, at a constant rate.
  </p>
  <div class="noise-sides">${cloudChart(state, numbers)} ${bars(numbers)}</div>
`;

/* What you see */

const times = (value) => number(value, 2);

const see = ({ rho, batch, schedule }, { far, rough, expected: [plain, rolling] }) => html`<p>
    In the last hundred steps SGD is <b>${number(far[0], 2)}</b> away from the right slope, momentum
    <b>${number(far[1], 2)}</b>, Adam ${number(far[2], 2)}.
    ${rho
      ? html`A step of momentum is ${times(rough[0] / rough[1])} times as short as one of SGD.`
      : "With ρ = 0 momentum is SGD."}
  </p>
  <p>${schedule === "constant"
    ? html`Theory, for ever so many steps: SGD ${number(plain, 3)}, momentum ${number(rolling, 3)}.
        <b>${rho ? "The curve becomes smooth, the distance stays." : "Raise ρ and see which number follows."}</b> ${quiet(batch)}`
    : html`<b>The rate falls, and the noise falls with it</b>, for all three. First far, then fine: that is all a
        schedule does.`}</p>`;

const quiet = (batch) =>
  batch > 1
    ? `With ${batch} samples a step the noise is 1/${Math.sqrt(batch)} of that of one, at ${batch} times the work.`
    : "What brings it down: a smaller rate (and then it takes longer), a larger batch (and then a step costs more), or a rate that falls.";

/* As code */

const code = ({ rate, rho, batch, schedule }) => `from coursepkg.widgets.noise_filter import distance, roughness, slopes
from coursepkg.widgets.noise_filter import expected as theory

names = ("sgd", "momentum", "adam")
paths = [slopes(name, ${rate}, ${rho}, ${batch}, "${schedule}") for name in names]
far = [distance(path) for path in paths]
rough = [roughness(path) for path in paths]
expected = [theory(${rate}, rho, ${batch}) for rho in (0, ${rho})]  # at a constant rate`;

export default widget({
  controls: [
    { name: "rate", label: "Learning rate", values: RATES },
    { name: "rho", label: "Momentum ρ", values: RHOS },
    { name: "batch", label: "Batch size", values: BATCHES },
    {
      name: "schedule",
      label: "The rate",
      options: [
        ["constant", "stays"],
        ["halves", "halves, and halves"],
        ["cosine", "falls like a cosine"],
      ],
    },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "SGD shakes around the right slope. Momentum 0.9, with a rate that is a tenth so that it goes as far, averages over the last ten or so gradients. How close does it stay, compared with SGD?",
    options: ["About ten times closer", "About √10 times closer", "About as far away"],
    answer: 2,
    attempt:
      "Compare the two columns of the table. Then give it four times the batch. Then, with a batch of one again, let the rate fall.",
    explain:
      "Each gradient moves the slope by the same amount in the end, whether at once or spread over ten steps: noise that is spread out is still all there. Momentum makes steps shorter and neighbours alike, so the curve is smooth, but its distance from the minimum is that of SGD, less a few percent. Only the rate and the batch decide it.",
  },
});
