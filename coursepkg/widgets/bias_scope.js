/* W8.3: steps of Adam, in learning rates, with the two means corrected and as they are. */
import { chart, clipped, handle, line } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const BETA1 = [0, 0.5, 0.8, 0.9, 0.95, 0.99];
const BETA2 = [0.9, 0.95, 0.99, 0.999, 0.9999];
const PLACES = [...new Set([...Array(65).keys()].map((k) => Math.round(10 ** (k / 16))))];
const LAST = 10_000;
const EPS = 1e-8;

/* Mathematics */

/* The same gradients as in Python: the generator fits into the whole numbers that both can hold. */
const gradientsOf = {
  constant: () => () => 1,
  rare: () => (t) => ((t - 1) % 100 === 0 ? 1 : 0),
  noisy: () => {
    const next = coin();
    return () => 4 * next() - 1;
  },
  signs: () => {
    const next = coin();
    return () => (next() < 0.5 ? -1 : 1);
  },
};
const coin = () => {
  let state = 5;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
};

const walk = (kind, b1, b2) => {
  const gradient = gradientsOf[kind]();
  const [corrected, almost] = [new Float64Array(LAST), new Float64Array(LAST)];
  let [m, v, longestAt] = [0, 0, 1];
  for (let t = 1; t <= LAST; t++) {
    const g = gradient(t);
    m = b1 * m + (1 - b1) * g;
    v = b2 * v + (1 - b2) * g * g;
    corrected[t - 1] = m / (1 - b1 ** t) / (Math.sqrt(v / (1 - b2 ** t)) + EPS);
    almost[t - 1] = m / (Math.sqrt(v) + EPS);
    if (Math.abs(almost[t - 1]) > Math.abs(almost[longestAt - 1])) longestAt = t;
  }
  return { corrected, almost, longestAt };
};

let known = {}; // the walk does not depend on the step that is looked at
const compute = ({ beta1, beta2, kind, t }) => {
  const key = [beta1, beta2, kind].join();
  if (known.key !== key) known = { key, ...walk(kind, beta1, beta2) };
  const { corrected, almost, longestAt } = known;
  const at = (steps) => PLACES.map((place) => steps[place - 1]);
  return {
    corrected: at(corrected),
    almost: at(almost),
    longest: Math.abs(almost[longestAt - 1]),
    longest_at: longestAt,
    here: [corrected[t - 1], almost[t - 1]],
  };
};

/* Picture */

const reach = ({ corrected, almost, longest }) =>
  Math.max(1.5, longest, ...corrected.map(Math.abs), ...almost.map(Math.abs)) * 1.08;

const place = (t) => PLACES.indexOf(t);

const picture = ({ kind, t }, numbers, set) => {
  const { corrected, almost, longest, longest_at, here } = numbers;
  const top = reach(numbers);
  const low = kind === "noisy" || kind === "signs" ? -top / 2 : 0;
  return chart(
    {
      label: `Steps in learning rates; step ${t} is ${number(here[0], 4)} with correction and ${number(here[1], 4)} without`,
      x: [1, LAST],
      y: [low, top],
      log: "x",
      width: 380,
      height: 240,
      xLabel: "step t   (drag the marks)",
      yLabel: "length of the step, in learning rates",
      role: "group",
    },
    (x, y) => {
      const along = (steps) => line(steps.map((step, k) => [PLACES[k], step]), x, y);
      const cursor = (value, label, shape) =>
        handle({
          at: [place(t), Number(value.toFixed(3))],
          x: Object.assign((k) => x(PLACES[k]), {
            ends: [0, PLACES.length - 1],
            invert: (spot) => nearest(x.invert(spot)),
          }),
          y,
          step: 1,
          label: `Step ${t}, ${label}, place and length`,
          move: ([k]) => set({ t: PLACES[k] }),
          mark: shape,
        });
      return svg`
        <path class="scope-rate" d="M${x(1)} ${y(1)}H${x(LAST)}M${x(t)} ${y(low)}V${y(top)}" />
        ${clipped(x, y, [
          svg`<path class="scope-almost" d=${along(almost)} />`,
          svg`<path class="scope-full" d=${along(corrected)} />`,
        ])}
        ${kind === "constant" && longest > 1.2
          ? svg`<text class="scope-almost-name" x=${x(longest_at) + 12} y=${y(longest) + 4}>${number(longest, 3)} at t = ${longest_at}</text>`
          : nothing}
        <text class="scope-full-name" x=${x(2500)} y=${y(1) + (low ? -8 : 18)}>corrected</text>
        ${cursor(here[1], "without correction", svg`<path class="scope-square" d="M-6 -6h12v12h-12z" />`)}
        ${cursor(here[0], "with correction", svg`<circle class="scope-dot" r="6" />`)}`;
    },
  );
};

