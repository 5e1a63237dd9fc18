/* W9.4: move the image, then the layer; or the layer, then move its map. */
import { chart, handle, line, scale } from "./chart.js";
import { html, number, svg, widget } from "./frame.js";
import { pixels, stretch } from "./pixels.js";

const SIDE = 16;
const REACH = 8;
const range = (n) => [...Array(n).keys()];
const grid = (rows, columns, entry) => range(rows).map((i) => range(columns).map((j) => entry(i, j)));

/* Mathematics, as in equivariance.py */

/* What stands at (i, j) of a grid, and beyond its border. */
const lookup = (image, border) => {
  const [rows, columns] = [image.length, image[0].length];
  const round = (k, n) => ((k % n) + n) % n;
  return border === "wrap"
    ? (i, j) => image[round(i, rows)][round(j, columns)]
    : (i, j) => image[i]?.[j] ?? 0;
};

const shift = (image, [down, right], border) => {
  const at = lookup(image, border);
  return grid(image.length, image[0].length, (i, j) => at(i - down, j - right));
};

/* A grid of windows, each as a list of what it meets. */
const windows = (image, border, size, stride, padding) => {
  const at = lookup(image, border);
  const taps = grid(size, size, (k, l) => [k - padding, l - padding]).flat();
  const out = Math.floor((image.length + 2 * padding - size) / stride) + 1;
  return grid(out, out, (i, j) => taps.map(([k, l]) => at(stride * i + k, stride * j + l)));
};

const over = (map, entry) => map.map((row, i) => row.map((window, j) => entry(window, i, j)));
const sign = (i, j) => (((7 * i * i + 5 * j * j + 3 * i * j + i + 2 * j) % 101) % 3) - 1;
const largest = (values) => Math.max(...values);
const mean = (values) => values.reduce((a, b) => a + b) / values.length;

const respond = (image, layer, kernel, border) => {
  const weights = kernel.flat();
  const product = (window) => window.reduce((sum, x, k) => sum + x * weights[k], 0);
  const seen = windows(image, border, 3, layer === "conv / 2" ? 2 : 1, 1);
  if (layer === "unshared") return over(seen, (window, i, j) => sign(i, j) * product(window));
  const map = over(seen, product);
  if (layer === "max pool") return over(windows(map, border, 2, 2, 0), largest);
  if (layer === "average pool") return over(windows(map, border, 2, 2, 0), mean);
  if (layer === "max pool / 1") return over(windows(map, border, 3, 1, 1), largest);
  return layer === "largest" ? [[largest(map.flat())]] : map;
};

const STRIDE = { "conv / 2": 2, "max pool": 2, "average pool": 2 };
const whole = (steps, layer) => {
  if (layer === "largest") return [0];
  const stride = STRIDE[layer] ?? 1;
  return [...new Set([Math.floor(steps / stride), Math.ceil(steps / stride)])];
};

const squares = (values) => values.reduce((sum, value) => sum + value * value, 0);
const difference = (one, other) => one.map((row, i) => row.map((value, j) => value - other[i][j]));

const both = (image, home, { layer, border }, kernel, down, right) => {
  const moved = shift(image, [down, right], border);
  const first = respond(moved, layer, kernel, border);
  const candidates = whole(down, layer).flatMap((i) => whole(right, layer).map((j) => [i, j]));
  const [best] = candidates
    .map((steps) => {
      const then = shift(home, steps, border);
      const gap = difference(first, then);
      return { steps, then, gap, miss: squares(gap.flat()) };
    })
    .sort((a, b) => a.miss - b.miss);
  const size = Math.max(squares(first.flat()), squares(best.then.flat()));
  const gaps = best.gap.flat().map(Math.abs);
  return {
    moved,
    first,
    then: best.then,
    steps: best.steps,
    gap: best.gap,
    differ: gaps.filter((value) => value > 0).length,
    largest: Math.max(...gaps),
    relative: size ? Math.sqrt(best.miss / size) : 0,
  };
};

const compute = (state, { pictures, kernels }) => {
  const kernel = kernels[state.kernel];
  const edge = (SIDE - pictures[state.picture].length) / 2;
  const image = grid(SIDE, SIDE, (i, j) => pictures[state.picture][i - edge]?.[j - edge] ?? 0);
  const home = respond(image, state.layer, kernel, state.border);
  const at = (right) => both(image, home, state, kernel, state.down, right);
  const sweep = range(2 * REACH + 1).map((k) => at(k - REACH).relative);
  return { ...at(state.right), sweep };
};

