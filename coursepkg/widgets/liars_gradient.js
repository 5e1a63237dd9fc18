/* W3.4: a wrong gradient beside its numerical derivative, entry by entry: what was done to it? */
import { html, nothing, number, widget } from "./frame.js";

const LETTERS = [..."ABCDEFGHIJKL"];
const SEEN = 2e-6; // numbers are shipped with six digits after the point

/* Mathematics */

const length = (rows) => Math.sqrt(rows.flat().reduce((sum, value) => sum + value * value, 0));
const entrywise = (f, a, b) => a.map((row, i) => row.map((value, j) => f(value, b[i][j])));
const minus = (a, b) => a - b;

const compute = ({ case: letter }, data) => {
  const story = data[letter];
  const { got, expected } = story;
  const same = got.length === expected.length && got[0].length === expected[0].length;
  const difference = same ? entrywise(minus, got, expected) : null;
  return {
    story,
    got,
    expected,
    difference,
    ratio: same ? entrywise((a, b) => (Math.abs(b) < SEEN ? NaN : a / b), got, expected) : null,
    error: same ? length(difference) / (length(got) + length(expected)) : null,
    wrong: same ? difference.flat().filter((gap) => Math.abs(gap) > SEEN).length : null,
  };
};

/* The table: blue with a plus, orange with a minus, a frame around what is wrong */

const tint = (value, largest) => {
  const share = Math.min(1, Math.sqrt(Math.abs(value) / largest) || 0);
  const colour = value < 0 ? "orange" : "blue";
  return `background: color-mix(in srgb, var(--cw-${colour}-soft) ${Math.round(100 * share)}%, var(--cw-ground))`;
};

const written = (value) => {
  if (Number.isNaN(value)) return "–";
  const rounded = Number(value.toFixed(Math.abs(value) < 10 ? 2 : 1));
  return `${rounded < 0 ? "−" : ""}${Math.abs(rounded)}`;
};

const cell = (value, largest, wrong) => html`<td class=${wrong ? "liar-wrong" : ""} style=${tint(value, largest)}>
  ${written(value)}
</td>`;

const table = (rows, difference, caption) => {
  const largest = Math.max(...rows.flat().filter((value) => !Number.isNaN(value)).map(Math.abs), 1e-12);
  return html`<table class="liar-table">
    <caption>${caption}</caption>
    <tbody>
      ${rows.map(
        (row, i) => html`<tr>
          ${row.map((value, j) => cell(value, largest, difference && Math.abs(difference[i][j]) > SEEN))}
        </tr>`,
      )}
    </tbody>
  </table>`;
};

const CAPTIONS = {
  got: "got: what the backward pass returned",
  expected: "expected: central differences",
  difference: "got − expected",
  ratio: "got ÷ expected (– where expected is 0)",
};

const shape = (rows) => (rows.length === 1 ? `(${rows[0].length},)` : `(${rows.length}, ${rows[0].length})`);

const pictures = (view, numbers) => {
  const { got, expected, difference } = numbers;
  if (!difference) {
    return html`${table(got, null, `got, shape ${shape(got)}`)}
    ${table(expected, null, `expected, shape ${shape(expected)}`)}`;
  }
  return table(numbers[view], difference, `${CAPTIONS[view]}. Framed: wrong entries.`);
};

const draw = ({ case: letter, view, answer }, numbers, set) => {
  const { story } = numbers;
  const place = LETTERS.indexOf(letter);
  const chosen = answer[0] === place ? answer[1] : null;
  return html`
    <p class="liar-head"><b>Gradient ${letter}: ${story.name}.</b> <span>The check says: ${story.verdict}.</span></p>
    <div class="liar-tables">${pictures(view, numbers)}</div>
    <fieldset class="liar-choices">
      <legend>What did its author do?</legend>
      ${story.options.map(
        (text, k) => html`<button
          type="button"
          aria-pressed=${k === chosen}
          @click=${() => set({ answer: [place, k] })}
        >${k === chosen ? (k === story.right ? "✓ " : "✗ ") : ""}${text}</button>`,
      )}
    </fieldset>
    <p role="status" class="liar-verdict">${chosen === null ? "Three suspects. Look at the views before you choose." : verdict(story, chosen)}</p>
    ${chosen === null
      ? nothing
      : html`<button type="button" @click=${() => set({ case: LETTERS[(place + 1) % 12], view: "got" })}>
          Next gradient
        </button>`}
  `;
};

const verdict = ({ right, question, section, hidden }, chosen) =>
  chosen === right
    ? html`<b>That is it.</b> What to ask its author: ${question} (${section}.)
      ${hidden ? html`Nothing shows where: ${hidden}` : nothing}`
    : html`<b>Not this one.</b> It would leave other traces than these. Try the other views: which entries are
        framed, and what have they in common?`;

/* What you see */

const HINTS = {
  got: html`<p>Nothing in these numbers alone tells a liar. <b>Look at expected</b>, then at the ratio.</p>`,
  expected: html`<p>Two forward passes for each entry made these numbers; no derivation went into them.</p>`,
  difference: html`<p>A difference shows <b>where</b> it is wrong: in all entries, in a column, under a mask.</p>`,
  ratio: html`<p>A ratio shows <b>how</b>: one number everywhere is a forgotten factor; a row of dashes is a
    zero that should be one; a mixture is a wrong tensor.</p>`,
};

const see = ({ view }, { story, got, error, wrong, ratio }) => {
  const total = got.length * got[0].length;
  if (!ratio) {
    return html`<p>The shapes differ, so no entry can be compared: <b>a wrong shape is a wrong gradient</b>. The
      check adds: ${story.pattern}.</p>`;
  }
  return html`<p>
      <b>${wrong} of ${total}</b> entries are wrong; norm-wise relative error <b>${number(error, 3)}</b>. A
      right gradient has about 10⁻¹⁰.
    </p>
    <p>Pattern, in the words of the check: <b>${story.pattern}</b>.</p>
    ${HINTS[view]}`;
};

/* As code */

const code = ({ case: letter }, { error }) => `import numpy as np
from coursepkg.gradcheck import check_gradient
from coursepkg.widgets.liars_gradient import numbers_of, suspect

mistake, name, wrong_gradient, f, x, dout = suspect("${letter}")
print(check_gradient(name, wrong_gradient, f, x, dout, np.random.default_rng(0)))
numbers = numbers_of("${letter}")  # rounded to six digits
got, expected = numbers["got"], numbers["expected"]${
  error === null ? "" : '\nerror = numbers["error"]  # norm-wise'
}`;

export default widget({
  controls: [
    { name: "case", label: "Gradient", options: LETTERS.map((letter) => [letter, letter]) },
    {
      name: "view",
      label: "Show",
      options: [
        ["got", "got"],
        ["expected", "expected"],
        ["difference", "difference"],
        ["ratio", "ratio"],
      ],
    },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "All twelve gradients here are wrong. In how many of them does already the shape give it away?",
    options: ["In one", "In about half", "In all"],
    answer: 0,
    attempt:
      "Go through the twelve. For each, look at the ratio first and say aloud what was done, then choose. Which two could you not tell apart from one table alone?",
    explain:
      "Only H has a shape that is wrong; B is a transpose, but of a square matrix, and passes. Everything else has the right shape, a plausible size, and trains after a fashion. The values have to be compared with something that owes nothing to the derivation, and the pattern of the disagreement then names the bug.",
  },
});
