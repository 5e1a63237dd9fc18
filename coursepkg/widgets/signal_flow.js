/* W7.1: sizes of signals, blame and gradients in a fresh network, layer by layer. */
import { chart, line } from "./chart.js";
import { html, number, svg, widget } from "./frame.js";

const WIDTH = 256;
const DEPTHS = [2, 5, 10, 20, 50];
const STDS = [0.01, 0.04, 0.0625, 0.0884, 0.1, 0.125, 0.25, 1];
const RULES = [
  [0.01, "0.01, the slide"],
  [0.0625, "1/√256, Xavier"],
  [0.0884, "√(2/256), He"],
];
const [SCALE, LIFT] = [100, 200];

const sum = (values) => values.reduce((total, value) => total + value, 0);

/* A frame holds 100 (log10 of a number + 200) as three base-36 digits, for the signals of the deepest
   network, then the blames of all depths, then the norms of dW of all depths. */
const unpacked = (text, start, many) =>
  [...Array(many).keys()].map((i) => {
    const at = 3 * (start + i);
    return parseInt(text.slice(at, at + 3), 36) / SCALE - LIFT;
  });

const slopes = { relu: Math.sqrt(0.5), tanh: 1, sigmoid: 0.25 };

const compute = ({ activation, std, depth }, data) => {
  const text = data[activation][STDS.indexOf(std)];
  const start = DEPTHS.at(-1) + sum(DEPTHS.slice(0, DEPTHS.indexOf(depth)));
  const signal = unpacked(text, 0, depth);
  const blame = unpacked(text, start, depth);
  return {
    signal,
    blame,
    gradient: unpacked(text, start + sum(DEPTHS), depth),
    forward: 10 ** ((signal.at(-1) - signal[0]) / (depth - 1)),
    back: 10 ** ((blame[0] - blame.at(-1)) / (depth - 1)),
    expected: slopes[activation] * std * Math.sqrt(WIDTH),
  };
};

/* Picture */

const power = (log) => number(10 ** log, Math.abs(log) < 3 ? 3 : 2);

const span = (logs) => [
  10 ** (Math.floor(Math.min(0, ...logs)) - 1),
  10 ** (Math.ceil(Math.max(0, ...logs)) + 1),
];
const points = (logs) => logs.map((log, i) => [i + 1, 10 ** log]);
const marks = (logs, x, y, shape) =>
  logs.length > 20 ? [] : points(logs).map(([u, v]) => shape(x(u), y(v)));
const dot = (u, v) => svg`<circle class="signal-there" r="3.5" cx=${u} cy=${v} />`;
const box = (u, v) => svg`<path class="signal-back" d="M${u - 3.5} ${v - 3.5}h7v7h-7z" />`;


const passing = ({ depth }, { signal, blame }) =>
  chart(
    {
      label: `Signal ${power(signal[0])} after layer 1, ${power(signal.at(-1))} after layer ${depth}; blame ${power(blame.at(-1))} at the top, ${power(blame[0])} at layer 1`,
      x: [1, depth],
      y: span([...signal, ...blame]),
      log: "y",
      height: 250,
      xLabel: "layer",
      yLabel: "size: ● signal, forward   ■ blame, back",
    },
    (x, y) => svg`
      <path class="signal-one" d="M${x(1)} ${y(1)}H${x(depth)}" />
      <path class="signal-line" d=${line(points(signal), x, y)} />
      <path class="signal-line signal-dashed" d=${line(points(blame), x, y)} />
      ${marks(signal, x, y, dot)} ${marks(blame, x, y, box)}`,
  );

const steps = ({ depth }, { gradient }) =>
  chart(
    {
      label: `Norm of dW: ${power(gradient[0])} in layer 1, ${power(gradient.at(-1))} in layer ${depth}`,
      x: [1, depth],
      y: span(gradient),
      log: "y",
      height: 250,
      xLabel: "layer",
      yLabel: "norm of dW",
    },
    (x, y) => svg`
      <path class="signal-line" d=${line(points(gradient), x, y)} />
      ${marks(gradient, x, y, dot)}`,
  );

