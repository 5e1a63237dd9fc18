/* W12.1: a tape while it is recorded and while it is played back, and what it holds in memory. */
import { chart, handle, line } from "./chart.js";
import { bytes, html, nothing, number, svg, widget } from "./frame.js";
import { AGAIN, BACK, FORWARD, START, compute } from "./tape_viewer_numbers.js";

const ARRAY = 256 * 1024 * 4; // a batch of 256 rows, 1024 wide, float32: what one array would take
const operations = ({ depth }) => 2 * depth + 2;

/* Names: value 2k − 1 is z of layer k, 2k its h; q and L come last */

const layerOf = (value) => Math.ceil(value / 2);
const name = (value, depth) => {
  if (value === 0) return "x";
  if (value > 2 * depth) return value === 2 * depth + 1 ? "q" : "L";
  return `${value % 2 ? "z" : "h"}${layerOf(value)}`;
};

const formula = (op, depth) => {
  const [made, from] = [name(op, depth), name(op - 1, depth)];
  if (op === 2 * depth + 2) return `${made} = sum(${from})`;
  if (op === 2 * depth + 1) return `${made} = ${from} * ${from}`;
  return op % 2 ? `${made} = ${from} @ W${layerOf(op)}` : `${made} = tanh(${from})`;
};

/* The tape */

const TOP = 24;
const CELL = 19;

const place = (value, depth) => {
  const column = value > 2 * depth ? depth + 1 : layerOf(value);
  return [24 + column * CELL, TOP + (value % 2 || value === 0 ? 0 : CELL + 6)];
};

const cell = (value, { depth, every }, { kind, op, held, events, at }) => {
  const [x, y] = place(value, depth);
  const isHeld = held.includes(value);
  const passed = events.slice(0, at).some((event) => event.kind === BACK && event.op === value);
  const made = value === 0 || events.slice(0, at + 1).some((event) => event.op === value);
  const again = events.slice(0, at + 1).some((event) => event.kind === AGAIN && event.op === value);
  const side = CELL - 4;
  const mark = again ? "↻" : value < 2 * depth && value % (2 * Math.min(every, depth)) === 0 ? "•" : "";
  return svg`<rect class="tv-cell ${isHeld ? "tv-held" : made ? "tv-gone" : ""}" x=${x} y=${y} width=${side} height=${side} rx="2" />
    ${isHeld ? svg`<text class="tv-mark" x=${x + side / 2} y=${y + 12} text-anchor="middle">${mark}</text>` : ""}
    ${passed ? svg`<text class="tv-done" x=${x + side / 2} y=${y + 12} text-anchor="middle">◂</text>` : ""}
    ${kind !== START && value === op
      ? svg`<rect class="tv-now" x=${x - 2} y=${y - 2} width=${side + 4} height=${side + 4} rx="3" />`
      : ""}`;
};

const tape = (state, numbers) => {
  const { depth } = state;
  const columns = [...Array(depth + 2).keys()];
  const values = [...Array(2 * depth + 3).keys()];
  const width = 24 + (depth + 2) * CELL;
  const heads = columns.map((k) => (k === 0 ? "x" : k > depth ? "q" : k));
  return html`<svg
    class="tv-tape"
    viewBox="0 0 ${Math.max(width, 250)} ${TOP + 2 * CELL + 24}"
    role="img"
    aria-label="The tape: ${numbers.held.length} of ${values.length} values are held, namely
      ${numbers.held.map((value) => name(value, depth)).join(", ")}"
  >
    ${heads.map((text, k) => svg`<text x=${24 + k * CELL + 7} y="14" text-anchor="middle">${text}</text>`)}
    <text x="4" y=${TOP + 12}>z</text>
    <text x="4" y=${TOP + CELL + 18}>h</text>
    <text x=${24 + (depth + 1) * CELL + 7} y=${TOP + 2 * CELL + 18} text-anchor="middle">L</text>
    ${values.map((value) => cell(value, state, numbers))}
  </svg>`;
};

