/* W3.1: the error of a difference quotient against its step. */
import { chart, handle, line } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const EXPONENTS = [...Array(33).keys()].map((k) => -k / 2);
const METHODS = ["forward", "central", "complex"];
const HELD = { float64: -Math.log10(2 ** -52), float32: -Math.log10(2 ** -23) };
const FLOOR = 1e-17; // where an error of exactly 0 is drawn

const EXAMPLES = {
  deck: { name: "e^sin x at 1.3", code: "np.exp(np.sin(x))" },
  cube: { name: "x³ at 2", code: "x * x * x" },
  wiggle: { name: "sin 50x at 1.3", code: "np.sin(50 * x)" },
  tall: { name: "10⁶ + e^sin x at 1.3", code: "1e6 + np.exp(np.sin(x))" },
  kink: { name: "|x| at 0.001", code: "np.abs(x)" },
};

const compute = ({ example, precision, method, exponent }, { errors, facts }) => {
  const curves = errors[example][precision];
  const own = curves[method];
  const known = own.filter((error) => error !== null);
  const best = known.length ? own.indexOf(Math.min(...known)) : null;
  const [value, slope] = facts[example];
  const span = 10 ** exponent * (method === "central" ? 2 : 1);
  const shared = Math.log10(Math.abs(value) / (span * Math.abs(slope)));
  return {
    curves,
    h: 10 ** exponent,
    error: own[-2 * exponent],
    others: METHODS.map((each) => curves[each][-2 * exponent]),
    best_exponent: best === null ? null : EXPONENTS[best],
    best_error: best === null ? null : own[best],
    held: HELD[precision],
    lost: method === "complex" ? 0 : Math.max(0, Math.min(HELD[precision], shared)),
  };
};

/* Powers of ten as they are written: 10⁻⁵, and 3.2·10⁻⁶ for a half. */
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const power = (exponent) => {
  const whole = Math.floor(exponent);
  const raised = String(Math.abs(whole)).replace(/\d/g, (digit) => SUPERSCRIPT[digit]);
  const factor = whole === exponent ? "" : "3.2·";
  return whole === 0 ? "1" : `${factor}10${whole < 0 ? "⁻" : ""}${raised}`;
};
const size = (value) => {
  if (value === 0 || value >= 0.001) return number(value, 2);
  const [digits, exponent] = value.toExponential(1).split("e");
  return `${digits}·${power(Number(exponent))}`;
};

/* Picture */

const TITLES = { forward: "forward", central: "central", complex: "complex step" };
const MARKS = {
  forward: svg`<rect x="-6" y="-6" width="12" height="12" />`,
  central: svg`<circle r="7" />`,
  complex: svg`<path d="M0 -8L8 0L0 8L-8 0Z" />`,
};
/* Where the name of a curve stands: at this exponent, so far right and down, which end of it. */
const NAMES_AT = {
  forward: [-2.5, -10, -6, "end"],
  central: [-2.5, 8, 16, "start"],
  complex: [-15, 0, -8, "start"],
};

const curve = (own, method, active, x, y) => {
  const points = own.map((error, k) => [EXPONENTS[k], error === null ? NaN : Math.max(error, FLOOR)]);
  const [place, dx, dy, anchor] = NAMES_AT[method];
  const [at, error] = points[-2 * place];
  return svg`<g class="step-${method}" opacity=${active ? 1 : 0.55}>
    <path class="step-line" d=${line(points, x, y)} stroke-width=${active ? 3 : 1.5} />
    ${
      Number.isNaN(error)
        ? nothing
        : svg`<text x=${x(at) + dx} y=${Math.min(y(error) + dy, y(FLOOR) - 6)} text-anchor=${anchor}>${TITLES[method]}</text>`
    }
  </g>`;
};

const valley = (state, { curves, error, h }, set) =>
  chart(
    {
      label: `Error of three difference quotients against the step; ${state.method} at ${h} errs by ${error}`,
      height: 280,
      x: [-16, 0],
      y: [FLOOR, 1e4],
      log: "y",
      xLabel: "log₁₀ of the step h   (drag the mark)",
      yLabel: "relative error",
      role: "group",
    },
    (x, y) => svg`
      ${METHODS.map((method) => curve(curves[method], method, method === state.method, x, y))}
      ${error === null ? nothing : mark(state, error, x, y, set)}`,
  );

const mark = (state, error, x, y, set) => svg`<g class="step-${state.method} step-mark">
  ${handle({
    at: [state.exponent, Number(Math.max(error, FLOOR).toPrecision(3))],
    x,
    y,
    step: 0.5,
    label: "Step and error",
    move: ([exponent]) => set({ exponent }),
    mark: MARKS[state.method],
  })}
</g>`;

/* Sixteen boxes, or seven: those whose digits the two values share are gone in the difference. */
const digits = ({ method, precision }, { held, lost }) => {
  if (method === "complex") {
    return html`<p class="step-digits">Nothing is subtracted, so no digit can cancel.</p>`;
  }
  const boxes = Math.round(held);
  const gone = Math.min(boxes, Math.round(lost));
  const left = boxes - gone;
  return html`<p class="step-digits">
    <span>Digits of the two values of f:</span>
    <span class="step-boxes" role="img" aria-label="${gone} of ${boxes} digits agree and cancel, ${left} are left">
      ${[...Array(boxes).keys()].map(
        (k) => html`<i class=${k < gone ? "step-gone" : "step-left"}>${k < gone ? "=" : "≠"}</i>`,
      )}
    </span>
    <span>${gone} agree and cancel, ${left} left in ${precision}.</span>
  </p>`;
};

