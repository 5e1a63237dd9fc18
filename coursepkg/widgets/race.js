/* W8.1: six optimizers from one start, and what each would have made of any other rate. */
import { chart, clipped, handle, line } from "./chart.js";
import { contours } from "./contours.js";
import { html, nothing, number, svg, widget } from "./frame.js";
import { NAMES, WORST, compute, lowest, range } from "./race_numbers.js";

const REACH = 2.4;
const MOST_STEPS = 150;
const [LOW, HIGH] = [1e-7, 1e3]; // of the axes of losses
const DASHES = ["", "7 4", "2 3", "2 3", "7 4", ""];
const MARKS = ["M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z", "M-5 -5h10v10h-10z", "M0 -7L6 0L0 7L-6 0z", "M0 -6L6 5H-6z", "M0 6L6 -5H-6z", "M-2 -6h4v4h4v4h-4v4h-4v-4h-4v-4h4z"];
const kindOf = (i) => (i < 3 ? "race-one" : "race-own"); // one rate for all coordinates, or one each
const kept = (loss) => Math.max(LOW, Math.min(HIGH * 1.01, loss));
const flown = (loss) => loss >= WORST;
const mark = (i) => svg`<path class="race-mark ${kindOf(i)}" d=${MARKS[i]} />`;

/* The map */

const LEVELS = range(9).map((k) => 4 ** -k);
const ground = ({ surface, kappa }, { height }, x, y) => {
  const corners = [-REACH, 0, REACH].flatMap((u) => [-REACH, 0, REACH].map((v) => height(u, v)));
  const top = Math.max(...corners) / 2;
  const floor = surface === "saddle" ? [0.25] : [];
  return contours(height, [...LEVELS.map((share) => share * top), ...floor], x, y).map(
    (d) => svg`<path class="race-level" d=${d} />`,
  );
};

/* The contours stay while everything else moves. */
let drawn = {};
const groundOnce = (state, numbers, x, y) => {
  const key = `${state.surface} ${state.kappa}`;
  if (drawn.key !== key) drawn = { key, paths: ground(state, numbers, x, y) };
  return drawn.paths;
};

const inside = (place) => Math.max(-999, Math.min(2000, place));

const trail = (path, i, x, y) => {
  const end = [...path].reverse().find(([u]) => !Number.isNaN(u));
  return svg`<path class="race-trail ${kindOf(i)}" stroke-dasharray=${DASHES[i]} d=${line(path, x, y)} />
    <g transform="translate(${inside(x(end[0]))} ${inside(y(end[1]))})">${mark(i)}</g>`;
};

const map = (state, numbers, set) =>
  chart(
    {
      label: `The surface from above; ${standing(numbers)}`,
      x: [-REACH, REACH],
      y: [-REACH, REACH],
      height: 330,
      yLabel: "drag the ring",
      role: "group",
    },
    (x, y) => svg`
      ${clipped(x, y, [
        ...groundOnce(state, numbers, x, y),
        ...numbers.paths.map((path, i) => (state.shown[i] ? trail(path, i, x, y) : nothing)),
      ])}
      ${handle({
        at: state.start,
        x,
        y,
        step: 0.05,
        label: "Start",
        move: (start) => set({ start }),
        mark: svg`<circle class="race-ring" r="8" />`,
      })}`,
  );

/* What every rate leads to; the marks are the rates in hand */

const swapped = (list, place, value) => list.map((old, i) => (i === place ? value : old));

const nearest = (grid, rate) => lowest(grid.map((one) => Math.abs(Math.log(one / rate))));

const sweepChart = (state, { curves, grid, rates, scores }, set) => {
  const top = grid.length - 1;
  return chart(
    {
      label: `Loss after ${state.steps} steps against the learning rate, a curve for each optimizer`,
      x: [grid[0], grid[top]],
      y: [LOW, HIGH],
      log: "xy",
      height: 235,
      xLabel: "learning rate   (drag the marks)",
      yLabel: "loss at the end",
      role: "group",
    },
    (x, y) => svg`
      ${clipped(
        x,
        y,
        curves.map((all, i) =>
          state.shown[i]
            ? svg`<path class="race-trail ${kindOf(i)}" stroke-dasharray=${DASHES[i]}
                d=${line(all.map((loss, k) => [grid[k], kept(loss)]), x, y)} />`
            : nothing,
        ),
      )}
      ${NAMES.map((name, i) =>
        state.shown[i]
          ? handle({
              at: [nearest(grid, rates[i]), Number(kept(scores[i]).toPrecision(2))],
              x: Object.assign((k) => x(grid[k]), {
                ends: [0, top],
                invert: (place) => Math.log10(x.invert(place) / grid[0]) * 8,
              }),
              y,
              step: 1,
              label: `Learning rate of ${name}, ${rates[i]}, place and loss`,
              move: ([k]) => set({ rates: swapped(rates, i, grid[k]) }),
              mark: mark(i),
            })
          : nothing,
      )}`,
  );
};

