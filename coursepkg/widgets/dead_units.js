/* W7.4: the hidden units of a network in training; crossed out: off for every training sample. */
import { chart, clipped, handle, line } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const RATES = [0.03, 0.1, 0.3, 1, 1.5, 2, 4];
const SPREADS = [0.1, 1, 3];
const [UNITS, EVERY, FRAMES] = [32, 10, 21];
const STEPS = [...Array(FRAMES).keys()].map((frame) => EVERY * frame);

/* A frame is a word of 32 bits in base 36, a bit for each unit. */
const bits = (word) => [...parseInt(word, 36).toString(2).padStart(UNITS, "0")].map(Number);
const sum = (values) => values.reduce((total, value) => total + value, 0);

const compute = ({ lr, spread, kind, step }, data) => {
  const [words, losses] = data[kind][SPREADS.indexOf(spread)][RATES.indexOf(lr)];
  const off = words.split(" ").map(bits);
  const now = off[step / EVERY];
  return {
    off: now,
    counts: off.map(sum),
    losses,
    share: (100 * sum(now)) / UNITS,
    back: sum(off.slice(1).map((next, i) => sum(next.map((bit, k) => Number(off[i][k] === 1 && bit === 0))))),
    units: UNITS,
  };
};

/* Picture */

const [ACROSS, CELL] = [8, 40];

const unit = (bit, k) => {
  const [u, v] = [CELL * ((k % ACROSS) + 0.5), CELL * (Math.floor(k / ACROSS) + 0.5)];
  return bit
    ? svg`<g class="dead-off"><circle r="13" cx=${u} cy=${v} />
        <path d="M${u - 7} ${v - 7}l14 14m0 -14l-14 14" /></g>`
    : svg`<circle class="dead-on" r="13" cx=${u} cy=${v} />`;
};

const units = ({ step }, { off, counts }) => html`<svg
  class="cw-chart dead-units"
  viewBox="0 0 ${ACROSS * CELL} ${(UNITS / ACROSS) * CELL}"
  role="img"
  aria-label="After ${step} steps ${counts[step / EVERY]} of ${UNITS} units are crossed out"
>
  ${off.map(unit)}
</svg>`;

const marker = ({ step }, value, x, y, set) =>
  handle({
    at: [step, value],
    x,
    y,
    step: EVERY,
    label: "Step",
    move: ([wanted]) => set({ step: wanted }),
    mark: svg`<circle class="dead-mark" r="7" />`,
  });

const counting = (state, { counts }, set) =>
  chart(
    {
      label: `Units off: ${counts[0]} at the start, ${counts.at(-1)} after 200 steps`,
      x: [0, STEPS.at(-1)],
      y: [0, UNITS],
      height: 200,
      xLabel: "step   (drag the point)",
      yLabel: "units off for every sample",
      role: "group",
    },
    (x, y) => svg`<path class="dead-line" d=${line(counts.map((many, i) => [STEPS[i], many]), x, y)} />
      ${marker(state, counts[state.step / EVERY], x, y, set)}`,
  );

const GUESS = Math.log(10);

const learning = ({ step }, { losses }) =>
  chart(
    {
      label: `Training loss: ${number(losses[0], 3)} at the start, ${number(losses.at(-1), 3)} after 200 steps`,
      x: [0, STEPS.at(-1)],
      y: [0.05, 20],
      log: "y",
      height: 200,
      xLabel: "step",
      yLabel: "training loss",
    },
    (x, y) => svg`<path class="dead-guess" d="M${x(0)} ${y(GUESS)}H${x(200)}M${x(step)} ${y(0.05)}V${y(20)}" />
      <text x=${x(200)} y=${y(GUESS) - 5} text-anchor="end">guessing</text>
      ${clipped(x, y, svg`<path class="dead-loss" d=${line(losses.map((loss, i) => [STEPS[i], loss]), x, y)} />`)}`,
  );

