/* W4.2: a network of one hidden ReLU layer as the broken line it is, to be bent by hand. */
import { chart, clipped, handle, line } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const MOST = 20;
const ROUNDING = 1e-9; // a bend smaller than this is none
const SAMPLES = [...Array(81).keys()].map((i) => (i - 40) / 40);
const range = (n) => [...Array(n).keys()];
const total = (values) => values.reduce((sum, value) => sum + value, 0);

/* Mathematics */

const targets = {
  wave: (x) => Math.sin(3 * x + 0.5),
  "absolute value": Math.abs,
  hat: (x) => Math.max(0, 1 - Math.abs(2 * x)),
  parabola: (x) => x * x,
  jump: (x) => (x > 0 ? 1 : 0),
};

const unit = (net, i, x) => net.slopes[i] * Math.max(0, x - net.kinks[i]);
const output = (net, x) => net.start[0] + total(net.kinks.map((_, i) => unit(net, i, x)));

/* Height and slopes are found by least squares. The unknowns are the heights at the knots, which
   are the kinks and the end of the interval: each sample then concerns two of them only, and the
   equations stay tame where those for the slopes would not. */
const fit = (kinks, curve) => {
  const places = [...new Set(kinks)].sort((a, b) => a - b);
  const knots = [...places, 1];
  const many = knots.length;
  const left = range(many).map(() => Array(many).fill(0));
  const right = Array(many).fill(0);
  for (const x of SAMPLES) {
    const shares = sharesAt(knots, x);
    for (const [i, a] of shares) {
      right[i] += a * curve(x);
      for (const [j, b] of shares) left[i][j] += a * b;
    }
  }
  const heights = solve(left, right);
  const steep = knots.slice(1).map((knot, i) => (heights[i + 1] - heights[i]) / (knot - knots[i]));
  const bends = steep.map((slope, i) => slope - (i ? steep[i - 1] : 0));
  return {
    kinks,
    // Of units that share a kink, the first does the work of all.
    slopes: kinks.map((kink, i) => (kinks.indexOf(kink) === i ? bends[places.indexOf(kink)] : 0)),
    start: [heights[0]],
  };
};

/* Which knots decide the height at x, and by how much. */
const sharesAt = (knots, x) => {
  if (x <= knots[0]) return [[0, 1]];
  const next = knots.findIndex((knot) => knot >= x);
  const share = (x - knots[next - 1]) / (knots[next] - knots[next - 1]);
  return [[next - 1, 1 - share], [next, share]];
};

/* Elimination without exchanges: the matrix is positive definite, each knot having samples near. */
const solve = (left, right) => {
  const rows = left.map((row, i) => [...row, right[i]]);
  const many = rows.length;
  for (let i = 0; i < many; i++) {
    for (let k = i + 1; k < many; k++) {
      const times = rows[k][i] / rows[i][i];
      if (times) for (let j = i; j <= many; j++) rows[k][j] -= times * rows[i][j];
    }
  }
  const found = Array(many).fill(0);
  for (let i = many - 1; i >= 0; i--) {
    const known = total(range(many).slice(i + 1).map((j) => rows[i][j] * found[j]));
    found[i] = (rows[i][many] - known) / rows[i][i];
  }
  return found;
};

const bounded = (value) => Math.max(-1, Math.min(0.95, value)); // a link may bring any number

const compute = ({ n, target, weights, hand }) => {
  const own = {
    kinks: hand.kinks.slice(0, n).map(bounded),
    slopes: hand.slopes.slice(0, n),
    start: hand.start,
  };
  const even = range(n).map((i) => -1 + (2 * i) / n);
  const net = weights === "fitted" ? fit(even, targets[target]) : own;
  const out = SAMPLES.map((x) => output(net, x));
  const errors = SAMPLES.map((x, i) => out[i] - targets[target](x));
  const bend = (kink) => total(net.slopes.filter((_, i) => net.kinks[i] === kink));
  return {
    ...net,
    out,
    rms: Math.sqrt(total(errors.map((error) => error * error)) / errors.length),
    largest: Math.max(...errors.map(Math.abs)),
    pieces: 1 + [...new Set(net.kinks)].filter((kink) => Math.abs(bend(kink)) > ROUNDING).length,
  };
};

