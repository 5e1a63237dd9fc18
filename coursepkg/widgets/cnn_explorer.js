/* W11.1: a trained network that reads what is drawn, with every map and every sum in sight. */
import { reading, code, see } from "./cnn_explorer_text.js";
import { mapsOf, paintMaps } from "./digit_maps.js";
import { STROKES, inkOf, pad } from "./digit_pad.js";
import { STAGES, forward, largest, pixels, range, softmax, stageOf, unpackedAll } from "./digit_reader.js";
import { html, number, widget } from "./frame.js";

/* A cell is written conv1[2,3,4]: map, row, column. What names none is read as the first. */
const CELL = /^(\w+)\[(\d+),(\d+),(\d+)\]$/;
const nameOf = (stage, [f, i, j]) => `${stage}[${f},${i},${j}]`;
const cellOf = (text) => {
  const [, name, ...place] = CELL.exec(text) ?? [];
  const stage = name && stageOf(name);
  const [f, i, j] = place.map(Number);
  const known = stage && f < stage.maps && i < stage.side && j < stage.side;
  return known ? { stage, f, i, j } : { stage: stageOf("conv1"), f: 0, i: 0, j: 0 };
};

const nets = new Map(); // weights, unpacked once
const netOf = (weights, data) => {
  if (!nets.has(weights)) nets.set(weights, unpackedAll(data[weights]));
  return nets.get(weights);
};

let last = {}; // the maps drawn last: who goes from cell to cell changes none of them
const mapsAt = (image, strokes, weights, data) => {
  const key = [image, strokes, weights].join("|");
  if (last.key !== key) {
    const input = image === "drawn" ? inkOf(strokes) : pixels(data.images[Number(image)]);
    last = { key, found: forward(netOf(weights, data), input) };
  }
  return last.found;
};

const compute = ({ image, strokes, weights, cell }, data) => {
  const net = netOf(weights, data);
  const drawn = image === "drawn";
  const found = mapsAt(image, strokes, weights, data);
  const { stage, f, i, j } = cellOf(cell);
  const values = found[stage.name];
  const numbers = Object.fromEntries(Object.entries(found).map(([name, all]) => [name, [...all]]));
  return {
    ...numbers,
    ink: numbers.input,
    p: softmax(found.scores),
    guess: largest(found.scores),
    value: values[(f * stage.side + i) * stage.side + j],
    inner: { net, chosen: { stage, f, i, j }, label: drawn ? null : data.labels[Number(image)], start: data.start },
  };
};

/* Which cells of an earlier stage the chosen cell looks at: [row, column, height, width], or null */
const ORDER = STAGES.map(({ name }) => name);
const lookedAt = ({ stage, i, j }, name) => {
  let box = [i, j, 1, 1];
  for (let k = ORDER.indexOf(stage.name); k > ORDER.indexOf(name); k--) {
    const at = ORDER[k];
    if (at === "scores") box = [0, 0, 2, 2];
    if (at.startsWith("conv")) box = [box[0] - 1, box[1] - 1, box[2] + 2, box[3] + 2];
    if (at.startsWith("pool")) box = box.map((value) => 2 * value);
  }
  return box;
};

const boxesIn = ({ stage, f, i, j }, name, maps) => {
  const behind = ORDER.indexOf(stage.name) - ORDER.indexOf(name);
  if (behind === 0) return [[f, i, j, 1, 1, true]];
  if (behind < 0) return [];
  const one = /relu|pool/.test(stage.name); // these look at the map of the same number only
  const sources = behind === 1 ? (one ? [f] : range(maps)) : name === "input" ? [0] : [];
  const box = lookedAt({ stage, i, j }, name);
  return sources.map((source) => [source, ...box, false]);
};

/* Picture */

const layoutOf = ({ name, maps, side }) => ({ name, maps, side, columns: Math.min(maps, 8) });

const maps = (stage, numbers, set) => {
  const { chosen } = numbers.inner;
  const own = chosen.stage.name === stage.name;
  const label = `${stage.title}: ${stage.maps} maps of ${stage.side} by ${stage.side}; arrow keys choose a cell${
    own ? `, now map ${chosen.f}, row ${chosen.i}, column ${chosen.j}: ${number(numbers.value, 3)}` : ""
  }`;
  return mapsOf(layoutOf(stage), {
    label,
    cell: own ? [chosen.f, chosen.i, chosen.j] : null,
    pick: (place) => set({ cell: nameOf(stage.name, place) }),
  });
};

