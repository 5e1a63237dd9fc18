/* W4.4: XOR in the plane, and the plane as two hidden units bend it. */
import { chart, clipped, handle, line } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const POINTS = [[0, 0], [0, 1], [1, 0], [1, 1]];
const LABELS = [0, 1, 1, 0];
const LARGEST = 5;
const range = (n) => [...Array(n).keys()];
const kept = (value) => Math.max(-LARGEST, Math.min(LARGEST, value));

/* Mathematics */

const activations = {
  relu: (z) => Math.max(z, 0),
  none: (z) => z,
  step: (z) => (z > 0 ? 1 : 0),
  sigmoid: (z) => 0.5 * (Math.tanh(0.5 * z) + 1),
  tanh: Math.tanh,
};

const hiddenOf = ({ W1, b1 }, name, [u, v]) =>
  [0, 1].map((j) => activations[name](u * W1[0][j] + v * W1[1][j] + b1[j]));
const outputOf = ({ w2, b2 }, [p, q]) => p * w2[0] + q * w2[1] + b2[0];

const side = (p, q, r) => (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
const minus = (p, q) => [p[0] - q[0], p[1] - q[1]];
const dot = (p, q) => p[0] * q[0] + p[1] * q[1];

const toSegment = (p, a, b) => {
  const along = minus(b, a);
  const share = Math.max(0, Math.min(1, dot(minus(p, a), along) / (dot(along, along) || 1)));
  return Math.hypot(p[0] - a[0] - share * along[0], p[1] - a[1] - share * along[1]);
};

/* Two points of a class span a segment; a line parts the classes where the segments are apart. */
const street = ([a, c, d, b]) => {
  if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return 0;
  return Math.min(toSegment(a, c, d), toSegment(b, c, d), toSegment(c, a, b), toSegment(d, a, b));
};

const compute = ({ preset, activation, mine }, { presets }) => {
  const given = preset === "mine" ? mine : presets[preset];
  const net = {
    W1: given.W1.map((row) => row.map(kept)),
    b1: given.b1.map(kept),
    w2: given.w2.map(kept),
    b2: given.b2.map(kept),
  };
  const hidden = POINTS.map((point) => hiddenOf(net, activation, point));
  const y = hidden.map((h) => outputOf(net, h));
  return {
    net,
    hidden,
    y,
    correct: y.filter((value, i) => value > 0.5 === Boolean(LABELS[i])).length,
    gap: street(hidden),
  };
};

/* Picture */

const PLANE = [-0.6, 1.6];
const FOLDED = [-1.5, 2.7];
const CELLS = 40;

/* Where the network says 1, as one path of small squares. */
const region = (net, name, x, y) => {
  const size = (PLANE[1] - PLANE[0]) / CELLS;
  const [wide, high] = [x(size) - x(0), y(0) - y(size)];
  return range(CELLS * CELLS)
    .map((k) => [PLANE[0] + (k % CELLS) * size, PLANE[0] + Math.floor(k / CELLS) * size])
    .filter(([u, v]) => outputOf(net, hiddenOf(net, name, [u + size / 2, v + size / 2])) > 0.5)
    .map(([u, v]) => `M${x(u).toFixed(1)} ${y(v).toFixed(1)}h${wide.toFixed(2)}v${(-high).toFixed(2)}h${(-wide).toFixed(2)}z`)
    .join("");
};

/* The line w · p + b = 0 as two far points, and its point nearest to `near`; none if w is 0. */
const lineOf = (w, b, near) => {
  const size = dot(w, w);
  if (size < 1e-12) return null;
  const away = (dot(w, near) + b) / size;
  const foot = [near[0] - away * w[0], near[1] - away * w[1]];
  const far = 5 / Math.sqrt(size);
  return { foot, ends: [-far, far].map((s) => [foot[0] - s * w[1], foot[1] + s * w[0]]) };
};

const dots = (places, x, y) =>
  places.map(([u, v], i) => {
    const [left, top] = [x(u), y(v)];
    return LABELS[i]
      ? svg`<rect class="xor-one" x=${left - 7} y=${top - 7} width="14" height="14" />`
      : svg`<circle class="xor-zero" cx=${left} cy=${top} r="8" />`;
  });

const mover = (found, x, y, label, move) =>
  handle({
    at: found.foot.map((value) => Number(value.toFixed(2))),
    x,
    y,
    step: 0.05,
    label,
    move,
    mark: svg`<path d="M0 -8L8 0L0 8L-8 0z" class="xor-mover" />`,
  });

const round = (value) => Number(kept(value).toFixed(3));

const inputPlane = ({ activation }, { net, correct }, change) => {
  const units = [0, 1].map((j) => {
    const w = [net.W1[0][j], net.W1[1][j]];
    return { j, w, found: lineOf(w, net.b1[j], j ? [1.4, -0.35] : [-0.4, 0.45]) };
  });
  const label = `Input plane: XOR on the corners of the unit square, ${correct} of 4 right`;
  return chart(
    { label, x: PLANE, y: PLANE, width: 300, height: 300, xLabel: "x₁", yLabel: "x₂", role: "group" },
    (x, y) => svg`
      <path class="xor-region" d=${region(net, activation, x, y)} />
      ${clipped(
        x,
        y,
        units.map(({ found, j }) =>
          found ? svg`<path class="xor-unit xor-unit-${j}" d=${line(found.ends, x, y)} />` : nothing,
        ),
      )}
      ${dots(POINTS, x, y)}
      ${units.map(({ found, j, w }) =>
        found
          ? mover(found, x, y, `Fold line of unit ${j + 1}`, (p) => {
              const b1 = [...net.b1];
              b1[j] = round(-dot(w, p));
              change({ b1 });
            })
          : nothing,
      )}`,
  );
};

const hiddenPlane = ({ activation, fold }, { net, hidden, gap }, change) => {
  const t = fold / 100;
  const bent = (p) => {
    const h = hiddenOf(net, activation, p);
    return [p[0] + t * (h[0] - p[0]), p[1] + t * (h[1] - p[1])];
  };
  const steps = range(45).map((i) => PLANE[0] + (i * (PLANE[1] - PLANE[0])) / 44);
  const grid = range(12).map((i) => PLANE[0] + (i * (PLANE[1] - PLANE[0])) / 11);
  const parting = fold === 100 ? lineOf(net.w2, net.b2[0] - 0.5, [-0.9, -0.7]) : null;
  const at = hidden.map(([p, q]) => `(${number(p, 2)}, ${number(q, 2)})`).join(", ");
  const label = `The plane ${fold} % folded; hidden points ${at}; widest street ${number(gap, 3)}`;
  return chart(
    { label, x: FOLDED, y: FOLDED, width: 300, height: 300, xLabel: "h₁", yLabel: "h₂", role: "group" },
    (x, y) => svg`
      ${clipped(x, y, [
        ...grid.map(
          (v) => svg`<path class="xor-grid" d=${
            line(steps.map((u) => bent([u, v])), x, y) + line(steps.map((u) => bent([v, u])), x, y)
          } />`,
        ),
        parting ? svg`<path class="xor-parting" d=${line(parting.ends, x, y)} />` : nothing,
      ])}
      ${dots(POINTS.map(bent), x, y)}
      ${parting
        ? mover(parting, x, y, "Line of the output", (p) => change({ b2: [round(0.5 - dot(net.w2, p))] }))
        : nothing}`,
  );
};

const cell = (label, value, put) => html`<input
  type="number"
  step="0.1"
  min=${-LARGEST}
  max=${LARGEST}
  aria-label=${label}
  .value=${String(value)}
  @input=${({ target }) => Number.isFinite(target.valueAsNumber) && put(kept(target.valueAsNumber))}
/>`;

const swapped = (values, place, value) => values.map((old, i) => (i === place ? value : old));

const weights = ({ W1, b1, w2, b2 }, change) => html`<div class="xor-weights">
  <div><b>W₁</b> <small>(2, 2)</small>
    <div class="xor-cells">${[0, 1].map((i) =>
      [0, 1].map((j) =>
        cell(`W1[${i},${j}]`, W1[i][j], (value) => change({ W1: swapped(W1, i, swapped(W1[i], j, value)) })),
      ),
    )}</div></div>
  <div><b>b₁</b> <small>(2)</small>
    <div class="xor-cells">${[0, 1].map((j) =>
      cell(`b1[${j}]`, b1[j], (value) => change({ b1: swapped(b1, j, value) })),
    )}</div></div>
  <div><b>w₂</b> <small>(2, 1)</small>
    <div class="xor-cells">${[0, 1].map((j) =>
      cell(`w2[${j}]`, w2[j], (value) => change({ w2: swapped(w2, j, value) })),
    )}</div></div>
  <div><b>b₂</b> <small>(1)</small>
    <div class="xor-cells">${cell("b2", b2[0], (value) => change({ b2: [value] }))}</div></div>
</div>`;

const draw = (state, numbers, set) => {
  const change = (patch) => set({ preset: "mine", mine: { ...numbers.net, ...patch } });
  return html`
    <div class="xor-planes">
      <div>${inputPlane(state, numbers, change)}</div>
      <div>${hiddenPlane(state, numbers, change)}</div>
    </div>
    <p class="xor-key">
      <span class="xor-blue">■</span> XOR is 1, <span class="xor-orange">●</span> XOR is 0. Shaded: the
      network says 1. Dashed: where a unit's sum is 0. Drag ◇ to move a line.
    </p>
    ${weights(numbers.net, change)}
  `;
};

/* What you see */

const finding = ({ activation, fold }, { correct, gap }) => {
  if (activation === "none") {
    return html`<b>Without an activation nothing folds.</b> The square becomes a parallelogram (or is
      squashed flat), its diagonals still cross, and no choice of the nine numbers gets four right.`;
  }
  if (gap > 1e-9 && correct === 4) {
    return html`<b>Solved.</b> In the hidden plane a street of width ${number(gap, 3)} lies between the
      classes, and the line runs in it. ${fold < 100 ? "Fold on to 100 to see it." : ""}`;
  }
  if (gap > 1e-9) {
    return html`The hidden layer has done its work: a line could part the classes, with a street of width
      ${number(gap, 3)}. <b>The output's line is in the wrong place.</b> Drag it there.`;
  }
  return html`<b>Still not separable</b>: the two segments that join equal classes meet in the hidden
    plane. No output layer can mend this; the fold lines must move.`;
};

const see = (state, numbers) => html`<p>
    Outputs for 00, 01, 10, 11: <b>${numbers.y.map((value) => number(value, 3)).join(", ")}</b>;
    above ½ counts as 1, so ${numbers.correct} of 4 are right.
  </p>
  <p>${finding(state, numbers)}</p>
  ${state.preset === "twins"
    ? html`<p>Two equal units are one unit drawn twice. They would get equal gradients, too, and stay equal.</p>`
    : nothing}`;

const code = ({ activation }, { net }) => `import numpy as np
from coursepkg.widgets.xor_folding import LABELS, forward, street

weights = ${JSON.stringify(net)}
hidden, y = forward(weights, "${activation}")  # linear, ${activation}, linear
correct, gap = np.sum((y > 0.5) == LABELS), street(hidden)`;

export default widget({
  controls: [
    {
      name: "preset",
      label: "Weights",
      options: [
        ["solved", "solved"],
        ["mirror", "mirror: |x₁ − x₂|"],
        ["gates", "OR and AND"],
        ["twins", "two equal units"],
        ["mine", "mine"],
      ],
    },
    {
      name: "activation",
      label: "Hidden activation",
      options: [
        ["relu", "ReLU"],
        ["none", "none"],
        ["step", "step"],
        ["sigmoid", "sigmoid"],
        ["tanh", "tanh"],
      ],
    },
    { name: "fold", label: "Folded, %", min: 0, max: 100, step: 5 },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question: "h₁ = relu(x₁ + x₂) and h₂ = relu(x₁ + x₂ − 1). Where does the hidden layer put the two points (0, 1) and (1, 0)?",
    options: ["On two different points", "On the same point", "One of them on (0, 0)"],
    answer: 1,
    attempt:
      "Pull Folded from 0 to 100 and follow the four points. Then take the activation away, then the equal units. Last, choose OR and AND with ReLU and repair it by dragging.",
    explain:
      "Both have x₁ + x₂ = 1, so both land on (1, 0). The hidden layer sees only the sum, and folds the plane where the sum is 1: (1, 1) goes to (2, 1), up and away. Three points are left, and one line parts them: h₁ − 2h₂ = ½.",
  },
});
