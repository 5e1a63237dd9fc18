/* What W1.1 says: what just happened, why it must end, and the same as code. */
import { count, html, nothing, number } from "./frame.js";
import { MOST, dot, length } from "./perceptron_stepper_numbers.js";

const name = (slot, y) => `sample ${slot + 1} (${y > 0 ? "blue, +1" : "orange, −1"})`;

const angle = (a, b) => {
  const sizes = length(a) * length(b);
  return sizes ? (180 / Math.PI) * Math.acos(Math.max(-1, Math.min(1, dot(a, b) / sizes))) : null;
};

const beforeTheFirst = ({ met, total }) =>
  html`<p>
    All weights are 0, so there is no line yet and every score is 0.
    ${!met.length
      ? "And no sample, so there is nothing to learn."
      : total
        ? "Every sample lies on the line, which counts as a mistake. Press Next mistake."
        : "This rule takes a score of 0 for right. So no sample ever moves the weights: it has learned nothing and is content for ever."}
  </p>`;

/* The mistake that was made last: the sample, its score before and after, the turn of the arrow. */
const lastMistake = ({ lr, rule }, { met, found, mistakes, slot, w, wrong }) => {
  const before = mistakes > 1 ? found[mistakes - 2].w : [0, 0, 0];
  const { x, y } = met.find((one) => one.slot === slot);
  const [was, is] = [dot(before, x), dot(w, x)];
  if (rule === "labels 0 and 1" && y < 0) {
    return html`<p>
      <b>Mistake ${mistakes}: ${name(slot, y)} scores ${number(was)} and should not be positive.</b>
      Its label is now written 0, so the rule adds η · 0 · x. Nothing moves, and it will be wrong
      again in every epoch to come.
    </p>`;
  }
  const turned = angle(before.slice(0, 2), w.slice(0, 2));
  return html`<p>
    <b>Mistake ${mistakes}: ${name(slot, y)} scored ${number(was)}.</b> The rule
    ${y > 0 ? "added" : "subtracted"} η times the sample. Its score ${is > was ? "rose" : "fell"} by
    η (|x|² + ${x[2]}) = ${number(lr * dot(x, x))} to ${number(is)}, which is
    ${y * is > 0 ? "right" : "still wrong: a large mistake may take more than one step"}.
    ${turned === null ? nothing : `The arrow turned by ${number(turned, 2)}°.`} Now
    ${wrong === 0 ? "no sample is" : `${wrong} of ${met.length} samples are`} on the wrong side.
  </p>`;
};

const outlook = ({ rule }, { mistakes, total, converged, bound, met }) => {
  if (!met.length) return nothing;
  const most = bound === null ? null : count(Math.floor(bound + 1e-9));
  if (rule === "labels 0 and 1" && !converged) {
    return html`<p>The right rule would need at most ${most ?? "for ever, as no line is right"}${most ? " steps" : ""} here.</p>`;
  }
  if (bound === null) {
    return html`<p>
      <b>No line ${rule === "no bias" ? "through the origin " : ""}separates these points</b>, so
      there is no margin and no bound, and the rule goes on for ever (here it is stopped after
      ${MOST} mistakes). Drag a point until the orange lines appear on the right.
    </p>`;
  }
  const done = converged && mistakes === total;
  return html`<p>
    ${done
      ? html`<b>Done after ${total} ${total === 1 ? "mistake" : "mistakes"}; the theorem allows ${most}.</b>`
      : html`At most <b>${most}</b> mistakes can happen${converged ? `, ${total} will` : ""}.`}
    Right chart: the part of w along the best normal must stay above kγ, its length below R√k.
    Where these two meet, nobody can have got.
  </p>`;
};

const see = (state, numbers) => html`
  ${numbers.mistakes ? lastMistake(state, numbers) : beforeTheFirst(numbers)} ${outlook(state, numbers)}
`;

const code = ({ points, step, lr, order, rule }) => {
  const used = points.slice(0, 1 + points.findLastIndex(([, , label]) => label));
  return `import numpy as np
from coursepkg.margin import widest_margin
from coursepkg.perceptron import mistake_bound, radius_and_margin
from coursepkg.widgets import PerceptronStepper
from coursepkg.widgets.perceptron_stepper import run, samples

points = ${JSON.stringify(used)}
widget = PerceptronStepper(points=points, step=${step}, lr=${lr}, order=${order}, rule="${rule}")
rows, y, slots = samples(widget.points, widget.order, widget.rule)
history, converged = run(rows, y, widget.lr, widget.rule)  # sign_update, again and again
total = len(history)
mistakes = min(widget.step, total)
w = history[mistakes - 1][1] if mistakes else np.zeros(3)
wrong = int(np.sum(y * (rows @ w) <= 0))
if total:
    radius = radius_and_margin(rows, y, np.ones(3))[0]
    best, margin = widest_margin(rows, y)
    if margin:
        bound = mistake_bound(radius, margin)`;
};

export { code, see };
