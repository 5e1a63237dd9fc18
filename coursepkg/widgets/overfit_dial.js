/* W7.3: noisy samples, a fit with one hidden layer, and both errors over penalty and width. */
import { chart, clipped, handle, line } from "./chart.js";
import { html, number, svg, widget } from "./frame.js";

const range = (n) => [...Array(n).keys()];
const LAMBDAS = [...range(6).flatMap((i) => [`1e-${6 - i}`, `3e-${6 - i}`]).map(Number), 1];
const WIDTHS = [1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 32];
const GRID = range(61).map((i) => -1 + (2 * i) / 60);

/* Mathematics */

const truth = (x) => Math.sin(4 * x);
const square = (value) => value * value;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/* Kinks at 2 · 0.b₀b₁b₂... − 1 for k = ...b₂b₁b₀ in binary: any first few of them are well spread. */
const kink = (k) => range(6).reduce((sum, bit) => sum + ((k >> bit) & 1) / 2 ** (bit + 1), 0) * 2 - 1;

const hidden = (x, width) => [
  ...range(width).map((k) => Math.max(0, (k % 2 ? -1 : 1) * (x - kink(k)))),
  1,
];
const times = (row, w) => row.reduce((sum, value, i) => sum + value * w[i], 0);

/* Least squares with Householder reflections, column by column; the condition is not squared. */
const leastSquares = (rows, right) => {
  const m = rows.length;
  const columns = rows[0].map((_, j) => Float64Array.from(rows, (row) => row[j]));
  const target = Float64Array.from(right);
  const many = columns.length;
  const diagonal = new Float64Array(many);
  for (let k = 0; k < many; k++) {
    const v = columns[k];
    let size = 0;
    for (let i = k; i < m; i++) size += v[i] * v[i];
    size = Math.sqrt(size);
    if (size === 0) continue;
    diagonal[k] = v[k] > 0 ? -size : size;
    v[k] -= diagonal[k];
    let norm = 0;
    for (let i = k; i < m; i++) norm += v[i] * v[i];
    for (const column of [...columns.slice(k + 1), target]) {
      let dot = 0;
      for (let i = k; i < m; i++) dot += v[i] * column[i];
      const share = (2 * dot) / norm;
      for (let i = k; i < m; i++) column[i] -= share * v[i];
    }
  }
  const w = new Float64Array(many);
  for (let k = many - 1; k >= 0; k--) {
    let sum = target[k];
    for (let j = k + 1; j < many; j++) sum -= columns[j][k] * w[j];
    w[k] = diagonal[k] ? sum / diagonal[k] : 0;
  }
  return w;
};

const fit = ({ x, t }, width, lam, noise) => {
  const inputs = x.map((one) => hidden(one, width));
  const root = Math.sqrt(x.length * lam);
  const penalty = range(width).map((i) => range(width + 1).map((j) => (i === j ? root : 0)));
  const w = leastSquares([...inputs, ...penalty], [...t, ...Array(width).fill(0)]);
  const curve = GRID.map((one) => times(hidden(one, width), w));
  return {
    curve,
    train: mean(inputs.map((row, i) => square(times(row, w) - t[i]))),
    test: mean(curve.map((value, i) => square(value - truth(GRID[i])))) + noise * noise,
  };
};

const compute = ({ n, width, lam, noise }, { places, draws }) => {
  const x = places.slice(0, n);
  const samples = { x, t: x.map((one, i) => truth(one) + noise * draws[i]) };
  const errors = (each, penalty) => {
    const { train, test } = fit(samples, each, penalty, noise);
    return [train, test];
  };
  const over_lam = LAMBDAS.map((each) => errors(width, each));
  const tests = over_lam.map(([, test]) => test);
  return {
    ...fit(samples, width, lam, noise),
    over_lam,
    over_width: WIDTHS.map((each) => errors(each, lam)),
    best_lam: LAMBDAS[tests.indexOf(Math.min(...tests))],
    samples,
  };
};

/* Picture */

const scene = ({ n, width }, { curve, samples, train, test }) =>
  chart(
    {
      label: `${n} samples and the fit of ${width} hidden units: error ${number(train, 2)} on them, ${number(test, 2)} on new ones`,
      x: [-1, 1],
      y: [-2, 2],
      width: 420,
      height: 250,
      yLabel: "● samples   — fit   - - the curve they come from",
    },
    (x, y) =>
      clipped(
        x,
        y,
        svg`<path class="dial-truth" d=${line(GRID.map((u) => [u, truth(u)]), x, y)} />
        <path class="dial-fit" d=${line(GRID.map((u, i) => [u, curve[i]]), x, y)} />
        ${samples.x.map((u, i) => svg`<circle class="dial-sample" r="4" cx=${x(u)} cy=${y(samples.t[i])} />`)}`,
      ),
  );

const FLOOR = 1e-4;
const seen = (value) => Math.max(FLOOR, Math.min(100, value));

