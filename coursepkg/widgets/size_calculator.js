/* W9.2: windows laid over a row of pixels, and the formula that counts them. */
import { count, html, nothing, number, svg, widget } from "./frame.js";

const range = (n) => [...Array(n).keys()];

/* Mathematics */

const compute = ({ size, kernel, stride, padding, dilation }) => {
  const reach = dilation * (kernel - 1) + 1;
  const room = size + 2 * padding - reach;
  const out = room < 0 ? null : Math.floor(room / stride) + 1;
  const reads = Array(size).fill(0);
  for (const start of range(out ?? 0).map((i) => i * stride - padding)) {
    for (const pixel of range(kernel).map((k) => start + k * dilation)) {
      if (pixel >= 0 && pixel < size) reads[pixel] += 1;
    }
  }
  const oneSide = Math.floor((size + padding - reach) / stride) + 1;
  return {
    reach,
    out,
    reads,
    exact: room / stride + 1,
    // Rounded up, the first window forgotten, padded on one side only, not rounded at all.
    wrong: [Math.ceil(room / stride) + 1, Math.floor(room / stride), oneSide, room / stride + 1],
    rest: room < 0 ? 0 : room % stride,
    unread: reads.filter((times) => times === 0).length,
  };
};

/* Picture: pixels in a row, below them a row of taps for each window */

const WIDTH = 360;
const LEFT = 26;
const TOP = 8;
const ROW = 17;
const SHOWN = 9; // windows that are drawn; of more, the first and the last few

const drawn = (out) => (out <= SHOWN ? range(out) : [...range(SHOWN - 3), null, out - 2, out - 1]);

const strip = ({ size, padding }, { reads }, unit) => {
  const side = Math.min(unit, 20);
  return range(size + 2 * padding).map((place) => {
    const times = reads[place - padding];
    const kind = times === undefined ? "size-zero" : times ? "size-pixel" : "size-unread";
    const x = LEFT + place * unit;
    const width = Math.max(0.4, unit - Math.min(2, unit / 4));
    return svg`<rect class=${kind} x=${x} y=${TOP} width=${width} height=${side} />
      ${unit >= 13
        ? svg`<text x=${x + width / 2} y=${TOP + side / 2 + 4} text-anchor="middle">${times ?? 0}</text>`
        : nothing}`;
  });
};

const taps = ({ kernel, stride, dilation }, window, y, unit, kind) => {
  const places = range(kernel).map((k) => LEFT + (window * stride + k * dilation) * unit + unit / 2);
  const radius = Math.max(1, Math.min(5, unit / 3));
  return svg`<path class=${kind} d="M${places[0]} ${y}H${places.at(-1)}" />
    ${places.map((x) => svg`<circle class=${kind} cx=${x} cy=${y} r=${radius} />`)}`;
};

const picture = (state, numbers) => {
  const { out, rest, reach } = numbers;
  const wide = state.size + 2 * state.padding;
  const hangs = out === null || rest > 0;
  const end = hangs ? (out ?? 0) * state.stride + reach : wide;
  const unit = (WIDTH - LEFT - 6) / Math.max(wide, end);
  const first = TOP + Math.min(unit, 20) + 14;
  const rows = drawn(out ?? 0);
  const height = first + (rows.length + (hangs ? 1 : 0)) * ROW;
  const edge = LEFT + wide * unit;
  return html`<svg class="cw-chart size-chart" viewBox="0 0 ${WIDTH} ${height}" role="img"
    aria-label="${wide} places in a row, ${state.padding} zeros at each end; ${out ?? "no"} windows fit; ${numbers.unread} pixels are not read">
    ${strip(state, numbers, unit)}
    ${rows.map((window, n) =>
      window === null
        ? svg`<text x=${LEFT - 12} y=${first + n * ROW} text-anchor="middle">⋮</text>`
        : svg`<text x=${LEFT - 8} y=${first + n * ROW + 4} text-anchor="end">${window}</text>
            ${taps(state, window, first + n * ROW, unit, "size-window")}`,
    )}
    ${hangs
      ? svg`<text x=${LEFT - 8} y=${first + rows.length * ROW + 4} text-anchor="end">✗</text>
          ${taps(state, out ?? 0, first + rows.length * ROW, unit, "size-hangs")}`
      : nothing}
    <path class="size-edge" d="M${edge} 2V${height}" />
  </svg>`;
};

const formula = ({ size, kernel, stride, padding, dilation }, { exact, out, reach }) => {
  const top = `${size} + 2·${padding} − ${dilation === 1 ? kernel : reach}`;
  const floor = out !== null && !Number.isInteger(exact) ? html` → <b>${count(out)}</b>, rounded down` : nothing;
  return html`<p class="size-formula">
    (${top}) ⁄ ${stride} + 1 = <b>${number(exact, 5)}</b>${out === null ? html` → <b>ValueError</b>` : floor}
    ${dilation === 1 ? nothing : html`<br /><small>${kernel} taps ${dilation} apart reach over ${dilation}·(${kernel} − 1) + 1 = ${reach} pixels</small>`}
  </p>`;
};

const presets = [
  ["7, K 3, S 1", { size: 7, kernel: 3, stride: 1, padding: 0, dilation: 1 }],
  ["7, K 3, S 3", { size: 7, kernel: 3, stride: 3, padding: 0, dilation: 1 }],
  ["32, K 5", { size: 32, kernel: 5, stride: 1, padding: 0, dilation: 1 }],
  ["AlexNet 224", { size: 224, kernel: 11, stride: 4, padding: 0, dilation: 1 }],
  ["AlexNet 227", { size: 227, kernel: 11, stride: 4, padding: 0, dilation: 1 }],
];