/* Picture: the target, every unit's own hinge, their sum, and handles on the sum */

const ENDS = [-1.25, 1.25];
const HEIGHTS = [-1.5, 1.8];
const ARM = 0.2; // how far beyond its kink the slope of a unit is taken hold of

const shown = (state) => Math.min(state.unit, state.n) - 1;

const picture = (state, net, set) => {
  const chosen = shown(state);
  const padded = (values, rest) => [...values, ...rest.slice(values.length)];
  const change = (i, kink, slope) => {
    const kinks = padded(net.kinks, state.hand.kinks);
    const slopes = padded(net.slopes, state.hand.slopes);
    kinks[i] = bounded(kink);
    slopes[i] = Math.max(-60, Math.min(60, slope));
    set({ weights: "by hand", unit: i + 1, hand: { kinks, slopes, start: net.start } });
  };
  const bends = [ENDS[0], ...net.kinks, ENDS[1]].sort((a, b) => a - b);
  const hinge = (i) => [ENDS[0], net.kinks[i], ENDS[1]].map((x) => [x, unit(net, i, x)]);
  const label =
    `${state.target}, and the output of ${state.n} hidden units: ${net.pieces} straight pieces, ` +
    `root mean square error ${number(net.rms, 3)}`;
  return chart(
    { label, x: ENDS, y: HEIGHTS, height: 290, xLabel: "x", role: "group" },
    (x, y) => svg`
      ${clipped(
        x,
        y,
        svg`<path class="spline-target" d=${line(SAMPLES.map((u) => [u, targets[state.target](u)]), x, y)} />
        ${range(state.n).map((i) =>
          i === chosen ? nothing : svg`<path class="spline-unit" d=${line(hinge(i), x, y)} />`,
        )}
        <path class="spline-chosen" d=${line(hinge(chosen), x, y)} />
        <path class="spline-sum" d=${line(bends.map((u) => [u, output(net, u)]), x, y)} />`,
      )}
      ${range(state.n).map((i) => kinkHandle(i, i === chosen, net, x, y, change))}
      ${armHandle(chosen, net, x, y, change)}`,
  );
};

const kinkHandle = (i, chosen, net, x, y, change) =>
  handle({
    at: [Number(net.kinks[i].toFixed(3)), Number(output(net, net.kinks[i]).toFixed(3))],
    x,
    y,
    step: 0.05,
    label: `Kink of unit ${i + 1}`,
    move: ([u]) => change(i, u, net.slopes[i]),
    mark: svg`<circle r=${chosen ? 7 : 4} class=${chosen ? "spline-grip" : "spline-dot"} />`,
  });

/* Its height sets the slope of the sum right after the kink; the unit has to bring the difference. */
const armHandle = (i, net, x, y, change) => {
  const kink = net.kinks[i];
  const others = net.kinks.map((place, j) => (j !== i && place <= kink ? net.slopes[j] : 0));
  const [height, before] = [output(net, kink), total(others)];
  const up = height + ARM * (before + net.slopes[i]);
  return handle({
    at: [Number((kink + ARM).toFixed(3)), Number(up.toFixed(3))],
    x,
    y,
    step: 0.05,
    label: `Slope after the kink of unit ${i + 1}`,
    move: ([, v]) => change(i, kink, Number(((v - height) / ARM - before).toFixed(6))),
    mark: svg`<rect x="-6" y="-6" width="12" height="12" class="spline-arm" />`,
  });
};