const draw = (state, numbers, set) => html`
  <div class="signal-rules">
    ${RULES.map(
      ([std, text]) =>
        html`<button type="button" aria-pressed=${String(std === state.std)} @click=${() => set({ std })}>
          ${text}
        </button> `,
    )}
  </div>
  <div class="signal-pair">${passing(state, numbers)} ${steps(state, numbers)}</div>
`;

/* What you see */

const verdict = {
  relu: ({ forward }) =>
    forward < 0.9
      ? html`<b>The signal dies.</b> Blame dies on its way back just as fast. Each dW is the product of
          the two, so all layers get steps of the same size: the same nothing.`
      : forward < 1.1
        ? html`<b>Flat lines.</b> What comes in at size 1 arrives at size 1, in both directions, and the
            depth does not matter. A ReLU stops half of the signal; the 2 in √(2/256) makes up for it.`
        : html`<b>It explodes</b>, and the steps with it: all layers the same, all far too large.`,
  tanh: ({ back, forward }, std) =>
    std < 0.0625
      ? html`<b>The signal dies</b>, as with a ReLU: near zero tanh is a straight line, and a layer
          multiplies by std · √256.`
      : std === 0.0625
        ? html`<b>Nearly flat.</b> The signal goes down slowly, since tanh bends a little; the blame comes back
            almost whole.`
        : html`<b>The signal looks healthy, and the blame is not.</b> tanh caps the signal at 1, so the first
            line stays flat whatever you do (factor ${number(forward, 3)}). Going back, nothing caps: the blame
            grows by ${number(back, 3)} a layer. One flat line is not enough; look at both.`,
  sigmoid: ({ back }) =>
    back < 0.9
      ? html`<b>Flat forward, gone backward.</b> A sigmoid's outputs sit around ½ whatever comes in, but its
          slope is at most ¼: the blame shrinks by ${number(back, 2)} a layer.`
      : html`Even with weights of size 1 the blame only just holds its size. No choice here gives flat
          lines both ways.`,
};

const see = ({ activation, std, depth }, numbers) => {
  const { signal, blame, gradient, forward, back, expected } = numbers;
  return html`<p>
      Size of the signal: ${power(signal[0])} after layer 1, <b>${power(signal.at(-1))}</b> after layer
      ${depth}: times <b>${number(forward, 3)}</b> a layer. Of a blame of ${power(blame.at(-1))} at the top, layer
      1 hears ${power(blame[0])}: times ${number(back, 3)} a layer. A pencil gives
      ${number(expected, 3)} for small signals.
    </p>
    <p>${verdict[activation](numbers, std)}</p>
    <p>‖dW‖ is ${power(gradient[0])} in the first layer and ${power(gradient.at(-1))} in the last.</p>`;
};

const code = ({ activation, std, depth }) =>
  `import numpy as np
from coursepkg.widgets.signal_flow import factors
from coursepkg.widgets.signal_runs import recorded

# propagate("${activation}", ${std}) of the same module sends them through again.
signal, blame, gradient = recorded("${activation}", ${std}, ${depth})  # log10
forward = 10 ** ((signal[-1] - signal[0]) / ${depth - 1})
back = 10 ** ((blame[0] - blame[-1]) / ${depth - 1})
expected = factors("${activation}", ${std})`;

export default widget({
  controls: [
    {
      name: "activation",
      label: "Activation",
      options: [
        ["relu", "ReLU"],
        ["tanh", "tanh"],
        ["sigmoid", "sigmoid"],
      ],
    },
    { name: "std", label: "Spread of the weights", values: STDS },
    { name: "depth", label: "Layers", values: DEPTHS },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "Layers of 256 ReLUs, weights with standard deviation 0.01. The input has size 1. What is left of it after ten layers?",
    options: ["About a tenth", "About a millionth", "Less than a billionth"],
    answer: 2,
    attempt:
      "Find the spread with flat lines for ReLU, then go to 50 layers with it and with its two neighbours. Then tanh at 0.25: is that healthy? Then find out whether the sigmoid can be saved.",
    explain:
      "An output adds up 256 products of size 0.01 with random signs: that is 0.01 times the square root of 256, or 0.16. The ReLU throws half of the mean square away: 0.113. Ten of those multiply to 3e-10. He's rule solves for the spread that makes the factor 1: the square root of 2/256 is 0.0884.",
  },
});
