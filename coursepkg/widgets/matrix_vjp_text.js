/* The words of W6.1: what you see, and the same as code. */
import { html, nothing, number } from "./frame.js";
import {
  at,
  chosen,
  compute,
  given,
  isRow,
  label,
  product,
  shapeOf,
  shapeText,
  valueOf,
  withEntry,
} from "./matrix_vjp_numbers.js";

const sumText = (choice, numbers) => {
  const side = (factor, k, text) => html`<span class=${k ? "vjp-second" : "vjp-first"}>${text}</span>`;
  const write = (text) =>
    choice.terms.map(
      (term, t) => html`${t ? " + " : ""}${term.map(
        (factor, k) => html`${k ? " · " : ""}${side(factor, k, text(factor))}`,
      )}`,
    );
  const symbol = (factor) => (typeof factor === "number" ? factor : label(factor));
  const amount = (factor) => {
    const value = valueOf(factor, numbers);
    return value < 0 ? `(${number(value)})` : number(value);
  };
  return html`<p class="vjp-sum">
    <b>${label(choice)}</b> = ${write(symbol)}<br />= ${write(amount)}
    = <b>${number(numbers[choice.name][choice.i][choice.j])}</b>
  </p>`;
};

const STEP = 0.01;

/* The promise of a gradient, kept or broken: move the variable a little and look at f. */
const nudgeText = (state, numbers, { name, i, j }) => {
  const variable = name.slice(1);
  if (!name.startsWith("d") || !(variable in state[state.example])) return nothing;
  const entry = given(state)[variable][i]?.[j];
  if (entry === undefined) {
    return html`<p>${variable} has no entry for ${label(at(name, i, j))} to belong to.</p>`;
  }
  const moved = compute({ ...state, ...withEntry(state, variable, i, j, entry + STEP) }).f;
  const [change, promise] = [moved - numbers.f, STEP * numbers[name][i][j]];
  // f bends by at most the square of the step, which is all a right gradient may miss.
  const kept = Math.abs(change - promise) <= Math.abs(promise) / 10 + STEP * STEP;
  return html`<p>
    Add ${STEP} to ${label(at(variable, i, j))} and f changes by <b>${number(change)}</b>; the gradient
    promises ${STEP} × ${number(numbers[name][i][j])} = <b>${number(promise)}</b>.
    ${kept ? nothing : html`<b>It does not keep the promise.</b>`}
  </p>`;
};

const dWText = (state, { W }) => {
  const samples = state.example === "norm" ? 1 : given(state).X.length;
  const shape = shapeText("W", shapeOf(W));
  const tables =
    samples === 1
      ? "one outer product, so all its rows are multiples of one row"
      : `the sum of ${samples} outer products, one for each sample`;
  return html`<p>dW has the shape of W, ${shape}. It is ${tables}.</p>`;
};

const transposedText = (state, { W, dW, errors }) => {
  const [own, wanted] = [shapeText("dW", shapeOf(dW)), shapeText("W", shapeOf(W))];
  return errors.dW === null
    ? html`<p>dW comes out as ${own}, but W is ${wanted}: the shape alone gives the mistake away.</p>`
    : html`<p>
        dW is ${own}, as W is: <b>the shape fits and the numbers are wrong</b>, relative error
        ${number(errors.dW)}. A square W hides a transposed gradient; test with matrices that are not.
      </p>`;
};

const firstSampleText = (state, { errors }) => {
  if (state.example === "norm") {
    return html`<p>There is only one sample here, so nothing is lost. Try the linear layer.</p>`;
  }
  return given(state).X.length === 1
    ? html`<p>With one sample nothing is missing, error 0: a test with N = 1 cannot see this mistake.</p>`
    : html`<p>
        The pale tables are left out. <b>The shape fits</b>, only the numbers tell: relative error
        ${number(errors.dW)}. Every sample uses the same W, and gradients add where a value is shared.
      </p>`;
};

const untransposedText = ({ example }, numbers) => {
  const name = example === "norm" ? "dx" : "dX";
  const error = numbers.errors[name];
  const W = shapeText("W", shapeOf(numbers.W));
  if (error === null) {
    const upstream = example === "norm" ? "dq" : "dY";
    return html`<p>
      ${upstream} is ${shapeText(upstream, shapeOf(numbers[upstream]))} and W is ${W}: without the
      transpose they do not multiply, and Python stops you.
    </p>`;
  }
  return html`<p>
    W is square, ${W}, so W without its transpose multiplies too: <b>the shape fits and the numbers are
    wrong</b>, relative error ${number(error)}.
  </p>`;
};

const ruleText = {
  right: dWText,
  "dW transposed": transposedText,
  "first sample only": firstSampleText,
  "dX untransposed": untransposedText,
};

const see = (state, numbers) => {
  const choice = chosen(state);
  return html`${sumText(choice, numbers)}${nudgeText(state, numbers, choice)}
  ${ruleText[state.rule](state, numbers)}`;
};

/* As code */

const array = (matrix) => `np.array(${JSON.stringify(matrix).replaceAll(",", ", ")})`;

const code = (state) => {
  const matrices = given(state);
  const lines = Object.entries(matrices).map(([name, value]) =>
    isRow(name) ? `${name} = ${array(value[0])}` : `${name} = ${array(value)}`,
  );
  const calls =
    state.example === "norm"
      ? [
          "q, cache = F.linear(x.T, W.T, np.zeros(len(W)))  # one sample, as a row",
          "grads = F.linear_backward(2 * q, cache)",
          "dW, dx = grads.dw.T, grads.dx.T",
        ]
      : ["Y, cache = F.linear(X, W, b)", "dX, dW, db = F.linear_backward(dY, cache)"];
  const imports = ["import numpy as np", "from coursepkg import functional as F", ""];
  return [...imports, ...lines, ...calls].join("\n");
};

export { code, see };
