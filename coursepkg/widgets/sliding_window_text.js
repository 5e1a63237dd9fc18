/* W9.1: what its picture says in words, and as code. */
import { html, number } from "./frame.js";
import { divisor, range, total, turned } from "./sliding_window_numbers.js";

/** At most three digits, so that it fits into a cell. */
const short = (value) => {
  const near = Math.abs(value) < 1e-9 ? 0 : value;
  return number(near, Math.abs(near) >= 1000 ? 4 : 3);
};

const place = ([i, j]) => `[${i}, ${j}]`;
const product = (value, weight) => (weight < 0 ? `${short(value)}·(${short(weight)})` : `${short(value)}·${short(weight)}`);

/** The sum behind an output, or the outputs behind a pixel. */
const sum = ({ side }, numbers) => {
  if (side === "output") {
    const { output, window, kernel, own } = numbers;
    const parts = divisor(own) === 1 ? kernel : kernel.map((row) => row.map((weight) => weight * divisor(own)));
    const factor = divisor(own) === 1 ? "" : `1⁄${short(divisor(own))} · (`;
    const terms = window.flatMap((row, k) => row.map((value, l) => [value, parts[k][l]]));
    return html`out${place(output)} = ${factor}${terms.map(
      ([value, weight], n) => html`${n ? " + " : ""}<span class=${weight ? "slide-counts" : "slide-naught"}>${product(value, weight)}</span>`,
    )}${factor ? ")" : ""} = <b>${short(numbers.total)}</b>`;
  }
  const fed = feeds(numbers);
  return html`image${place(numbers.pixel)} = <b>${short(pixelOf(numbers))}</b> goes into
    ${fed.length ? fed.map(([i, j, share], n) => html`${n ? ", " : ""}out${place([i, j])} times <b>${short(share)}</b>`) : "no output"}.`;
};

const pixelOf = ({ image, pixel: [i, j] }) => image[i][j];
const feeds = ({ shares }) =>
  shares.flatMap((row, i) => row.map((share, j) => [i, j, share])).filter(([, , share]) => share);

const same = (a, b, sign = 1) => a.flat().every((value, n) => Math.abs(value - sign * b.flat()[n]) < 1e-12);

const flip = ({ rule }, { own: { weights } }) => {
  const back = turned(weights);
  if (same(weights, back)) {
    return html`<p>This kernel turned by 180° is itself, so sliding it <b>as it is or flipped gives the same
      output</b>. A slide with such a kernel never has to say which it does.</p>`;
  }
  const sign = same(weights, back, -1);
  if (rule === "correlation") {
    return html`<p>The top left weight meets the top left pixel: cross-correlation, which the field calls
      convolution. ${sign ? "Flip it, and watch the signs." : "Flip it, and the output is another one."}</p>`;
  }
  return html`<p><b>Flipped</b>, the convolution of a textbook: the last weight meets the first pixel.
    ${sign ? "This kernel turned is its own negative, so every output has changed its sign." : "This is a different output, not the old one in another order."}</p>`;
};

const answers = ({ out, kernel }) => {
  const all = total(kernel.flat());
  const zero = Math.abs(all) < 1e-9;
  const naughts = out.flat().filter((value) => Math.abs(value) < 1e-9).length;
  if (zero) {
    return html`<p>The weights add up to 0, so where nothing changes the answer is 0: here in
      ${naughts} of ${out.flat().length} places. What is left are <b>edges</b>, rising ones positive, falling ones
      negative.</p>`;
  }
  return html`<p>The weights add up to ${short(all)}: an even patch of the image
    ${Math.abs(all - 1) < 1e-9 ? "keeps its brightness" : `comes out ${short(all)} times as bright`}.</p>`;
};

const rim = ({ border }, { image, out }) => {
  if (!border) {
    return html`<p>Without a border ${out.length} × ${out[0].length} windows fit: a rim of one pixel is never in the
      middle of a window.</p>`;
  }
  const larger = border === 1 ? "The output is as large as the image" : `The output has grown to ${out.length} × ${out[0].length}, larger than the image of ${image.length} × ${image[0].length}`;
  return html`<p>${larger}, and its outer windows read <b>zeros that nobody photographed</b>: look for edges or
    darkness there that are not in the image.</p>`;
};

const ofPixel = (numbers) => {
  const fed = feeds(numbers);
  const windows = fed.length;
  return html`<p>
      Change this pixel by 1, and ${windows === 1 ? "one output changes" : `${windows} outputs change`}, by the
      numbers above. A pixel stands in at most nine windows, wherever it is.
    </p>
    <p>
      Read these numbers at their places in the output: it is the sliding kernel <b>turned by 180°</b>, cut off at
      the rim. The top left weight touches a pixel when the window lies to its lower right. On the way
      back, blame will travel along the same lines.
    </p>`;
};

const see = (state, numbers) =>
  state.side === "pixel"
    ? ofPixel(numbers)
    : html`<p>
          <b>Nine products, one sum.</b> ${range(9).filter((n) => numbers.kernel.flat()[n]).length} of the nine weights
          are not zero; every one of the ${numbers.out.flat().length} outputs uses the same nine.
        </p>
        ${answers(numbers)} ${flip(state, numbers)} ${rim(state, numbers)}`;

/* As code */

const matrix = (rows) => `np.array([${rows.map((row) => `[${row.join(", ")}]`).join(",\n    ")}])`;

const code = (state, { image, own, output, pixel }) => {
  const divide = divisor(own) === 1 ? "" : ` / ${divisor(own)}`;
  const turn = state.rule === "convolution" ? "kernel = kernel[::-1, ::-1]  # flipped\n" : "";
  return `import numpy as np
from coursepkg import functional as F

image = ${matrix(image)}
kernel = ${matrix(own.weights)}${divide}
${turn}border = ${state.border}

def slide(image):
    x, w = image[None, None] * 1.0, kernel[None, None] * 1.0  # (N, C, H, W), (F, C, K, K)
    return F.conv2d(x, w, np.zeros(1), padding=border)[0][0, 0]

out = slide(image)
i, j = ${output.join(", ")}
window = np.pad(image, border)[i : i + 3, j : j + 3]
products = window * kernel
total = products.sum()  # out[i, j]

one = np.zeros_like(image)
one[${pixel.join(", ")}] = 1
shares = slide(one)  # where this pixel goes, and by how much`;
};

const predict = {
  question: "The pixel in the very middle of the lecture's image is a 7. Make it 100. How many of the nine outputs change?",
  options: ["One, the middle output", "Two", "All nine"],
  answer: 1,
  attempt:
    "Point at outputs, then at pixels. Type 100 over the 7. Then take Sobel, flip it, and find the preset for which flipping changes nothing. Then paint something.",
  explain:
    "The pixel in the middle stands in all nine windows, but the kernel has only two weights that are not zero. It counts where it is the left neighbour of the middle, and where it is the right one: out[1, 2] and out[1, 0]. The output in the middle of it all does not look at it. With nine weights that are not zero, nine outputs would change.",
};

export { code, predict, see, short, sum };
