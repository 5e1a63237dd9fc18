/* W2.4: losses of one score over its margin, their slopes, and where the slopes lead. */
import { chart, handle, line, scale } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const RATE = 0.1;
const [LOW, HIGH] = [-4, 6];

/* Mathematics: [loss, slope] at a margin m */

const sigmoid = (s) => (s >= 0 ? 1 / (1 + Math.exp(-s)) : Math.exp(s) / (1 + Math.exp(s)));

const LOSSES = {
  squared: (m) => [(m - 1) ** 2, 2 * (m - 1)],
  logistic: (m) => [Math.max(m, 0) - m + Math.log1p(Math.exp(-Math.abs(m))), sigmoid(m) - 1],
  hinge: (m) => [Math.max(0, 1 - m), 1 - m > 0 ? -1 : 0],
  zero_one: (m) => [m < 0 ? 1 : 0, 0],
};
const NAMES = { squared: "squared", logistic: "logistic", hinge: "hinge", zero_one: "0-1" };

const each = (rule) => Object.fromEntries(Object.entries(LOSSES).map(([name, judge]) => [name, rule(judge)]));

const descend = (judge, margin, steps) => {
  let m = margin;
  for (let k = 0; k < steps; k++) m -= RATE * judge(m)[1];
  return m;
};

/* For each loss: its value, its slope, and the margin after some steps. */
const compute = ({ margin, steps }) =>
  each((judge) => [...judge(margin), descend(judge, margin, steps)]);

const column = (numbers, place) =>
  Object.fromEntries(Object.keys(LOSSES).map((name) => [name, numbers[name][place]]));
const named = (numbers) => ({
  losses: column(numbers, 0),
  slopes: column(numbers, 1),
  after: column(numbers, 2),
});

/* Picture: the curves with the margin to take hold of, and below a track for each loss */

const MARKS = {
  squared: svg`<path d="M-6 -6H6V6H-6Z" />`,
  logistic: svg`<circle r="6" />`,
  hinge: svg`<path d="M0 -7L7 5H-7Z" />`,
  zero_one: svg`<path d="M0 -7L7 0L0 7L-7 0Z" />`,
};
const LABELS = {
  loss: { squared: [3.4, 4.5], logistic: [-3.9, 2.5], hinge: [-2.7, 4.2], zero_one: [-3.9, 1.2] },
  slope: { squared: [1.1, 1.6], logistic: [1.2, -0.7], hinge: [-3.9, -1.6], zero_one: [3.9, 0.35] },
};

const grid = [...Array(201).keys()].map((i) => LOW + (i * (HIGH - LOW)) / 200);

const curves = ({ margin, picture }, numbers, set) => {
  const { losses, slopes } = named(numbers);
  const [values, part, ends] = picture === "loss" ? [losses, 0, [0, 6]] : [slopes, 1, [-4, 4]];
  const kept = (value) => Math.max(ends[0], Math.min(ends[1], value));
  return chart(
    {
      label: `${picture === "loss" ? "Losses" : "Slopes"} over the margin, which is ${number(margin)}`,
      x: [LOW, HIGH],
      y: ends,
      xLabel: "margin: score of the right answer",
      yLabel: picture,
      role: "group",
    },
    (x, y) => {
      const foot = Object.assign(() => y(ends[0]), { invert: () => 0, ends: [0, 0] });
      return svg`<path class="ls-one" d="M${x(1)} ${y(ends[0])}V${y(ends[1])}" />
        ${picture === "slope" ? svg`<path class="ls-one" d="M${x(LOW)} ${y(0)}H${x(HIGH)}" />` : nothing}
        <path class="ls-now" d="M${x(margin)} ${y(ends[0])}V${y(ends[1])}" />
        ${Object.entries(LOSSES).map(
          ([name, judge]) => svg`<path class="ls-line ls-${name}"
            d=${line(grid.map((m) => [m, inside(judge(m)[part], ends)]), x, y)} />
            <text class="ls-name ls-${name}" x=${x(LABELS[picture][name][0])}
              y=${y(LABELS[picture][name][1])}>${NAMES[name]}</text>
            <g class="ls-mark ls-${name}" transform="translate(${x(margin)} ${y(kept(values[name]))})">
              ${MARKS[name]}</g>`,
        )}
        ${handle({
          at: [margin, 0],
          x,
          y: foot,
          step: 0.25,
          label: "Margin",
          move: ([m]) => set({ margin: m }),
          mark: svg`<path class="ls-knob" d="M0 -7L8 7H-8Z" />`,
        })}`;
    },
  );
};

const inside = (value, [low, high]) => (value < low || value > high ? NaN : value);

