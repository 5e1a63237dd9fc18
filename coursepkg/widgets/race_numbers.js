/* The mathematics of W8.1: five surfaces, six update rules, and what every rate leads to. */

const NAMES = ["SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam"];
const [LAST, FAR, WORST, TILT] = [10, 10, 1e6, 0.1];
const range = (n) => [...Array(n).keys()];

/* Surfaces, in the coordinates in which they are simple */

const well = (x) => (x * x - 1) ** 2 / 4 + TILT * x;
const bowl = {
  height: (x, y, kappa) => (x * x + kappa * y * y) / 2,
  slope: (x, y, kappa) => [x, kappa * y],
};
const surfaces = {
  valley: bowl,
  turned: { ...bowl, axes: [[1, 1], [-1, 1]].map((row) => row.map((a) => a / Math.sqrt(2))) },
  banana: {
    height: (x, y, kappa) => (1 - x) ** 2 + kappa * (y - x * x) ** 2,
    slope: (x, y, kappa) => [-2 * (1 - x) - 4 * kappa * x * (y - x * x), 2 * kappa * (y - x * x)],
  },
  saddle: {
    axes: [[-3, 1], [1, 3]].map((row) => row.map((a) => a / Math.sqrt(10))),
    height: (x, y, kappa) => (kappa * x * x - y * y) / 2 + y ** 4 / 4 + 0.25,
    slope: (x, y, kappa) => [kappa * x, y ** 3 - y],
  },
  wells: {
    height: (x, y, kappa, deep) => well(x) - well(deep) + (kappa * y * y) / 2,
    slope: (x, y, kappa) => [x ** 3 - x + TILT, kappa * y],
  },
};

const NONE = [[1, 0], [0, 1]];

/* Height and slope of a surface at a place in the plane. */
const surfaceOf = ({ surface, kappa }, deep) => {
  const { axes = NONE, height, slope } = surfaces[surface];
  const [[a, b], [c, d]] = axes;
  return {
    height: (u, v) => height(a * u + b * v, c * u + d * v, kappa, deep),
    slope: (u, v) => {
      const g = slope(a * u + b * v, c * u + d * v, kappa);
      return [a * g[0] + c * g[1], b * g[0] + d * g[1]];
    },
  };
};

/* Update rules of one coordinate, as in coursepkg.optim with its defaults: how far to go, in units
   of the rate. `m` and `s` are its memory, zero at first; t is 1 in the first step. */
const rules = {
  SGD: (m, g) => g,
  Momentum: (m, g) => (m.v = 0.9 * m.v + g),
  Nesterov: (m, g) => g + 0.9 * (m.v = 0.9 * m.v + g),
  AdaGrad: (m, g) => g / (Math.sqrt((m.s += g * g)) + 1e-10),
  RMSProp: (m, g) => g / (Math.sqrt((m.s = 0.99 * m.s + (1 - 0.99) * g * g)) + 1e-8),
  Adam: (m, g, t) => {
    m.v = 0.9 * m.v + (1 - 0.9) * g;
    m.s = 0.999 * m.s + (1 - 0.999) * g * g;
    return m.v / (1 - 0.9 ** t) / (Math.sqrt(m.s / (1 - 0.999 ** t)) + 1e-8);
  },
};

/* The same noise as in Python: the generator fits into the whole numbers that both can hold. */
const noiseOf = (steps) => {
  let state = 8;
  const one = () =>
    range(12).reduce((sum) => sum + (state = (state * 48271) % 2147483647), 0) / 2147483647 - 6;
  return range(steps).map(() => [one(), one()]);
};
const NOISE = noiseOf(150);

const run = (name, rate, { start, steps, noise }, slope) => {
  const rule = rules[name];
  const [across, up] = [{ v: 0, s: 0 }, { v: 0, s: 0 }];
  const path = [start];
  let [u, v] = start;
  for (let t = 1; t <= steps; t++) {
    const g = slope(u, v);
    const push = NOISE[t - 1];
    u -= rate * rule(across, g[0] + noise * push[0], t);
    v -= rate * rule(up, g[1] + noise * push[1], t);
    if (!(Math.abs(u) < FAR && Math.abs(v) < FAR)) u = v = NaN;
    path.push([u, v]);
  }
  return path;
};

const lossesOf = (path, height) => path.map(([u, v]) => (Number.isNaN(u) ? WORST : Math.min(height(u, v), WORST)));

const score = (losses) => {
  const last = losses.slice(-LAST);
  return last.reduce((sum, loss) => sum + loss, 0) / last.length;
};

const lowest = (values) => values.indexOf(Math.min(...values));

/* The sweep does not depend on the rates: while one is dragged, it need not be done again. */
let known = {};
const sweepOf = (state, { rates }, { height, slope }) => {
  const { surface, kappa, noise, steps, start } = state;
  const key = [surface, kappa, noise, steps, start].join();
  if (known.key !== key) {
    const curves = NAMES.map((name) =>
      rates.map((rate) => score(lossesOf(run(name, rate, state, slope), height))),
    );
    known = { key, curves, best: curves.map((scores) => rates[lowest(scores)]) };
  }
  return known;
};

const compute = (state, data) => {
  const ground = surfaceOf(state, data.deep);
  const top = data.rates.length - 1;
  const rates = state.rates.map((rate) => Math.max(data.rates[0], Math.min(data.rates[top], rate)));
  const paths = NAMES.map((name, i) => run(name, rates[i], state, ground.slope));
  const losses = paths.map((path) => lossesOf(path, ground.height));
  const { curves, best } = sweepOf(state, data, ground);
  return { paths, losses, scores: losses.map(score), curves, best, rates, grid: data.rates, height: ground.height };
};

export { NAMES, WORST, compute, lowest, range };
