/* W10.3: what its picture says in words, and as code. */
import { html, number } from "./frame.js";

const short = (value) => number(Math.abs(value) < 1e-9 ? 0 : value, 3);
const signed = (value) => (value < 0 ? `(${short(value)})` : short(value));
const times = (count) => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`);

/* Where the copies of a pixel stand, as far as their windows are done: [tap, window]. */
const copiesOf = ({ pixels, pixel: [p, q], done }) =>
  pixels.flatMap((row, t) =>
    row.flatMap(([k, l], n) => (n < done && k === p && l === q ? [[t, n]] : [])),
  );

const writing = (state, numbers) => {
  const { pixel: [p, q], copies, windows, done, w, cols, out } = numbers;
  const now = copiesOf(numbers).length;
  const n = Math.max(0, done - 1);
  return html`<p>x[${p}, ${q}] = <b>${short(state.image[p][q])}</b> stands in ${copies[p][q]} of ${windows.length} windows;
      ${now === copies[p][q] ? "all its copies are lit" : `${now} of its copies ${now === 1 ? "is" : "are"} written so far`}.
      ${copies[p][q] > 1 ? "Each stands in another row: under another tap." : copies[p][q] ? "" : "No window sees it."}</p>
    ${done
      ? html`<p>Kernel times the last column: ${w.map((weight, t) => `${t ? " + " : ""}${short(weight)}·${signed(cols[t][n])}`)} =
          <b>${short(out[n])}</b>. <b>All outputs are one product</b>, (1 × ${w.length}) times
          (${w.length} × ${windows.length}); with F filters w has F rows and nothing else changes.</p>`
      : html`<p>Nothing is written yet.</p>`}`;
};

const takingBack = (_, numbers) => {
  const { pixel: [p, q], copies, done, windows, dcols, dx, dout } = numbers;
  const parts = copiesOf(numbers).map(([t, n]) => dcols[t][n]);
  const n = Math.max(0, done - 1);
  return html`<p>dx[${p}, ${q}] = ${parts.length ? parts.map((part, m) => `${m ? " + " : ""}${signed(part)}`) : "nothing yet"} =
      <b>${short(dx[p][q])}</b>: forwards the pixel was copied ${times(copies[p][q])}, so back
      ${copies[p][q] === 1 ? "one number comes" : `${copies[p][q]} numbers come`} and <b>they add up</b>.</p>
    ${done
      ? html`<p>Column ${n} is w times dout[${n}] = ${short(dout[n])}; ${done} of ${windows.length} columns have been folded
          back to pixels. This is all that is new: the rest is the backward pass of a linear layer.</p>`
      : ""}`;
};

const left = ({ copies, windows, taps }) => {
  const unseen = copies.flat().filter((count) => !count).length;
  const most = Math.max(...copies.flat());
  if (unseen) return html`<p><b>${unseen} pixels are in no window</b>: they are not copied, and get 0 back.</p>`;
  return most === 1
    ? html`<p>No two windows overlap: ${windows.length * taps.length} entries, every pixel once. Here, and only here, col2im
        undoes im2col.</p>`
    : html`<p>The pixels in the middle stand there ${times(most)}, the corners once. Send the image there and back and each
        comes home that many times as large: col2im is no inverse.</p>`;
};

const see = (state, numbers) => html`${(state.way === "back" ? takingBack : writing)(state, numbers)}${left(numbers)}`;

/* As code */

const list = (values) => `[${values.join(", ")}]`;

const code = ({ image, weights, kernel, stride, steps, dout }, { windows }) => `import numpy as np
from coursepkg.checks.a8_columns import col2im, im2col

x = np.array([${image.map(list).join(",\n    ")}])[None, None] * 1.0
w = np.array(${list(weights[kernel].map(list))}).reshape(1, -1) * 1.0
dout = np.array([${list(dout.slice(0, windows.length))}]) * 1.0
size, stride, steps = ${kernel}, ${stride}, ${steps}

cols = im2col(x, size, size, stride, 0)  # (1, size * size, windows)
out = w @ cols
taken = np.where(np.arange(dout.size) < steps, dout, 0)
dcols = w.T @ taken
dx = col2im(dcols[None], x.shape, size, size, stride, 0)[0, 0]
copies = col2im(np.ones_like(cols), x.shape, size, size, stride, 0)[0, 0]
entries = cols.size`;

const predict = {
  question: "The 6 stands in the second row, second column. In how many of the 9 columns of the matrix will it stand, with a kernel of 2 × 2?",
  options: ["One", "Two", "Four"],
  answer: 2,
  attempt:
    "Write all windows and point at the 6, then at a corner. Take a stride of 2: what happens to the memory? Then turn the way round and find the pixel that is paid most often.",
  explain:
    "Each of the four taps sees it once: four windows, four copies, in four different rows of the matrix. In general an inner pixel is copied once for each tap, K² times, and so the matrix has up to K² times as many numbers as the image. Back, where a value was copied, the gradients are added.",
};

export { code, predict, see, short };
