/* W1.1: the perceptron rule, one mistake at a time, and the squeeze that ends it. */
import { chart, handle, line } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";
import { compute, length } from "./perceptron_stepper_numbers.js";
import { code, see } from "./perceptron_stepper_text.js";

const PLANE = { x: [-5, 5], y: [-4, 4], height: 304 }; // as long a unit up as across
const REACH = 20; // beyond the drawing in every direction

/* The place of the line that is nearest to the origin, its unit normal and its direction. */
const placed = ([a, b, c]) => {
  const size = Math.sqrt(a * a + b * b);
  if (!size) return null;
  const normal = [a / size, b / size];
  const shift = -c / size;
  return { foot: [shift * normal[0], shift * normal[1]], normal, along: [-normal[1], normal[0]], size };
};

const from = ([u, v], [du, dv], far) => [u + far * du, v + far * dv];

const boundary = (w, x, y, kind) => {
  const at = placed(w);
  if (!at) return nothing;
  const ends = [from(at.foot, at.along, -REACH), from(at.foot, at.along, REACH)];
  return svg`<path class="step-line ${kind}" d=${line(ends, x, y)} />`;
};

const side = (w, x, y) => {
  const at = placed(w);
  if (!at) return nothing;
  const ends = [from(at.foot, at.along, -REACH), from(at.foot, at.along, REACH)];
  const corners = [...ends, from(ends[1], at.normal, 2 * REACH), from(ends[0], at.normal, 2 * REACH)];
  return svg`<path class="step-side" d="${line(corners, x, y)}Z" />`;
};

/* The normal, drawn from the line; its length tells that of w, up to a limit. */
const arrow = (w, lr, x, y) => {
  const at = placed(w);
  if (!at || Math.max(...at.foot.map(Math.abs)) > 5) return nothing;
  const tip = from(at.foot, at.normal, Math.min(0.35 + 0.2 * (at.size / lr), 2));
  const barbs = [-1, 1].map((way) => from(from(tip, at.normal, -0.28), at.along, 0.16 * way));
  return svg`<path class="step-arrow" d="${line([at.foot, tip], x, y)}${line([barbs[0], tip, barbs[1]], x, y)}" />
    <text class="step-name" x=${x(tip[0]) + 7} y=${y(tip[1]) - 3}>w</text>`;
};

const mark = (slot, label, wrong, lit) => svg`
  ${lit ? svg`<circle class="step-ring" r="13" />` : nothing}
  ${label > 0 ? svg`<circle class="step-plus" r="8" />` : svg`<rect class="step-minus" x="-7.5" y="-7.5" width="15" height="15" />`}
  <text class="step-number" text-anchor="middle" y="4">${slot + 1}</text>
  ${wrong ? svg`<path class="step-cross" d="M7 -12l6 6m0 -6l-6 6" />` : nothing}`;

const moved = (points, slot, [u, v]) =>
  points.map((point, i) => (i === slot ? [u, v, point[2]] : point));

const plane = (state, numbers, set) => {
  const { points, lr } = state;
  const { w, found, mistakes, met, slot: last } = numbers;
  const before = mistakes > 1 ? found[mistakes - 2].w : [0, 0, 0];
  const label = `${met.length} samples; ${mistakes} mistakes so far, ${numbers.wrong} samples on the
    wrong side of the line ${number(w[0], 3)} x1 + ${number(w[1], 3)} x2 + ${number(w[2], 3)} = 0`;
  return chart({ ...PLANE, label, role: "group", xLabel: "x₁", yLabel: "x₂" }, (x, y) => svg`
    <clipPath id="step-clip"><rect x=${x(-5)} y=${y(4)} width=${x(5) - x(-5)} height=${y(-4) - y(4)} /></clipPath>
    <g clip-path="url(#step-clip)">
      ${side(w, x, y)} ${mistakes ? boundary(before, x, y, "step-before") : nothing} ${boundary(w, x, y, "")}
      ${arrow(w, lr, x, y)}
    </g>
    ${met
      .toSorted((one, other) => one.slot - other.slot)
      .map(({ slot, x: at, y: label }) => {
        const wrong = label * (w[0] * at[0] + w[1] * at[1] + w[2] * at[2]) <= 0;
        return handle({
          at: at.slice(0, 2), x, y, step: 0.25,
          label: `Sample ${slot + 1}, class ${label > 0 ? "+1" : "−1"}${wrong ? ", wrong" : ""}`,
          move: (place) => set({ points: moved(points, slot, place) }),
          mark: mark(slot, label, wrong, slot === last),
        });
      })}
  `);
};

