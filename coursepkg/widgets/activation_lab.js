/* W4.1: inputs go through an activation; what comes out, and how steep it was there. */
import { chart, clipped, handle, line } from "./chart.js";
import { html, number, svg, widget } from "./frame.js";

const FLAT = 0.01;
const BINS = 20;

/* Mathematics: [output, slope] at x */

const functions = {
  step: (x) => [x > 0 ? 1 : 0, 0],
  sigmoid: (x) => {
    const out = 0.5 * (Math.tanh(0.5 * x) + 1); // no exponential that could overflow
    return [out, out * (1 - out)];
  },
  tanh: (x) => [Math.tanh(x), 1 - Math.tanh(x) ** 2],
  relu: (x) => [Math.max(x, 0), x > 0 ? 1 : 0],
  leaky_relu: (x, leak) => (x > 0 ? [x, 1] : [leak * x, leak]),
  elu: (x, leak) => {
    const out = x > 0 ? x : leak * Math.expm1(x);
    return [out, out > 0 ? 1 : out + leak];
  },
};

const names = {
  step: "step",
  sigmoid: "sigmoid",
  tanh: "tanh",
  relu: "ReLU",
  leaky_relu: "leaky ReLU",
  elu: "ELU",
};

const spans = { step: [0, 1], sigmoid: [0, 1], tanh: [-1, 1] };
const span = (name) => spans[name] ?? [-2, 8];

const histogram = (values, [low, high]) => {
  const bins = Array(BINS).fill(0);
  for (const value of values) {
    const place = Math.trunc(((value - low) / (high - low)) * BINS);
    bins[Math.max(0, Math.min(BINS - 1, place))] += 1;
  }
  return bins;
};

const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const compute = ({ function: name, mean, std, leak }, { z }) => {
  const pairs = z.map((value) => functions[name](mean + std * value, leak));
  const [out, slope] = [0, 1].map((place) => pairs.map((pair) => pair[place]));
  const mean_slope = average(slope);
  return {
    x: z.map((value) => mean + std * value),
    out,
    slope,
    mean_out: average(out),
    mean_slope,
    flat: slope.filter((value) => value < FLAT).length / slope.length,
    after_ten: mean_slope ** 10,
    out_bins: histogram(out, span(name)),
    slope_bins: histogram(slope, [0, 1]),
  };
};

/* Picture: the function over its inputs, a handle at their mean; then the two histograms */

const ENDS = [-10, 10];
const STEPS = [...Array(201).keys()].map((i) => ENDS[0] + i / 10);

const curve = (state, { x: inputs, flat }, set) => {
  const { function: name, mean, leak } = state;
  const at = (x, part) => functions[name](x, leak)[part];
  const y = spans[name] ? [-1.2, 1.6] : [-2, 8];
  // The step jumps: a curve drawn through it would claim a slope it has not.
  const points = (part) =>
    STEPS.map((x) => [x, name === "step" && x === 0 && part === 0 ? NaN : at(x, part)]);
  const label =
    `${names[name]} and its slope; ${inputs.length} inputs around ${number(mean)}, ` +
    `${number(100 * flat)} % of them where it is flat`;
  return chart(
    { label, x: ENDS, y, height: 230, xLabel: "input: drag the point to move their mean", role: "group" },
    (x, y) => svg`
      ${inputs.map(
        (value) =>
          svg`<path class="actlab-input" d="M${x(Math.max(ENDS[0], Math.min(ENDS[1], value)))} ${y(y.ends[0])}v-12" />`,
      )}
      ${clipped(
        x,
        y,
        svg`<path class="actlab-slope" d=${line(points(1), x, y)} />
        <path class="actlab-curve" d=${line(points(0), x, y)} />`,
      )}
      <text x=${x(-9.6)} y=${y(y.ends[1]) + 4} class="actlab-blue">${names[name]}</text>
      <text x=${x(-9.6)} y=${y(y.ends[1]) + 20} class="actlab-orange">dashed: its slope</text>
      ${handle({
        at: [mean, Number(at(mean, 0).toFixed(2))],
        x,
        y,
        step: 1,
        label: "Mean of the inputs",
        move: ([u]) => set({ mean: Math.max(-8, Math.min(8, u)) }),
        mark: svg`<circle r="7" class="actlab-mean" />`,
      })}`,
  );
};