const errors = (label, xLabel, places, pairs, at, move, step) =>
  chart(
    {
      label,
      x: [places[0], places.at(-1)],
      y: [FLOOR, 100],
      log: "y",
      height: 220,
      xLabel,
      yLabel: "error:  — on the samples  - - on new ones",
      role: "group",
    },
    (x, y) => {
      const paths = [0, 1].map((part) => line(places.map((u, i) => [u, seen(pairs[i][part])]), x, y));
      const test = seen(pairs[places.indexOf(at)][1]);
      return svg`<path class="dial-fit" d=${paths[0]} />
        <path class="dial-test" d=${paths[1]} />
        ${handle({
          at: [at, Number(test.toPrecision(3))],
          x,
          y,
          step,
          label: xLabel,
          move: ([u]) => move(u),
          mark: svg`<circle class="dial-mark" r="7" />`,
        })}`;
    },
  );

const nearest = (values, value) =>
  values.reduce((best, one) => (Math.abs(one - value) < Math.abs(best - value) ? one : best));
/* The arrow keys take one step of the axis; the next width may be further. */
const nextWidth = (width, wanted) =>
  Math.abs(wanted - width) === 1
    ? WIDTHS[Math.max(0, Math.min(WIDTHS.length - 1, WIDTHS.indexOf(width) + Math.sign(wanted - width)))]
    : nearest(WIDTHS, wanted);

const POWERS = LAMBDAS.map((_, i) => i / 2 - 6);

const draw = (state, numbers, set) => html`
  ${scene(state, numbers)}
  <div class="dial-pair">
    ${errors(
      `Errors over the penalty; the least on new samples is at ${number(numbers.best_lam)}`,
      "log₁₀ λ   (drag)",
      POWERS,
      numbers.over_lam,
      POWERS[LAMBDAS.indexOf(state.lam)],
      (power) => set({ lam: LAMBDAS[POWERS.indexOf(power)] }),
      0.5,
    )}
    ${errors(
      `Errors over the width, at ${state.n} samples`,
      "hidden units   (drag)",
      WIDTHS,
      numbers.over_width,
      state.width,
      (wanted) => set({ width: nextWidth(state.width, wanted) }),
      1,
    )}
  </div>
`;

/* What you see */

const verdict = ({ n, width, noise, lam }, { train, test, best_lam, over_lam }) => {
  const least = Math.min(...over_lam.map((pair) => pair[1]));
  if (test < 1.3 * least && test < 0.1 + 2 * noise * noise) {
    return html`<p><b>About as good as it gets here.</b> No penalty does much better than this one; what is
      left is ${noise ? "mostly noise, which nobody can predict" : "what so few units cannot bend to"}.</p>`;
  }
  if (train > 0.5 * test && lam > best_lam) {
    return html`<p><b>Underfit.</b> Both errors are high and close together: the penalty holds the curve back. A
      gap is not the only sign of trouble.</p>`;
  }
  if (train < 0.5 * test) {
    return html`<p><b>Overfit.</b> On the samples ${number(test / train, 2)} times better than on new ones${
      width >= n - 1 ? `: with ${width} units for ${n} samples it can pass through every one of them` : ""
    }. The best penalty here is λ = ${number(best_lam)}, with an error of ${number(least, 2)}.</p>`;
  }
  return html`<p>Both errors are close together, and high: <b>too few units or too much penalty</b>. More
    samples will not help.</p>`;
};

const see = (state, numbers) => html`<p>
    ${state.n} samples, ${state.width} hidden units, λ = ${number(state.lam)}: the error is
    <b>${number(numbers.train, 2)} on the samples</b> and <b>${number(numbers.test, 2)} on new ones</b>. Noise
    alone accounts for ${number(state.noise ** 2, 2)}.
  </p>
  ${verdict(state, numbers)}`;

const code = ({ n, width, lam, noise }) => `import numpy as np
from coursepkg.widgets.overfit_dial import LAMBDAS, WIDTHS, fit

n, width, lam, noise = ${n}, ${width}, ${lam}, ${noise}
curve, train, test = fit(n, width, lam, noise)
over_lam = [fit(n, width, each, noise)[1:] for each in LAMBDAS]
over_width = [fit(n, each, lam, noise)[1:] for each in WIDTHS]
best_lam = LAMBDAS[np.argmin([test for _, test in over_lam])]`;

export default widget({
  controls: [
    { name: "n", label: "Samples", min: 6, max: 60, step: 1 },
    { name: "width", label: "Hidden units", values: WIDTHS },
    { name: "lam", label: "Penalty λ", values: LAMBDAS },
    { name: "noise", label: "Noise", values: [0, 0.1, 0.2, 0.3, 0.5] },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "14 units pass through 14 noisy samples with hardly an error. You collect 46 more samples and train again. What happens to the error on the samples?",
    options: ["It falls further", "It grows", "It stays"],
    answer: 1,
    attempt:
      "Move the samples to 60. Go back to 14, and find the penalty that does what 46 samples did. Then the smallest width that does without either.",
    explain:
      "Fourteen units can bend to fourteen samples, noise and all; to sixty they cannot. So the error on the samples grows, towards that of the noise, 0.09, while the error on new samples falls to it from above. Where the two have met, more data will not help. Penalty and width move along the same line: less freedom, more error on the samples, and up to a point less on new ones.",
  },
});