const draw = (state, numbers, set) => html`
  ${units(state, numbers)}
  <p class="dead-legend">
    <span class="dead-blue">●</span> works for some digits
    <span class="dead-orange">✗</span> off for all 1,437
  </p>
  <div class="dead-pair">${counting(state, numbers, set)} ${learning(state, numbers)}</div>
`;

/* What you see */

const verdict = ({ kind, lr }, { counts, losses, back }) => {
  const [many, loss] = [counts.at(-1), losses.at(-1)];
  if (kind === "leaky") {
    return html`<b>Off is not dead here.</b> A leaky unit lets a hundredth of the blame through, so it can come
      back: ${back} did in this run. ${loss > 2 ? "It does not save a rate this large." : ""}`;
  }
  if (many === UNITS) {
    return html`<b>All of them.</b> No gradient reaches the first layer any more; the last bias alone goes on
      learning, and the loss is that of guessing. Nothing will change however long you wait.`;
  }
  if (many > UNITS / 2) {
    return html`<b>A network of ${UNITS - many} units</b>, and you are paying for ${UNITS}. ${
      back ? html`Of all that went off only ${back} came back.` : "None that went off came back."
    }`;
  }
  if (many > 4) {
    return html`<b>The loss is fine (${number(loss, 2)}), and ${many} units are gone.</b> Nobody looking at the
      curve would know; the count has to be asked for.`;
  }
  return loss > 1
    ? html`<b>Nobody dies, and little is learned yet</b>: ${
        lr < 0.1 ? "the rate is small" : "the first weights are small"
      }.`
    : html`<b>Healthy.</b> Hardly a unit is lost, and the loss falls to ${number(loss, 2)}.`;
};

const see = (state, numbers) => {
  const { counts, losses, share } = numbers;
  const frame = state.step / EVERY;
  return html`<p>
      After ${state.step} steps <b>${counts[frame]} of ${UNITS}</b> units (${number(share, 3)} %) are off for every
      training sample, and the loss is ${number(losses[frame], 3)}. At the end: ${counts.at(-1)} off, loss
      <b>${number(losses.at(-1), 3)}</b>.
    </p>
    <p>${verdict(state, numbers)}</p>
    ${counts[0] && state.step === 0 ? html`<p>${counts[0]} were off before anything was learned: that is the draw of the weights.</p>` : nothing}`;
};

const code = ({ lr, spread, kind, step }) => `from coursepkg.widgets.dead_runs import recorded

# train(${lr}, ${spread}, "${kind}") of the same module trains it again.
all_off, losses = recorded(${lr}, ${spread}, "${kind}")
off = all_off[${step} // ${EVERY}]
counts, share = all_off.sum(axis=1), 100 * off.mean()
back = (all_off[:-1] & ~all_off[1:]).sum()  # times a unit came back`;

export default widget({
  controls: [
    { name: "lr", label: "Learning rate", values: RATES },
    { name: "spread", label: "First weights, times He's", values: SPREADS },
    {
      name: "kind",
      label: "Unit",
      options: [
        ["relu", "ReLU"],
        ["leaky", "leaky ReLU"],
      ],
    },
    { name: "step", label: "Step", values: STEPS },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "A learning rate of 1 trains these digits to a loss of 0.08, one of the best here. How many of the 32 units are off for every image at the end?",
    options: ["None, or it would not learn", "About a quarter", "Nearly all"],
    answer: 1,
    attempt:
      "Go from 0.3 to 4 and watch the count, not the loss. When do they die: early or late? Then make the units leaky, or the first weights three times as large.",
    explain:
      "A large step can push a unit's weights to where it is off for every image. From then on its gradient is zero, and no step moves it again. Most deaths come in the first twenty steps, when gradients are largest; that is why rates are often raised slowly at the start. A rate of 1 kills 6 of 32 on top of the two that were off from the beginning, and the loss does not mind.",
  },
});
