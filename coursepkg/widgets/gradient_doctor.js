/* W6.3: wrong gradients beside right ones; a guess, and what the autograder's engine says. */
import { html, nothing, number, widget } from "./frame.js";

const listed = (value) => (Array.isArray(value) ? value.flat(Infinity) : [value]);
const shape = (value) => (Array.isArray(value) ? [value.length, ...shape(value[0])] : []);
const shapeText = (value) => {
  const sizes = shape(value);
  return `(${sizes.join(", ")}${sizes.length === 1 ? "," : ""})`;
};
const fits = (got, right) => got !== null && `${shape(got)}` === `${shape(right)}`;
const norm = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/* The relative error, and how many entries are wrong; all, where there is nothing to compare. */
const compare = (got, right) => {
  const truth = listed(right);
  if (!fits(got, right)) return { error: 1, wrong: truth.length };
  const gaps = listed(got).map((value, i) => value - truth[i]);
  const sizes = norm(listed(got)) + norm(truth);
  return { error: sizes ? norm(gaps) / sizes : 0, wrong: gaps.filter(Boolean).length };
};

const pairs = (right, got) =>
  Object.keys(right).map((name) => ({
    name,
    right: right[name],
    got: got === null ? null : got[name] ?? right[name],
  }));

const judge = (tensors) => {
  const each = tensors.map(({ got, right }) => compare(got, right));
  return {
    error: Math.max(...each.map(({ error }) => error)),
    wrong: each.reduce((sum, { wrong }) => sum + wrong, 0),
  };
};

const compute = ({ operation, patient, inputs }, wards) => {
  const { symptoms, patients, right, lines } = wards[operation];
  const { found, answer, hidden } = patients[patient];
  const tensors = pairs(right[inputs], found[inputs].got);
  const blind = Object.keys(found).filter((key) => !judge(pairs(right[key], found[key].got)).wrong);
  const entries = tensors.reduce((sum, one) => sum + listed(one.right).length, 0);
  const report = found[inputs].report.map((line) => lines[line]).join("\n");
  return { ...judge(tensors), entries, tensors, symptoms, answer, hidden, blind, report };
};

/* Picture */

const grid = (value, other) => {
  const rows = shape(value).length < 2 ? [listed(value)] : value;
  const truth = fits(value, other) ? listed(other) : null;
  const largest = Math.max(...rows.flat().map(Math.abs));
  const cell = (entry, i) => {
    const sign = entry < 0 ? "doc-minus" : entry === 0 ? "doc-zero" : "";
    const wrong = truth && truth[i] !== entry ? "doc-wrong" : "";
    return html`<span class="${sign} ${wrong}" style="--part: ${(100 * Math.abs(entry)) / largest || 0}%">${number(entry, 3)}</span>`;
  };
  return html`<div class="doc-grid" style="--columns: ${rows[0].length}">${rows.flat().map(cell)}</div>`;
};

const side = (title, value, other) => html`<div class="doc-side" role="group" aria-label=${title}>
  <div>${title} <small>${value === null ? "" : shapeText(value)}</small></div>
  ${value === null ? html`<p class="doc-none">Nothing: an error was raised.</p>` : grid(value, other)}
</div>`;

const tensor = ({ name, got, right }) => {
  const good = compare(got, right).wrong === 0;
  return html`<div class="doc-pair">
    ${side(`${name} got ${good ? "✓" : "✗"}`, got, right)} ${side(`${name} expected`, right, right)}
  </div>`;
};

const guesses = ({ guess }, { symptoms, answer }, set) => html`<fieldset class="doc-guess">
  <legend>What is wrong with this patient?</legend>
  ${symptoms.map((text, i) => {
    const classes = guess && i + 1 === answer ? "doc-answer" : guess === i + 1 ? "doc-chosen" : "";
    return html`<button
      type="button"
      class=${classes}
      aria-pressed=${guess === i + 1}
      @click=${() => set({ guess: i + 1 })}
    >${guess && i + 1 === answer ? "✓ " : guess === i + 1 ? "✗ " : ""}${text}</button>`;
  })}
</fieldset>`;