const lossChart = (state, { losses }) =>
  chart(
    {
      label: `Loss against step, for ${state.steps} steps`,
      x: [0, Math.max(10, state.steps)],
      y: [LOW, HIGH],
      log: "y",
      height: 200,
      xLabel: "step",
      yLabel: "loss",
    },
    (x, y) =>
      clipped(
        x,
        y,
        losses.map((all, i) =>
          state.shown[i]
            ? svg`<path class="race-trail ${kindOf(i)}" stroke-dasharray=${DASHES[i]}
                d=${line(all.map((loss, t) => [t, kept(loss)]), x, y)} />`
            : nothing,
        ),
      ),
  );

/* The table: who is drawn, at which rate, with what result */

const standing = ({ scores }) => {
  const first = lowest(scores);
  const lost = scores.filter(flown).length;
  return `${NAMES[first]} is first with a loss of ${number(scores[first], 2)}, ${lost} of 6 have flown off`;
};

const row = (state, { scores, rates, grid }, set, i) => html`<div class="race-row">
  <button type="button" aria-pressed=${state.shown[i]} @click=${() => set({ shown: swapped(state.shown, i, !state.shown[i]) })}>
    <svg viewBox="-8 -8 16 16" aria-hidden="true">${mark(i)}</svg>${NAMES[i]}
  </button>
  <input
    type="range"
    min="0"
    max=${grid.length - 1}
    step="1"
    aria-label="Learning rate of ${NAMES[i]}"
    aria-valuetext=${String(rates[i])}
    .value=${String(nearest(grid, rates[i]))}
    @input=${({ target }) => set({ rates: swapped(rates, i, grid[target.valueAsNumber]) })}
  />
  <span>${number(rates[i], 2)}</span>
  <b class=${scores[i] === Math.min(...scores) ? "race-first" : ""}>${flown(scores[i]) ? "flown off" : number(scores[i], 2)}</b>
</div>`;

/* Playing the steps: a timer for each widget, known by the `set` that belongs to it. */
const timers = new WeakMap();

const play = (set, step, end) => {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const now = still ? end : step;
  if (now < end) timers.set(set, setTimeout(() => play(set, now + 1, end), 60));
  else timers.delete(set);
  set({ steps: now });
};

const toggle = (set, { steps }) => {
  if (!timers.has(set)) return play(set, 0, steps || MOST_STEPS);
  clearTimeout(timers.get(set));
  timers.delete(set);
  set({ steps: Math.max(0, steps - 1) }); // a change, so that the button is drawn anew
};

const draw = (state, numbers, set) => html`
  <div class="race-sides">
    <div>
      ${map(state, numbers, set)}
      <p class="race-key">
        <span class="race-one">●■◆ one rate for all coordinates</span>,
        <span class="race-own">▲▼✚ a step of its own for each</span>.
      </p>
    </div>
    <div>${sweepChart(state, numbers, set)} ${lossChart(state, numbers)}</div>
  </div>
  <div class="race-buttons">
    ${[0.01, 0.1, 1].map(
      (rate) => html`<button type="button" @click=${() => set({ rates: NAMES.map(() => rate) })}>All at ${rate}</button> `,
    )}
    <button type="button" @click=${() => set({ rates: numbers.best })}>Each at its best</button>
    <button type="button" @click=${() => toggle(set, state)}>${timers.has(set) ? "Stop" : "Play"}</button>
  </div>
  <div class="race-table">${NAMES.map((_, i) => row(state, numbers, set, i))}</div>
`;

/* What you see */

const bestOf = ({ curves }) => curves.map((all) => Math.min(...all));

const see = (state, numbers) => {
  const { scores, best, rates } = numbers;
  const tuned = bestOf(numbers);
  const [here, there] = [lowest(scores), lowest(tuned)];
  const same = rates.every((rate) => rate === rates[0]);
  const all = rates.every((rate, i) => rate === best[i]);
  return html`<p>
      After ${state.steps} steps ${same ? `at the same rate, ${number(rates[0], 2)}` : all ? "at their best rates" : "at these rates"},
      <b>${NAMES[here]}</b> is first with ${number(scores[here], 2)}.
      ${scores.some(flown) ? `${NAMES.filter((_, i) => flown(scores[i])).join(", ")}: flown off.` : ""}
      ${all ? "" : verdict(here, there, tuned, best)}
    </p>
    ${remark(state, tuned)}`;
};

