/* W4.3: layer sizes typed in, every shape and count beside them, and slides that do not multiply. */
import { count, html, nothing, svg, widget } from "./frame.js";

const MOST = 6;
const WIDEST = 4096;
const range = (n) => [...Array(n).keys()];
const total = (values) => values.reduce((sum, value) => sum + value, 0);
const pair = ([rows, columns]) => `(${rows}, ${columns})`;

/* Mathematics: shapes are multiplied, not numbers */

const times = ([rows, inner], [same, columns]) => (inner === same ? [rows, columns] : null);
const turned = ([rows, columns]) => [columns, rows];

/* What stands left and right of the product in a layer; `a` is the shape of the layer below. */
const factors = {
  rows: (w, a) => [a, w],
  columns: (w, a) => [w, a],
  transposed: (w, a, x, layer) => [w, layer > 1 ? turned(a) : x],
  "reads x": (w, a, x) => [w, x],
};

/* A link may bring any six numbers. */
const widthsOf = (sizes) => {
  const good = sizes.map((n) => Math.max(0, Math.min(WIDEST, Math.round(n))));
  const end = good.indexOf(0);
  const widths = end < 0 ? good : good.slice(0, end);
  return widths.length < 2 ? [3, 4, 2] : widths;
};

const compute = ({ sizes, batch, rule }) => {
  const widths = widthsOf(sizes);
  const rows = rule === "rows";
  const weights = range(widths.length - 1).map((i) =>
    rows ? [widths[i], widths[i + 1]] : [widths[i + 1], widths[i]],
  );
  const x = rows ? [batch, widths[0]] : [widths[0], batch];
  const outputs = [];
  const products = [];
  let fails = 0;
  for (let layer = 1; layer <= weights.length && !fails; layer++) {
    const two = factors[rule](weights[layer - 1], outputs.at(-1) ?? x, x, layer);
    const out = times(...two);
    products.push(two);
    if (out) outputs.push(out);
    else fails = layer;
  }
  const weight_count = total(weights.map(([a, b]) => a * b));
  const bias_count = total(widths.slice(1));
  return {
    widths,
    x,
    weights,
    outputs,
    products,
    fails,
    neurons: bias_count,
    weight_count,
    bias_count,
    total: weight_count + bias_count,
    right: weights.map((_, i) => (rows ? [batch, widths[i + 1]] : [widths[i + 1], batch])),
  };
};

/* Layers that do multiply, and yet compute something else than the network. */
const silent = ({ rule }, { products, fails, right, x, outputs }) =>
  !["transposed", "reads x"].includes(rule)
    ? []
    : range(products.length).filter((i) => i > 0 && i + 1 !== fails && !harmless(rule, products, outputs, x, i));

/* A turned row of one number is the same number. */
const harmless = (rule, products, outputs, x, i) =>
  rule === "transposed" && products[i][1].every((side) => side === 1);

/* Picture: the network, then a row of the table for each layer */

const WIDTH = 560;
const HEIGHT = 190;
const SHOWN = 7; // units of a layer that are drawn; of more, the first and the last few

const unitsOf = (width) => (width <= SHOWN ? range(width) : [0, 1, 2, null, width - 2, width - 1]);

const place = (layers, i, many, j) => [
  40 + (i * (WIDTH - 80)) / (layers - 1),
  HEIGHT / 2 + (j - (many - 1) / 2) * Math.min(30, (HEIGHT - 50) / Math.max(1, many - 1)),
];

const network = ({ widths, fails }) => {
  const columns = widths.map((width, i) => {
    const units = unitsOf(width);
    return units.map((unit, j) => ({ unit, at: place(widths.length, i, units.length, j) }));
  });
  const edges = (i) =>
    columns[i]
      .flatMap((a) => columns[i + 1].map((b) => [a, b]))
      .filter(([a, b]) => a.unit !== null && b.unit !== null)
      .map(([a, b]) => `M${a.at.join(" ")}L${b.at.join(" ")}`)
      .join("");
  return html`<svg class="shape-net" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img"
    aria-label="A fully connected network with ${widths.join(", ")} units${
      fails ? `; the run stops at layer ${fails}` : ""
    }">
    ${range(widths.length - 1).map(
      (i) => svg`<path class=${fails && i + 1 >= fails ? "shape-broken" : "shape-edge"} d=${edges(i)} />`,
    )}
    ${columns.map((units, i) =>
      units.map(({ unit, at: [x, y] }) =>
        unit === null
          ? svg`<text x=${x} y=${y + 4} text-anchor="middle">⋮</text>`
          : svg`<circle cx=${x} cy=${y} r="9" class=${i ? "shape-unit" : "shape-input"} />`,
      ),
    )}
    ${widths.map((width, i) => {
      const [x] = place(widths.length, i, 1, 0);
      return svg`<text x=${x} y=${HEIGHT - 4} text-anchor="middle">${count(width)}</text>`;
    })}
  </svg>`;
};

const symbols = (rule, layer) => {
  const below = layer === 1 ? (rule === "rows" ? "X" : "x") : `a${layer - 1}`;
  if (rule === "rows") return [below, `W${layer}`];
  if (layer > 1 && rule === "transposed") return [`w${layer}`, `${below}ᵀ`];
  return [`w${layer}`, rule === "reads x" ? "x" : below];
};

