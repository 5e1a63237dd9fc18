/* W10.1: the mathematics. */
import { range, total, turned } from "./sliding_window_numbers.js";

const zeros = (rows) => rows.map((row) => row.map(() => 0));

/** The windows in row-major order: output, and the pixel its corner lies on. */
const windowsOver = (x, w, stride) => {
  const many = range(Math.floor((x.length - w.length) / stride) + 1);
  return many.flatMap((i) => many.map((j) => ({ i, j, top: i * stride, left: j * stride })));
};

/** Every product of one window: pixel (p, q) under weight (k, l). */
const meetings = ({ top, left }, w) =>
  w.flatMap((row, k) => row.map((_, l) => ({ p: top + k, q: left + l, k, l })));

const scatter = (x, kernel, dout, windows, put) => {
  const dx = zeros(x);
  for (const one of windows) {
    for (const { p, q, k, l } of meetings(one, kernel)) {
      dx[p][q] = put(dx[p][q], kernel[k][l] * dout[one.i][one.j]);
    }
  }
  return dx;
};

const weighing = (x, w, dout, windows) => {
  const dw = zeros(w);
  for (const one of windows) {
    for (const { p, q, k, l } of meetings(one, w)) dw[k][l] += x[p][q] * dout[one.i][one.j];
  }
  return dw;
};

const add = (old, portion) => old + portion;
const assign = (_, portion) => portion;

const norm = (rows) => Math.hypot(...rows.flat());
const relativeError = (got, right) => {
  const sum = norm(got) + norm(right);
  return sum ? norm(got.map((row, p) => row.map((value, q) => value - right[p][q]))) / sum : 0;
};

const compute = ({ example, matrices, stride, rule, steps, at }) => {
  const { x, w, dout: given } = matrices[example];
  const windows = windowsOver(x, w, stride);
  const side = Math.sqrt(windows.length);
  const dout = given.slice(0, side).map((row) => row.slice(0, side));
  const dropped = windows.slice(0, steps);
  const kernel = rule === "turned" ? turned(w) : w;
  const dx = scatter(x, kernel, dout, dropped, rule === "assigned" ? assign : add);
  const right = scatter(x, w, dout, dropped, add);
  const out = zeros(dout);
  for (const one of windows) {
    out[one.i][one.j] = total(meetings(one, w).map(({ p, q, k, l }) => x[p][q] * w[k][l]));
  }
  const place = (rows) => at.map((number) => Math.min(number, rows.length - 1)); // all are square
  return {
    x, w, dout, out, dx, kernel, right, windows, dropped,
    dw: weighing(x, w, dout, dropped),
    db: total(dropped.map(({ i, j }) => dout[i][j])),
    error: relativeError(dx, right),
    wrong: dx.map((row, p) => row.map((value, q) => Math.abs(value - right[p][q]) > 1e-12)),
    places: { output: place(dout), pixel: place(x), weight: place(w) },
  };
};

/** What a pixel is sent: by window, times the weight it is sent through; last comes last. */
const portions = ({ dropped, kernel, dout }, [p, q]) =>
  dropped.flatMap((one) =>
    meetings(one, kernel)
      .filter((met) => met.p === p && met.q === q)
      .map(({ k, l }) => ({ ...one, weight: kernel[k][l], blame: dout[one.i][one.j] })),
  );

/** What a weight has met: in every window one pixel. */
const met = ({ dropped, x, dout }, [k, l]) =>
  dropped.map((one) => ({
    ...one,
    p: one.top + k,
    q: one.left + l,
    pixel: x[one.top + k][one.left + l],
    blame: dout[one.i][one.j],
  }));

export { compute, met, portions, range, total, turned };
