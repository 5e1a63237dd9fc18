/* W6.2: the whole Jacobian of a layer as a picture, and what it costs to keep. */
import { bytes, count, html, number, svg, widget } from "./frame.js";
import { pixels, stretch } from "./pixels.js";

const range = (n) => [...Array(n).keys()];
const SAMPLE = 64; // sample s, entry i stands at 64 s + i
const ITEM = 8; // bytes of a float64

/* Mathematics. The Jacobian of a batch is block-diagonal: a block for each sample, row i of a
   block holding the derivatives of output i. */

const relu = (x) => ({
  block: x.map((_, i) => x.map((value, j) => (i === j && value > 0 ? 1 : 0))),
  vjp: (dout) => x.map((value, i) => (value > 0 ? dout[i] : 0)),
});

const softmax = (x) => {
  const top = Math.max(...x);
  const powers = x.map((value) => Math.exp(value - top));
  const sum = powers.reduce((a, b) => a + b);
  const p = powers.map((value) => value / sum);
  return {
    block: p.map((pi, i) => p.map((pj, j) => (i === j ? pi * (1 - pi) : -pi * pj))),
    vjp: (dout) => {
      const mean = dout.reduce((total, value, i) => total + value * p[i], 0);
      return p.map((pi, i) => pi * (dout[i] - mean));
    },
  };
};

const weight = (numbers, i, j) =>
  numbers[(31 * i * i + 17 * j * j + 5 * i * j + 7) % numbers.length];

const linear = (x, numbers) => ({
  block: x.map((_, i) => x.map((_, j) => weight(numbers, j, i))),
  vjp: (dout) =>
    x.map((_, j) => dout.reduce((sum, value, i) => sum + value * weight(numbers, j, i), 0)),
});

const operations = { relu, softmax, linear };

/* What the rest of the network sends back, in every sample: +1, −1, +1, ... */
const upstream = (i) => (i % 2 ? -1 : 1);

const compute = ({ op, n, batch, scale }, { numbers }) => {
  const dout = range(n).map(upstream);
  const samples = range(batch).map((s) =>
    operations[op](
      range(n).map((i) => scale * numbers[SAMPLE * s + i]),
      numbers,
    ),
  );
  const blocks = samples.map(({ block }) => block);
  const values = blocks.flat(2);
  const entries = (batch * n) ** 2;
  return {
    blocks,
    vjp: samples.map(({ vjp }) => vjp(dout)),
    entries,
    nonzero: values.filter((value) => value !== 0).length,
    largest: values.reduce((top, value) => Math.max(top, Math.abs(value)), 0),
    jacobian_bytes: ITEM * entries,
    vjp_bytes: ITEM * batch * n,
  };
};

/* Picture: the Jacobian on a canvas, dout on its left, the product dout · J below */

const draw = ({ n, batch }, numbers) => html`
  <div class="xray-sides">
    <figure>
      <canvas
        role="img"
        aria-label="Jacobian with ${n * batch} rows and columns; ${count(numbers.nonzero)} of its
          ${count(numbers.entries)} entries are not zero"
      ></canvas>
      <figcaption>
        Row: output, column: input. <span class="xray-plus">■</span> positive,
        <span class="xray-minus">■</span> with a minus: negative, blank: zero. Left: dout. Below: dout times J.
      </figcaption>
    </figure>
    ${costs(numbers)}
  </div>
`;

const CANVAS = 512;
const STRIP = 20;
const CORNER = STRIP + 8; // the matrix begins here from the left, and ends so far from below

const paint = (root, { n, batch }, { blocks, vjp, largest }, colour) => {
  const canvas = root.querySelector("canvas");
  const side = n * batch;
  const length = side * Math.max(1, Math.floor(CANVAS / side));
  canvas.width = canvas.height = length + CORNER;
  const pen = canvas.getContext("2d");

  const jacobian = pixels(side, side, largest, colour);
  blocks.forEach((block, s) =>
    block.forEach((row, i) => row.forEach((value, j) => jacobian.put(s * n + i, s * n + j, value))),
  );
  stretch(pen, jacobian, colour("ground"), CORNER, 0, length, length);

  const products = vjp.flat();
  const below = pixels(1, side, Math.max(...products.map(Math.abs)), colour);
  const left = pixels(side, 1, 1, colour);
  products.forEach((value, k) => {
    below.put(0, k, value);
    left.put(k, 0, upstream(k % n));
  });
  stretch(pen, below, colour("ground"), CORNER, length + CORNER - STRIP, length, STRIP);
  stretch(pen, left, colour("ground"), 0, 0, STRIP, length);

  pen.strokeStyle = colour("hair");
  pen.lineWidth = 2;
  pen.strokeRect(CORNER, 1, length - 1, length - 1);
};

/* Bars are logarithms of bytes: a bar twice as long is a number squared. */

const DECK = 4096;
const DECK_BATCH = 100;
const LONGEST = Math.log10(ITEM * (DECK * DECK_BATCH) ** 2);