/* Why it must end: a chart of w against the number of mistakes. */
const squeeze = ({ lr, step }, { found, best, radius, margin, bound, total, mistakes }) => {
  const far = Math.max(4, total + 1, Math.min(bound ? 1.15 * bound : 0, 70));
  const high = Math.max(1, radius * Math.sqrt(far), margin * far);
  const ks = [...Array(61).keys()].map((i) => (i / 60) * far);
  const weights = [[0, 0, 0], ...found.map(({ w }) => w.map((value) => value / lr))];
  const sizes = weights.map((w, k) => [k, length(w)]);
  const parts = weights.map((w, k) => [k, w[0] * best[0] + w[1] * best[1] + w[2] * best[2]]);
  const label = `Length of w against the number of mistakes k. ${
    bound ? `Floor and ceiling meet at ${number(bound, 3)} mistakes` : "No margin, so no floor"
  }; after ${mistakes} the length is ${number(sizes[mistakes][1], 3)}.`;
  return chart({ x: [0, far], y: [0, high], height: 304, label, xLabel: "mistakes k", yLabel: "w / η" }, (x, y) => svg`
    <path class="step-bound" d=${line(ks.map((k) => [k, radius * Math.sqrt(k)]), x, y)} />
    <text x=${x(0.4 * far)} y=${y(radius * Math.sqrt(0.4 * far)) - 6} text-anchor="end" class="step-note">ceiling R√k</text>
    ${bound
      ? svg`<path class="step-bound" d=${line([[0, 0], [far, margin * far]], x, y)} />
          <text x=${x(0.6 * far) + 10} y=${y(margin * 0.6 * far) + 12} class="step-note">floor kγ</text>
          <path class="step-part" d=${line(parts, x, y)} />`
      : nothing}
    ${bound && bound <= far
      ? svg`<circle class="step-meet" cx=${x(bound)} cy=${y(margin * bound)} r="6" />`
      : nothing}
    <path class="step-size" d=${line(sizes, x, y)} />
    <circle class="step-now" cx=${x(mistakes)} cy=${y(sizes[mistakes][1])} r="5" />
    <text class="step-sizename" x=${x(0.95 * total)} y=${y(sizes[total][1]) - 10} text-anchor="middle">|w|</text>
  `);
};

/* Playing: a step a second, until the end of the run. One timer for each widget, known by its `set`. */
const playing = new Map();
const latest = new WeakMap();

const stop = (set) => {
  clearInterval(playing.get(set));
  playing.delete(set);
};

const play = (set) => {
  if (playing.has(set)) {
    stop(set);
    return set({ step: latest.get(set).mistakes }); // drawn anew, with the name of the button
  }
  const { mistakes, total } = latest.get(set);
  const tick = () => {
    const now = latest.get(set);
    if (now.mistakes >= now.total - 1) stop(set);
    if (now.mistakes < now.total) set({ step: now.mistakes + 1 });
  };
  playing.set(set, setInterval(tick, 900));
  set({ step: mistakes < total ? mistakes + 1 : 0 });
};

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const withPoint = (points, label) => {
  const slot = points.findIndex((point) => !point[2]);
  const place = [[0, 3.25], [0, -3.25], [4, 0], [-4, 0]][slot % 4];
  return points.map((point, i) => (i === slot ? [...place, label] : point));
};

const withoutLast = (points) => {
  const slot = points.findLastIndex((point) => point[2]);
  return points.map((point, i) => (i === slot ? [0, 0, 0] : point));
};

const draw = (state, numbers, set) => {
  latest.set(set, numbers);
  const { points } = state;
  const { mistakes, total } = numbers;
  const full = points.every((point) => point[2]);
  const empty = points.every((point) => !point[2]);
  const button = (text, click, off = false) =>
    html`<button type="button" ?disabled=${off} @click=${click}>${text}</button> `;
  return html`
    <div class="step-sides">${plane(state, numbers, set)} ${squeeze(state, numbers)}</div>
    <p class="step-buttons">
      ${button("◀ Back", () => set({ step: Math.max(0, mistakes - 1) }), mistakes === 0)}
      ${button("Next mistake ▶", () => set({ step: mistakes + 1 }), mistakes >= total)}
      ${still() ? nothing : button(playing.has(set) ? "Pause" : "Play", () => play(set), total === 0)}
      <span>${mistakes} of ${total === 60 ? "60 or more" : total} mistakes</span>
    </p>
    <p class="step-buttons">
      ${button("Add ● +1", () => set({ points: withPoint(points, 1) }), full)}
      ${button("Add ■ −1", () => set({ points: withPoint(points, -1) }), full)}
      ${button("Remove one", () => set({ points: withoutLast(points) }), empty)}
      <span>or take:</span>
      ${Object.entries(numbers.presets).map(([name, preset]) => button(name, () => set({ points: preset, step: 1 })))}
    </p>
    <p class="step-key">
      Drag a point, or move it with the arrow keys. Shaded: the side of +1. Dashed: the line before the
      last mistake. ✕: on the wrong side. Ring: the sample of the last mistake.
    </p>
  `;
};

export default widget({
  controls: [
    { name: "step", label: "Mistakes made", min: 0, max: 60, step: 1 },
    { name: "lr", label: "Learning rate η", values: [0.25, 0.5, 1, 2] },
    { name: "order", label: "Order of samples", min: 0, max: 9, step: 1 },
    {
      name: "rule",
      label: "Rule",
      options: [
        ["right", "right"],
        ["no bias", "no bias"],
        ["labels 0 and 1", "labels 0 and 1"],
        ["zero counts as right", "0 counts as right"],
      ],
    },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "You make the learning rate eight times as large. What happens to the line after the tenth mistake?",
    options: ["It is the same line", "It has gone too far", "It gets there in fewer mistakes"],
    answer: 0,
    attempt:
      "Move η, then step with Next mistake. Then “narrow gap”: how far apart are what happened and what could? Then “no line”, and drag one point until there is one. Last, choose a wrong rule and find out what it cannot do.",
    explain:
      "The weights start at 0 and each mistake adds ±η times a sample. So after any number of mistakes w is η times a sum of samples: η stretches the arrow and every score alike, and no sign changes. The right chart shows w divided by η; it does not move.",
  },
});
