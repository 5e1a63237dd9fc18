/* W1.2: a line in the plane, and the same classifier as a threshold on one number a sample. */
import { chart, handle, line } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const PER_CLASS = 24;
const GRID = 1 / 8;
const onGrid = (value, most) => Math.max(-most, Math.min(most, Math.round(value / GRID) * GRID));
const label = (i) => (i < PER_CLASS ? 1 : -1);

/* Mathematics */

const fewestErrors = (along) => {
  const errors = (threshold) =>
    along.filter((value, i) => (value >= threshold ? 1 : -1) !== label(i)).length;
  return Math.min(...[...along, Infinity].map(errors));
};

const compute = ({ cloud, w, b, sample }, { clouds }) => {
  const x = clouds[cloud];
  const along = x.map(([u, v]) => u * w[0] + v * w[1]);
  const scores = along.map((value) => value + b);
  const length = Math.sqrt(w[0] * w[0] + w[1] * w[1]);
  return {
    x,
    scores,
    length,
    places: along.map((value) => (length ? value / length : 0)),
    score: scores[sample],
    distance: length ? scores[sample] / length : null,
    threshold: length ? -b / length : null,
    errors: scores.filter((score, i) => (score >= 0 ? 1 : -1) !== label(i)).length,
    fewest: fewestErrors(along),
  };
};

/* Pictures */

const mark = (i, kind = "") =>
  label(i) > 0
    ? svg`<circle class="plane-plus ${kind}" r="4" />`
    : svg`<rect class="plane-minus ${kind}" x="-3.6" y="-3.6" width="7.2" height="7.2" />`;

const REACH = 20;
const from = ([u, v], [du, dv], far) => [u + far * du, v + far * dv];

const plane = ({ w, b, sample }, numbers, set) => {
  const { x: samples, length, threshold, places, errors } = numbers;
  const normal = length ? w.map((value) => value / length) : [0, 0];
  const along = [-normal[1], normal[0]];
  const foot = from([0, 0], normal, threshold ?? 0);
  const ends = [from(foot, along, -REACH), from(foot, along, REACH)];
  const far = [from(ends[1], normal, 2 * REACH), from(ends[0], normal, 2 * REACH)];
  const [chosen, shadow] = [samples[sample], from([0, 0], normal, places[sample])];
  const nearest = from(chosen, normal, -(numbers.distance ?? 0));
  const inside = Math.abs(foot[0]) <= 5 && Math.abs(foot[1]) <= 4;
  const text = length
    ? `${samples.length} samples and the line ${number(w[0])} x1 + ${number(w[1])} x2 + ${number(b)} = 0;
      ${errors} are on the wrong side`
    : "w is zero: there is no line";
  const options = { x: [-5, 5], y: [-4, 4], height: 304, role: "group", label: text };
  return chart({ ...options, xLabel: "x₁", yLabel: "x₂" }, (x, y) => svg`
    <clipPath id="plane-clip"><rect x=${x(-5)} y=${y(4)} width=${x(5) - x(-5)} height=${y(-4) - y(4)} /></clipPath>
    <g clip-path="url(#plane-clip)">
      ${length
        ? svg`<path class="plane-side" d="${line([...ends, ...far], x, y)}Z" />
            <path class="plane-axis" d=${line([from([0, 0], normal, -REACH), from([0, 0], normal, REACH)], x, y)} />
            <path class="plane-shadow" d=${line([chosen, shadow], x, y)} />
            <path class="plane-line" d=${line(ends, x, y)} />
            <path class="plane-distance" d=${line([chosen, nearest], x, y)} />`
        : nothing}
    </g>
    ${samples.map(([u, v], i) => svg`<g transform="translate(${x(u)} ${y(v)})">${mark(i)}</g>`)}
    <circle class="plane-ring" cx=${x(chosen[0])} cy=${y(chosen[1])} r="8" />
    <path class="plane-arrow" d=${line([[0, 0], w], x, y)} />
    ${inside && length
      ? handle({
          at: foot.map((value) => Number(value.toFixed(3))), x, y, step: GRID, label: "The line, by its point nearest to the origin",
          move: (place) => set({ b: onGrid(-(place[0] * w[0] + place[1] * w[1]), 12) }),
          mark: svg`<rect class="plane-grip" x="-5" y="-5" width="10" height="10" transform="rotate(45)" />`,
        })
      : nothing}
    ${handle({
      at: w, x, y, step: GRID, label: "Tip of w", move: (place) => set({ w: place }),
      mark: svg`<circle class="plane-tip" r="7" /><text x="10" y="-6" class="plane-name">w</text>`,
    })}
  `);
};

const BIN = 0.5;
const BINS = 24; // from −6 to 6

/* How many samples of each class have their place in each bin. */
const heaps = (places) => {
  const counts = { "1": Array(BINS).fill(0), "-1": Array(BINS).fill(0) };
  places.forEach((place, i) => {
    const bin = Math.max(0, Math.min(BINS - 1, Math.floor((place + 6) / BIN)));
    counts[label(i)][bin] += 1;
  });
  return counts;
};

