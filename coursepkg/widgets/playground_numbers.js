/* The playground's mathematics: points, first weights, forward, backward, gradient descent.
   A batch is one Float64Array, row after row; layer l of the W leads from outs[l] to outs[l + 1]. */

const SHARE = 64; // points to train with; the others are for the test
const LAST = 1000; // steps
const EDGE = 1.6; // the plane that is drawn reaches from −EDGE to EDGE
const CORNERS = Float64Array.of(-EDGE, -EDGE, -EDGE, EDGE, EDGE, -EDGE, EDGE, EDGE);
const GRID = 24; // a map has so many values on a side
const NUDGE = 1e-5; // of the central difference

const range = (n) => [...Array(n).keys()];
const sizesOf = (layers) => layers.split("-").map(Number);
const sigmoid = (z) => 0.5 * (Math.tanh(0.5 * z) + 1);

/* Each function, its slope by its output, and the largest slope there is. */
const activations = {
  tanh: { of: Math.tanh, slope: (h) => 1 - h * h, top: 1 },
  relu: { of: (z) => Math.max(z, 0), slope: (h) => (h > 0 ? 1 : 0), top: 1 },
  sigmoid: { of: sigmoid, slope: (h) => h * (1 - h), top: 0.25 },
  none: { of: (z) => z, slope: () => 1, top: 1 },
};

/* Points come as pairs of base-36 digits, hundredths above −1.8; their labels are 0, 1, 0, ... */
const unpack = (text) => {
  const x = Float64Array.from({ length: text.length / 2 }, (_, k) => (parseInt(text.slice(2 * k, 2 * k + 2), 36) - 180) / 100);
  return [x.subarray(0, 2 * SHARE), x.subarray(2 * SHARE)];
};
const labelOf = (row) => row % 2;

/* Lehmer's generator: no product leaves the whole numbers that a float holds exactly. */
const firstWeights = (sizes, seed) => {
  let last = 7919 * seed + 1;
  const next = () => (last = (last * 48271) % 2147483647) / 2147483647;
  range(10).forEach(next);
  const draws = Float64Array.from({ length: 256 }, next);
  const layers = range(sizes.length - 1);
  const W = layers.map((l) => {
    const [m, n] = [sizes[l], sizes[l + 1]];
    const reach = Math.sqrt(6 / (m + n));
    return Float64Array.from({ length: m * n }, (_, k) => {
      const draw = draws[64 * l + 8 * Math.floor(k / n) + (k % n)];
      return reach * (2 * draw - 1);
    });
  });
  return { W, b: layers.map((l) => new Float64Array(sizes[l + 1])) };
};

const forward = ({ sizes, act, W, b }, x) => {
  const rows = x.length / sizes[0];
  const outs = [x];
  W.forEach((w, l) => {
    const [m, n, from] = [sizes[l], sizes[l + 1], outs[l]];
    const f = l < W.length - 1 ? activations[act].of : (z) => z;
    const to = new Float64Array(rows * n);
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < n; j++) {
        let z = b[l][j];
        for (let i = 0; i < m; i++) z += from[r * m + i] * w[i * n + j];
        to[r * n + j] = f(z);
      }
    }
    outs.push(to);
  });
  return outs;
};

/* Cross-entropy of scores s, mean over the rows; right for scores of any size. */
const lossOf = (scores, label) => {
  let sum = 0;
  scores.forEach((s, r) => (sum += Math.max(s, 0) - s * label(r) + Math.log1p(Math.exp(-Math.abs(s)))));
  return sum / scores.length;
};

/* dz: the blame of every sum; dW and db: of every weight and bias. */
const backward = ({ sizes, act, W }, outs, label) => {
  const { slope } = activations[act];
  const last = W.length - 1;
  const rows = outs[0].length / sizes[0];
  const [dz, dW, db] = [[], [], []];
  dz[last] = outs[last + 1].map((s, r) => (sigmoid(s) - label(r)) / rows);
  for (let l = last; l >= 0; l--) {
    const [m, n, h, d] = [sizes[l], sizes[l + 1], outs[l], dz[l]];
    dW[l] = new Float64Array(m * n);
    db[l] = new Float64Array(n);
    if (l) dz[l - 1] = new Float64Array(rows * m);
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < n; j++) db[l][j] += d[r * n + j];
      for (let i = 0; i < m; i++) {
        const at = r * m + i;
        let upstream = 0;
        for (let j = 0; j < n; j++) {
          dW[l][i * n + j] += h[at] * d[r * n + j];
          upstream += W[l][i * n + j] * d[r * n + j];
        }
        if (l) dz[l - 1][at] = upstream * slope(h[at]);
      }
    }
  }
  return { outs, dz, dW, db };
};

const pass = (net, x, label) => {
  const outs = forward(net, x);
  return { ...backward(net, outs, label), loss: lossOf(outs.at(-1), label) };
};

/* Runs: every step of a recipe is kept, so that one can go back in time. */

const RECIPE = ["data", "layers", "activation", "lr", "lam", "seed"];
const runs = new Map();

const runOf = (state, data) => {
  const recipe = RECIPE.map((name) => state[name]).join();
  if (!runs.has(recipe)) {
    if (runs.size > 7) runs.clear();
    const sizes = sizesOf(state.layers);
    const run = { points: unpack(data[state.data]), nets: [], loss: [], test: [], broke: null };
    keep(run, { sizes, act: state.activation, ...firstWeights(sizes, state.seed) });
    runs.set(recipe, run);
  }
  const run = runs.get(recipe);
  while (run.nets.length <= state.steps && run.broke === null) keep(run, stepFrom(run.nets.at(-1), run.points[0], state));
  return run;
};