const errors = ["rounded up", "without the + 1", "P once instead of twice", "not rounded"];

const draw = (state, numbers, set) => {
  const type = ({ target: { valueAsNumber: size } }) => {
    if (Number.isInteger(size) && size >= 1 && size <= 256) set({ size });
  };
  return html`
    <div class="size-type">
      <label>Image size I <input type="number" min="1" max="256" step="1" .value=${String(state.size)} @input=${type} /></label>
      ${presets.map(([text, patch]) => html`<button type="button" @click=${() => set(patch)}>${text}</button> `)}
    </div>
    ${formula(state, numbers)} ${picture(state, numbers)}
    <p class="size-key">Top: pixels, with the number of windows that read each; dashed: zeros; orange: read by
      nobody. Below: the taps of each window.</p>
    <p class="size-key">People also write: ${errors.map(
      (text, n) => html`${n ? "; " : ""}${text}: ${numbers.wrong[n] === numbers.out ? "the same here" : html`<b>${number(numbers.wrong[n], 5)}</b> ✗`}`,
    )}.</p>
  `;
};

/* What you see */

const fit = (state, { out, rest, reach, exact }) => {
  if (out === null) {
    return html`<b>Nothing fits.</b> One window reaches over ${reach} pixels, and with its zeros the row has
      ${state.size + 2 * state.padding}.`;
  }
  if (rest === 0) {
    return html`<b>${count(out)} windows fit</b> and the last one ends at the very edge.`;
  }
  return html`<b>It does not come out even:</b> ${number(exact, 5)} windows. ${count(out)} fit; the next one
    would hang ${state.stride - rest} over the edge (✗). Libraries round down without a word, and ${rest}
    ${rest === 1 ? "place is" : "places are"} left over at the right end, always at the right end.`;
};

const reading = (state, { reads, unread, out }) => {
  if (out === null) return nothing;
  const most = Math.max(...reads);
  if (unread) {
    const gaps = state.dilation > 1 || state.stride > state.kernel;
    return html`<p><b>${unread} of ${state.size} pixels ${unread === 1 ? "is" : "are"} read by nobody</b>${gaps ? ", some of them between the taps" : ""}: they get no
      gradient either, whatever is in them.</p>`;
  }
  const least = Math.min(...reads);
  if (least === most) return html`<p>Every pixel is read ${most === 1 ? "once" : `${most} times`}.</p>`;
  return html`<p>The pixel most read is read ${most} times, the one least read ${least === 1 ? "once" : `${least} times`}${state.stride === 1 ? ": the rim has less of a say" : ""}.</p>`;
};

const keeping = (state, { out, reach }) => {
  if (state.stride > 1 || out === null) return nothing;
  if (out === state.size) return html`<p>Output and input are equally long: the padding is (reach − 1) / 2.</p>`;
  return reach % 2
    ? html`<p>P = ${(reach - 1) / 2} would keep the length at ${state.size}.</p>`
    : html`<p>No P keeps the length: the window reaches over an even number, ${reach}, and half a zero at each
        end is not to be had.</p>`;
};

const see = (state, numbers) => html`<p>${fit(state, numbers)}</p>
  ${reading(state, numbers)} ${keeping(state, numbers)}`;

/* As code */

const code = ({ size, kernel, stride, padding, dilation }, { out }) => `import numpy as np
from coursepkg import functional as F

size, kernel, stride, padding, dilation = ${size}, ${kernel}, ${stride}, ${padding}, ${dilation}
reach = dilation * (kernel - 1) + 1
exact = (size + 2 * padding - reach) / stride + 1
${
  out === null
    ? `try:
    F.conv_output_size(size, kernel, stride, padding, dilation)
except ValueError as error:
    print(error)`
    : `out = F.conv_output_size(size, kernel, stride, padding, dilation)

# Who is read how often: send a gradient of ones back through a kernel of ones.
row, ones = np.zeros((1, 1, 1, size)), np.ones((1, 1, 1, kernel))
y, cache = F.conv2d(row, ones, np.zeros(1), (1, stride), (0, padding), (1, dilation))
reads = F.conv2d_backward(np.ones_like(y), cache).dx[0, 0, 0]`
}`;

export default widget({
  controls: [
    { name: "kernel", label: "Kernel K", min: 1, max: 11, step: 1 },
    { name: "stride", label: "Stride S", min: 1, max: 5, step: 1 },
    { name: "padding", label: "Padding P", min: 0, max: 5, step: 1 },
    { name: "dilation", label: "Dilation D", min: 1, max: 4, step: 1 },
  ],
  inPicture: [{ name: "size", min: 1, max: 256, step: 1 }],
  compute,
  draw,
  see,
  code,
  predict: {
    question: "Seven pixels, a kernel of three that moves by three. How many outputs does your library give?",
    options: ["3, and it reads over the edge", "2, and one pixel is never read", "None, it raises an error"],
    answer: 1,
    attempt:
      "Move the stride from 1 to 3. Find a padding that makes stride 3 come out even. Then press AlexNet 224 and look for the one number you would change.",
    explain:
      "(7 − 3) / 3 + 1 = 2.33. A third window would need pixels 6, 7 and 8, and there are none after 6. Every library rounds down, so two windows are left, and pixel 6 stands outside both. With a padding of 1 it is (7 + 2 − 3) / 3 + 1 = 3 windows and every pixel is read once. For AlexNet the printed 224 gives 54.25; 227 gives 55.",
  },
});