const tracks = ({ margin, steps }, numbers) => {
  const { after } = named(numbers);
  const x = scale([LOW, HIGH], [70, 350]);
  return html`<svg class="cw-chart" viewBox="0 0 360 132" role="img"
    aria-label="After ${steps} steps from ${number(margin)}: ${Object.keys(after).map(
      (name) => `${NAMES[name]} ${number(after[name], 3)}`,
    ).join(", ")}">
    <text x="2" y="14">after ${steps} steps downhill</text>
    <path class="ls-one" d="M${x(1)} 22V128" />
    ${Object.keys(after).map((name, i) => {
      const y = 34 + 26 * i;
      return svg`<text x="2" y=${y + 4}>${NAMES[name]}</text>
        <path class="ls-track" d="M${x(LOW)} ${y}H${x(HIGH)}" />
        <path class="ls-line ls-${name}" d="M${x(margin)} ${y}H${x(after[name])}" />
        <circle class="ls-start" cx=${x(margin)} cy=${y} r="3.5" />
        <g class="ls-mark ls-${name}" transform="translate(${x(after[name])} ${y})">${MARKS[name]}</g>`;
    })}
  </svg>`;
};

const draw = (state, numbers, set) => html`<div class="ls-sides">
  ${curves(state, numbers, set)} ${tracks(state, numbers)}
</div>`;

/* What you see */

const story = ({ margin }, { losses, slopes }) => {
  if (margin > 1) {
    return html`<p>The answer is right, by ${number(margin)}. The squared error charges
      <b>${number(losses.squared)}</b> for it, with slope ${number(slopes.squared)}: it <b>pulls a right answer
      back</b> towards 1. The hinge is content from 1 on; the logistic loss still asks for more, ever more
      softly (slope ${number(slopes.logistic, 2)}).</p>`;
  }
  if (margin >= 0) {
    return html`<p>Right, but narrowly. The 0-1 loss sees nothing to do. The other three all push to the right,
      with slopes ${number(slopes.squared, 3)}, ${number(slopes.logistic, 3)} and ${number(slopes.hinge)}:
      they ask for a <b>margin</b>.</p>`;
  }
  return html`<p>Wrong, by ${number(-margin)}. The 0-1 loss counts 1 and has <b>slope 0: no way to improve</b>. The
    hinge pushes with 1, however wrong; the logistic loss with ${number(-slopes.logistic, 3)}, at most 1; the squared
    error with ${number(-slopes.squared, 3)}, so that one bad outlier outweighs many samples.</p>`;
};

const see = (state, given) => {
  const numbers = named(given);
  return html`
  <p>Losses at ${number(state.margin)}: ${Object.keys(LOSSES).map((name, i) =>
    html`${i ? ", " : ""}${NAMES[name]} <b>${number(numbers.losses[name], 3)}</b>`)}.</p>
  ${story(state, numbers)}
  ${state.steps
    ? html`<p>After ${state.steps} steps the squared error has brought the margin to
        ${number(numbers.after.squared, 3)}, the logistic loss to ${number(numbers.after.logistic, 3)}, the hinge to
        ${number(numbers.after.hinge, 3)}.</p>`
    : html`<p>Take some steps, and see who moves.</p>`}`;
};

/* As code */

const code = ({ margin, steps }) => `from coursepkg.widgets.loss_shapes import LOSSES, descend


def numbers(name):  # LOSSES["squared"] is F.mse_loss with its backward pass, and so on
    judge = LOSSES[name]
    loss, slope = judge(${margin})
    return loss, slope, descend(judge, ${margin}, steps=${steps})


squared, logistic = numbers("squared"), numbers("logistic")
hinge, zero_one = numbers("hinge"), numbers("zero_one")`;

export default widget({
  controls: [
    { name: "margin", label: "Margin", min: LOW, max: HIGH, step: 0.25 },
    { name: "steps", label: "Steps downhill", min: 0, max: 60, step: 1 },
    {
      name: "picture",
      label: "Curves",
      options: [
        ["loss", "losses"],
        ["slope", "slopes"],
      ],
    },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question: "The right class has score 5 where the target was 1. In which direction does the squared error move it?",
    options: ["Further up", "Down, to 1", "It leaves it"],
    answer: 1,
    attempt:
      "Take 60 steps from margin 5. Then drag the margin to −3 and take them again: who is first at the other side, and who never moves?",
    explain:
      "The squared error asks for the number 1, not for a right answer. At 5 it charges (5 − 1)² = 16 and pushes down, eight times as hard as it pushes up a sample at the border that is about to be lost. Hinge and logistic loss only ever push a right answer further in, or not at all.",
  },
});