const doing = ({ depth }, { kind, op }) => {
  const step = formula(op, depth);
  if (kind === START) return html`Nothing recorded yet.`;
  if (kind === FORWARD) return html`Forward: <b>${step}</b>`;
  if (kind === AGAIN) return html`Forward <b>again</b>: <b>${step}</b>`;
  return html`Back through <b>${step}</b>`;
};

/* Buttons and charts */

const buttons = ({ depth }, { at, events }, set) => {
  const end = events.length - 1;
  const key = (label, moment) => html`<button
    type="button"
    ?disabled=${moment === at}
    @click=${() => set({ moment })}
  >${label}</button>`;
  return html`<div class="tv-keys">
    ${key("Rewind", 0)} ${key("◀ Step", Math.max(at - 1, 0))} ${key("Step ▶", Math.min(at + 1, end))}
    ${key("To the loss", operations({ depth }))} ${key("To the end", end)}
  </div>`;
};

const overTime = ({ depth }, { at, timeline, peak }, set) => {
  const end = timeline.length - 1;
  const all = operations({ depth }) + 1;
  return chart(
    {
      label: `Arrays in memory over ${end} operations; at most ${peak}, now ${timeline[at]}`,
      x: [0, end],
      y: [0, 1.15 * all],
      xLabel: "operations so far",
      yLabel: "arrays in memory",
      role: "group",
      height: 210,
    },
    (x, y) => {
      const steps = timeline.flatMap((held, t) => [[t, held], [Math.min(t + 1, end), held]]);
      return svg`<path class="tv-area" d="${line(steps, x, y)}L${x(end)} ${y(0)}L${x(0)} ${y(0)}Z" />
        <path class="tv-all" d=${line([[0, all], [end, all]], x, y)} />
        <text class="tv-orange" x=${x(end)} y=${y(all) - 5} text-anchor="end">everything: ${all}</text>
        <path class="tv-line" d=${line([[at, 0], [at, 1.1 * all]], x, y)} />
        ${handle({
          at: [at, timeline[at]],
          x,
          y,
          step: 1,
          label: "Moment and arrays held",
          move: ([moment]) => set({ moment }),
        })}`;
    },
  );
};

const trade = ({ depth, every }, { peaks }, set) => {
  const now = Math.min(every, depth);
  return chart(
    {
      label: `Most arrays held, for a checkpoint every 1 to ${depth} layers: ${peaks.join(", ")}`,
      x: [1, depth],
      y: [0, 1.15 * peaks.at(-1)],
      xLabel: "layers from checkpoint to checkpoint",
      yLabel: "most arrays at a time",
      role: "group",
      height: 210,
    },
    (x, y) => svg`<path class="tv-curve" d=${line(peaks.map((peak, i) => [i + 1, peak]), x, y)} />
      ${peaks.map((peak, i) => svg`<circle class="tv-dot" cx=${x(i + 1)} cy=${y(peak)} r="2.5" />`)}
      <text class="tv-blue" x=${x(depth)} y=${y(peaks.at(-1)) - 6} text-anchor="end">no checkpoints</text>
      ${handle({
        at: [now, peaks[now - 1]],
        x,
        y,
        step: 1,
        label: "Spacing of checkpoints and most arrays",
        move: ([spacing]) => set({ every: spacing }),
      })}`,
  );
};

const draw = (state, numbers, set) => html`
  ${tape(state, numbers)}
  <p class="tv-key">
    Filled: in memory. Dashed: thrown away. • checkpoint, ↻ computed again, <span>◂</span> the gradient has passed.
  </p>
  <p class="tv-now-doing">${doing(state, numbers)}</p>
  ${buttons(state, numbers, set)}
  <div class="tv-charts">${overTime(state, numbers, set)} ${trade(state, numbers, set)}</div>
`;

/* What you see */