const nearest = (t) => {
  const off = PLACES.map((one) => Math.abs(Math.log(one / t)));
  return off.indexOf(Math.min(...off));
};

const draw = (state, numbers, set) => html`
  ${picture(state, numbers, set)}
  <p class="scope-buttons">
    ${[1, 12, 100, 1000, 10000].map(
      (t) => html`<button type="button" aria-pressed=${state.t === t} @click=${() => set({ t })}>t = ${t}</button> `,
    )}
    <button type="button" @click=${() => set({ beta1: 0 })}>No β₁: RMSProp</button>
  </p>
  <p class="scope-key">
    <span class="scope-blue">● blue: corrected</span>, <span class="scope-orange">■ orange, dashed: as they are, “almost”</span>.
    Each is the same Adam on the same gradients.
  </p>
`;

/* What you see */

const see = ({ beta1, beta2, kind, t }, { here, longest, longest_at }) => html`<p>
    In step ${t} the two means hold <b>${number(1 - beta1 ** t, 3)}</b> and
    <b>${number(1 - beta2 ** t, 3)}</b> of what they will hold one day. Uncorrected, the step is
    <b>${number(here[1], 4)}</b> learning rates long; corrected, <b>${number(here[0], 4)}</b>. The longest without
    correction is ${number(longest, 3)}, in step ${longest_at}.
  </p>
  <p>${remark(beta1, beta2, kind)}</p>`;

const remark = (beta1, beta2, kind) => {
  if (kind === "signs") {
    return html`A coin decides the sign: there is no way to go. β₁ averages the signs out and <b>leaves about
      ${number(Math.sqrt((1 - beta1) / (1 + beta1)), 2)}</b> of a learning rate, √((1 − β₁)/(1 + β₁)).`;
  }
  if (kind === "noisy") {
    return html`Three parts of noise to one of signal. The corrected steps stay within about a learning rate
      whatever the gradients are: that is why Adam's rate can be read as a length.`;
  }
  if (kind === "rare") {
    return html`One gradient of 1 in a hundred, else 0. Corrected, the first step is still 1; after that the rare
      gradient is large beside the root of its mean square, and the steps that follow it are long.`;
  }
  if (beta1 > beta2 ** 0.5) {
    return html`The mean of the gradients is slower than the root of the mean of squares. Then the steps begin too short, not too long.`;
  }
  return html`The numerator reaches its value in some ${Math.round(1 / (1 - beta1))} steps, the denominator in some
    ${Math.round(1 / (1 - beta2))}. <b>Until then it divides by too little.</b> The first step is
    (1 − β₁)/√(1 − β₂) = ${number((1 - beta1) / Math.sqrt(1 - beta2), 4)}.`;
};

/* As code */

const code = ({ beta1, beta2, kind, t }) => `import numpy as np
from coursepkg.widgets.bias_scope import PLACES, step_sizes

betas, at = (${beta1}, ${beta2}), np.array(PLACES) - 1
full = step_sizes("${kind}", betas, 10_000, correction=True)
bare = step_sizes("${kind}", betas, 10_000, correction=False)
corrected, almost = full[at], bare[at]
longest, longest_at = abs(bare).max(), abs(bare).argmax() + 1
here = [full[${t} - 1], bare[${t} - 1]]`;

export default widget({
  controls: [
    { name: "beta1", label: "β₁", values: BETA1 },
    { name: "beta2", label: "β₂", values: BETA2 },
    {
      name: "kind",
      label: "Gradients",
      options: [
        ["constant", "always 1"],
        ["noisy", "1 and noise"],
        ["signs", "±1 by a coin"],
        ["rare", "1 in a hundred"],
      ],
    },
    { name: "t", label: "Step t", values: PLACES },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "Adam without bias correction, β₁ = 0.9 and β₂ = 0.999, and a gradient that is always 1. Both means start at 0. How long is the first step, in learning rates?",
    options: ["0.1: the mean of the gradients is still near 0", "1", "About 3"],
    answer: 2,
    attempt:
      "Drag the square to step 12. Then set β₂ to 0.9999. Then find shares for which almost and corrected agree from the first step on.",
    explain:
      "Both means are too small, but the step divides one by the root of the other: 0.1 by √0.001, that is 3.16. The numerator catches up in ten steps, the denominator needs a thousand, so it gets worse before it gets better: 6.57 in step 12. Dividing each mean by 1 − βᵗ makes it the mean of the t gradients seen so far, and the step is 1 from the first on.",
  },
});