const bars = (title, bins, [low, high], kind) => {
  const width = (high - low) / BINS;
  const top = Math.max(50, ...bins);
  const fullest = bins.indexOf(Math.max(...bins));
  const label =
    `${title}: the fullest of ${BINS} bins begins at ` +
    `${number(low + fullest * width)} and holds ${bins[fullest]} of 200`;
  return chart(
    { label, x: [low, high], y: [0, top], height: 165, xLabel: title, yLabel: "of 200" },
    (x, y) =>
      bins.map(
        (many, i) =>
          svg`<rect class=${kind} x=${x(low + i * width) + 0.5} y=${y(many)}
            width=${x(width) - x(0) - 1} height=${y(0) - y(many)} />`,
      ),
  );
};

const draw = (state, numbers, set) => html`
  ${curve(state, numbers, set)}
  <div class="actlab-pair">
    ${bars("outputs", numbers.out_bins, span(state.function), "actlab-plain")}
    ${bars("slopes met", numbers.slope_bins, [0, 1], "actlab-striped")}
  </div>
`;

/* What you see */

const remarks = {
  step: () => html`<b>The step has no slope to learn from.</b> Zero everywhere, so no input and no
    weight below it would ever be blamed. The perceptron rule does without; gradients cannot.`,
  sigmoid: ({ flat }) =>
    flat > 0.3
      ? html`<b>It saturates.</b> The outputs crowd at 0 and 1, and there the curve is flat. Make the
          inputs narrower until the bar at slope 0 goes away.`
      : html`Hardly anything is flat now, and still the slope is at most ¼: even at its best the
          sigmoid takes three quarters of every gradient.`,
  tanh: ({ flat }) =>
    flat > 0.3
      ? html`<b>It saturates like the sigmoid</b>, sooner even: it is the same curve, twice as fast.`
      : html`Its outputs sit around zero and its slope reaches 1. As long as the inputs are small it is
          almost not there.`,
  relu: ({ flat }) =>
    flat > 0.95
      ? html`<b>Dead.</b> Every input is negative: output 0, slope 0, nothing will move it. Drag the
          mean back.`
      : html`The slope is 1 or 0 and nothing between. ${number(100 * flat)} % of the inputs are
          switched off; change their spread and with mean 0 it stays one half.`,
  leaky_relu: () => html`No input is lost: where ReLU has slope 0, this one has its leak. Drag the mean
    far to the left: the unit is faint, not dead.`,
  elu: ({ flat }) => html`Smooth on the left, down to −α. Its slope there dies out all the same:
    ${number(100 * flat)} % of the inputs meet a slope below ${FLAT}.`,
};

const see = (state, numbers) => html`<p>
    <b>${number(100 * numbers.flat, 3)} %</b> of the inputs meet a slope below ${FLAT}. Mean slope
    <b>${number(numbers.mean_slope, 3)}</b>; ten such layers in a row multiply a gradient by about
    ${number(numbers.after_ten, 2)}, if the weights do not make up for it.
  </p>
  <p>${remarks[state.function](numbers)}</p>`;

const code = ({ function: name, mean, std, leak }) => `import numpy as np
from coursepkg.widgets.activation_lab import Z, activate

x = ${mean} + ${std} * Z  # 200 inputs
out, slope = activate("${name}", x, ${leak})
mean_out, mean_slope = out.mean(), slope.mean()
flat = np.mean(slope < ${FLAT})
after_ten = mean_slope**10`;

export default widget({
  controls: [
    { name: "function", label: "Activation", options: Object.entries(names) },
    { name: "mean", label: "Mean of inputs", min: -8, max: 8, step: 1 },
    { name: "std", label: "Their spread", values: [0.1, 0.3, 1, 2, 4, 6, 8] },
    {
      name: "leak",
      label: "Leak, α",
      values: [0.01, 0.1, 0.3, 1],
      when: ({ function: name }) => ["leaky_relu", "elu"].includes(name),
    },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "Inputs with mean 0 and standard deviation 6 go through a sigmoid. Half of the curve looks steep. For how many of the inputs is its slope below 0.01, next to nothing?",
    options: ["About 5 %", "About 20 %", "Nearly half"],
    answer: 2,
    attempt:
      "Narrow the spread until the sigmoid works again. Then take ReLU: which spread brings its share of zeros below one half? And which mean kills it?",
    explain:
      "The slope σ(1 − σ) falls below 0.01 as soon as the input is beyond ±4.6. With a standard deviation of 6 that is 44 of 100 inputs. ReLU depends on signs only: with mean 0 it switches off one half at any spread, and all of them once the mean lies a few spreads below zero.",
  },
});
