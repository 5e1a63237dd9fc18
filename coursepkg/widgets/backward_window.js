/* W10.1: the sliding window in reverse; each number of dout drops through its window into dx and dw. */
import { cells, largest, withCell } from "./cells.js";
import { html, widget } from "./frame.js";
import { compute, met, portions } from "./backward_window_numbers.js";
import { code, predict, see, short, sum } from "./backward_window_text.js";

const same = (a, [i, j]) => a[0] === i && a[1] === j;
const heading = (name, remark) => html`<p class="drop-name"><b>${name}</b> <small>${remark}</small></p>`;
const size = (rows) => `${rows.length} × ${rows[0].length}`;

/* Matrices that can be typed into: x, w, dout. */
const given = (name, state, numbers, set, look) => {
  const own = state.matrices[state.example];
  const change = (i, j, value) =>
    set({
      matrices: {
        ...state.matrices,
        [state.example]: { ...own, [name]: withCell(own[name], i, j, value) },
      },
    });
  return cells({ label: name, values: numbers[name], edit: change, ...look });
};

/* Window of the output that is pointed at, as a frame on the image. */
const frame = ({ side, stride }, { places, w }) => {
  if (side !== "output") return [];
  const [top, left] = places.output.map((place) => place * stride);
  return [{ top, left, height: w.length, width: w.length, mark: "first" }];
};

const imageCells = (state, numbers, set) => {
  const taken = state.side === "weight" ? met(numbers, numbers.places.weight) : [];
  return given("x", state, numbers, set, {
    mark: (i, j) => (taken.some(({ p, q }) => p === i && q === j) ? "first" : ""),
    frames: frame(state, numbers),
  });
};

const blameCells = (state, numbers, set) => {
  const most = largest(numbers.dx);
  return cells({
    label: "dx",
    values: numbers.dx,
    text: short,
    tone: (value) => value / most,
    at: numbers.places.pixel,
    mark: (i, j) => {
      const here = state.side === "pixel" && same(numbers.places.pixel, [i, j]) ? "on" : "";
      return `${here} ${numbers.wrong[i][j] ? "second" : ""}`;
    },
    frames: frame(state, numbers),
    point: (i, j) => set({ side: "pixel", at: [i, j] }),
  });
};

const upstreamCells = (state, numbers, set) => {
  const most = largest(numbers.dout);
  const { places, dropped, dout } = numbers;
  const sources = state.side === "pixel" ? portions(numbers, places.pixel) : [];
  const down = (i, j) => i * dout.length + j < dropped.length;
  return given("dout", state, numbers, set, {
    tone: (value, i, j) => (down(i, j) ? value / most : 0),
    mark: (i, j) => {
      if (state.side === "output" && same(places.output, [i, j])) return "on";
      return sources.some((one) => one.i === i && one.j === j) ? "first" : down(i, j) ? "" : "faint";
    },
    point: (i, j) => set({ side: "output", at: [i, j] }),
  });
};

const weightCells = (state, numbers, set) => {
  const most = largest(numbers.dw);
  return cells({
    label: "dw",
    values: numbers.dw,
    text: short,
    tone: (value) => value / most,
    at: numbers.places.weight,
    mark: (i, j) => (state.side === "weight" && same(numbers.places.weight, [i, j]) ? "on" : ""),
    point: (i, j) => set({ side: "weight", at: [i, j] }),
  });
};

const buttons = ({ windows, dropped }, set) => {
  const many = dropped.length;
  const drop = () => set({ steps: many + 1, side: "output", at: [windows[many].i, windows[many].j] });
  return html`<div class="drop-buttons">
    <button type="button" ?disabled=${many === windows.length} @click=${drop}>drop the next</button>
    <button type="button" ?disabled=${many === windows.length} @click=${() => set({ steps: windows.length })}>all</button>
    <button type="button" ?disabled=${!many} @click=${() => set({ steps: 0 })}>none</button>
  </div>`;
};

const draw = (state, numbers, set) => html`
  <div class="drop-grid">
    <div class="drop-x">${heading("x", size(numbers.x))} ${imageCells(state, numbers, set)}</div>
    <div class="drop-w">
      ${heading("w", size(numbers.w))}
      ${given("w", state, numbers, set, { tone: (value) => value / largest(numbers.w) })}
    </div>
    <div class="drop-out">
      ${heading("out", size(numbers.out))}
      ${cells({ label: "out", values: numbers.out, text: short, mark: () => "faint" })}
    </div>
    <div class="drop-dx">
      ${heading("dx", "what each pixel is blamed for")} ${blameCells(state, numbers, set)}
    </div>
    <div class="drop-dw">
      ${heading("dw", "each weight")} ${weightCells(state, numbers, set)}
      <p class="drop-name"><b>db</b> = ${short(numbers.db)}</p>
    </div>
    <div class="drop-dout">
      ${heading("dout", "sent back from above")} ${upstreamCells(state, numbers, set)}
      ${buttons(numbers, set)}
    </div>
  </div>
  <p class="drop-sum">${sum(state, numbers)}</p>
`;

export default widget({
  controls: [
    {
      name: "example",
      label: "Image and kernel",
      options: [
        ["nine", "3 × 3, 2 × 2"],
        ["six", "6 × 6, 3 × 3"],
      ],
    },
    {
      name: "rule",
      label: "Way back",
      options: [
        ["right", "right: +="],
        ["assigned", "= for +="],
        ["turned", "kernel turned"],
      ],
    },
    { name: "stride", label: "Stride", min: 1, max: 3, step: 1 },
    { name: "steps", label: "Windows dropped", min: 0, max: 16, step: 1 },
  ],
  inPicture: [{ name: "side", options: [["output"], ["pixel"], ["weight"]] }],
  compute,
  draw,
  see,
  code,
  predict,
});
