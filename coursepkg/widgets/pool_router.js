/* W10.2: a pool as plumbing; in the middle of each window stands what it was sent, pipes carry it on. */
import { withCell } from "./cells.js";
import { html, svg, widget } from "./frame.js";
import { compute } from "./pool_router_numbers.js";
import { code, predict, see, short, sum } from "./pool_router_text.js";

/* The picture is a grid of 7 tracks: pixels on tracks 0, 2, 4, 6, a window between those it covers. */
const PIXEL = 10; // their widths, in units of the drawing
const GAP = 9;
const SIDE = 4 * PIXEL + 3 * GAP;
const middle = (pixel) => pixel * (PIXEL + GAP) + PIXEL / 2;
const center = (place, stride) => place * stride * (PIXEL + GAP) + PIXEL + GAP / 2;
const track = (i, j) => `grid-area: ${i + 1} / ${j + 1}`;

const chosen = ({ side }, { here }, kind, i, j) => side === kind && here[0] === i && here[1] === j;

const pipe = ({ i, j, places, flows }, n, widest, { stride }) => {
  const [y, x] = [i, j].map((place) => center(place, stride));
  const [p, q] = places[n];
  const flow = flows[n];
  const kind = flow < 0 ? "pool-pipe pool-minus" : "pool-pipe";
  const width = flow ? 0.5 + (2.6 * Math.abs(flow)) / widest : 0.15;
  return svg`<path
    class=${flow ? kind : "pool-pipe pool-dry"}
    stroke-width=${width.toFixed(2)}
    d="M${x} ${y}L${middle(q)} ${middle(p)}"
  />`;
};

const pipes = (state, { windows }) => {
  const widest = Math.max(...windows.flatMap(({ flows }) => flows.map(Math.abs)), 1e-300);
  const all = windows.flatMap((one) => one.flows.map((_, n) => [one, n]));
  // What carries nothing is drawn first, so that it never crosses what does.
  const inOrder = [...all].sort(([a, n], [b, m]) => Math.abs(a.flows[n]) - Math.abs(b.flows[m]));
  return html`<svg class="pool-pipes" viewBox="0 0 ${SIDE} ${SIDE}" aria-hidden="true">
    ${inOrder.map(([one, n]) => pipe(one, n, widest, state))}
  </svg>`;
};

const typed = (change) => ({ target }) => Number.isFinite(target.valueAsNumber) && change(target.valueAsNumber);

const pixel = (state, numbers, set, i, j) => {
  const value = numbers.x[i][j];
  const got = numbers.dx[i][j];
  const { image, pixels } = state;
  const change = typed((next) => set({ pixels: { ...pixels, [image]: withCell(pixels[image], i, j, next) } }));
  const point = () => set({ side: "pixel", at: [i, j] });
  return html`<label
    class="pool-pixel ${chosen(state, numbers, "pixel", i, j) ? "pool-on" : ""}"
    style=${track(2 * i, 2 * j)}
    @pointerenter=${point}
  >
    <input type="number" step="any" aria-label="x[${i}, ${j}], gets ${short(got)}" .value=${String(value)}
      @focus=${point} @input=${change} />
    <output class=${got < 0 ? "pool-minus" : got ? "pool-plus" : ""} aria-hidden="true">${short(got)}</output>
  </label>`;
};

const valve = (state, numbers, set, { i, j, out, dout }) => {
  const point = () => set({ side: "window", at: [i, j] });
  const step = 2 * state.stride;
  return html`<label
    class="pool-valve ${chosen(state, numbers, "window", i, j) ? "pool-on" : ""}"
    style=${track(step * i + 1, step * j + 1)}
    @pointerenter=${point}
  >
    <span>${short(out)}</span>
    <input type="number" step="any" aria-label="dout[${i}, ${j}], sent back to out ${short(out)}" .value=${String(dout)}
      @focus=${point} @input=${typed((next) => set({ dout: withCell(state.dout, i, j, next) }))} />
  </label>`;
};

const draw = (state, numbers, set) => html`
  <div class="pool-board">
    ${pipes(state, numbers)}
    ${numbers.x.map((row, i) => row.map((_, j) => pixel(state, numbers, set, i, j)))}
    ${numbers.windows.map((one) => valve(state, numbers, set, one))}
  </div>
  <p class="pool-key">
    Square: a pixel, and below it <b>what it gets</b> (dx). Round: a window, what it <b>passed on</b> (out), and below
    the number <b>sent back</b> (dout). A pipe is as wide as what flows through it; dashed: negative; thin: nothing.
  </p>
  <p class="pool-sum">${sum(state, numbers)}</p>
`;

export default widget({
  controls: [
    { name: "pool", label: "Pool", options: [["max", "max"], ["average", "average"], ["L2", "L2"]] },
    { name: "stride", label: "Stride", values: [1, 2] },
    {
      name: "ties",
      label: "If several are largest",
      options: [
        ["first", "the first"],
        ["split", "they share"],
        ["all", "each gets all"],
      ],
      when: ({ pool }) => pool === "max",
    },
    {
      name: "image",
      label: "Image",
      options: [
        ["lecture", "lecture"],
        ["after ReLU", "after a ReLU"],
        ["one peak", "one peak"],
      ],
    },
  ],
  inPicture: [{ name: "side", options: [["window"], ["pixel"]] }],
  compute,
  draw,
  see,
  code,
  predict,
});