/* Picture */

const X = scale([-REACH, REACH], [0, 160]);
const Y = scale([-REACH, REACH], [160, 0]);

const panel = (name, title, inside = "") => html`<figure>
  <figcaption>${title}</figcaption>
  <div><canvas data-name=${name} role="img" aria-label=${title}></canvas>${inside}</div>
</figure>`;

const hold = ({ right, down }, set) => html`<svg viewBox="0 0 160 160" role="group" aria-label="the image">
  <rect class="eq-home" x="40" y="40" width="80" height="80" />
  ${handle({
    at: [right, -down],
    x: X,
    y: Y,
    step: 1,
    label: "The picture, moved to the right and up,",
    move: ([u, v]) => set({ right: u, down: v ? -v : 0 }),
    mark: svg`<rect class="eq-held" x="-40" y="-40" width="80" height="80" />`,
  })}
</svg>`;

const cells = (steps) => {
  const text = (value) => String(value).replace("-", "−");
  return `${text(steps[1])} right, ${text(steps[0])} down`;
};

const profile = ({ right, down }, { sweep }) => {
  const top = Math.ceil(Math.max(1, ...sweep));
  const label = `The error against how far the image is moved to the right, ${down} down: ${sweep
    .map((value, k) => `${k - REACH}: ${number(value, 2)}`)
    .join(", ")}`;
  const options = { x: [-REACH, REACH], y: [0, top], height: 170, label };
  return chart(
    { ...options, xLabel: "moved right, pixels", yLabel: "error, share of the map" },
    (x, y) => svg`
      <path class="eq-line" d=${line(sweep.map((value, k) => [k - REACH, value]), x, y)} />
      ${sweep.map((value, k) =>
        value === 0
          ? svg`<rect class="eq-none" x=${x(k - REACH) - 4} y=${y(0) - 4} width="8" height="8" />`
          : svg`<circle class="eq-some" cx=${x(k - REACH)} cy=${y(value)} r="4" />`,
      )}
      <circle class="eq-here" cx=${x(right)} cy=${y(sweep[right + REACH])} r="8" />
    `,
  );
};

const draw = (state, numbers, set) => html`
  <div class="eq-panels">
    ${panel("moved", "Drag the image", hold(state, set))}
    ${panel("first", "Moved, then the layer")}
    ${panel("then", `The layer, then moved ${cells(numbers.steps)}`)}
    ${panel("gap", `Difference: ${numbers.differ} of ${numbers.first.length ** 2} cells`)}
  </div>
  <p class="eq-key"><span class="eq-plus">■</span> positive, <span class="eq-minus">■</span> with a
    minus: negative, blank: zero. Below: squares are errors of exactly zero.</p>
  ${profile(state, numbers)}
`;

const CANVAS = 256;

const paint = (root, state, numbers, colour) => {
  const top = (grids) => grids.flat(2).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const shared = top([numbers.first, numbers.then]);
  for (const canvas of root.querySelectorAll("canvas[data-name]")) {
    const values = numbers[canvas.dataset.name];
    const side = values.length;
    canvas.width = canvas.height = CANVAS;
    const map = pixels(side, side, canvas.dataset.name === "moved" ? top([values]) : shared, colour);
    values.forEach((row, i) => row.forEach((value, j) => map.put(i, j, value)));
    stretch(canvas.getContext("2d"), map, colour("ground"), 0, 0, CANVAS, CANVAS);
  }
};

/* What you see */

const percent = (share) => `${number(100 * share, 3)} %`;

const reasons = {
  conv: () => "Every place has the same kernel, so what it says moves along with what it sees: equivariant.",
  "max pool / 1": () =>
    "Pooling alone does no harm: with stride 1 every window has a neighbour one pixel on. It is the stride that does.",
  unshared: () =>
    "A kernel of its own at every place: locality without sharing. What it has learned on the left it does not know on the right.",
  largest: () =>
    "One number for the whole map. It does not move with the image, it stays: invariant, not equivariant. Where the thing is, is forgotten.",
};

