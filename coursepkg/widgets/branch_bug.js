/* W5.4: two gradients arrive at a fork; they are added, or the second is written over the first. */
import { chart, handle, line } from "./chart.js";
import { html, number, svg, widget } from "./frame.js";

const WEIGHT = 0.5; // of the branch in a residual block
const MOST = 3;
const GRID = 5;
const PLACES = [...Array(2 * MOST * GRID + 1).keys()].map((i) => (i - MOST * GRID) / GRID);
const range = (n) => [...Array(n).keys()];

/* Mathematics: a block, and the local gradients of the two wires into it, first visited first */

const kinds = {
  square: { value: (h) => h * h, wires: (h) => [h, h] },
  residual: {
    value: (h) => h + Math.max(WEIGHT * h, 0),
    wires: (h) => [1, WEIGHT * h > 0 ? WEIGHT : 0],
  },
};

const valuesFrom = (example, x, blocks) =>
  range(blocks).reduce((values) => [...values, kinds[example].value(values.at(-1))], [x]);

/* What comes back by the two wires of each block, and what a node makes of it. */
const walkBack = (values, example, rule) => {
  const grads = [1];
  const arrivals = [];
  for (const h of values.slice(0, -1).reverse()) {
    const [first, second] = kinds[example].wires(h).map((local) => local * grads[0]);
    arrivals.unshift([first, second]);
    grads.unshift(rule === "+=" ? first + second : second);
  }
  return { grads, arrivals };
};

const distance = (a, b) => (a === b ? 0 : Math.abs(a - b) / (Math.abs(a) + Math.abs(b)));

const compute = ({ example, rule, blocks, x }) => {
  const values = valuesFrom(example, x, blocks);
  const { grads, arrivals } = walkBack(values, example, rule);
  const [slope, [truth]] = [grads[0], walkBack(values, example, "+=").grads];
  return { values, grads, arrivals, slope, true: truth, error: distance(slope, truth) };
};

/* Picture: the row of blocks, and the function with a line of the slope that was found */

const HEIGHT = 150;
const MIDDLE = 72;
const RADIUS = 23;

const arc = (from, to, bend) =>
  `M${from + 14} ${MIDDLE + 18 * bend}Q${(from + to) / 2} ${MIDDLE + 66 * bend} ${to - 14} ${MIDDLE + 18 * bend}`;

const wires = (from, to, arrived, rule) => {
  const middle = (from + to) / 2;
  const lost = rule === "=" ? "branch-lost" : "";
  return svg`
    <path class="branch-wire ${lost}" d=${arc(from, to, -1)} />
    <path class="branch-wire" d=${arc(from, to, 1)} />
    <text class="branch-back ${lost}" x=${middle} y=${MIDDLE - 46} text-anchor="middle">${number(arrived[0], 3)}</text>
    <text class="branch-back" x=${middle} y=${MIDDLE + 57} text-anchor="middle">${number(arrived[1], 3)}</text>`;
};

const row = ({ rule, blocks }, { values, grads, arrivals }) => {
  const at = (i) => 180 + (i - blocks / 2) * (blocks === 1 ? 180 : 292 / blocks);
  const told = arrivals.map((pair, i) => `to h${i} ${pair.map((one) => number(one, 3)).join(" and ")}`);
  return html`<svg
    class="cw-chart"
    viewBox="0 0 360 ${HEIGHT}"
    role="img"
    aria-label="Values ${values.map((h) => number(h, 3)).join(", ")}. Gradients come back ${told.join("; ")}."
  >
    ${arrivals.map((pair, i) => wires(at(i), at(i + 1), pair, rule))}
    ${values.map(
      (value, i) => svg`<circle class="branch-node" cx=${at(i)} cy=${MIDDLE} r=${RADIUS} />
      <text x=${at(i)} y=${MIDDLE + 4} text-anchor="middle">${number(value, 3)}</text>
      <text class="branch-name" x=${at(i)} y=${MIDDLE - RADIUS - 5} text-anchor="middle">${i ? `h${i}` : "x"}</text>
      <text class="branch-back" x=${at(i)} y=${MIDDLE + RADIUS + 16} text-anchor="middle">${number(grads[i], 3)}</text>`,
    )}
  </svg>`;
};

const REACH = 3.2;

