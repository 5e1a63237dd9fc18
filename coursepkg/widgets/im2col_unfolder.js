/* W10.3: an image beside its column matrix; forwards windows are copied, backwards columns are added. */
import { cells, largest, withCell } from "./cells.js";
import { bytes, html, widget } from "./frame.js";
import { range, total } from "./sliding_window_numbers.js";
import { code, predict, see, short } from "./im2col_unfolder_text.js";

/* Mathematics */

const compute = ({ kernel, stride, steps, image, weights, dout: upstream, side, at }) => {
  const many = range(Math.floor((image.length - kernel) / stride) + 1);
  const windows = many.flatMap((i) => many.map((j) => [i * stride, j * stride]));
  const taps = range(kernel).flatMap((k) => range(kernel).map((l) => [k, l]));
  const w = weights[kernel].flat();
  const dout = upstream.slice(0, windows.length);
  const done = Math.min(steps, windows.length);
  // Row t, column n of the matrix belongs to this pixel.
  const pixels = taps.map(([k, l]) => windows.map(([top, left]) => [top + k, left + l]));
  const cols = pixels.map((row) => row.map(([p, q]) => image[p][q]));
  const dcols = w.map((weight) => dout.map((number, n) => (n < done ? weight * number : 0)));
  const dx = image.map((row) => row.map(() => 0));
  const copies = image.map((row) => row.map(() => 0));
  pixels.forEach((row, t) =>
    row.forEach(([p, q], n) => {
      dx[p][q] += dcols[t][n];
      copies[p][q] += 1;
    }),
  );
  const rows = side === "pixel" ? image : cols;
  const here = [Math.min(at[0], rows.length - 1), Math.min(at[1], rows[0].length - 1)];
  return {
    windows, taps, w, dout, done, pixels, cols, dcols, dx, copies, here,
    pixel: side === "pixel" ? here : pixels[here[0]][here[1]],
    out: windows.map((_, n) => total(w.map((weight, t) => weight * cols[t][n]))),
    entries: taps.length * windows.length,
  };
};

/* Picture */

const same = ([p, q], [k, l]) => p === k && q === l;
const heading = (name, remark) => html`<p class="fold-name"><b>${name}</b> <small>${remark}</small></p>`;

const imageCells = (state, { dx, pixel, done, windows }, set) => {
  const [top, left] = windows[Math.max(0, done - 1)];
  const frames = done ? [{ top, left, height: state.kernel, width: state.kernel, mark: "first" }] : [];
  const mark = (i, j) => (same(pixel, [i, j]) ? "on" : "");
  const point = (i, j) => set({ side: "pixel", at: [i, j] });
  if (state.way === "back") {
    const most = largest(dx);
    return cells({ label: "dx", values: dx, text: short, tone: (value) => value / most, at: pixel, mark, frames, point });
  }
  const edit = (i, j, value) => set({ image: withCell(state.image, i, j, value), side: "pixel", at: [i, j] });
  return cells({ label: "x", values: state.image, mark, frames, point, edit });
};

const columnCells = (state, { cols, dcols, pixels, pixel, done, here }, set) => {
  const back = state.way === "back";
  const values = back ? dcols : cols;
  const most = largest(values);
  return cells({
    label: back ? "dcols" : "cols",
    values,
    text: (value, _, n) => (n < done ? short(value) : "·"),
    tone: back ? (value) => value / most : undefined,
    at: state.side === "columns" ? here : [0, 0],
    mark: (t, n) => (n >= done ? "faint" : same(pixels[t][n], pixel) ? "on" : ""),
    frames: done ? [{ top: 0, left: done - 1, height: cols.length, width: 1, mark: "first" }] : [],
    point: (t, n) => set({ side: "columns", at: [t, n] }),
  });
};

const weightCells = (state, { w }, set) => {
  const k = state.kernel;
  return cells({
    label: "w",
    values: w.map((value) => [value]),
    tone: (value) => value / largest([w]),
    edit: (t, _, value) =>
      set({ weights: { ...state.weights, [k]: withCell(state.weights[k], Math.floor(t / k), t % k, value) } }),
  });
};

const outCells = (state, { out, dout, done }, set) => {
  if (state.way === "back") {
    const edit = (_, n, value) => set({ dout: state.dout.map((old, m) => (m === n ? value : old)) });
    return cells({ label: "dout", values: [dout], edit, mark: (_, n) => (n < done ? "" : "faint") });
  }
  return cells({
    label: "out",
    values: [out],
    text: (value, _, n) => (n < done ? short(value) : "·"),
    mark: (_, n) => (n < done ? "" : "faint"),
  });
};

const buttons = ({ done, windows }, { way }, set) => html`<div class="fold-buttons">
  <button type="button" ?disabled=${done === windows.length} @click=${() => set({ steps: done + 1 })}>
    ${way === "back" ? "take the next back" : "write the next"}
  </button>
  <button type="button" ?disabled=${done === windows.length} @click=${() => set({ steps: windows.length })}>all</button>
  <button type="button" ?disabled=${!done} @click=${() => set({ steps: 0 })}>none</button>
</div>`;

const BYTES = 8; // of a float64
const memory = ({ kernel }, { entries, windows }) => html`<p class="fold-memory">
  Memory: x ${bytes(16 * BYTES)}, columns <b>${bytes(entries * BYTES)}</b>: ${windows.length} windows of
  ${kernel} × ${kernel}, <b>${short(entries / 16)} times</b> as many numbers. On a large image with a stride
  of 1 it comes close to ${kernel}² = ${kernel * kernel} times.
</p>`;

const draw = (state, numbers, set) => {
  const back = state.way === "back";
  const { windows, taps } = numbers;
  return html`
    <div class="fold-row">
      <div class="fold-image">
        ${heading(back ? "dx" : "x", "4 × 4")} ${imageCells(state, numbers, set)} ${buttons(numbers, state, set)}
      </div>
      <div class="fold-product">
        ${heading("w", "")} ${heading(back ? "dcols" : "cols", `${taps.length} × ${windows.length}`)}
        ${weightCells(state, numbers, set)} ${columnCells(state, numbers, set)}
        <span class="fold-label"><b>${back ? "dout" : "out"}</b></span> ${outCells(state, numbers, set)}
      </div>
    </div>
    ${memory(state, numbers)}
  `;
};

export default widget({
  controls: [
    { name: "way", label: "Way", options: [["forward", "im2col"], ["back", "col2im, back"]] },
    { name: "kernel", label: "Kernel", values: [2, 3] },
    { name: "stride", label: "Stride", values: [1, 2] },
    { name: "steps", label: "Windows done", min: 0, max: 9, step: 1 },
  ],
  inPicture: [{ name: "side", options: [["pixel"], ["columns"]] }],
  compute,
  draw,
  see,
  code,
  predict,
});
