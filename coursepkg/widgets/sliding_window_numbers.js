/* W9.1: the mathematics. */
const range = (n) => [...Array(n).keys()];
const total = (values) => values.reduce((sum, value) => sum + value, 0);

/** The kernel as written: what the menu names, or the reader's own. */
const written = ({ kernel, mine }, kernels) => kernels[kernel] ?? mine;

const divisor = ({ divide }) => (divide >= 1 ? divide : 1); // a link may bring a zero

/** Turned by 180 degrees: last row first, last column first. */
const turned = (rows) => [...rows].reverse().map((row) => [...row].reverse());

const padded = (image, border) => {
  const [height, width] = [image.length, image[0].length];
  return range(height + 2 * border).map((i) =>
    range(width + 2 * border).map((j) => image[i - border]?.[j - border] ?? 0),
  );
};

const windowAt = (image, i, j) => range(3).map((k) => range(3).map((l) => image[i + k][j + l]));
const times = (a, b) => a.map((row, k) => row.map((value, l) => value * b[k][l]));

/** A place that exists: a link may name any row and column. */
const inside = ([i, j], rows) => [
  Math.max(0, Math.min(rows.length - 1, Math.round(i))),
  Math.max(0, Math.min(rows[0].length - 1, Math.round(j))),
];

const compute = (state, kernels) => {
  const own = written(state, kernels);
  const weights = own.weights.map((row) => row.map((value) => value / divisor(own)));
  const kernel = state.rule === "convolution" ? turned(weights) : weights;
  const image = state.pixels[state.image];
  const wide = padded(image, state.border);
  const out = range(wide.length - 2).map((i) =>
    range(wide[0].length - 2).map((j) => total(times(windowAt(wide, i, j), kernel).flat())),
  );
  const output = inside(state.at, out);
  const pixel = inside(state.at, image);
  const window = windowAt(wide, ...output);
  const products = times(window, kernel);
  return {
    image,
    wide,
    own,
    kernel,
    out,
    output,
    pixel,
    window,
    products,
    total: total(products.flat()),
    // Output (i, j) met the pixel with the tap that lies as far from its corner as the pixel does.
    shares: out.map((row, i) =>
      row.map((_, j) => kernel[pixel[0] + state.border - i]?.[pixel[1] + state.border - j] ?? 0),
    ),
  };
};

export { compute, divisor, range, total, turned };
