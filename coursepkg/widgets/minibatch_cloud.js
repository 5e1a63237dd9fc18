/* W3.3: gradients of mini-batches, the angles they make with the true one, and how they spread. */
import { chart, handle, line } from "./chart.js";
import { html, number, svg, widget } from "./frame.js";

const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const PLACES = [0, 0.5, 0.8, 0.95, 1];
const [SAMPLES, DRAWS, BINS] = [256, 150, 12];
const range = (n) => [...Array(n).keys()];

/* Mathematics: half the mean squared error of t ≈ x·w over some rows, by w */

const weightsAt = (place, { far, best }) => far.map((from, k) => from + place * (best[k] - from));

const gradientOf = (rows, w, { x, t }) => {
  const sum = [0, 0];
  for (const n of rows) {
    const error = x[n][0] * w[0] + x[n][1] * w[1] - t[n];
    sum[0] += x[n][0] * error;
    sum[1] += x[n][1] * error;
  }
  return sum.map((value) => value / rows.length);
};

/* The same draws as in Python: the generator fits into the whole numbers that both can hold. */
const drawBatches = (batch, seed, replace) => {
  let state = 2 * seed + 1;
  const next = () => (state = (state * 48271) % 2147483647);
  return range(DRAWS).map(() => {
    const order = range(SAMPLES);
    return range(batch).map((i) => {
      if (replace === "with") return next() % SAMPLES;
      const j = i + (next() % (SAMPLES - i));
      [order[i], order[j]] = [order[j], order[i]];
      return order[i];
    });
  });
};

const meanSquare = (points, [a, b]) =>
  points.reduce((sum, [u, v]) => sum + (u - a) ** 2 + (v - b) ** 2, 0) / points.length;

const compute = ({ batch, place, replace, seed }, data) => {
  const w = weightsAt(place, data);
  const full = gradientOf(range(SAMPLES), w, data);
  const cloud = drawBatches(batch, seed, replace).map((rows) => gradientOf(rows, w, data));
  const one = Math.sqrt(meanSquare(range(SAMPLES).map((n) => gradientOf([n], w, data)), full));
  const expected = (size) =>
    one * Math.sqrt((replace === "with" ? 1 : (SAMPLES - size) / (SAMPLES - 1)) / size);
  return {
    full,
    cloud,
    spread: Math.sqrt(meanSquare(cloud, full)),
    expected: expected(batch),
    law: BATCHES.map(expected),
    uphill: cloud.filter(([u, v]) => u * full[0] + v * full[1] < 0).length,
  };
};

/* The cloud */

const SIDE = 300;

const cloudPicture = ({ batch }, { full, cloud, expected, uphill }) => {
  // The first picture of every place has the same scale for all batch sizes.
  const reach = Math.max(...cloud.flat().map(Math.abs), ...full.map(Math.abs), 0.2) * 1.1;
  const at = (value) => SIDE / 2 + (value / reach) * (SIDE / 2);
  const [u, v] = [at(full[0]), at(-full[1])];
  const radius = (expected / reach) * (SIDE / 2);
  const up = ([a, b]) => a * full[0] + b * full[1] < 0;
  return html`<figure>
    <svg class="cloud-picture" viewBox="0 0 ${SIDE} ${SIDE}" role="img"
      aria-label="${DRAWS} gradients of ${batch} samples each; ${uphill} point uphill">
      <path class="cloud-cross" d="M0 ${SIDE / 2}H${SIDE}M${SIDE / 2} 0V${SIDE}" />
      ${cloud.map((one) => {
        const [a, b] = [at(one[0]), at(-one[1])];
        return up(one)
          ? svg`<path class="cloud-up" d="M${a - 3.5} ${b - 3.5}l7 7m0 -7l-7 7" />`
          : svg`<circle class="cloud-down" r="3" cx=${a} cy=${b} />`;
      })}
      <circle class="cloud-ring" r=${radius} cx=${u} cy=${v} />
      <path class="cloud-arrow" d="M${SIDE / 2} ${SIDE / 2}L${u} ${v}" />
      <circle class="cloud-tip" r="5" cx=${u} cy=${v} />
    </svg>
    <figcaption>
      Line: the gradient of all ${SAMPLES}. Ring: the expected spread. <b class="cloud-plus">●</b>
      roughly its way, <b class="cloud-minus">✕</b> against it. Axes reach ±${number(reach, 2)}.
    </figcaption>
  </figure>`;
};

/* Angles with the true gradient, 0° to 180° */

const angles = ({ full, cloud }) => {
  const counts = Array(BINS).fill(0);
  for (const [u, v] of cloud) {
    const cross = Math.abs(u * full[1] - v * full[0]);
    const turn = Math.atan2(cross, u * full[0] + v * full[1]) / Math.PI;
    counts[Math.min(BINS - 1, Math.floor(turn * BINS))] += 1;
  }
  return counts;
};

