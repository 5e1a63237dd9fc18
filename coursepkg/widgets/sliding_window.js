/* W9.1: a kernel slid over an image, every output as the sum of products that it is. */
import { cells, largest, withCell } from "./cells.js";
import { html, nothing, widget } from "./frame.js";
import { compute, divisor } from "./sliding_window_numbers.js";
import { code, predict, see, short, sum } from "./sliding_window_text.js";

const brightest = { lecture: 9, square: 90, four: 9, mine: 9 };

/* Picture */

const heading = (name, remark) => html`<p class="slide-name"><b>${name}</b> <small>${remark}</small></p>`;
const size = (rows) => `${rows.length} × ${rows[0].length}`;

const imageCells = (state, numbers, set) => {
  const { image, border } = state;
  const { wide, output, pixel, kernel } = numbers;
  const picking = state.side === "pixel";
  const outside = (i, j) => numbers.image[i - border]?.[j - border] === undefined;
  const change = (i, j, value) =>
    set({
      pixels: { ...state.pixels, [image]: withCell(numbers.image, i - border, j - border, value) },
      side: "pixel",
      at: [i - border, j - border],
    });
  const stroke = { bright: brightest[image], black: 0 }[state.pen];
  const here = picking ? pixel.map((place) => place + border) : output.map((place) => place + 1);
  return cells({
    label: "image",
    values: wide,
    name: (i, j) => `image[${i - border}, ${j - border}]`,
    ink: (value) => Math.max(0, Math.min(1, value / brightest[image])),
    fixed: outside,
    at: here.some((place, axis) => place < border || place >= border + (axis ? numbers.image[0] : numbers.image).length)
      ? [border, border]
      : here,
    mark: (i, j) => {
      if (picking) return i === here[0] && j === here[1] ? "on" : "";
      return kernel[i - output[0]]?.[j - output[1]] ? "first" : "";
    },
    frames: picking ? [] : [{ top: output[0], left: output[1], height: 3, width: 3, mark: "first" }],
    point: (i, j) => !outside(i, j) && set({ side: "pixel", at: [i - border, j - border] }),
    edit: change,
    paint: state.pen === "type" ? undefined : (i, j) => change(i, j, stroke),
  });
};

const kernelCells = (state, { own, kernel }, set) => {
  const change = (patch) => set({ kernel: "mine", mine: { ...own, ...patch } });
  const most = largest(own.weights);
  return html`<div class="slide-kernel">
      <label>1 ⁄ <input type="number" min="1" step="1" aria-label="kernel divided by" .value=${String(divisor(own))}
        @input=${({ target }) => target.valueAsNumber >= 1 && change({ divide: target.valueAsNumber })} /> ×</label>
      ${cells({
        label: "kernel",
        values: own.weights,
        tone: (value) => value / most,
        edit: (i, j, value) => change({ weights: withCell(own.weights, i, j, value) }),
      })}
    </div>
    ${state.rule === "convolution"
      ? html`${heading("as it slides", "turned by 180°")}
        ${cells({
          label: "kernel turned",
          values: kernel,
          text: short,
          tone: (value) => value / largest(kernel),
        })}`
      : nothing}`;
};

const outputCells = (state, { out, output, shares }, set) => {
  const most = largest(out);
  return cells({
    label: "out",
    values: out,
    text: short,
    tone: (value) => value / most,
    at: output,
    mark: (i, j) => {
      if (state.side === "pixel") return shares[i][j] ? "second" : "";
      return i === output[0] && j === output[1] ? "on" : "";
    },
    point: (i, j) => set({ side: "output", at: [i, j] }),
  });
};

const pens = { type: "type numbers", bright: "paint bright", black: "paint black" };

const next = ({ out, output: [i, j] }) => (j + 1 < out[0].length ? [i, j + 1] : i + 1 < out.length ? [i + 1, 0] : null);

const draw = (state, numbers, set) => {
  const after = next(numbers);
  return html`
    <div class="slide-row">
      <div class="slide-image">
        ${heading("image", `${size(numbers.image)}${state.border ? ` in a border of ${state.border}` : ""}`)}
        ${imageCells(state, numbers, set)}
        <div class="slide-pens" role="group" aria-label="Touching a pixel">
          ${Object.entries(pens).map(
            ([pen, text]) => html`<button type="button" aria-pressed=${state.pen === pen}
              @click=${() => set({ pen })}>${text}</button>`,
          )}
        </div>
      </div>
      <div>
        ${heading("kernel", "3 × 3")} ${kernelCells(state, numbers, set)}
        ${heading("output", size(numbers.out))} ${outputCells(state, numbers, set)}
        <div class="slide-pens">
          <button type="button" ?disabled=${!after} @click=${() => set({ side: "output", at: after })}>next window</button>
        </div>
      </div>
    </div>
    <p class="slide-sum">${sum(state, numbers)}</p>
  `;
};

export default widget({
  controls: [
    {
      name: "image",
      label: "Image",
      options: [
        ["lecture", "lecture, 5 × 5"],
        ["square", "square of 90s"],
        ["four", "digit four"],
        ["mine", "your own"],
      ],
    },
    {
      name: "kernel",
      label: "Kernel",
      options: [
        ["two sides", "left + right"],
        ["box", "box (mean)"],
        ["Sobel x", "Sobel, x"],
        ["Sobel y", "Sobel, y"],
        ["sharpen", "sharpen"],
        ["shift", "left neighbour"],
        ["mine", "your own"],
      ],
    },
    {
      name: "rule",
      label: "Slide it",
      options: [
        ["correlation", "as it is"],
        ["convolution", "flipped"],
      ],
    },
    { name: "border", label: "Border of zeros", min: 0, max: 2, step: 1 },
  ],
  inPicture: [
    { name: "side", options: [["output"], ["pixel"]] },
    { name: "pen", options: [["type"], ["bright"], ["black"]] },
  ],
  compute,
  draw,
  see,
  code,
  predict,
});
