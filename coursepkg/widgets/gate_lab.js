/* W1.3: a truth table to click, a neuron to tune, and the proof where there is nothing to find. */
import { html, nothing, number, svg, widget } from "./frame.js";
import { compute, range } from "./gate_lab_numbers.js";

const letters = (inputs) => (inputs === 4 ? ["A", "X", "Y", "Z"] : ["x₁", "x₂", "x₃"].slice(0, inputs));
const bits = (row) => row.join("");

/* Picture: the corners of a square, a cube or two cubes side by side. A step along each input: */
const STEPS = {
  2: [[170, 0], [0, -170]],
  3: [[150, 0], [0, -130], [76, -56]],
  4: [[150, -22], [64, 0], [0, -120], [38, -44]],
};
const START = { 2: [95, 215], 3: [65, 225], 4: [45, 235] };

const place = (inputs, row) =>
  START[inputs].map((start, axis) =>
    row.reduce((at, value, i) => at + value * STEPS[inputs][i][axis], start),
  );

const edges = (inputs, rows) =>
  rows.flatMap((row) =>
    range(inputs)
      .filter((i) => row[i] === 0)
      .map((i) => [row, row.map((value, j) => (j === i ? 1 : value))]),
  );

const stroke = (inputs, [from, to], kind) => {
  const [[x1, y1], [x2, y2]] = [place(inputs, from), place(inputs, to)];
  return svg`<path class=${kind} d="M${x1} ${y1}L${x2} ${y2}" />`;
};

/* The half plane where the score is positive, for two inputs: four corners cut at the line. */
const CORNERS = [[-0.5, -0.25], [1.5, -0.25], [1.5, 1.25], [-0.5, 1.25]];

const half = ([w1, w2, , , b]) => {
  const value = ([u, v]) => w1 * u + w2 * v + b;
  const cut = CORNERS.flatMap((one, i) => {
    const next = CORNERS[(i + 1) % 4];
    const [here, there] = [value(one), value(next)];
    const share = here / (here - there);
    const crossing = one.map((start, axis) => start + share * (next[axis] - start));
    return [...(here > 0 ? [one] : []), ...(here > 0 !== there > 0 ? [crossing] : [])];
  });
  if (!cut.length) return nothing;
  return svg`<path class="gate-half" d="M${cut.map((at) => place(2, at).join(" ")).join("L")}Z" />`;
};

const corner = ({ inputs }, { rows, wanted, outputs }, r, toggle) => {
  const [x, y] = place(inputs, rows[r]);
  return svg`<g class="gate-corner" transform="translate(${x} ${y})" @click=${() => toggle(r)}>
    <circle class="cw-grip" r="16" />
    ${wanted[r] ? svg`<circle class="gate-one" r="8" />` : svg`<rect class="gate-zero" x="-7" y="-7" width="14" height="14" />`}
    ${wanted[r] === outputs[r] ? nothing : svg`<path class="gate-cross" d="M9 -16l7 7m0 -7l-7 7" />`}
    <text y="23" text-anchor="middle">${bits(rows[r])}</text>
  </g>`;
};

const proof = ({ inputs, proof }, { rows, middle }) => {
  if (proof === "hidden" || !middle.length) return nothing;
  const [a, b, c, d] = middle.map((r) => rows[r]);
  const [x, y] = place(inputs, a.map((value, i) => (value + b[i]) / 2));
  return svg`${stroke(inputs, [a, b], "gate-ones")} ${stroke(inputs, [c, d], "gate-zeros")}
    <circle class="gate-middle" cx=${x} cy=${y} r="5" />`;
};

const cube = (state, numbers, toggle) => {
  const { inputs, weights } = state;
  const { rows, wanted, wrong } = numbers;
  const ones = rows.filter((_, r) => wanted[r]).map(bits);
  const label = `Corners for ${inputs} inputs; to be 1: ${ones.join(", ") || "none"}. The neuron is wrong in ${wrong}.`;
  return html`<svg class="cw-chart" viewBox="0 0 360 270" role="img" aria-label=${label}>
    ${inputs === 2 ? half(weights) : nothing}
    ${edges(inputs, rows).map((edge) => stroke(inputs, edge, "gate-edge"))}
    ${proof(state, numbers)}
    ${rows.map((_, r) => corner(state, numbers, r, toggle))}
  </svg>`;
};

const truthTable = ({ inputs }, { rows, wanted, scores, outputs }, toggle) => html`
  <table>
    <thead><tr><th>${letters(inputs).join(" ")}</th><th>wanted</th><th>score</th><th>says</th></tr></thead>
    <tbody>
      ${rows.map(
        (row, r) => html`<tr>
          <th scope="row">${row.join(" ")}</th>
          <td><button
            type="button"
            aria-pressed=${String(wanted[r] === 1)}
            aria-label="${bits(row)}, wanted ${wanted[r]}"
            @click=${() => toggle(r)}
          >${wanted[r] ? "● 1" : "■ 0"}</button></td>
          <td>${number(scores[r])}</td>
          <td>${outputs[r]} ${outputs[r] === wanted[r] ? nothing : html`<b>✕</b>`}</td>
        </tr>`,
      )}
    </tbody>
  </table>
`;

const slider = (name, value, limit, change) => html`<label>
  <span>${name} <b aria-hidden="true">${number(value)}</b></span>
  <input
    type="range" min=${-limit} max=${limit} step="0.5" aria-valuetext=${number(value)}
    .value=${String(value)} @input=${(event) => change(event.target.valueAsNumber)}
  />
</label>`;