const row = (stage, numbers, set) => html`<div class="cx-row">
  <span>${stage.title} <small>${stage.maps} × ${stage.side} × ${stage.side}</small></span>
  ${maps(stage, numbers, set)}
</div>`;

const bars = ({ scores, p, guess, inner }, set) => {
  const bar = (score, c) => html`<button
    type="button"
    class="cx-bar ${c === guess ? "cx-best" : ""}"
    aria-pressed=${inner.chosen.stage.name === "scores" && inner.chosen.f === c}
    @click=${() => set({ cell: nameOf("scores", [c, 0, 0]) })}
  ><b>${c}</b><span class="cx-track"><i style="width: ${(100 * p[c]).toFixed(1)}%"></i></span
    ><span class="cx-score">${number(score, 3)}</span><span class="cx-p">${(100 * p[c]).toFixed(1)} %</span></button>`;
  return html`<div class="cx-bars" role="group" aria-label="Ten scores and their probabilities">
    ${scores.map(bar)}
  </div>`;
};

const draw = (state, numbers, set) => {
  const change = (strokes) => set({ strokes, image: "drawn" });
  const fresh = state.image !== "drawn" || state.strokes === numbers.inner.start;
  return html`
    <div class="cx-sides">
      <div class="cx-in">
        <div class="cx-pads">
          <div>
            ${pad(state.image === "drawn" ? state.strokes : "", fresh, change)}
            <button type="button" @click=${() => change("")}>Clear</button>
          </div>
          <div class="cx-image">${maps(STAGES[0], numbers, set)}<small>what it gets: 8 × 8</small></div>
        </div>
        ${bars(numbers, set)}
      </div>
      <div>${STAGES.slice(1, -1).map((stage) => row(stage, numbers, set))}
        <p class="cx-key"><span class="cx-blue">■</span> positive, <span class="cx-orange">■</span> with a dash: negative.
          Solid frame: the cell that is read; dashed: what it looks at.</p>
      </div>
    </div>
    <div class="cx-reading" aria-live="polite">${reading(state, numbers)}</div>
  `;
};

/* What a ReLU and a pooling do shows best on the scale of the convolution before them. */
const SCALE = { relu1: "conv1", pool1: "conv1", relu2: "conv2", pool2: "conv2" };

const paint = (root, _, numbers, colour) => {
  for (const element of root.querySelectorAll("[data-maps]")) {
    const stage = stageOf(element.dataset.maps);
    const scale = numbers[SCALE[stage.name] ?? stage.name];
    const top = stage.name === "input" ? 1 : scale.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const boxes = boxesIn(numbers.inner.chosen, stage.name, stage.maps);
    const plain = stage.name === "input";
    paintMaps(element.firstElementChild, { ...layoutOf(stage), values: numbers[stage.name], top, boxes, plain }, colour);
  }
};

const OPTIONS = range(10).map((c) => [String(c), `test digit: a ${c}`]);

export default widget({
  controls: [
    { name: "image", label: "Image", options: [["drawn", "your drawing"], ...OPTIONS, ["10", "one it misreads"], ["11", "another"]] },
    { name: "weights", label: "Weights", options: [["trained", "trained, 30 epochs"], ["untrained", "before training"]] },
  ],
  inPicture: [{ name: "strokes", matches: STROKES }],
  compute,
  draw,
  paint,
  see,
  code,
  predict: {
    question: "Draw a 3 that is small and in a corner of the pad. What will the network, which only ever saw digits in the middle, make of it?",
    options: ["A 3, as if it were large", "Another digit", "Nothing: all scores alike"],
    answer: 0,
    attempt: "Draw one (with the arrow keys: the space bar puts the pen down). Then add one dot in the opposite corner, and look at the 8 × 8 pixels and at the scores.",
    explain: "Before the network sees anything, the box around the strokes is stretched to a fixed height and put into the middle, and the pen is made as wide as the data set's. It is this step, not the convolution, that makes place and size irrelevant. One far dot makes the box larger, the digit shrinks into a corner of it, and the reading breaks.",
  },
});