const touch = ({ example, x, blocks }, { values, slope, true: truth }, set) => {
  const f = (u) => valuesFrom(example, u, blocks).at(-1);
  const top = example === "square" ? Math.max(6, 1.5 * values.at(-1)) : 1.1 * f(REACH);
  const straight = (incline) => [-REACH, REACH].map((u) => [u, values.at(-1) + incline * (u - x)]);
  const inside = range(161)
    .map((i) => [(i / 80 - 1) * REACH, f((i / 80 - 1) * REACH)])
    .map(([u, v]) => [u, v <= top ? v : NaN]);
  return chart(
    {
      label: `The function, and a line of slope ${number(slope)} at x = ${x}; the true slope is ${number(truth)}`,
      role: "group",
      x: [-REACH, REACH],
      y: [example === "square" ? -0.4 * top : -top, top],
      xLabel: "x",
      yLabel: "f(x), and a line of the slope found",
    },
    (px, py) => svg`
      <clipPath id="branch-${example}-${blocks}-${x}"><rect x=${px(-REACH)} y=${py(top)} width=${px(REACH) - px(-REACH)} height=${py(example === "square" ? -0.4 * top : -top) - py(top)} /></clipPath>
      <path class="branch-curve" d=${line(inside, px, py)} />
      <path class="branch-line" clip-path="url(#branch-${example}-${blocks}-${x})" d=${line(straight(slope), px, py)} />
      ${handle({
        at: [x, Number(values.at(-1).toPrecision(4))],
        x: px,
        y: py,
        step: 1 / GRID,
        label: "Input and value",
        move: ([u]) => set({ x: Math.max(-MOST, Math.min(MOST, u)) }),
      })}`,
  );
};

const keys = {
  square: "Each block is h·h: the upper wire is its first factor, the lower its second.",
  residual: "Each block is h + relu(h/2): the upper wire is the skip, the lower the branch.",
};

const draw = (state, numbers, set) => html`
  <div class="branch-sides">
    <div>
      ${row(state, numbers)}
      <p class="branch-key">
        ${keys[state.example]} In the circles values; in <i>orange italics</i> what comes back by each
        wire and, below a circle, what is kept. Crossed out: written over.
      </p>
    </div>
    <div>${touch(state, numbers, set)}</div>
  </div>
`;

/* What you see */

const harm = ({ example, blocks, x }, { slope, true: truth }) => {
  if (slope === truth) {
    return html`<p>
      <b>Overwriting does no harm here</b>: what was lost is zero. A test at this place would pass.
    </p>`;
  }
  if (example === "square") {
    const times = number(truth / slope);
    return html`<p>
      Each block loses a factor 2: after ${blocks} of them the truth is <b>${times} times</b> what is
      reported. A constant factor looks like a learning rate.
    </p>`;
  }
  if (x <= 0) {
    return html`<p>
      The branch is off, its gradient is 0, and the 0 was written over the 1 of the skip.
      <b>The function rises, and the program says it is flat</b>: all layers below stop learning.
    </p>`;
  }
  return html`<p>
    Kept is the branch alone, a factor ½ a block, where the truth has 1 + ½. With more blocks the reported
    gradient <b>shrinks towards 0 while the true one grows</b>. The skip was there to prevent just that.
  </p>`;
};

const see = (state, numbers) => html`<p>
    Reported: <b>${number(numbers.slope)}</b>. True slope: <b>${number(numbers.true)}</b>. Relative error
    ${number(numbers.error, 2)}.
  </p>
  ${state.rule === "="
    ? harm(state, numbers)
    : html`<p>Both wires count, and the line touches the curve. Now write over instead of adding.</p>`}`;

/* As code */

const code = ({ example, rule, blocks, x }) => `from coursepkg.gradcheck import relative_error
from coursepkg.widgets.branch_bug import circuit, gradients

graph = circuit("${example}", ${x}, ${blocks})
values = [node.value for node in graph.nodes_topologically_sorted() if node.name]
grads = gradients(graph, "${rule}")
slope = grads[0]
error = relative_error(slope, graph.backward()["h0"])`;

export default widget({
  controls: [
    {
      name: "example",
      label: "Block",
      options: [
        ["square", "h · h"],
        ["residual", "h + relu(h/2)"],
      ],
    },
    {
      name: "rule",
      label: "At a branch",
      options: [
        ["=", "grad = …"],
        ["+=", "grad += …"],
      ],
    },
    { name: "blocks", label: "Blocks in a row", min: 1, max: 3, step: 1 },
    { name: "x", label: "Input x", values: PLACES },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "Three residual blocks h + relu(h/2) in a row, x = 1: the true slope is 1.5 · 1.5 · 1.5 = 3.375. A program that writes “=” keeps, at each fork, the gradient of the branch. What does it report?",
    options: ["3.375: nothing is lost", "1: one of the wires", "0.125: ½ · ½ · ½"],
    answer: 2,
    attempt:
      "Set the three blocks up. Pull the point to negative x. Then look for a place where overwriting does no harm, and mend the letter.",
    explain:
      "At every fork the first gradient to arrive is lost, here that of the skip. What is left is the branch, a factor ½ a block: 0.125. A residual network was built so that the gradient has a way that nothing shrinks; one missing + closes it. For negative x the branch is off, and 0 is reported for a function of slope 1. A network without forks never shows the mistake.",
  },
});
