/* W11.3: the first layer's filters over the epochs of three runs that Python kept. */
import { chart, line } from "./chart.js";
import { mapsOf, paintMaps } from "./digit_maps.js";
import { conv, pixels, range, relu, sum, unpacked } from "./digit_reader.js";
import { html, number, svg, widget } from "./frame.js";

const [EPOCHS, FILTERS, TAPS] = [30, 8, 9];
const RUNS = { learned: "all layers learn", frozen: "first layer frozen", shuffled: "labels shuffled" };

const kept = new Map(); // filters and biases of a run, unpacked once
const runOf = (run, { runs }) => {
  if (!kept.has(run)) kept.set(run, { w: unpacked(runs[run].w), b: unpacked(runs[run].b) });
  return kept.get(run);
};

const dot = (a, b) => sum(a.map((value, k) => value * b[k]));
const norm = (a) => Math.sqrt(dot(a, a));

const compute = ({ run, epoch, image, filter }, data) => {
  const all = runOf(run, data);
  const at = (e) => [...all.w.slice(e * FILTERS * TAPS, (e + 1) * FILTERS * TAPS)];
  const [w, start] = [at(epoch), at(0)];
  const own = (weights) => weights.slice(filter * TAPS, (filter + 1) * TAPS);
  const out = conv(pixels(data.images[Number(image)]), w, all.b.slice(epoch * FILTERS, (epoch + 1) * FILTERS), 8);
  return {
    w,
    maps: [...relu(out)],
    moved: norm(w.map((value, k) => value - start[k])) / norm(start),
    cosine: dot(own(w), own(start)) / norm(own(w)) / norm(own(start)),
    test: data.runs[run].test[epoch],
    loss: data.runs[run].loss[epoch],
    inner: { runs: data.runs, own: own(w), begun: own(start), top: Math.max(...all.w.map(Math.abs)) },
  };
};

/* Playing moves the epoch until the end, and only when asked to. */
const play = ({ currentTarget: button }) => {
  const root = button.closest(".cw");
  const toggle = (on) => button.toggleAttribute("data-playing", on);
  if (button.hasAttribute("data-playing")) return toggle(false);
  const { state, set } = root.widget;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return set({ epoch: EPOCHS });
  let here = state.epoch < EPOCHS ? state.epoch : 0;
  set({ epoch: here });
  toggle(true);
  const advance = () => {
    const moved = root.widget.state.epoch !== here;
    if (!button.isConnected || !button.hasAttribute("data-playing") || moved || here === EPOCHS) return toggle(false);
    here += 1;
    set({ epoch: here });
    setTimeout(advance, 180);
  };
  setTimeout(advance, 180);
};

const curves = ({ run, epoch }, { inner, test }) =>
  chart(
    { label: `Test accuracy after epoch ${epoch}: ${(100 * test).toFixed(1)} %`, x: [0, EPOCHS], y: [0, 100], width: 340, height: 220, xLabel: "epoch", yLabel: "% of test digits read" },
    (x, y) => svg`${Object.keys(RUNS).map((name) => {
      const values = inner.runs[name].test;
      return svg`<path class="fe-${name} ${name === run ? "fe-on" : ""}" d=${line(values.map((share, e) => [e, 100 * share]), x, y)} />`;
    })}
      <circle class="fe-now" cx=${x(epoch)} cy=${y(100 * test)} r="5" />
      <text x=${x(9)} y=${y(70)}>solid: all layers learn</text>
      <text x=${x(9)} y=${y(60)}>dashed: first layer frozen</text>
      <text x=${x(9)} y=${y(18)}>dotted: labels shuffled</text>`,
  );

const LAYOUT = { maps: FILTERS, columns: FILTERS };