const draw = (state, numbers, set) => {
  const { inputs, table, weights } = state;
  const { tables, found, wrong, rows } = numbers;
  const toggle = (r) => set({ table: table.map((value, i) => (i === r ? 1 - value : value)) });
  const change = (place) => (value) => set({ weights: weights.map((old, i) => (i === place ? value : old)) });
  const find = () => set({ weights: [...found.slice(0, inputs), 0, 0].slice(0, 4).concat(found[inputs]) });
  const take = (many, ones) => set({ inputs: many, table: [...ones, ...Array(16).fill(0)].slice(0, 16) });
  return html`
    <p class="gate-buttons">
      ${tables.map(
        ([name, many, ones]) =>
          html`<button type="button" @click=${() => take(many, ones)}>${name}</button>`,
      )}
    </p>
    <div class="gate-weights">
      ${letters(inputs).map((name, i) => slider(`w of ${name}`, weights[i], 6, change(i)))}
      ${slider("bias b", weights[4], 8, change(4))}
    </div>
    <p class="gate-buttons">
      <button type="button" @click=${find}>Find weights</button>
      <span class=${wrong ? "gate-off" : "gate-on"}>${wrong ? "○" : "●"}
        ${rows.length - wrong} of ${rows.length} rows right</span>
    </p>
    <div class="gate-sides">${cube(state, numbers, toggle)} ${truthTable(state, numbers, toggle)}</div>
    <p class="gate-key">
      Click a corner or a cell to change what is wanted. <span class="gate-on">●</span> 1,
      <span class="gate-off">■</span> 0, ✕ the neuron says something else.
      ${inputs === 2 ? "Shaded: where it says 1." : nothing}
    </p>
  `;
};

/* What you see, as code */

const halves = (sums) => `(${sums.map((sum) => ["0", "½", "1"][sum]).join(", ")})`;

const reason = ({ rows, middle }) => {
  const [a, b, c, d] = middle.map((r) => rows[r]);
  return html`<p>
    <b>No weights do it.</b> ${bits(a)} and ${bits(b)} should be 1, ${bits(c)} and ${bits(d)} should be
    0, and both pairs have the same midpoint, ${halves(a.map((value, i) => value + b[i]))}. A score is
    linear: at the midpoint it is the mean of both its ends. So it would have to be positive there,
    and not positive.
  </p>`;
};

const see = ({ proof }, numbers) => {
  const { wrong, separable, rows, mistakes, epochs } = numbers;
  const tries = separable
    ? mistakes
      ? `The rule needs ${mistakes} mistakes in ${epochs} ${epochs === 1 ? "epoch" : "epochs"} to find weights.`
      : "From zero weights the rule has nothing to do: a neuron of zeros says 0 to everything."
    : `The rule makes ${mistakes} mistakes in ${epochs} epochs and is as far as before.`;
  return html`<p>
      ${wrong === 0
        ? html`<b>It lights up: one neuron computes this table.</b>`
        : html`<b>${wrong} of ${rows.length} rows are wrong.</b>`}
      ${tries}
    </p>
    ${separable
      ? proof === "shown"
        ? html`<p>No two pairs of corners, ones and zeros, have the same midpoint. There is no such proof, since there are weights.</p>`
        : nothing
      : proof === "shown"
        ? reason(numbers)
        : html`<p>Try the sliders before you switch the proof on: how many rows can you get right?</p>`}`;
};

const code = ({ inputs, table, weights }) => `import numpy as np
from coursepkg import functional as F
from coursepkg.margin import widest_margin
from coursepkg.perceptron import Perceptron
from coursepkg.widgets.gate_lab import inputs_of, same_middle

rows = inputs_of(${inputs})
wanted = np.array(${JSON.stringify(table.slice(0, 2 ** inputs))})
scores = rows @ np.array(${JSON.stringify(weights.slice(0, inputs))}) + ${weights[4]}
outputs = F.step(scores)
wrong = np.sum(outputs != wanted)
model = Perceptron(epochs=200).fit(rows, wanted)
found = [*model.coef_, model.intercept_]
mistakes = model.n_mistakes_
middle = same_middle(wanted.tolist())  # two ones and two zeros with one midpoint
extended = np.column_stack([rows, np.ones(len(rows))])
separable = widest_margin(extended, 2 * wanted - 1)[1] > 0`;

export default widget({
  controls: [
    { name: "inputs", label: "Inputs", min: 2, max: 4, step: 1 },
    {
      name: "proof",
      label: "Proof, if it cannot be done",
      options: [
        ["hidden", "hidden"],
        ["shown", "shown"],
      ],
    },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "One neuron computes 14 of the 16 truth tables with two inputs. Of the 65,536 tables with four inputs it computes",
    options: ["57,344, again seven of eight", "about half", "1,882, three in a hundred"],
    answer: 2,
    attempt:
      "Get exclusive or as right as you can. Then take the formula with four inputs as it is printed, and press Find weights. Then the one with ¬(X&Z), and switch the proof on. Then click a table at random for four inputs.",
    explain:
      "A neuron with n inputs has n + 1 numbers to choose, but a table has 2ⁿ. Each row is one more condition on the same five numbers. With 16 conditions, most tables ask for something contradictory, and a contradiction between four corners with one midpoint is enough.",
  },
});