const draw = (state, numbers, set) => html`
  <div class="doc-tensors">${numbers.tensors.map(tensor)}</div>
  ${guesses(state, numbers, set)}
  <div role="status">
    ${state.guess
      ? html`<p>
            ${state.guess === numbers.answer ? "Right." : "The marked one it is."} The engine of the
            autograder, given these inputs and nothing else, says:
          </p>
          <pre>${numbers.report}</pre>`
      : nothing}
  </div>
`;

/* What you see */

const CALLED = {
  plain: "sizes that differ",
  one: "one sample",
  square: "equal sizes",
  ones: "dout of ones",
  positive: "positive numbers",
};

const seen = ({ error, wrong, entries, tensors }) => {
  if (!wrong) {
    return html`<p>
      All ${entries} entries agree. <b>A test on these inputs would pass</b>, and the patient is as ill as before.
    </p>`;
  }
  const ill = tensors.filter(({ got, right }) => compare(got, right).wrong);
  const names = ill.map(({ name }) => name).join(", ");
  if (ill.some(({ got }) => got === null)) {
    return html`<p>Python stopped: two shapes do not multiply. The kindest way for a mistake to show.</p>`;
  }
  const misfit = ill.find(({ got, right }) => !fits(got, right));
  return misfit
    ? html`<p>
        ${misfit.name} has the shape ${shapeText(misfit.got)} instead of ${shapeText(misfit.right)}: the shape
        alone gives it away.
      </p>`
    : html`<p>
        Wrong: <b>${names}</b>, ${wrong} of all ${entries} entries (dashed), relative error ${number(error, 3)}. The
        shapes fit. Is it a factor? Only a sign? Only where something was negative?
      </p>`;
};

const see = ({ guess, inputs }, numbers) => {
  const { blind, hidden } = numbers;
  return html`${seen(numbers)}
    ${guess
      ? html`<p>
          ${blind.length
            ? html`Hidden on: <b>${blind.map((name) => CALLED[name]).join("; ")}</b>.`
            : html`<b>None of the five kinds of inputs hides this one.</b>`}
          ${hidden ? html`In general: ${hidden}` : nothing}
        </p>`
      : html`<p>Examined with ${CALLED[inputs]}. Other inputs may show more, or less.</p>`}`;
};

const code = ({ operation, patient, inputs }) => `from coursepkg.widgets.gradient_doctor import examine

found = examine("${operation}", "${patient}", "${inputs}")
error, wrong = found.error, found.wrong
print(found.report)`;

const along = { guess: 0 };

export default widget({
  controls: [
    {
      name: "operation",
      label: "Backward pass of",
      options: [
        ["linear", "linear layer"],
        ["relu", "ReLU"],
        ["cross_entropy", "softmax + cross-entropy"],
      ],
      along,
    },
    {
      name: "patient",
      label: "Patient",
      options: ["1", "2", "3", "4", "5"].map((bed) => [bed, `no. ${bed}`]),
      along,
    },
    {
      name: "inputs",
      label: "Examined with",
      options: Object.entries(CALLED),
    },
  ],
  inPicture: [{ name: "guess", min: 0, max: 5, step: 1 }],
  compute,
  draw,
  see,
  code,
  predict: {
    question: "Fifteen wrong backward passes lie here. On a batch of one sample, how many of them give the right numbers?",
    options: ["None", "Four", "Twelve"],
    answer: 1,
    attempt:
      "Guess what patient 1 has before you ask the engine. Then go through the inputs and see on which of them the mistake cannot be seen.",
    explain: "Four. Three are a division by N too many or too few, and N is 1. The fourth subtracts 1 in every row instead of each in its own, and there is one row. A dout of ones hides the two that dropped it; positive numbers hide two ReLUs without their mask. Equal sizes hide none of the fifteen here, but take away the one warning that costs nothing: a shape that does not fit.",
  },
});