const draw = (state, numbers, set) => {
  const { filter } = state;
  const { own, begun } = numbers.inner;
  const say = (name, weights) => html`<span>${name} <b>${weights.map((value) => number(value, 2)).join(", ")}</b></span>`;
  const tiles = (name, side, label) =>
    mapsOf({ ...LAYOUT, name, side }, { label, cell: [filter, 0, 0], pick: ([f], event) => set({ filter: event.key === "ArrowRight" ? Math.min(7, filter + 1) : event.key === "ArrowLeft" ? Math.max(0, filter - 1) : f }) });
  return html`<div class="fe-bar"><button type="button" @click=${play}>▶ Play to epoch ${EPOCHS}, or stop</button></div>
    <p class="fe-head">Filters after epoch ${state.epoch} <small>3 × 3, blue positive, orange with a dash negative</small></p>
    ${tiles("filters", 3, `Eight filters; number ${filter} is read: ${own.map((value) => number(value, 2)).join(", ")}`)}
    <p class="fe-head">What they make of the digit <small>after bias and ReLU</small></p>
    ${tiles("maps", 8, `Eight maps; number ${filter} is read`)}
    <p class="fe-reading"><b>Filter ${filter}</b>, row after row: ${say("now", own)}; ${say("at the start", begun)}.
      Cosine of the angle between them: <b>${number(numbers.cosine, 3)}</b>.</p>
    ${curves(state, numbers)}`;
};

const paint = (root, { filter }, { w, maps, inner }, colour) => {
  const canvas = (name) => root.querySelector(`[data-maps="${name}"] canvas`);
  const box = (side) => [[filter, 0, 0, side, side, true]];
  paintMaps(canvas("filters"), { ...LAYOUT, side: 3, values: w, top: inner.top, boxes: box(3) }, colour);
  paintMaps(canvas("maps"), { ...LAYOUT, side: 8, values: maps, boxes: box(8) }, colour);
};

const see = ({ run, epoch }, { test, loss, moved, maps }) => {
  const dead = range(FILTERS).filter((f) => maps.slice(64 * f, 64 * f + 64).every((value) => !value)).length;
  const story = {
    learned: epoch === 0
      ? "Drawn at random, and yet the maps already show the digit: any filter repeats its strokes somehow."
      : epoch < 6 ? "Most of the accuracy comes now, in the first epochs, and the filters have hardly moved: the layers above learn faster."
      : "The filters go on moving when the accuracy has long stopped. Compare with the frozen run at the same epoch.",
    frozen: "The filters stand still, by order. All that was learned is above them, and it is enough for nearly all of the digits.",
    shuffled: "The labels are noise: there is nothing to learn, and about one test digit in ten is read. The filters move all the same, to and fro. Movement is no proof of learning.",
  };
  return html`<p>Epoch ${epoch}: <b>${(100 * test).toFixed(1)} %</b> of the test digits, training loss ${number(loss, 3)}. All weights of the layer have
    moved by <b>${(100 * moved).toFixed(0)} %</b> of their length.${dead ? ` ${dead} of 8 maps are all zero for this digit.` : ""}</p><p>${story[run]}</p>`;
};

const code = ({ run, epoch, image, filter }) => `from coursepkg.widgets.filter_evolution import filters_at

found = filters_at(run="${run}", epoch=${epoch}, image="${image}", filter=${filter})
w, maps = found["w"], found["maps"]  # (8, 1, 3, 3) and (8, 8, 8), flat
moved, cosine = found["moved"], found["cosine"]
test, loss = found["test"], found["loss"]`;

export default widget({
  controls: [
    { name: "run", label: "Run", options: Object.entries(RUNS) },
    { name: "epoch", label: "Epoch", min: 0, max: EPOCHS, step: 1 },
    { name: "image", label: "Digit", options: [...range(10).map((c) => [String(c), `a ${c}`]), ["10", "one it misreads"], ["11", "another"]] },
  ],
  inPicture: [{ name: "filter", min: 0, max: 7, step: 1 }],
  compute,
  draw,
  paint,
  see,
  code,
  predict: {
    question: "In which run do the first filters move farthest from where they began?",
    options: ["All layers learn, right labels", "Labels shuffled", "They move about equally far"],
    answer: 0,
    attempt: "Go through the epochs of each run, and read how far the layer has moved and what it is worth.",
    explain: "With right labels the filters move by 87 % of their length, with shuffled ones by 25 %: noise pulls them to and fro, and what the pulls have in common is small. But 87 % of movement buys less than one digit in a hundred over the frozen run. How far weights move says little about what they are worth.",
  },
});