const verdict = (here, there, tuned, best) =>
  here === there
    ? `It stays first when each has its best rate, with ${number(tuned[there], 2)}.`
    : html`<b>With a rate tuned for each, ${NAMES[there]} wins</b>, with ${number(tuned[there], 2)} at ${number(best[there], 2)}.`;

const remark = ({ surface, kappa, noise, start }, tuned) => {
  if (noise) {
    return html`<p>With noise nobody arrives: each stays as far away as its rate shakes it. The best rates move to the
      left, and the winners draw together. The draws are the same for all six.</p>`;
  }
  if (surface === "valley" && kappa > 1) {
    return html`<p>The valley lies along the axes, and the blue ones divide every coordinate by the size of its own
      gradients. <b>Change κ: they do not notice.</b> Then turn the valley.</p>`;
  }
  if (surface === "turned" && kappa > 1) {
    return html`<p>The same valley, turned by 45°: now every coordinate sees both slopes, a size for each of them is no
      help, and the tuned order is another than along the axes.</p>`;
  }
  if (surface === "saddle") {
    return Math.abs(start[0] + 3 * start[1]) < 1e-9
      ? html`<p>You started exactly on the ridge line. <b>Without noise some balance on the saddle for ever</b>, with a
          loss of 0.25. One step aside, or a little noise, and they fall.</p>`
      : html`<p>On the way into the saddle (loss 0.25) the gradient is almost zero in the direction that matters. Look
          for the flat stretch in the loss. Start nearer to its ridge and it grows.</p>`;
  }
  if (surface === "wells") {
    return html`<p>Two minima, the left one deeper by 0.2. Start on the right: at a small rate all six end in the wrong
      one. Momentum can roll through it, over the hill; so can a rate that is too large. Neither is a promise.</p>`;
  }
  if (surface === "banana") {
    return html`<p>Rosenbrock's banana: easy to fall into, hard to walk along. The best of all reaches
      ${number(Math.min(...tuned), 2)} in these steps.</p>`;
  }
  return html`<p>κ = 1, a round bowl: plain gradient descent with rate 1 is there in one step, and nobody can do better.</p>`;
};

/* As code */

const code = ({ surface, kappa, noise, steps, start }, { rates }) => `import numpy as np
from coursepkg.widgets.race import RATES, RULES, losses_of, run, score, sweep

how = dict(start=[${start.join(", ")}], steps=${steps}, noise=${noise})
rates = [${rates.join(", ")}]  # ${NAMES.join(", ")}
paths = [run(name, [lr], "${surface}", ${kappa}, **how)[0] for name, lr in zip(RULES, rates)]
losses = [losses_of(path, "${surface}", ${kappa}) for path in paths]
scores = [score(loss) for loss in losses]  # the mean of the last ten
curves = list(sweep("${surface}", ${kappa}, **how).values())  # a score for each of RATES
best = [RATES[int(np.argmin(curve))] for curve in curves]`;

export default widget({
  controls: [
    {
      name: "surface",
      label: "Surface",
      options: [
        ["valley", "valley"],
        ["turned", "valley, turned 45°"],
        ["banana", "Rosenbrock's banana"],
        ["saddle", "saddle"],
        ["wells", "two minima"],
      ],
    },
    { name: "kappa", label: "Steepness κ", values: [1, 10, 30, 100] },
    { name: "noise", label: "Noise", values: [0, 0.3, 1, 3] },
    { name: "steps", label: "Steps", min: 0, max: MOST_STEPS, step: 1 },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "All six at the rate 0.1: two have flown off, and RMSProp is first. Now each gets the best rate there is for it. Who is first then?",
    options: ["Still RMSProp, or Adam", "One of the two that flew off", "All six are equally good"],
    answer: 1,
    attempt:
      "Press “Each at its best”. Then take the valley that is not turned. Then drag one mark along its curve: how wide is the stretch of good rates? Last, the saddle, and a start on its ridge.",
    explain:
      "0.1 is beyond the edge for SGD and for Nesterov on this valley, and says nothing about either. Each method has a U: too small and it has not arrived, too large and it flies off or rattles. A race at one rate compares where that rate lies on six curves. Compare the lowest points, and say how much work it was to find them.",
  },
});