const bar = (name, size, kind) => html`<tr>
  <th scope="row">${name}</th>
  <td>
    <span class="xray-bar ${kind}" style="width: ${(100 * Math.log10(size)) / LONGEST}%"></span>
    ${bytes(size)}
  </td>
</tr>`;

const costs = ({ jacobian_bytes, vjp_bytes }) => {
  const rows = (title, jacobian, product) => html`<tbody>
    <tr><th colspan="2" scope="rowgroup">${title}</th></tr>
    ${bar("Jacobian", jacobian, "xray-full")} ${bar("product", product, "xray-thin")}
  </tbody>`;
  return html`<table>
    <caption>Memory in float64; a bar twice as long is a number squared</caption>
    ${rows("Here", jacobian_bytes, vjp_bytes)}
    ${rows("4096 numbers", ITEM * DECK ** 2, ITEM * DECK)}
    ${rows("100 such samples", ITEM * (DECK * DECK_BATCH) ** 2, ITEM * DECK * DECK_BATCH)}
  </table>`;
};

/* What you see */

const structure = {
  relu: (_, { nonzero }) => html`<p>
    <b>Only the diagonal can be anything but zero</b>: 1 where the input is positive, here
    ${count(nonzero)} times. The product is a mask. Scale the input: only signs matter, so nothing
    moves.
  </p>`,
  softmax: ({ scale }, { largest }) => html`<p>
      Every block is full, and yet n numbers say it all: <b>diag(p) − p pᵀ</b>, a diagonal less one
      outer product. The product is p ∘ (dout − Σ dout p).
    </p>
    ${largest < 0.01
      ? html`<p>
          <b>At scale ${number(scale)} it has gone out.</b> One p is almost 1, the largest entry is
          ${number(largest)}: nothing flows back. Cheap or dear, a
          product with zero is zero.
        </p>`
      : html`<p>Scale the input up until the picture goes out, or down until all rows agree.</p>`}`,
  linear: () => html`<p>
    Every block is <b>the transpose of W, which the layer keeps anyway</b>. Scale the input: nothing
    moves, a linear map has the same slope everywhere.
  </p>`,
};

const see = (state, numbers) => {
  const { n, batch, op } = state;
  const share = number((100 * numbers.nonzero) / numbers.entries);
  return html`<p>
      ${count(n * batch)} × ${count(n * batch)} = <b>${count(numbers.entries)}</b> entries, of which
      ${count(numbers.nonzero)} (${share} %) are not zero: <b>${bytes(numbers.jacobian_bytes)}</b>.
      dout times J is ${count(n * batch)} numbers: <b>${bytes(numbers.vjp_bytes)}</b>.
    </p>
    ${structure[op](state, numbers)}
    ${batch > 1
      ? html`<p>The ${batch} samples do not know of each other: all outside their blocks is zero.</p>`
      : ""}`;
};

/* As code */

const code = ({ op, n, batch, scale }) => {
  const call = op === "linear" ? "F.linear(x, weights(n), np.zeros(n))" : `F.${op}(x)`;
  const result = op === "linear" ? ".dx" : "";
  return `import numpy as np
from coursepkg import functional as F
from coursepkg.widgets.jacobian_xray import NUMBERS${op === "linear" ? ", weights" : ""}

batch, n = ${batch}, ${n}
x = ${scale} * NUMBERS.reshape(8, 64)[:batch, :n]
out, cache = ${call}
dout = np.where(np.arange(n) % 2, -1.0, 1.0) * np.ones((batch, 1))
vjp = F.${op}_backward(dout, cache)${result}  # all that is ever needed
rows = [F.${op}_backward(np.tile(e, (batch, 1)), cache)${result} for e in np.eye(n)]
blocks = np.stack(rows, axis=1)  # the Jacobian, n backward passes later`;
};

export default widget({
  controls: [
    {
      name: "op",
      label: "Layer",
      options: [
        ["relu", "ReLU"],
        ["softmax", "softmax"],
        ["linear", "linear"],
      ],
    },
    { name: "n", label: "Sample size n", min: 2, max: 64, step: 1 },
    { name: "batch", label: "Samples N", min: 1, max: 8, step: 1 },
    { name: "scale", label: "Input times", values: [0.1, 0.3, 1, 3, 10, 30] },
  ],
  compute,
  draw,
  paint,
  see,
  code,
  predict: {
    question:
      "ReLU on 4096 numbers has a Jacobian of 4096 × 4096 = 16,777,216 entries. How many of them can be something else than zero?",
    options: ["All of them", "About half", "At most 4096"],
    answer: 2,
    attempt:
      "Move n, then change the layer. Add samples and watch the empty space. Then find the scale at which softmax goes out.",
    explain:
      "Output i of ReLU looks at input i and at nothing else, so only the diagonal is left: 4096 entries, each 0 or 1. The full matrix would be 134 MB of zeros; for a minibatch of 100 it is 409,600 × 409,600 entries, 1.34 TB. Backpropagation never asks for the matrix, only for dout times the matrix, and that is one multiplication by a mask.",
  },
});