const strided = ({ right, down, border }, { relative }) => {
  if ((right % 2 || down % 2) && relative === 0) {
    return `Half a cell would be needed, and yet nothing is lost: luck of this picture, whose map is the same wherever
      the windows begin. The chart shows where the luck ends.`;
  }
  if (right % 2 || down % 2) {
    return `An odd number of pixels would be half a cell of the map, and half cells do not exist. The best whole
      step is taken and still the map is another one: the windows now begin between other pixels.`;
  }
  return border === "wrap" || Math.max(Math.abs(right), Math.abs(down)) < 3
    ? "An even number of pixels is a whole number of cells: exact again. One pixel more, and it is not."
    : "An even number of pixels is a whole number of cells.";
};

const edges = ({ border, layer }, { relative }, odd) =>
  border === "zeros" && relative > 0 && layer !== "unshared" && !odd
    ? html`<p><b>The border.</b> What was pushed out of the image cannot be seen, and what is cut looks
        like an edge. Let the image wrap round, and the error is gone.</p>`
    : "";

const see = (state, numbers) => {
  const { right, down, layer } = state;
  const odd = layer in STRIDE && Boolean(right % 2 || down % 2);
  const reason = reasons[layer]?.(state) ?? strided(state, numbers);
  return html`<p>
      ${right || down
        ? html`The two ways differ in ${numbers.differ} of ${numbers.first.length ** 2} cells, by at most
            ${number(numbers.largest)}: <b>an error of ${percent(numbers.relative)}</b> of the
            map${numbers.relative === 0 ? ", exactly zero, not nearly" : ""}.`
        : html`Nothing has moved yet: drag the image, or give it the focus and use the arrow keys.`}
    </p>
    ${layer !== "conv" || numbers.relative === 0 || right || down ? html`<p>${reason}</p>` : ""}
    ${edges(state, numbers, odd)}`;
};

/* As code */

const code = ({ picture, layer, kernel, border, right, down }) => `from coursepkg.widgets.equivariance import commuting

found = commuting(
    picture="${picture}", layer="${layer}", kernel="${kernel}",
    border="${border}", right=${right}, down=${down},
)
first = found["first"]  # the layer's map of the moved image
then = found["then"]  # its map of the image, moved
relative, differ = found["relative"], found["differ"]`;

export default widget({
  controls: [
    {
      name: "layer",
      label: "Layer",
      options: [
        ["conv", "conv 3×3"],
        ["conv / 2", "conv 3×3, stride 2"],
        ["max pool", "conv, max pool 2×2 / 2"],
        ["average pool", "conv, average pool 2×2 / 2"],
        ["max pool / 1", "conv, max pool 3×3 / 1"],
        ["unshared", "unshared weights"],
        ["largest", "conv, largest of all"],
      ],
    },
    {
      name: "picture",
      label: "Image",
      options: [
        ["digit", "a digit"],
        ["stripes", "stripes"],
        ["dot", "a dot"],
      ],
    },
    {
      name: "kernel",
      label: "Kernel",
      options: [
        ["edges", "edges (Sobel)"],
        ["blur", "blur"],
        ["none", "none"],
      ],
    },
    {
      name: "border",
      label: "From outside",
      options: [
        ["zeros", "zeros come in"],
        ["wrap", "it wraps round"],
      ],
    },
  ],
  inPicture: ["right", "down"].map((name) => ({ name, min: -REACH, max: REACH, step: 1 })),
  compute,
  draw,
  paint,
  see,
  code,
  predict: {
    question:
      "Convolution, then 2 × 2 max pooling with stride 2: the map is half as wide as the image. The digit moves right by one pixel. What does the map do?",
    options: ["It stays as it is", "It moves by one cell", "It becomes a different map"],
    answer: 2,
    attempt:
      "Drag the digit, pixel by pixel, and watch the error jump. Then choose the convolution alone. Then the stripes, with stride 2 and no kernel: move them by one, by two. Then push the digit out of the image.",
    explain:
      "A convolution commutes with moves by whole pixels: moved image, moved map, and the difference is 0, not 1e-16. A stride keeps every second place; a move by an odd number of pixels shows it the other half. Pooling by windows softens this, it does not undo it. So a network of convolutions is equivariant, one with strides is so for multiples of their product, and what is called translation invariance comes only at the end, where one number is taken over all places.",
  },
});
