/* W5.3: one step of gradient descent on one hidden unit, and what is left of the unit after it. */
import { chart, handle, line } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const START = [3, 1, 2, -5]; // w1, b1, w2, b2 on the slide
const NAMES = ["w₁", "b₁", "w₂", "b₂"];
const MOST = 0.3;
const MOST_STEPS = 12;
const FINEST = 10_000;
const RATES = [...Array(MOST * FINEST + 1).keys()].map((i) => i / FINEST);

/* Mathematics */

const units = {
  relu: { value: (z) => Math.max(z, 0), slope: (z) => (z > 0 ? 1 : 0) },
  leaky: { value: (z) => (z > 0 ? z : 0.1 * z), slope: (z) => (z > 0 ? 1 : 0.1) },
  open: { value: (z) => Math.max(z, 0), slope: (z) => (z >= 0 ? 1 : 0) },
};

/* x and t are 1, so z = w1 + b1 and dw1 = db1 = dz. */
const forwardBackward = ([w1, b1, w2, b2], unit) => {
  const z = w1 + b1;
  const h = units[unit].value(z);
  const y = w2 * h + b2;
  const dy = 2 * (y - 1);
  const dz = dy * w2 * units[unit].slope(z);
  return { z, h, y, loss: (y - 1) ** 2, gradient: [dz, dz, dy * h, dy] };
};

const moved = (parameters, gradient, alpha) => parameters.map((p, i) => p - alpha * gradient[i]);

const compute = ({ alpha, unit, steps }) => {
  const runs = [];
  let parameters = START;
  for (let step = 0; step <= steps; step += 1) {
    const run = forwardBackward(parameters, unit);
    runs.push({ ...run, parameters });
    parameters = moved(parameters, run.gradient, alpha);
  }
  const { gradient, parameters: reached, y, h } = runs.at(-1);
  return {
    losses: runs.map(({ loss }) => loss),
    z: runs.map(({ z }) => z),
    parameters: reached,
    gradient,
    y,
    h,
  };
};

const START_GRADIENT = forwardBackward(START, "relu").gradient;
const afterOne = (alpha, unit) =>
  forwardBackward(moved(START, START_GRADIENT, alpha), unit).loss;

/* Picture: loss against learning rate, loss against step, and the unit itself */

const PLACES = [
  { alpha: 0.0211, name: "best", told: "best" },
  { alpha: 0.0453, name: "no gain", told: "no gain" },
  { alpha: 0.25, name: "slide", told: "the slide's" },
];
const TOP = 65;

const landscape = ({ alpha, unit }, set) => {
  const here = afterOne(alpha, unit);
  return chart(
    {
      label: `Loss after one step against the learning rate; at ${alpha} it is ${number(here)}`,
      role: "group",
      x: [0, MOST],
      y: [0, TOP],
      xLabel: "learning rate α",
      yLabel: "loss after one step",
    },
    (x, y) => svg`
      <rect class="kill-off" x=${x(0.25)} y=${y(TOP)} width=${x(MOST) - x(0.25)} height=${y(0) - y(TOP)} />
      <text class="kill-mark" x=${x(0.275)} y=${y(18)} text-anchor="middle">${unit === "leaky" ? "leaks" : "off"}</text>
      <path class="kill-start" d="M${x(0)} ${y(4)}H${x(MOST)}" />
      <text class="kill-mark" x=${x(0.12)} y=${y(4) - 5}>before: 4</text>
      ${PLACES.map(
        (place) => svg`<path class="kill-place" d="M${x(place.alpha)} ${y(0)}V${y(57)}" />
        <text class="kill-mark" x=${x(place.alpha)} y=${y(58)} text-anchor=${
          place.name === "no gain" ? "start" : "middle"
        }>${place.name}</text>`,
      )}
      <path class="kill-curve" d=${line(
        RATES.filter((_, i) => i % 10 === 0).map((rate) => [rate, afterOne(rate, unit)]),
        x,
        y,
      )} />
      ${handle({
        at: [alpha, Number(here.toPrecision(4))],
        x,
        y,
        step: 0.001,
        label: "Learning rate and loss",
        move: ([rate]) => set({ alpha: rate }),
      })}`,
  );
};

const LEAST = 1e-8;

