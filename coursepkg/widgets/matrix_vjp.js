/* W6.1: every entry of a gradient as the sum of products that it is. */
import { html, nothing, number, svg, widget } from "./frame.js";
import {
  at,
  chosen,
  compute,
  given,
  label,
  product,
  range,
  results,
  shapeOf,
  shapeText,
  valueOf,
  withEntry,
} from "./matrix_vjp_numbers.js";
import { code, see } from "./matrix_vjp_text.js";

const pairs = {
  norm: [["W", "dW"], ["x", "dx"], ["q", "dq"]],
  linear: [["X", "dX"], ["W", "dW"], ["b", "db"], ["Y", "dY"]],
};

const formulas = {
  norm: { q: "W x", dq: "2 q", dW: "dq xᵀ", dx: "Wᵀ dq" },
  linear: { Y: "XW + b", dX: "dY Wᵀ", dW: "Xᵀ dY", db: "Σₙ dY[n]" },
};

const wrongFormulas = {
  "dW transposed": { norm: { dW: "x dqᵀ" }, linear: { dW: "dYᵀ X" } },
  "first sample only": { norm: {}, linear: { dW: "X[0]ᵀ dY[0]" } },
  "dX untransposed": { norm: { dx: "W dq" }, linear: { dX: "dY W" } },
  right: { norm: {}, linear: {} },
};

/* What lights up: the entry itself, the first factors of its products, the second factors. */
const lights = (entry, choice) => {
  const name = label(entry);
  if (name === label(choice)) return "vjp-on";
  const isFactor = (side) => choice.terms.some((term) => term[side]?.name && label(term[side]) === name);
  if (isFactor(0)) return "vjp-first";
  return isFactor(1) ? "vjp-second" : "";
};

const inputCell = (state, name, i, j, value, light, set) => html`<input
  type="number"
  step="0.1"
  class=${light}
  aria-label=${label(at(name, i, j))}
  .value=${String(value)}
  @focus=${() => name !== "dY" && set({ cell: label(at(`d${name}`, i, j)) })}
  @input=${({ target }) =>
    Number.isFinite(target.valueAsNumber) &&
    set(withEntry(state, name, i, j, target.valueAsNumber))}
/>`;

const resultCell = (name, i, j, value, light, set) => html`<button
  type="button"
  class="${light} ${value < 0 ? "vjp-minus" : ""}"
  aria-pressed=${light === "vjp-on"}
  aria-label="${label(at(name, i, j))} is ${number(value, 3)}"
  @pointerenter=${() => set({ cell: label(at(name, i, j)) })}
  @focus=${() => set({ cell: label(at(name, i, j)) })}
>${number(value, 3)}</button>`;

const matrix = (state, numbers, set, name, choice) => {
  const values = numbers[name];
  const formula =
    wrongFormulas[state.rule][state.example][name] ?? formulas[state.example][name];
  const wrong = name in wrongFormulas[state.rule][state.example];
  const heading = html`<div class="vjp-name">
    <b>${name}</b>${formula ? html` = ${formula}` : nothing} ${wrong ? html`<b>✗</b>` : nothing}
    <small>${values ? shapeText(name, shapeOf(values)) : nothing}</small>
  </div>`;
  if (!values) return html`<div>${heading}<p class="vjp-misfit">These do not multiply.</p></div>`;
  const editable = name in state[state.example];
  const cell = (value, i, j) => {
    const light = lights(at(name, i, j), choice);
    return editable
      ? inputCell(state, name, i, j, value, light, set)
      : resultCell(name, i, j, value, light, set);
  };
  return html`<div role="group" aria-label="${name}, shape ${shapeText(name, shapeOf(values))}">
    ${heading}
    <div class="vjp-grid" style="--columns: ${values[0].length}">
      ${values.map((row, i) => row.map((value, j) => cell(value, i, j)))}
    </div>
  </div>`;
};

/* dW as a sum of outer products: for each sample its column, its row and their table. Area is
   size; a blue square is positive, an orange diamond negative. */

const UNIT = 22;

const mark = (value, largest, column, row, kind) => {
  const side = Math.sqrt(Math.abs(value) / largest || 0) * (UNIT - 4);
  const [x, y] = [(column + 0.5) * UNIT, (row + 0.5) * UNIT];
  const half = value < 0 ? side / Math.SQRT2 : side / 2;
  const corners =
    value < 0
      ? [[x, y - half], [x + half, y], [x, y + half], [x - half, y]]
      : [[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]];
  return svg`<polygon class="${value < 0 ? "vjp-minus" : "vjp-plus"} ${kind}"
    points=${corners.map((corner) => corner.join(",")).join(" ")} />`;
};

