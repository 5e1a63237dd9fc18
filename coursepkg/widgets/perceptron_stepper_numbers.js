/* The perceptron rule on points in the plane, and the widest margin there is. */

const MOST = 60;
const EPOCHS = 200;

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const length = (a) => Math.sqrt(dot(a, a));
const add = (a, b, factor) => a.map((value, i) => value + factor * b[i]);
const cross = ([a, b, c], [u, v, w]) => [b * w - c * v, c * u - a * w, a * v - b * u];

/** Samples in the order in which the rule meets them; the third number is the bias's. */
const samples = ({ points, order, rule }, { orders }) =>
  orders[order]
    .filter((slot) => points[slot][2] !== 0)
    .map((slot) => ({
      slot,
      x: [points[slot][0], points[slot][1], rule === "no bias" ? 0 : 1],
      y: points[slot][2] > 0 ? 1 : -1,
    }));

/* What one sample does: null if it is taken for right, else the step that w takes. */
const steps = {
  right: (score, y) => (y * score <= 0 ? y : null),
  "no bias": (score, y) => (y * score <= 0 ? y : null),
  "labels 0 and 1": (score, y) => (score > 0 !== y > 0 ? Math.max(y, 0) : null),
  "zero counts as right": (score, y) => (y * score < 0 ? y : null),
};

/** All mistakes, each with the weights afterwards, and whether an epoch went without any. */
const run = (met, lr, rule) => {
  const found = [];
  let w = [0, 0, 0];
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const before = found.length;
    for (const { slot, x, y } of met) {
      const factor = steps[rule](dot(w, x), y);
      if (factor === null) continue;
      if (found.length === MOST) return { found, converged: 0 };
      w = add(w, x, lr * factor);
      found.push({ slot, w, epoch });
    }
    if (found.length === before) return { found, converged: 1 };
  }
  return { found, converged: 0 };
};

/* The widest margin: the nearest point to the origin of the hull of all y x. It lies on a corner,
   an edge or a triangle; of all their nearest points it is the longest p that no sample is below. */
const nearest = (z) => {
  const candidates = [...z];
  z.forEach((a, i) =>
    z.slice(i + 1).forEach((b, j) => {
      const edge = add(b, a, -1);
      candidates.push(add(a, edge, -dot(a, edge) / (dot(edge, edge) || 1)));
      z.slice(i + j + 2).forEach((c) => {
        const normal = cross(edge, add(c, a, -1));
        const size = dot(normal, normal);
        if (size > 1e-9) candidates.push(normal.map((value) => (value * dot(a, normal)) / size));
      });
    }),
  );
  let best = [0, 0, 0];
  for (const p of candidates) {
    const size = dot(p, p);
    if (size <= dot(best, best) || size < 1e-12) continue;
    if (z.every((one) => dot(one, p) >= size - 1e-9 * (1 + size))) best = p;
  }
  return best;
};

const compute = (state, data) => {
  const met = samples(state, data);
  const { found, converged } = run(met, state.lr, state.rule);
  const mistakes = Math.min(state.step, found.length);
  const { w, slot } = mistakes ? found[mistakes - 1] : { w: [0, 0, 0], slot: -1 };
  const far = nearest(met.map(({ x, y }) => x.map((value) => y * value)));
  const margin = length(far);
  const best = far.map((value) => (margin ? value / margin : 0));
  const radius = Math.max(0, ...met.map(({ x }) => length(x)));
  return {
    met,
    found,
    presets: data.presets,
    best,
    w,
    slot,
    mistakes,
    converged,
    total: found.length,
    wrong: met.filter(({ x, y }) => y * dot(w, x) <= 0).length,
    radius,
    margin,
    bound: margin ? (radius / margin) ** 2 : null,
    length: length(w),
    along: dot(w, best),
  };
};

export { MOST, compute, dot, length };