const row = (state, numbers, quiet, i) => {
  const { products, outputs, weights, widths, fails } = numbers;
  const [one, other] = symbols(state.rule, i + 1);
  const parameters = html`<td>${count(weights[i][0] * weights[i][1])} + ${count(widths[i + 1])}</td>`;
  if (!products[i]) return html`<tr><th scope="row">${i + 1}</th><td>not reached</td><td></td>${parameters}</tr>`;
  const [left, right] = products[i].map(pair);
  const result = fails === i + 1 ? html`<b>ValueError</b>` : pair(outputs[i]);
  return html`<tr class=${fails === i + 1 || quiet.includes(i) ? "shape-wrong" : ""}>
    <th scope="row">${i + 1}</th>
    <td>${one} ${left} @ ${other} ${right}</td>
    <td>${result}${quiet.includes(i) ? html` <b>✗ runs</b>` : nothing}</td>
    ${parameters}
  </tr>`;
};

const presets = ["3, 4, 2", "3, 4, 4, 1", "4, 5, 3", "784, 512, 10", "784, 100, 10"];

const parsed = (text) => {
  const widths = text.split(/[\s,;–-]+/).filter(Boolean).map(Number);
  const fine = widths.every((n) => Number.isInteger(n) && n >= 1 && n <= WIDEST);
  return fine && widths.length >= 2 && widths.length <= MOST ? widths : null;
};

const padded = (widths) => [...widths, ...Array(MOST - widths.length).fill(0)];

const draw = (state, numbers, set) => {
  const type = ({ target }) => {
    const widths = parsed(target.value);
    target.setCustomValidity(widths ? "" : `Write 2 to ${MOST} whole numbers from 1 to ${WIDEST}, such as 3, 4, 2.`);
    if (widths) set({ sizes: padded(widths) });
    else target.reportValidity();
  };
  const quiet = silent(state, numbers);
  return html`
    <div class="shape-type">
      <label>Layer sizes
        <input type="text" inputmode="text" autocomplete="off" .value=${numbers.widths.join(", ")} @change=${type} />
      </label>
      ${presets.map(
        (text) => html`<button type="button" @click=${() => set({ sizes: padded(parsed(text)) })}>${text}</button> `,
      )}
    </div>
    ${network(numbers)}
    <table class="shape-table">
      <thead>
        <tr><th scope="col" aria-label="layer">#</th><th scope="col">product</th><th scope="col">gives</th>
          <th scope="col">weights + biases</th></tr>
      </thead>
      <tbody>${numbers.weights.map((_, i) => row(state, numbers, quiet, i))}</tbody>
    </table>
    <p class="shape-total">
      ${count(numbers.weight_count)} weights + ${count(numbers.bias_count)} biases =
      <b>${count(numbers.total)} parameters</b>
    </p>
  `;
};

/* What you see */

const verdict = (state, numbers) => {
  const { fails, products } = numbers;
  const quiet = silent(state, numbers);
  if (fails) {
    const [[, inner], [other]] = products[fails - 1];
    return html`<b>Layer ${fails} does not multiply.</b> NumPy wants the two inner sizes equal and finds
      ${inner} and ${other}. Can you choose sizes or a batch with which this mistake goes unnoticed?`;
  }
  if (quiet.length && state.rule === "reads x") {
    return html`<b>It runs, and the layer below is never used.</b> Every width it meets equals the number
      of inputs, so nothing complains. The gradient of the unread weights is exactly zero.`;
  }
  if (quiet.length) {
    return html`<b>It runs, and mixes up samples and units.</b> The batch is as large as the layer is wide,
      so the transpose fits. What comes out is not about any one sample.`;
  }
  if (state.rule === "rows") {
    return html`Read each product: the inner sizes meet and vanish, the outer ones stay. The batch stays
      ${state.batch} from end to end, and appears in no weight: <b>parameters do not depend on it</b>.`;
  }
  if (state.rule === "columns") return html`The same network on its side: samples are columns, every shape is turned.`;
  return html`With these sizes the transpose or the repeated x changes nothing. Try a hidden layer wider than one.`;
};

const see = (state, numbers) => html`<p>
    ${numbers.widths.slice(1).join(" + ")} = <b>${count(numbers.neurons)} neurons</b>; inputs are not
    counted, they compute nothing. ${count(numbers.total)} parameters fill
    ${count(8 * numbers.total)} bytes in float64.
  </p>
  <p>${verdict(state, numbers)}</p>`;

const code = ({ batch, rule }, { widths }) => `from coursepkg.widgets.shape_checker import shapes_of

found = shapes_of([${widths.join(", ")}], ${batch}, "${rule}")  # runs it on ones
outputs, fails = found["outputs"], found["fails"]
weight_count, total = found["weight_count"], found["total"]`;

export default widget({
  controls: [
    { name: "batch", label: "Samples N", min: 1, max: 64, step: 1 },
    {
      name: "rule",
      label: "Written as",
      options: [
        ["rows", "X W + b (book)"],
        ["columns", "w x + b (columns)"],
        ["transposed", "w aᵀ + b (slide)"],
        ["reads x", "w x + b each time (slide)"],
      ],
    },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question: "A network with layer sizes 3, 4, 2. How many numbers does it learn?",
    options: ["6", "20", "26"],
    answer: 2,
    attempt:
      "Type 3, 4, 4, 1, then 784, 512, 10. Then choose a slide's way of writing it, watch it stop, and look for sizes with which it does not.",
    explain:
      "3 × 4 + 4 × 2 = 20 weights, and one bias for each of the 4 + 2 = 6 neurons: 26. The three inputs have no bias. The batch size is nowhere in the count. And a wrong transpose is caught by shapes only as long as the sizes differ: with a batch of 4 it runs through the hidden layer of 4.",
  },
});
