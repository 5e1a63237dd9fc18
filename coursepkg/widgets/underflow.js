/* W2.2: exponentials on the line of floating-point numbers, and the losses made from them. */
import { scale } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const GAPS = [
  0, 1, 2, 5, 10, 20, 50, 80, 86, 88, 90, 95, 100, 103, 104, 105, 110, 200, 400, 600, 700, 708, 710,
  720, 735, 740, 744, 746, 750, 800,
];

/* What a format can hold, as powers of ten: the smallest normal number, the smallest of all. */
const FORMATS = {
  float32: { round: Math.fround, normal: 2 ** -126, least: 2 ** -149, digits: 7 },
  float64: { round: Number, normal: 2 ** -1022, least: 2 ** -1074, digits: 16 },
};

/* Mathematics: every step rounded to the format, as the processor does. */

const batch = ({ gap, first_row }) => ({
  scores: [[gap, 0], [0, 1]],
  labels: [first_row === "right" ? 0 : 1, 1],
});

const byProbability = (row, label, top, round) => {
  const e = row.map((s) => round(Math.exp(s - top)));
  const inverse = round(1 / round(e[0] + e[1]));
  const p = round(e[label] * inverse);
  return { e, inverse, p, loss: -round(Math.log(p)) };
};

const logSumExp = (row, label, round) => {
  const z = row.map((s) => s - Math.max(...row));
  const e = z.map((value) => round(Math.exp(value)));
  return { e, loss: round(round(Math.log(round(e[0] + e[1]))) - z[label]) };
};

const compute = (state) => {
  const { round } = FORMATS[state.precision];
  const { scores, labels } = batch(state);
  const top = Math.max(...scores.flat());
  const each = (program) => scores.map((row, i) => program(row, labels[i]));
  const steps = {
    global_max: each((row, y) => byProbability(row, y, top, round)),
    row_max: each((row, y) => byProbability(row, y, Math.max(...row), round)),
    lse: each((row, y) => logSumExp(row, y, round)),
  };
  const loss = (name) => steps[name].map((step) => step.loss);
  return {
    steps,
    global_max: loss("global_max"),
    row_max: loss("row_max"),
    lse: loss("lse"),
    truth: each((row, y) => logSumExp(row, y, Number).loss),
  };
};

/* Picture: a line of powers of ten for each program, with its exponentials on it */

const NAMES = { global_max: "one maximum for the batch", row_max: "a maximum for each row", lse: "log-sum-exp" };
const LINES = { global_max: 62, row_max: 122, lse: 182 };
const [LEFT, RIGHT] = [46, 350];
const GONE = 18; // where a number stands that became 0

const short = (value) => {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "−inf";
  return number(value, 4);
};

const powers = (e) => [...new Set(e.flatMap((step) => step.e))];

const dots = (steps, y, x) =>
  steps.map(({ e }, row) =>
    e.map((value) => {
      const at = value === 0 ? GONE : x(value);
      return row
        ? svg`<rect class="uf-second" x=${at - 5} y=${y - 5} width="10" height="10" />`
        : svg`<circle class="uf-first" cx=${at} cy=${y} r="5.5" />`;
    }),
  );

const draw = (state, { steps, truth }) => {
  const { normal, least } = FORMATS[state.precision];
  const x = scale([state.precision === "float32" ? 1e-48 : 1e-323, 1], [LEFT, RIGHT], true);
  const low = state.precision === "float32" ? x(least) : LEFT;
  const marks = state.precision === "float32" ? [1e-38, 1e-20, 1] : [1e-308, 1e-150, 1];
  const told = Object.entries(steps).map(([name, each]) => `${NAMES[name]}: ${powers(each).map(short).join(", ")}`);
  return html`<svg class="cw-chart" viewBox="0 0 360 226" role="img"
      aria-label="Exponentials of both rows. ${told.join("; ")}">
      <rect class="uf-zone" x=${low} y="40" width=${x(normal) - low} height="160" />
      <path class="uf-edge" d="M${x(normal)} 28V200M32 40V200" />
      <text x="2" y="24">exactly 0</text>
      <text x=${x(normal) + 4} y="24">normal: ${FORMATS[state.precision].digits} digits</text>
      <text x=${Math.max(low, 78)} y="38" class="uf-quiet">fewer</text>
      ${Object.entries(LINES).map(
        ([name, y]) => svg`<path class="uf-line" d="M${LEFT} ${y}H${RIGHT}" />
          <text x=${RIGHT} y=${y - 12} text-anchor="end">${NAMES[name]}</text>
          ${dots(steps[name], y, x)}`,
      )}
      ${marks.map((value, i) => svg`<text x=${x(value)} y="220" text-anchor=${i === 2 ? "end" : "middle"}
        class="uf-quiet">${value === 1 ? "1" : value.toExponential().replace("-", "−")}</text>`)}
    </svg>
    <p class="uf-key"><span class="uf-blue">●</span> e of row 0, scores (${state.gap}, 0)
      <span class="uf-orange">□</span> e of row 1, scores (0, 1)</p>
    ${table(state, steps, truth)}`;
};