const draw = (state, net, set) => {
  const refit = () => {
    const best = fit(net.kinks, targets[state.target]);
    const fill = (name) => [...best[name], ...state.hand[name].slice(state.n)];
    set({
      weights: "by hand",
      hand: { kinks: fill("kinks"), slopes: fill("slopes"), start: best.start },
    });
  };
  return html`
    ${picture(state, net, set)}
    <p class="spline-key">
      dotted: target; <b class="spline-blue">thick: the network</b>;
      <b class="spline-orange">dashed: unit ${shown(state) + 1} alone</b>, the other units thin. Drag a
      round point to move a kink, the square to bend.
    </p>
    <button type="button" @click=${refit}>Fit the slopes to these kinks</button>
  `;
};

/* What you see */

const advice = (state, { rms, n }) => {
  if (rms < 1e-6) return html`<b>Exact.</b> This curve is a broken line itself, and all its corners sit on kinks.`;
  if (state.target === "jump") {
    return html`A jump is not continuous, and no continuous curve follows it everywhere: look at the
      largest error while the mean one falls.`;
  }
  if (state.weights === "by hand") {
    return html`Move a kink to where the target bends most, then press <i>Fit</i>. Kinks evenly spaced
      are rarely the best ones.`;
  }
  if (state.target === "absolute value" || state.target === "hat") {
    return html`This target has corners. An even number of units may hit them, an odd number cuts
      them off: placement beats number.`;
  }
  return html`Double the units: on a smooth target the error falls to about a quarter, once there are
    enough of them to follow at all.`;
};

const readable = (value) => number(Math.abs(value) < ROUNDING ? 0 : value, 3);

const see = (state, net) => {
  const i = shown(state);
  return html`<p>
      ${state.n} hidden ${state.n === 1 ? "unit" : "units"} can bend the line ${state.n}
      ${state.n === 1 ? "time" : "times"}; here it has <b>${net.pieces} straight pieces</b>. Off by
      <b>${readable(net.rms)}</b> in the root mean square, by ${readable(net.largest)} at worst.
    </p>
    <p>
      Unit ${i + 1} is silent left of x = ${number(net.kinks[i], 3)} and adds
      ${readable(net.slopes[i])} to the slope right of it.
    </p>
    <p>${advice(state, net)}</p>`;
};

const numbersIn = (values) => `[${values.map(String).join(", ")}]`;

const code = ({ n, target, weights }, net) => {
  const own = `net = {
    "kinks": ${numbersIn(net.kinks)},
    "slopes": ${numbersIn(net.slopes)},
    "start": ${numbersIn(net.start)},
}`;
  return `import numpy as np
from coursepkg.widgets.spline_builder import SAMPLES, fitted, network, target_curve

${weights === "fitted" ? `net = fitted(${n}, "${target}")` : own}
kinks, slopes = net["kinks"], net["slopes"]
out = network(SAMPLES, **net)  # linear 1-${n}, ReLU, linear ${n}-1
rms = np.sqrt(np.mean((out - target_curve("${target}", SAMPLES)) ** 2))`;
};

export default widget({
  controls: [
    { name: "n", label: "Hidden units n", min: 1, max: MOST, step: 1 },
    { name: "target", label: "Target", options: Object.keys(targets).map((name) => [name, name]) },
    {
      name: "weights",
      label: "Weights",
      options: [
        ["fitted", "fitted"],
        ["by hand", "by hand"],
      ],
    },
    { name: "unit", label: "Show unit", min: 1, max: MOST, step: 1 },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question: "Each hidden ReLU puts one kink into the output. How many straight pieces can 20 of them make?",
    options: ["20", "21", "2 to the power 20"],
    answer: 1,
    attempt:
      "Go through n = 3, 4, 6, 8, 20, as the lecture does. Then choose the hat, three units, by hand, and make it exact. Then the jump, and watch the largest error.",
    explain:
      "On a line, 20 points cut 21 pieces, and ReLU number i bends the line at its one kink and nowhere else. The fit has 21 numbers to choose, a height and 20 slopes; left of the first kink all units are silent, so that piece is flat. Powers of two come with depth, not with width.",
  },
});
