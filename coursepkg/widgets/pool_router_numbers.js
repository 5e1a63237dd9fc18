/* W10.2: the mathematics. */
import { range, total } from "./sliding_window_numbers.js";

const SIZE = 2;

/* Each pool: what is left of a window, and how much of its gradient each entry gets. */
const equal = (one, other) => (one === other ? 1 : 0);

const maximum = (window, ties) => {
  const out = Math.max(...window);
  const won = window.map((value) => equal(value, out));
  const shares = {
    first: won.map((_, n) => equal(n, won.indexOf(1))),
    split: won.map((one) => one / total(won)),
    all: won,
  }[ties];
  return { out, shares };
};
const mean = (window) => ({
  out: total(window) / window.length,
  shares: window.map(() => 1 / window.length),
});
const norm = (window) => {
  const out = Math.hypot(...window);
  return { out, shares: window.map((value) => (out ? value / out : 0)) };
};
const pools = { max: maximum, average: mean, L2: norm };

/** What flows from each window to each of its pixels; out and dx are made of that. */
const compute = ({ pool, stride, ties, image, pixels, dout: upstream, at, side }) => {
  const x = pixels[image];
  const many = (x.length - SIZE) / stride + 1;
  const corners = range(many).flatMap((i) => range(many).map((j) => [i, j]));
  const windows = corners.map(([i, j]) => {
    const places = range(SIZE * SIZE).map((n) => [i * stride + Math.floor(n / SIZE), j * stride + (n % SIZE)]);
    const { out, shares } = pools[pool](places.map(([p, q]) => x[p][q]), ties);
    const dout = upstream[i][j];
    const tied = places.filter(([p, q]) => x[p][q] === out).length;
    return { i, j, places, out, shares, dout, tied, flows: shares.map((share) => share * dout) };
  });
  const dx = x.map((row) => row.map(() => 0));
  for (const { places, flows } of windows) {
    places.forEach(([p, q], n) => {
      dx[p][q] += flows[n];
    });
  }
  const table = (name) => range(many).map((i) => windows.slice(i * many, (i + 1) * many).map((one) => one[name]));
  const last = side === "pixel" ? x.length - 1 : many - 1;
  return {
    x, windows, dx, many,
    out: table("out"),
    dout: table("dout"),
    sent: total(windows.map(({ dout }) => dout)),
    arrived: total(dx.flat()),
    here: at.map((place) => Math.min(place, last)),
  };
};

/** The windows a pixel stands in, with its share of each and what it gets. */
const receipts = ({ windows }, [p, q]) =>
  windows.flatMap(({ places, shares, flows, ...one }) => {
    const n = places.findIndex(([k, l]) => k === p && l === q);
    return n < 0 ? [] : [{ ...one, share: shares[n], flow: flows[n] }];
  });

export { compute, range, receipts, total };