const draw = (state, numbers, set) =>
  html`${valley(state, numbers, set)} ${digits(state, numbers)}`;

/* What you see */

const wall = ({ method, exponent }, { best_exponent, error, best_error }) => {
  if (method === "complex") {
    return html`<p>
      The imaginary part is the derivative, with no subtraction, so <b>there is no wall of
      rounding to fear</b>: take h = 10⁻²⁰ and forget about it. The price: f must go on to complex
      numbers.
    </p>`;
  }
  if (error === 1) {
    return html`<p>
      <b>An error of exactly 1: the quotient is 0.</b> x + h has been rounded back to x, or the change of
      f to nothing. No step was taken.
    </p>`;
  }
  if (exponent > best_exponent) {
    const law = method === "central" ? "h², so h ten times smaller is 100 times better" : "h itself";
    return html`<p>
      You are on the <b>wall of truncation</b>: the curve is not its chord. Here the error goes like
      ${law}, while the step is small against the bends of f.
    </p>`;
  }
  if (exponent < best_exponent) {
    return html`<p>
      You are on the <b>wall of rounding</b>: the leading digits cancel, what is left is noise, and
      dividing by h makes it ${error > 100 * best_error ? "large" : "larger"}.
    </p>`;
  }
  return html`<p><b>The bottom of this valley.</b> Both errors are equally large here.</p>`;
};

const remark = ({ example, precision, method }, { h }) => {
  if (example === "kink") {
    if (method === "complex") {
      return html`<p><b>It cannot.</b> |x| throws the imaginary part away, and coursepkg raises a TypeError.</p>`;
    }
    return html`<p>
      The kink is at 0, so a step beyond 0.001 reaches across it. ${
        method === "central" && h > 0.001 ? "The two sides cancel, in part or in full." : ""
      } Closer than that |x| is a straight line: no truncation at all.
    </p>`;
  }
  if (example === "tall") {
    return html`<p>Same slope as without the 10⁶. But <b>six more digits agree</b>, so the wall of rounding is
      10⁶ times higher.</p>`;
  }
  if (example === "wiggle") return html`<p>It bends 50 times as fast, so the wall of truncation moves left.</p>`;
  return precision === "float32"
    ? html`<p><b>float32 holds 7 digits.</b> No step is good: this is why a check computes in float64.</p>`
    : nothing;
};

const see = (state, numbers) => {
  const { method, exponent } = state;
  const { error, others, best_exponent, best_error } = numbers;
  if (error === null) return remark(state, numbers);
  return html`<p>
      h = ${power(exponent)}, ${TITLES[method]}: relative error <b>${size(error)}</b>. (forward
      ${size(others[0])}, central ${size(others[1])}${
        others[2] === null ? "" : html`, complex step ${size(others[2])}`
      }.) Its best step here is ${power(best_exponent)}, with ${size(best_error)}.
    </p>
    ${state.example === "kink" ? nothing : wall(state, numbers)} ${remark(state, numbers)}`;
};

/* As code */

const QUOTIENTS = {
  forward: "(f(x + h) - f(x)) / h",
  central: "(f(x + h) - f(x - h)) / (2 * h)",
  complex: "f(x + 1j * h).imag / h",
};

const code = ({ example, precision, method, exponent }, { error }) => `import numpy as np
from coursepkg.widgets.step_size import EXAMPLES, error_of, lost_digits

f, derivative, x, text = EXAMPLES["${example}"]  # ${EXAMPLES[example].code}
h = 10.0 ** ${exponent}
lost = lost_digits("${example}", "${precision}", "${method}", ${exponent})
# ${QUOTIENTS[method]}, in ${precision}, compared with derivative(x)${
  error === null
    ? ": np.abs drops the step"
    : `:\nerror = error_of("${example}", ${exponent}, "${method}", "${precision}")`
}`;

export default widget({
  controls: [
    {
      name: "example",
      label: "Function",
      options: Object.entries(EXAMPLES).map(([key, { name }]) => [key, name]),
    },
    { name: "precision", label: "Numbers", options: [["float64", "float64"], ["float32", "float32"]] },
    {
      name: "method",
      label: "Difference",
      options: [
        ["forward", "forward"],
        ["central", "central"],
        ["complex", "complex step"],
      ],
    },
    { name: "exponent", label: "log₁₀ h", min: -16, max: 0, step: 0.5 },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "The derivative is a limit for h → 0. So take the forward difference with h = 10⁻¹⁵ instead of 10⁻⁵. What happens to its error, 1.7·10⁻⁵?",
    options: ["It shrinks to about 10⁻¹⁵", "It stays about the same", "It grows a thousandfold or more"],
    answer: 2,
    attempt:
      "Drag the mark to the left and watch the boxes. Find the bottom for forward and for central. Then float32, then the function with 10⁶ added, then the kink.",
    explain:
      "f(x + h) and f(x) are rounded to 16 digits each. With h = 10⁻¹⁵ they share nearly all of them, and the difference consists of rounding. The truncation error, h · f″/2 for the forward and h² · f‴/6 for the central difference, is tiny there, and rounding, about 10⁻¹⁶ · f / h, is everything. The sum of both is smallest near 10⁻⁸ for forward and near 10⁻⁵ for central.",
  },
});