const table = (state, steps, truth) => html`<table class="uf-table">
  <thead>
    <tr><th scope="col">loss of</th><th scope="col">row 0</th><th scope="col">row 1</th><th scope="col">batch</th></tr>
  </thead>
  <tbody>
    ${Object.entries(steps).map(([name, each]) => line(NAMES[name], each.map(({ loss }) => loss), truth))}
    ${line("on paper", truth, truth)}
  </tbody>
</table>`;

const line = (name, losses, truth) => html`<tr>
  <th scope="row">${name}</th>
  ${[...losses, mean(losses)].map((value, i) => {
    const wanted = [...truth, mean(truth)][i];
    const wrong = !(Math.abs(value - wanted) <= 1e-3 * Math.max(1, wanted));
    return html`<td class=${wrong ? "uf-wrong" : ""}>${wrong ? "✗ " : ""}${short(value)}</td>`;
  })}
</tr>`;

const mean = ([a, b]) => (a + b) / 2;

/* What you see */

const globalStory = ({ precision }, { e, inverse, p }) => {
  const sum = e[0] + e[1];
  if (sum === 0) {
    return html`<p><b>nan.</b> Both exponentials of row 1 became 0: one over 0 is infinite, times 0 is not
      a number. One such row, and after the next step every weight is nan.</p>`;
  }
  if (inverse === Infinity) {
    return html`<p><b>−inf, which looks like the best loss ever.</b> Row 1 sums to ${number(sum, 2)}, a number
      with hardly a digit left, and one over that is more than ${precision} can hold. p is infinite, and so
      is its logarithm. A run that keeps its best model keeps this one.</p>`;
  }
  const lost = FORMATS[precision].normal > Math.min(...e);
  return lost
    ? html`<p>Row 1 has slipped into the zone of <b>fewer digits</b>: p = ${number(p, 6)}, where
        0.731059 would be right. Move on.</p>`
    : html`<p>All exponentials are normal numbers, and all three programs agree. Widen the gap.</p>`;
};

const see = (state, { steps, row_max, lse }) => html`
  ${globalStory(state, steps.global_max[1])}
  ${state.first_row === "wrong"
    ? row_max[0] === Infinity
      ? html`<p>The maximum of each row saves row 1 and <b>not row 0</b>: its p is exactly 0, the logarithm
          infinite. Log-sum-exp never forms p and says ${short(lse[0])}: <b>the gap itself</b>.</p>`
      : html`<p>Row 0 is labelled with the class that is ${state.gap} behind, so its loss is about the gap.</p>`
    : html`<p>With a maximum for each row, row 1 does not even know how far away row 0 is.
        Label row 0 wrongly to find the limit of that one.</p>`}`;

/* As code */

const code = ({ gap, precision, first_row }) => `import numpy as np

dtype = np.${precision}
scores = np.array([[${gap}.0, 0.0], [0.0, 1.0]])
labels = [${first_row === "right" ? 0 : 1}, 1]


def by_probability(top):  # as in the UVA listing, each step rounded to dtype
    e = dtype(np.exp(scores - top))
    p = e[[0, 1], labels] * (dtype(1) / e.sum(axis=1))
    return -dtype(np.log(p.astype(float)))


with np.errstate(all="ignore"):
    global_max = by_probability(scores.max())
    row_max = by_probability(scores.max(axis=1, keepdims=True))

z = scores - scores.max(axis=1, keepdims=True)
total = dtype(np.exp(z)).sum(axis=1)
lse = dtype(np.log(total.astype(float))) - dtype(z[[0, 1], labels])
# in a program of your own: coursepkg.functional.cross_entropy(scores, labels)`;

export default widget({
  controls: [
    { name: "gap", label: "Gap", values: GAPS },
    {
      name: "precision",
      label: "Format",
      options: [
        ["float32", "float32"],
        ["float64", "float64"],
      ],
    },
    {
      name: "first_row",
      label: "Row 0 is labelled",
      options: [
        ["right", "the large score"],
        ["wrong", "the small score"],
      ],
    },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "Scores (100, 0) and (0, 1), float32, both rows classified rightly. The largest score of the batch is subtracted from all. What loss does the batch get?",
    options: ["About 0.16, as it should", "+ infinity", "− infinity"],
    answer: 2,
    attempt:
      "Move the gap to 110 and back to 95. Switch to float64 and find where the same happens. Then label row 0 with the small score.",
    explain:
      "After subtracting 100, row 1 is (−100, −99). Their exponentials, 4e−44 and 1e−43, are still not zero: below 1e−38 float32 gives up digits rather than the number. But one over their sum would be 7e42, and float32 ends at 3e38. So p = infinity, and −log p = −infinity. A maximum for each row keeps one exponential at 1, and log-sum-exp leaves the probability out altogether.",
  },
});