const histogram = ({ b, sample }, { places, length, threshold, errors }, set) => {
  const counts = heaps(places);
  const top = Math.max(6, ...counts[1], ...counts[-1]) + 1;
  const text = length
    ? `Places of the samples along w, class +1 upwards, class −1 downwards; threshold at
      ${number(threshold, 3)}, ${errors} errors`
    : "w is zero: every sample has the same place";
  const shown = threshold === null ? null : Math.max(-6, Math.min(6, threshold));
  const options = { x: [-6, 6], y: [-top, top], height: 304, role: "group", label: text };
  return chart({ ...options, xLabel: "place along w", yLabel: "samples: +1 up, −1 down" }, (x, y) => {
    const bar = (bin, count, kind) => {
      const [low, high] = [Math.min(y(0), y(count)), Math.max(y(0), y(count))];
      return svg`<rect class=${kind} x=${x(-6 + bin * BIN) + 1} y=${low} width=${x(BIN) - x(0) - 2} height=${high - low} />`;
    };
    return svg`
      ${counts[1].map((count, bin) => (count ? bar(bin, count, "plane-plus") : nothing))}
      ${counts[-1].map((count, bin) => (count ? bar(bin, -count, "plane-minus") : nothing))}
      <path class="plane-axis" d="M${x(-6)} ${y(0)}H${x(6)}" />
      <path class="plane-ring" d="M${x(places[sample])} ${y(0) - 7}v14" />
      ${shown === null
        ? nothing
        : svg`<path class="plane-line" d="M${x(shown)} ${y(-top)}V${y(top)}" />
            ${handle({
              at: [Number(shown.toFixed(3)), 0], x, y, step: GRID / length, label: "Threshold",
              move: ([place]) => set({ b: onGrid(-place * length, 12) }),
              mark: svg`<rect class="plane-grip" x="-5" y="-5" width="10" height="10" transform="rotate(45)" />`,
            })}`}
    `;
  });
};

const draw = (state, numbers, set) => {
  const { w, b } = state;
  const times = (factor) => ({ w: w.map((value) => factor * value), b: factor * b });
  const fits = ({ w: [u, v], b }) => Math.abs(u) <= 5 && Math.abs(v) <= 4 && Math.abs(b) <= 12;
  return html`
    <div class="plane-sides">${plane(state, numbers, set)} ${histogram(state, numbers, set)}</div>
    <p class="plane-key">
      Drag the tip of w, or a diamond, or use the arrow keys. <span class="plane-blue">●</span> +1,
      <span class="plane-orange">■</span> −1. Dotted: from the ringed sample to its place on the axis of w.
      <button type="button" ?disabled=${!fits(times(2))} @click=${() => set(times(2))}>w, b × 2</button>
      <button type="button" @click=${() => set(times(0.5))}>w, b ÷ 2</button>
    </p>
  `;
};

/* What you see, as code */

const verdict = ({ cloud }, { errors, fewest }) => {
  if (errors === 0) return html`<b>No errors.</b> One threshold on one number does it.`;
  if (errors > fewest) {
    return html`<b>${errors} errors; the best threshold for this direction makes ${fewest}.</b> Slide b to find it.`;
  }
  return html`<b>${errors} errors, and for this direction no threshold makes fewer.</b>
    ${cloud === "around"
      ? "Turn w all the way: the orange heap always lies under the blue ones. No line does it; another feature would."
      : "Sliding cannot help any more. Turning can: w, not b, decides how far the heaps overlap."}`;
};

const see = (state, numbers) => {
  const { w, b, sample } = state;
  const { length, score, distance, threshold } = numbers;
  if (!length) {
    return html`<p>
      <b>w = 0: no direction, no line.</b> Every sample has the score b = ${number(b)}, so all are
      called ${b >= 0 ? "+1" : "−1"}: ${numbers.errors} errors. Learning from zero weights begins here.
    </p>`;
  }
  return html`<p>${verdict(state, numbers)}</p>
    <p>
      The ringed sample scores ${number(score, 3)}. Divided by |w| = ${number(length, 3)} this is
      <b>its distance from the line, ${number(Math.abs(distance), 3)}</b>, on the side
      ${score >= 0 ? "of +1" : "of −1"}. The line lies −b/|w| = ${number(threshold, 3)} along w: the
      threshold in the right chart.
    </p>`;
};

const code = ({ cloud, w, b, sample }) => `import numpy as np
from coursepkg import functional as F
from coursepkg.widgets.hyperplane import CLOUDS, LABELS, fewest_errors

x, w, b = CLOUDS["${cloud}"], np.array(${JSON.stringify(w)}), ${b}
scores = F.linear(x, w[:, None], np.array([b]))[0][:, 0]  # x @ w + b
errors = np.sum(np.where(scores >= 0, 1, -1) != LABELS)
fewest = fewest_errors(x @ w, LABELS)  # of all thresholds
score, length = scores[${sample}], np.linalg.norm(w)
if length:
    distance, threshold = score / length, -b / length`;

export default widget({
  controls: [
    {
      name: "cloud",
      label: "Samples",
      options: [
        ["slanted", "slanted"],
        ["apart", "far apart"],
        ["around", "one around the other"],
      ],
    },
    { name: "b", label: "Bias b", min: -12, max: 12, step: GRID },
    { name: "sample", label: "Ringed sample", min: 0, max: 2 * PER_CLASS - 1, step: 1 },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question: "Double w and b, both. What happens to the line, and to the scores?",
    options: ["Line and scores stay", "The line stays, the scores double", "The line moves outwards"],
    answer: 1,
    attempt:
      "Press w, b × 2. Then turn w until the two heaps come apart: is it the direction from one cloud to the other? Then shrink w to nothing. Then take the samples of which one class is around the other.",
    explain:
      "The line is where w·x + b = 0, and 2(w·x + b) is zero at the same places. Signs, places and distances stay; only the scores double. The length of w carries no decision at all, until a later chapter turns scores into probabilities.",
  },
});