const history = ({ unit }, { losses, z }) =>
  chart(
    {
      label: `Loss before each step: ${losses.map((loss) => number(loss, 3)).join(", ")}`,
      x: [0, MOST_STEPS],
      y: [LEAST, 100],
      log: "y",
      xLabel: "steps taken",
      yLabel: "loss",
    },
    (x, y) => {
      const points = losses.map((loss, step) => [step, Math.max(loss, LEAST)]);
      const off = (step) => units[unit].slope(z[step]) < 1;
      return svg`
        <path class="kill-curve" d=${line(points, x, y)} />
        ${points.map(([step, loss]) =>
          off(step)
            ? svg`<rect class="kill-dead" x=${x(step) - 4} y=${y(loss) - 4} width="8" height="8" />`
            : svg`<circle class="kill-alive" cx=${x(step)} cy=${y(loss)} r="4.5" />`,
        )}`;
    },
  );

const unitPicture = ({ unit }, { z, h, y, parameters }) => {
  const [w1, b1, w2, b2] = parameters.map((value) => number(value, 3));
  const slope = units[unit].slope(z.at(-1));
  const kind = slope === 0 ? "kill-is-off" : "";
  const at = z.at(-1);
  return html`<svg
    class="cw-chart kill-unit ${kind}"
    viewBox="0 0 360 106"
    role="img"
    aria-label="x = 1 goes by w1 = ${w1} and b1 = ${b1} to the hidden unit, z = ${number(at)}, which
      passes ${slope} of the blame; by w2 = ${w2} and b2 = ${b2} to y = ${number(y)}"
  >
    <path class="kill-wire" d="M42 50H140M220 50H296" />
    <text x="24" y="54" text-anchor="middle">x = 1</text>
    <text x="91" y="40" text-anchor="middle">w₁ = ${w1}</text>
    <text x="91" y="68" text-anchor="middle">b₁ = ${b1}</text>
    <circle cx="180" cy="50" r="40" />
    <text x="180" y="46" text-anchor="middle">z = ${number(at, 3)}</text>
    <text x="180" y="63" text-anchor="middle">h = ${number(h, 3)}</text>
    <text x="180" y="104" text-anchor="middle">slope ${number(slope)}${slope === 0 ? ": off" : ""}</text>
    <text x="262" y="40" text-anchor="middle">w₂ = ${w2}</text>
    <text x="262" y="68" text-anchor="middle">b₂ = ${b2}</text>
    <text x="358" y="54" text-anchor="end">y = ${number(y, 3)}</text>
  </svg>`;
};

const table = ({ parameters, gradient }) => html`<table class="kill-table">
  <thead>
    <tr><td></td><th scope="col">value</th><th scope="col">gradient</th></tr>
  </thead>
  <tbody>
    ${NAMES.map(
      (name, i) => html`<tr>
        <th scope="row">${name}</th>
        <td>${number(parameters[i], 3)}</td>
        <td class="kill-gradient">${number(gradient[i], 3)}</td>
      </tr>`,
    )}
  </tbody>
</table>`;

/* Repeating the step: a timer for each widget, known by the `set` that belongs to it. */
const timers = new WeakMap();

const stop = (set) => {
  clearTimeout(timers.get(set));
  timers.delete(set);
};

const play = (set, step = 0) => {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const now = still ? MOST_STEPS : step;
  if (now < MOST_STEPS) timers.set(set, setTimeout(() => play(set, now + 1), 350));
  else timers.delete(set);
  set({ steps: now });
};

const toggle = (set, { steps }) => {
  if (timers.has(set)) {
    stop(set);
    set({ steps: Math.max(0, steps - 1) }); // a change, so that the button is drawn anew
  } else play(set);
};

const draw = (state, numbers, set) => html`
  <div class="kill-places">
    ${PLACES.map(
      ({ alpha, told }) => html`<button
        type="button"
        aria-pressed=${state.alpha === alpha}
        @click=${() => set({ alpha })}
      >${told}: ${alpha}</button>`,
    )}
    <button type="button" @click=${() => toggle(set, state)}>
      ${timers.has(set) ? "Stop" : "Repeat the step"}
    </button>
  </div>
  <div class="kill-sides">
    <div>${landscape(state, set)}</div>
    <div>${history(state, numbers)}</div>
  </div>
  ${unitPicture(state, numbers)} ${table(numbers)}
  <p class="kill-key">
    <span class="kill-key-on">●</span> the unit passes all blame back,
    <span class="kill-key-off">■</span> it passes less. Drag the point on the curve.
  </p>
`;