const backwards = (op, { depth }, { slopes }) => {
  const [made, from] = [name(op, depth), name(op - 1, depth)];
  const k = layerOf(op);
  if (op === 2 * depth + 2) {
    return html`<p>The walk begins with dL = 1. A sum hands it to each entry: dq is all ones, (2, 3).</p>`;
  }
  if (op === 2 * depth + 1) {
    return html`<p>
      ${from} stands on both sides of the product, so two gradients come back and are
      <b>added</b>: d${from} = 2 ${from}, norm ${number(slopes[depth])}.
    </p>`;
  }
  if (op % 2 === 0) {
    return html`<p>
      d${from} = d${made} * (1 − ${made}²). The rule of tanh wants its <b>output</b>: this is why
      ${made} had to be there.
    </p>`;
  }
  return html`<p>
    d${from} = d${made} @ W${k}ᵀ goes on, norm ${number(slopes[k - 1])}; dW${k} = ${from}ᵀ @ d${made}, (3, 3),
    is finished. It wants the <b>input</b>: this is why ${from} had to be there.
  </p>`;
};

const story = (state, numbers) => {
  const { kind, op } = numbers;
  if (kind === START) return html`<p>Only x is there. Step, or drag the dot on the left chart.</p>`;
  if (kind === BACK) return backwards(op, state, numbers);
  if (kind === AGAIN) {
    return html`<p>
      ${name(op, state.depth)} was thrown away on the way forward. The way back is about to need it, so
      it is <b>computed a second time</b>, from the checkpoint • before it.
    </p>`;
  }
  if (op === operations(state)) {
    return html`<p>The loss is ${number(numbers.loss)}. From here the tape is read backwards.</p>`;
  }
  return html`<p>${name(op, state.depth)} is recorded: (2, 3), with a note of what made it.</p>`;
};

const see = (state, numbers) => {
  const { peak, again, held } = numbers;
  const all = operations(state) + 1;
  const share = Math.round((100 * again) / operations(state));
  return html`<p>
      <b>${held.length} of ${all} values</b> are in memory. For 256 rows, 1024 wide, in float32 that is
      ${bytes(held.length * ARRAY)}; at most it gets to ${peak} arrays, ${bytes(peak * ARRAY)}.
    </p>
    ${story(state, numbers)}
    ${again
      ? html`<p>
          Keeping everything would take ${all} arrays. The checkpoints save
          <b>${all - peak}</b> of them, and cost <b>${again} operations a second time</b>, ${share} % of a
          forward pass. It is never a whole one.
        </p>`
      : html`<p>Nothing is computed twice: the whole tape is kept until it has been played back.</p>`}
    ${peak === Math.min(...numbers.peaks) && again
      ? html`<p>For ${state.depth} layers no other spacing needs less memory.</p>`
      : nothing}`;
};

/* As code */

const code = ({ depth, every, moment }) => `import numpy as np
from coursepkg.autodiff import Tensor, gradients
from coursepkg.widgets.tape_viewer import AGAIN, WEIGHTS, X, schedule

h = [Tensor(X, requires_grad=True)]
for w in WEIGHTS[:${depth}]:
    h.append((h[-1] @ w).tanh())
out = (h[-1] * h[-1]).sum()  # on the tape now: all that was computed
loss = out.data
slopes = [np.linalg.norm(g.data) for g in gradients(out, h)]

film = schedule(depth=${depth}, every=${every})
timeline = [len(event.held) for event in film]
peak, again = max(timeline), sum(event.kind == AGAIN for event in film)
held = film[min(${moment}, len(film) - 1)].held`;

export default widget({
  controls: [
    { name: "depth", label: "Layers", min: 2, max: 16, step: 1 },
    { name: "every", label: "Checkpoint every", min: 1, max: 16, step: 1 },
  ],
  inPicture: [{ name: "moment", min: 0, max: 100, step: 1 }],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "A tape keeps every value, because the way back needs them. Keep only every fourth layer's output instead, and compute the rest again when it is needed. How much forward work does that cost?",
    options: ["Three more forward passes", "Less than one more forward pass", "One more for every layer"],
    answer: 1,
    attempt:
      "Drag the dot on the left chart through the film. Then drag the dot on the right one to both ends: which spacing needs least memory, and why are both ends bad?",
    explain:
      "Each stretch between two checkpoints is computed again once, when the way back arrives there; the last stretch is still there. So no operation runs more than twice. Memory is the number of checkpoints plus one stretch: depth / spacing + 2 · spacing, smallest where the two are about equal. For 12 layers 12 arrays do instead of 27; for a thousand layers 89 do instead of 2003.",
  },
});