const table = (body, heads, largest, choice, left) => {
  const [rows, columns] = shapeOf(body);
  const shift = heads ? 1.2 : 0;
  const [width, height] = [(columns + shift) * UNIT, (rows + shift) * UNIT];
  const lit = choice.name === "dW" && choice.i < rows && choice.j < columns;
  return html`<svg
    class=${left ? "vjp-left" : ""}
    width=${width}
    height=${height}
    viewBox="0 0 ${width} ${height}"
    aria-hidden="true"
  >
    ${heads
      ? [
          heads.column.map((value, i) => mark(value, heads.largest, 0, i + shift, "vjp-head")),
          heads.row.map((value, j) => mark(value, heads.largest, j + shift, 0, "vjp-head")),
        ]
      : nothing}
    <rect x=${shift * UNIT} y=${shift * UNIT} width=${columns * UNIT} height=${rows * UNIT} />
    ${body.map((row, i) =>
      row.map((value, j) => mark(value, largest, j + shift, i + shift, "")),
    )}
    ${lit
      ? svg`<rect class="vjp-ring" x=${(choice.j + shift) * UNIT + 1} y=${(choice.i + shift) * UNIT + 1}
          width=${UNIT - 2} height=${UNIT - 2} />`
      : nothing}
  </svg>`;
};

const outerProducts = (state, numbers, choice) => {
  const rule = state.rule === "first sample only" ? "right" : state.rule;
  const { shape, terms } = results(given(state), { ...state, rule }).find(
    ({ name }) => name === "dW",
  );
  const [rows, columns] = shape.map(range);
  const samples = range(terms(0, 0).length);
  const tables = samples.map((s) => ({
    body: rows.map((i) => columns.map((j) => product(terms(i, j)[s], numbers))),
    column: rows.map((i) => valueOf(terms(i, 0)[s][0], numbers)),
    row: columns.map((j) => valueOf(terms(0, j)[s][1], numbers)),
  }));
  const size = (lists) => Math.max(...lists.flat(3).map(Math.abs));
  const largest = size([tables.map(({ body }) => body), numbers.dW]);
  const heads = size(tables.map(({ column, row }) => [column, row]));
  const skipped = (s) => state.rule === "first sample only" && s > 0;
  return html`<div class="vjp-outer" role="img" aria-label="dW drawn as ${
    samples.length === 1 ? "one outer product" : `the sum of ${samples.length} outer products`
  }">
    <span>dW =</span>
    ${tables.map(
      ({ body, column, row }, s) => html`${s ? html`<span>+</span>` : nothing}
      ${table(body, { column, row, largest: heads }, largest, choice, skipped(s))}`,
    )}
    ${samples.length > 1
      ? html`<span>=</span>${table(numbers.dW, null, largest, choice, false)}`
      : nothing}
  </div>
  <p class="vjp-key">
    <span class="vjp-plus">■</span> positive, <span class="vjp-minus">◆</span> negative, area is size;
    each table is the column at its left times the row on top
  </p>`;
};

const draw = (state, numbers, set) => {
  const choice = chosen(state);
  const meaning = state.example === "norm" ? "‖W x‖²" : "sum of dY ∘ Y";
  return html`
    <p class="vjp-objective">f = ${meaning} = <b>${number(numbers.f)}</b></p>
    <div class="vjp-pairs">
      ${pairs[state.example].map(
        (names) => html`<div class="vjp-pair">
          ${names.map((name) => matrix(state, numbers, set, name, choice))}
        </div>`,
      )}
    </div>
    ${outerProducts(state, numbers, choice)}
  `;
};

export default widget({
  controls: [
    {
      name: "example",
      label: "Example",
      options: [
        ["norm", "‖Wx‖²"],
        ["linear", "layer XW + b"],
      ],
    },
    {
      name: "batch",
      label: "Samples N",
      min: 1,
      max: 4,
      step: 1,
      when: ({ example }) => example === "linear",
    },
    {
      name: "rule",
      label: "Backward pass",
      options: [
        ["right", "right"],
        ["dW transposed", "dW transposed"],
        ["first sample only", "first sample only"],
        ["dX untransposed", "dx untransposed"],
      ],
    },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question: "Double both numbers in x. What happens to dW, the gradient of ‖Wx‖² with respect to W?",
    options: ["It stays the same", "It doubles", "It grows fourfold"],
    answer: 2,
    attempt:
      "Type 0.4 and 0.8 into x and watch dW. Then point at its entries, one by one. Then choose a wrong backward pass, and find out which of the three your eye would have caught.",
    explain:
      "Each entry of dW is one entry of dq times one entry of x. Doubling x doubles the second factor, and the first as well, because dq = 2Wx has x in it: two times two. In the linear layer dY comes from above and does not know x; there dW only doubles.",
  },
});