/* Where numbers overflow, the run ends. */
const keep = (run, net) => {
  const [loss, test] = run.points.map((x) => lossOf(forward(net, x).at(-1), labelOf));
  if (!Number.isFinite(loss)) {
    run.broke = run.nets.length;
    return;
  }
  run.nets.push(net);
  run.loss.push(loss);
  run.test.push(test);
};

const withPenalty = (dW, { W }, lam) => dW.map((d, l) => d.map((value, k) => value + lam * W[l][k]));

/* Gradient descent on the whole batch. */
const stepFrom = (net, x, { lr, lam }) => {
  const { dW, db } = pass(net, x, labelOf);
  const down = (values, gradients) => values.map((value, l) => value.map((one, k) => one - lr * gradients[l][k]));
  return { ...net, W: down(net.W, withPenalty(dW, net, lam)), b: down(net.b, db) };
};

/* What can be read, in layer l: its units "h1[0]", or the output "p", and the weights "W1[0,0]" to each. */
const entriesOf = (sizes, l) =>
  range(sizes[l + 1]).flatMap((j) => [
    { kind: "h", l, j, name: l === sizes.length - 2 ? "p" : `h${l + 1}[${j}]` },
    ...range(sizes[l]).map((i) => ({ kind: "W", l, i, j, name: `W${l + 1}[${i},${j}]` })),
  ]);

/* The entry of a name; a name of nothing here is read as the first weight. */
const chosen = ({ cell }, sizes) => {
  const entries = range(sizes.length - 1).flatMap((l) => entriesOf(sizes, l));
  return entries.find(({ name }) => name === cell) ?? entries[1];
};

/* The training point with the largest loss. */
const worstPoint = ({ all }) => {
  const lead = (row) => all.outs.at(-1)[row] * (2 * labelOf(row) - 1);
  return range(SHARE).reduce((worst, row) => (lead(row) < lead(worst) ? row : worst));
};

const centralDifference = (net, x, lam, { l, i, j }) => {
  const objective = (nudge) => {
    const W = net.W.map((w) => w.slice());
    W[l][i * net.sizes[l + 1] + j] += nudge;
    const price = W.flatMap((w) => [...w]).reduce((sum, w) => sum + w * w, 0);
    return lossOf(forward({ ...net, W }, x).at(-1), labelOf) + 0.5 * lam * price;
  };
  return (objective(NUDGE) - objective(-NUDGE)) / (2 * NUDGE);
};

/* At how many training points a hidden unit passes on less than 1/20 of the most it could. */
const shutAt = ({ net, all }, l, j) => {
  const { slope, top } = activations[net.act];
  return range(SHARE).filter((r) => slope(all.outs[l + 1][r * net.sizes[l + 1] + j]) < top / 20).length;
};

/* Dead: a ReLU shut at every training point; saturated: a smooth unit shut at nine of ten. */
const illness = (inner, l, j) => {
  const relu = inner.net.act === "relu";
  const enough = relu ? SHARE : 0.9 * SHARE;
  if (l === inner.net.W.length - 1 || shutAt(inner, l, j) < enough) return "";
  return relu ? "dead" : "satur.";
};

const means = (values, n) => {
  const sums = range(n).fill(0);
  values.forEach((value, k) => (sums[k % n] += value));
  return sums.map((sum) => sum / (values.length / n));
};
const rightOf = (scores) => scores.filter((s, r) => s > 0 === (labelOf(r) === 1)).length;

const compute = (state, data) => {
  const run = runOf(state, data);
  const at = Math.min(state.steps, run.nets.length - 1);
  const net = run.nets[at];
  const [x, xTest] = run.points;
  const all = pass(net, x, labelOf);
  const { sample } = state;
  const alone = state.frozen && sample >= 0;
  const shown = alone ? pass(net, x.slice(2 * sample, 2 * sample + 2), () => labelOf(sample)) : all;
  const says = shown.outs.slice(1).map((h, l) => means(l < net.W.length - 1 ? h : h.map(sigmoid), net.sizes[l + 1]));
  const choice = chosen(state, net.sizes);
  const dW = withPenalty(all.dW, net, state.lam);
  const flat = (first, second) => first.flatMap((values, l) => [...values, ...second[l]]);
  const numbers = {
    loss: run.loss[at],
    test_loss: run.test[at],
    right: rightOf(all.outs.at(-1)),
    test_right: rightOf(forward(net, xTest).at(-1)),
    corners: [...forward(net, CORNERS).at(-1)],
    weights: flat(net.W, net.b),
    gradient: flat(dW, all.db),
    values: says.slice(0, -1).flat(),
    blame: shown.db.flatMap((d) => [...d]),
    numeric: choice.kind === "W" ? centralDifference(net, x, state.lam, choice) : null,
  };
  const known = (l) => !state.frozen || state.back >= net.W.length - l;
  // What the picture and its words need besides; not listed with the numbers.
  return Object.defineProperty(numbers, "inner", { value: { run, at, net, all, shown, alone, choice, dW, says, known } });
};

export { EDGE, GRID, LAST, SHARE, activations, compute, entriesOf, forward, illness, labelOf, range, shutAt, sigmoid, sizesOf, worstPoint };
