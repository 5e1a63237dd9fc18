/* W7.2: a loss curve, tests to order, and four diagnoses to choose from. */
import { chart, clipped, line } from "./chart.js";
import { choices, diagnoses } from "./curve_clinic_text.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const caseOf = ({ case: place }, { names, runs }) => ({
  name: names[Number(place) - 1],
  log: runs[Number(place) - 1],
});

const compute = (state, data) => {
  const { name, log } = caseOf(state, data);
  return {
    train: log.train,
    test: log.test,
    excess: log.first / log.guess,
    gap: log.test.at(-1) - log.train.at(-1),
    ordered: state.test === "none" ? null : log[state.test],
    right: Number(state.diagnosis === name),
    name,
    log,
    healthy: data.healthy,
  };
};

/* Picture */

const HIGHEST = 1e6;

const span = (curves) => {
  const values = curves.flat().filter((value) => value > 0);
  const low = Math.min(1, ...values);
  const high = Math.min(HIGHEST, Math.max(10, ...values));
  return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))];
};

const curves = ({ case: place, beside }, { train, test, log, healthy }) => {
  const shown = beside === "healthy" ? healthy.train : [];
  const share = (values) => values.map((value, i) => [(100 * i) / 49, value]);
  return chart(
    {
      label: `Run ${place}: training loss from ${number(train[0], 3)} to ${number(train.at(-1), 3)}, test loss from ${number(test[0], 3)} to ${number(test.at(-1), 3)}`,
      x: [0, 100],
      y: span([train, test, shown]),
      log: "y",
      width: 420,
      height: 280,
      xLabel: "share of the run, %",
      yLabel: "loss:  — training   - - test",
    },
    (x, y) => svg`
      <path class="clinic-guess" d="M${x(0)} ${y(log.guess)}H${x(100)}" />
      <text x=${x(100)} y=${y(log.guess) - 10} text-anchor="end">guessing: ${number(log.guess, 4)}</text>
      ${clipped(
        x,
        y,
        svg`<path class="clinic-healthy" d=${line(share(shown), x, y)} />
        <path class="clinic-train" d=${line(share(train), x, y)} />
        <path class="clinic-test" d=${line(share(test), x, y)} />`,
      )}`,
  );
};

const answers = ({ diagnosis }, { name, right }, set) => html`
  <div class="clinic-choices" role="group" aria-label="Your diagnosis">
    ${choices[name].map(
      (one) =>
        html`<button
          type="button"
          aria-pressed=${String(one === diagnosis)}
          class=${one !== diagnosis ? "" : right ? "clinic-right" : "clinic-wrong"}
          @click=${() => set({ diagnosis: one })}
        >
          ${one !== diagnosis ? "" : right ? "✓ " : "✗ "}${diagnoses[one][0]}
        </button> `,
    )}
  </div>
`;

const draw = (state, numbers, set) => html`
  ${curves(state, numbers)} ${answers(state, numbers, set)}
  ${state.diagnosis ? reveal(state, numbers) : nothing}
`;

const reveal = ({ diagnosis }, { right }) => {
  const [title, sign, wrong, mended] = diagnoses[diagnosis];
  if (!right) {
    return html`<p class="clinic-reveal">
      <b>Not ${title}.</b> That looks like this: ${sign} Look again, or order a
      test.
    </p>`;
  }
  return html`<div class="clinic-reveal">
    <p><b>Yes: ${title}.</b> ${sign}</p>
    <p class="clinic-fix"><code>${wrong}</code> → <code>${mended}</code></p>
  </div>`;
};

/* What you see */

const short = (value) => (value < HIGHEST ? number(value, 3) : value.toExponential(0));

const share = (value) => `${number(value, 3)} %`;

const tests = {
  none: () => "No test ordered. The curve is all you have.",
  first: (value, { log, excess }) =>
    html`<b>Loss before the first step: ${number(value, 4)}</b>, ${number(excess, 3)} times that of guessing
      (${number(log.guess, 4)}). ${
        excess > 2
          ? "A network that knows nothing should not be so sure of itself."
          : "About what a network that knows nothing should have."
      }`,
  eight: (value) =>
    value === null
      ? "Not possible here: this run has targets, no classes."
      : value < 0.1
        ? html`<b>Eight samples alone: ${number(value, 3)}.</b> It learns them by heart, so the way from the
            loss to the weights is open.`
        : value > 1e6
          ? html`<b>Eight samples alone: the loss runs away.</b>`
          : html`<b>Eight samples alone: ${number(value, 3)}.</b> It cannot even learn eight digits by heart.
              The data are not to blame.`,
  ratio: (value) =>
    value === 1
      ? html`<b>Gradient check: ratio 1.</b> The gradient in use is the gradient of the loss in use.`
      : html`<b>Gradient check: ratio ${number(value, 3)}.</b> The gradient in use is not that of the loss.`,
  dead: (value) =>
    html`<b>Dead units at the end: ${share(value)}</b>, off for every training sample.`,
  accuracy: (value) =>
    value === null
      ? "Not possible here: this run has targets, no classes."
      : html`<b>On 360 digits that it has never seen: ${share(value)}</b> right.`,
};

const see = (state, numbers) => {
  const { train, test, gap, ordered } = numbers;
  return html`<p>
      Run ${state.case} of 12. Training loss from ${short(train[0])} to <b>${short(train.at(-1))}</b>, test loss to
      <b>${short(test.at(-1))}</b>${Math.abs(gap) < HIGHEST ? `: a gap of ${number(gap, 2)}` : ""}.
    </p>
    <p>${tests[state.test](ordered, numbers)}</p>
    ${
      state.beside === "healthy"
        ? html`<p>The pale line is the training loss of a healthy run.</p>`
        : nothing
    }`;
};

const code = ({ case: place, test }, { ordered }) => `from coursepkg.widgets.clinic_runs import NAMES, recorded

kept = recorded(NAMES[${place} - 1])  # run(...) instead trains it again
train, test = kept.train, kept.test
gap = test[-1] - train[-1]
excess = kept.first / kept.guess  # first loss, in units of guessing${ordered === null ? "" : `
ordered = kept.${test}`}`;

export default widget({
  controls: [
    {
      name: "case",
      label: "Run",
      options: [...Array(12).keys()].map((i) => [String(i + 1), `Run ${i + 1}`]),
      along: { diagnosis: "" },
    },
    {
      name: "test",
      label: "Order a test",
      options: [
        ["none", "none"],
        ["first", "loss before the first step"],
        ["eight", "eight samples by heart"],
        ["ratio", "gradient check"],
        ["dead", "dead units"],
        ["accuracy", "new digits"],
      ],
    },
    {
      name: "beside",
      label: "Draw beside it",
      options: [
        ["none", "nothing"],
        ["healthy", "a healthy run"],
      ],
    },
  ],
  inPicture: [{ name: "diagnosis", options: [["", ""], ...Object.keys(diagnoses).map((one) => [one, one])] }],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "A run has the right gradient, but its labels were shuffled against the images. Where does its training loss go?",
    options: ["Up, without limit", "To the loss of guessing", "To zero, as always"],
    answer: 1,
    attempt:
      "Twelve runs, one mistake each. Say what you think from the curve alone; if you cannot tell, order one test, not all five. Which two runs need the gradient check to be told apart?",
    explain:
      "With 1,437 samples and 32 units there is nothing to be found between images and labels, so the best it can do is to give every class its share: ln 10 = 2.3026. With sixty samples it would learn even shuffled labels by heart. The same plateau has two other causes, units that are dead and a signal that never arrives; each has a test that finds it.",
  },
});