const anglesPicture = (numbers) => {
  const counts = angles(numbers);
  return chart(
    {
      label: `Angles between the mini-batch gradients and the true one; ${numbers.uphill} of ${DRAWS} are above 90 degrees`,
      x: [0, 180],
      y: [0, DRAWS],
      height: 170,
      xLabel: "degrees away from the true gradient",
      yLabel: `how many of ${DRAWS}`,
    },
    (x, y) => svg`
      ${counts.map((many, k) => {
        const [from, to] = [x((180 * k) / BINS), x((180 * (k + 1)) / BINS)];
        return svg`<rect class=${k < BINS / 2 ? "cloud-bar" : "cloud-bar cloud-wrong"} x=${from + 1}
          y=${y(many)} width=${to - from - 2} height=${y(0) - y(many)} />`;
      })}
      <text x=${x(135)} y=${y(DRAWS) + 12} text-anchor="middle">uphill</text>
      <path class="cloud-cross" d="M${x(90)} ${y(0)}V${y(DRAWS)}" />`,
  );
};

/* Spread against batch size, the batch size in hand */

const lawPicture = ({ batch }, { law, spread }, set) => {
  const exponent = Math.log2(batch);
  const [low, high] = [1e-2, 1e1];
  const kept = (value) => Math.max(low, Math.min(high, value));
  return chart(
    {
      label: `Spread of the cloud against the batch size; at ${batch} it is ${number(spread, 3)}`,
      x: [0, 8],
      y: [low, high],
      log: "y",
      height: 190,
      xLabel: "log₂ of the batch size   (drag)",
      yLabel: "spread",
      role: "group",
    },
    (x, y) => svg`
      <path class="cloud-law" d=${line(law.map((value, k) => [k, value > 0 ? kept(value) : low]), x, y)} />
      <text x=${x(5)} y=${y(kept(law[4])) - 6}>1/√B</text>
      ${handle({
        at: [exponent, Number(kept(spread).toPrecision(3))],
        x,
        y,
        step: 1,
        label: "Batch size as a power of two, and spread",
        move: ([power]) => set({ batch: 2 ** power }),
        mark: svg`<circle class="cloud-handle" r="7" />`,
      })}`,
  );
};

const draw = (state, numbers, set) => html`
  <div class="cloud-sides">
    ${cloudPicture(state, numbers)}
    <div>${anglesPicture(numbers)} ${lawPicture(state, numbers, set)}</div>
  </div>
`;

/* What you see */

const shown = (value) => (value < 1e-6 ? "0" : number(value, 3));


const see = ({ batch, place, replace }, { full, spread, expected, uphill }) => {
  const length = Math.hypot(...full);
  return html`<p>
      The true gradient has length <b>${shown(length)}</b>, the cloud a spread of
      <b>${shown(spread)}</b> (expected ${number(expected, 3)}).
      ${
        length > 1e-4
          ? `Noise ${number(spread / length, 2)} times the signal; ${uphill} of ${DRAWS} mini-batches point uphill.`
          : "At the minimum no direction is downhill."
      }
    </p>
    ${remark(place, batch, replace, spread / length)}`;
};

const remark = (place, batch, replace, noise) => {
  if (batch === SAMPLES && replace === "without") {
    return html`<p><b>No noise left:</b> a batch of all samples, none twice, is the whole sum. This is what
      gradient descent without the S computes.</p>`;
  }
  if (place === 1) {
    return html`<p><b>At the minimum the signal is zero and the noise is not.</b> Every step leads away. A
      constant learning rate keeps circling here; only a smaller rate or a larger batch comes closer.</p>`;
  }
  if (noise < 0.5) {
    return html`<p>Here a few samples agree on where downhill is. More of them would say the same at a higher
      price. Go on towards the minimum and look again.</p>`;
  }
  return html`<p>Four times the samples, half the spread. <b>The cloud has not moved: its centre is the true
    gradient</b>, whatever the batch size. Noise, but no lie.</p>`;
};

/* As code */

const code = ({ batch, place, replace, seed }) => `import numpy as np
from coursepkg.widgets.minibatch_cloud import draws, expected_spread, gradient

full = gradient(range(256), ${place})
cloud = np.array([gradient(rows, ${place}) for rows in draws(${batch}, ${seed}, "${replace}")])
spread = np.sqrt(np.mean(np.sum((cloud - full) ** 2, axis=1)))
expected = expected_spread(${batch}, ${place}, "${replace}")`;

export default widget({
  controls: [
    { name: "batch", label: "Batch size", values: BATCHES },
    { name: "place", label: "Way done", values: PLACES },
    {
      name: "replace",
      label: "Samples drawn",
      options: [
        ["with", "with repeats"],
        ["without", "no repeats"],
      ],
    },
    { name: "seed", label: "Other draws", min: 0, max: 9, step: 1 },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question: "The cloud is too wide. How much larger must the mini-batch be to make it half as wide?",
    options: ["Twice", "Four times", "Sixteen times"],
    answer: 1,
    attempt:
      "Drag the dot along the line and watch the crosses vanish. Then go to the minimum, place 1: which batch size still finds its way? Then draw with no repeats.",
    explain:
      "A mini-batch gradient is a mean of B independent gradients. The variance of a mean is that of one divided by B, so the spread goes like 1/√B: four times the work for half the noise. With no repeats, a batch of all 256 has no noise at all, and the line bends down before it.",
  },
});