/* What you see */

const stretch = ({ alpha, unit }) => {
  const loss = afterOne(alpha, unit);
  if (alpha === 0) return html`<p>No step, no change. Pull the point to the right.</p>`;
  if (loss < 0.01) {
    return html`<p>
      <b>One step and the loss is ${number(loss, 3)}.</b> The direction was right all along; this is how
      far it holds, a twelfth of the slide's ¼.
    </p>`;
  }
  if (loss < 4) {
    return html`<p>
      The step takes the loss from 4 to <b>${number(loss)}</b>.
      ${alpha < 0.0211 ? "There is room for more." : "It has gone through the bottom and climbs the other side."}
    </p>`;
  }
  return html`<p>
    The step takes the loss <b>up, from 4 to ${number(loss)}</b>, though its direction is the right one.
    A gradient is a promise about very small steps.
  </p>`;
};

const fate = ({ unit, steps, alpha }, { losses, z, gradient }) => {
  const firstOff = z.findIndex((value) => units[unit].slope(value) < 1);
  if (firstOff < 0) {
    const jumped = unit === "open" && z.at(-1) === 0;
    return jumped
      ? html`<p>z is exactly 0, and this unit still learns there. Take one step more.</p>`
      : steps > 1
        ? html`<p>After ${steps} steps the loss is ${number(losses.at(-1), 3)}, and the unit is alive.</p>`
        : nothing;
  }
  if (unit === "leaky") {
    return html`<p>
      z has not been positive since step ${firstOff}, but a tenth of the blame leaks through: all four gradients
      still move (dw₁ = ${number(gradient[0], 3)}). <b>Hurt, not dead.</b>
    </p>`;
  }
  const kink = unit === "open" && alpha === 0.25 ? " The open kink bought it one step, no more." : "";
  return html`<p>
    <b>Since step ${firstOff} the unit is off</b>, and its w₁, b₁, w₂ have the gradient 0: nothing can
    switch it on again. ${
      steps > firstOff
        ? `The loss is ${number(losses.at(-1), 3)} all the same: b₂ learns the target by heart, for
          every input alike.`
        : "Only b₂ still learns. Repeat the step and watch the loss."
    }${kink}
  </p>`;
};

const see = (state, numbers) => html`${stretch(state)} ${fate(state, numbers)}`;

/* As code */

const code = ({ alpha, unit, steps }) => `import numpy as np
from coursepkg.autodiff import Tensor
from coursepkg.widgets.kill_step import START, loss

values, losses = np.array(START), []  # w1, b1, w2, b2
for step in range(${steps} + 1):
    parameters = [Tensor(value, requires_grad=True) for value in values]
    reached, at = loss("${unit}", parameters)  # forward: the loss, and z
    reached.backward()  # one backward pass
    losses.append(float(reached.data))
    gradient = np.array([p.grad for p in parameters])
    parameters, values = values, values - ${alpha} * gradient`;

export default widget({
  controls: [
    { name: "alpha", label: "Learning rate α", values: RATES },
    {
      name: "unit",
      label: "Hidden unit",
      options: [
        ["relu", "ReLU"],
        ["leaky", "leaky ReLU, 0.1"],
        ["open", "ReLU, slope 1 at 0"],
      ],
    },
    { name: "steps", label: "Steps taken", min: 0, max: MOST_STEPS, step: 1 },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "The slide's step, α = ¼, has taken the loss from 4 to 49 and switched the hidden unit off. The slide goes on: repeat until convergence. What will the loss do?",
    options: [
      "Stay at 49: the unit is dead",
      "Fall to 0: the unit recovers",
      "Fall to 0, and the unit stays dead",
    ],
    answer: 2,
    attempt:
      "Repeat the step. Then look for the longest step that does not raise the loss, and for the shortest that kills the unit. Then let the unit leak.",
    explain:
      "A unit that is off for the only sample has the gradient 0 in w₁, b₁ and w₂, so it stays as it is. The output bias b₂ does not go through the unit: it halves its error at every step and ends at the target. The loss tends to 0, and the network answers 1 to x = 1 as it answers 1 to every smaller x. A loss curve does not show a dead unit.",
  },
});
