/* The mathematics of W12.1: a deep network with its gradients, and what is in memory when. */

const [START, FORWARD, AGAIN, BACK] = [0, 1, 2, 3];

const matmul = (a, b) => a.map((row) => b[0].map((_, j) => row.reduce((sum, v, i) => sum + v * b[i][j], 0)));
const transpose = (a) => a[0].map((_, j) => a.map((row) => row[j]));
const norm = (a) => Math.sqrt(a.flat().reduce((sum, v) => sum + v * v, 0));

/* Loss, and the norms of its gradients with respect to h0 = x, h1, ..., hn. */
const run = (depth, { x, weights }) => {
  const layers = [x];
  for (const w of weights.slice(0, depth)) {
    layers.push(matmul(layers.at(-1), w).map((row) => row.map(Math.tanh)));
  }
  const top = layers.at(-1);
  let gradient = top.map((row) => row.map((h) => 2 * h)); // h * h uses h twice
  const slopes = [norm(gradient)];
  for (let k = depth; k > 0; k--) {
    const dz = gradient.map((row, i) => row.map((g, j) => g * (1 - layers[k][i][j] ** 2)));
    gradient = matmul(dz, transpose(weights[k - 1]));
    slopes.unshift(norm(gradient));
  }
  return { loss: norm(top) ** 2, slopes };
};

/* As `schedule` of tape_viewer.py: every step with what is held during it. */
const schedule = (depth, spacing) => {
  const every = Math.min(spacing, depth);
  const last = 2 * every * Math.floor((depth - 1) / every);
  const end = 2 * depth + 2;
  const held = new Set([0]);
  const events = [];
  const enter = (kind, op) => events.push({ kind, op, held: [...held].sort((a, b) => a - b) });
  enter(START, 0);
  for (let op = 1; op <= end; op++) {
    held.add(op);
    enter(FORWARD, op);
    if (op - 1 < last && (op - 1) % (2 * every)) held.delete(op - 1);
  }
  for (let op = end; op > 0; op--) {
    const stretch = 2 * every * Math.floor((op - 1) / (2 * every));
    if (op <= last && op === stretch + 2 * every) {
      for (let again = stretch + 1; again < op; again++) {
        held.add(again);
        enter(AGAIN, again);
      }
    }
    enter(BACK, op);
    held.delete(op);
  }
  return events;
};

const highest = (events) => Math.max(...events.map(({ held }) => held.length));

const compute = ({ depth, every, moment }, data) => {
  const events = schedule(depth, every);
  const at = Math.min(moment, events.length - 1);
  return {
    ...run(depth, data),
    ...events[at],
    at,
    events,
    timeline: events.map(({ held }) => held.length),
    peak: highest(events),
    again: events.filter(({ kind }) => kind === AGAIN).length,
    peaks: [...Array(depth).keys()].map((i) => highest(schedule(depth, i + 1))),
  };
};

export { AGAIN, BACK, FORWARD, START, compute };
