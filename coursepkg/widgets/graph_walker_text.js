/* The words of W5.1: the rule of a gate with its numbers, what to notice, and the code. */
import { html, nothing } from "./frame.js";
import { GATES, WRONG, short, symbol } from "./graph_walker_gates.js";

const SIGNS = { add: "+", subtract: "−", multiply: "×", divide: "÷" };
const NAMES = { log: "ln", sqrt: "√", sigmoid: "σ" };

const digits = (value) => short(value, 4);
const factor = (value) => (value < 0 ? `(${digits(value)})` : digits(value));

const nameOf = ({ nodes, output }, id) =>
  nodes[id].name ?? (id === output ? "f" : `the ${symbol(nodes[id])} gate`);

const calculation = ({ graph, all }, id) => {
  const { kind, args } = graph.nodes[id];
  const given = args.map((one) => (typeof one === "number" ? one : all[one.id]));
  const [a, b] = given.map(factor);
  const text =
    kind === "power"
      ? html`${a}<sup>${digits(given[1])}</sup>`
      : SIGNS[kind]
        ? `${a} ${SIGNS[kind]} ${b}`
        : `${NAMES[kind] ?? kind}(${given.map(digits).join(", ")})`;
  return html`${text} = <b class="walk-v">${digits(all[id])}</b>`;
};

const row = ({ graph }, rule, { gate, to, arg, upstream, local, sent }) => {
  const { kind } = graph.nodes[gate];
  const why = WRONG[rule]?.[kind] ? "wrong rule" : GATES[kind].why[arg];
  return html`<tr>
    <th scope="row">to ${nameOf(graph, to)}</th>
    <td>${digits(upstream)}</td>
    <td>× ${factor(local)}<small>${why}</small></td>
    <td>= <b class="walk-g">${digits(sent)}</b></td>
  </tr>`;
};

/** The gate at which the walk is, or the one that was chosen: forward, and back, with its numbers. */
const rulePanel = ({ rule }, numbers) => {
  const { graph, walk } = numbers;
  const { current, phase, looking } = walk;
  if (current === null || current === undefined) {
    return html`<div class="walk-rule"><p>Only the inputs have numbers. Press <b>Forward</b>.</p></div>`;
  }
  const { kind, name } = graph.nodes[current];
  const rows = walk.messages.filter(({ gate }) => gate === current);
  return html`<div class="walk-rule">
    ${phase === "seed" && !looking
      ? html`<p>The way back begins: f changes by 1 for each 1 that f changes, <b class="walk-g">∂f/∂f = 1</b>.</p>`
      : html`<p>
          <b>${symbol(graph.nodes[current])} gate</b>${name ? `, ${name}` : ""}:
          ${walk.computed.has(current) ? calculation(numbers, current) : "its turn has not come"}
        </p>`}
    ${rows.length && kind
      ? html`<table>
          <thead><tr><th></th><th scope="col">upstream</th><th scope="col">× local</th><th scope="col">= downstream</th></tr></thead>
          <tbody>${rows.map((one) => row(numbers, rule, one))}</tbody>
        </table>`
      : nothing}
  </div>`;
};

/* What you see */

const stages = {
  start: () => html`<p>Every gate knows its inputs and one rule, and not the formula.</p>`,
  forward: () => html`<p><b class="walk-v">Values</b> go forward. Each is kept; the way back needs it.</p>`,
  seed: () => html`<p>The last value has gradient 1; now each gate multiplies.</p>`,
  backward: ({ walk }) => {
    const left = walk.total - walk.at;
    return left
      ? html`<p>
          Back: <b class="walk-g">gradients</b>, below the wires, upstream × local. The local factor is made of
          numbers that this gate saw on its way forward. Gates to go: ${left}.
        </p>`
      : html`<p>
          Done: ${walk.gates.length} gates forward, ${walk.gates.length} back, all gradients at once. Measuring
          them took two forward passes <i>for each input</i>.
        </p>`;
  },
};

const valueOf = ({ inputs }, name) => inputs.find(([one]) => one === name)?.[1];

const notes = {
  product: (numbers) => html`<p>
    x and y get the same gradient, ${digits(numbers.slopes[0])}: + hands on what comes. z gets q = x + y, which
    is ${digits(numbers.slopes[2])}: × swaps.
  </p>`,
  neuron: ({ value, grads }) => html`<p>
    From the sum to the end are four small gates: × −1, exp, + 1, 1/x. Together they multiply by
    ${digits(grads.at(-5))}, and that is out (1 − out) = ${digits(value)} · ${digits(1 - value)}: one σ gate.
  </p>`,
  sigma: ({ value, grads }) => html`<p>
    Four gates of the other drawing are one here, local = out (1 − out) = ${digits(grads.at(-2))}, and no
    gradient changed: the graph of a formula is a choice.
  </p>`,
  relu: (numbers) => {
    const z = numbers.values[1];
    return z > 0
      ? html`<p>
          z = ${digits(z)} is positive: ReLU hands its gradient on. Lower b1 to ${digits(valueOf(numbers, "b1") - z)}
          or less, and nothing below it gets any.
        </p>`
      : html`<p>
          z = ${digits(z)}: <b>the unit is off</b>. w1, b1 and x get exactly 0 and cannot bring it back.
        </p>`;
  },
  router: (numbers) => {
    const [z, w] = ["z", "w"].map((name) => valueOf(numbers, name));
    return z === w
      ? html`<p>
          z = w: there is no derivative. The gate sends all to z, the central difference says half.
        </p>`
      : html`<p>
          max is a switch: ${z > w ? "z" : "w"} gets everything, ${z > w ? "w" : "z"} exactly 0. Make them equal.
        </p>`;
  },
  own: ({ graph, walk }) => {
    const uses = new Map();
    graph.nodes.forEach(({ args = [] }) =>
      args.forEach(({ id }) => id !== undefined && uses.set(id, (uses.get(id) ?? 0) + 1)),
    );
    const branches = [...uses].filter(([, times]) => times > 1).map(([id]) => nameOf(graph, id));
    return html`<p>
      ${walk.gates.length} ${walk.gates.length === 1 ? "gate" : "gates"}.
      ${branches.length
        ? html`Used more than once: <b>${branches.join(", ")}</b>. There gradients add.`
        : html`No value is used twice: a tree. Write x*x to see gradients add.`}
    </p>`;
  },
};

const wrongText = ({ rule }, { checks, walk }) => {
  if (rule === "right") return nothing;
  const spoiled = checks.filter(({ agrees, kink }) => !agrees && !kink).map(({ name }) => name);
  const hidden = {
    overwrite: "nothing is used twice, or only the last path counts",
    swapped: "no × has two different inputs",
    both: "no max has a loser that matters",
    plus: "no − has a second input that matters",
  };
  if (!spoiled.length) {
    return html`<p><b>The wrong rule does not show</b>: ${hidden[rule]}. A test on this graph would pass.</p>`;
  }
  const open = walk.at < walk.total ? " Walk to the end." : "";
  return html`<p>
    <b>This rule is wrong, and it spoils ${spoiled.join(", ")}</b>: the measured slope says otherwise.${open}
  </p>`;
};

const brokenText = ({ value, slopes, graph, all, checks }) => {
  const first = graph.nodes.findIndex(({ kind }, id) => kind && !Number.isFinite(all[id]));
  if (first >= 0) {
    return html`<p>
      <b>The ${symbol(graph.nodes[first])} gate gives ${short(all[first])}</b>. It spreads: f is ${short(value)}, and
      ${slopes.filter((one) => !Number.isFinite(one)).length} of ${slopes.length} gradients are no numbers.
    </p>`;
  }
  if (slopes.some((one) => !Number.isFinite(one))) {
    return html`<p><b>A value, and no slope</b>: some gate is infinitely steep.</p>`;
  }
  const kinks = checks.filter(({ kink }) => kink);
  if (!kinks.length) return nothing;
  return html`<p>
    <b>A kink</b> in ${kinks
      .map(({ name, slopes: [left, right] }) => `${name}: slope ${digits(left)} on the left, ${digits(right)} on the right`)
      .join("; ")}. The gate takes a side, the central difference the middle.
  </p>`;
};

const see = (state, numbers) => {
  if (numbers.error) {
    return html`<p>
      Allowed: numbers, names, + − * / **, (), exp, log, sqrt, relu, sigmoid, tanh, sin, cos, max, min. Name a
      value and go on after a semicolon: q = x + y; q * z.
    </p>`;
  }
  return html`${brokenText(numbers)} ${wrongText(state, numbers)}
  ${stages[numbers.walk.phase](numbers)}
  ${numbers.walk.at === numbers.walk.total || state.example === "own" ? notes[state.example](numbers) : nothing}`;
};

/* As code */

const code = ({ rule }, { formula, error, inputs }) => {
  if (error) return "# The formula cannot be read yet.";
  const given = inputs.map(([name, value]) => `"${name}": ${value}`).join(", ");
  const warning = rule === "right" ? "" : "\n# (with the right backward rules)";
  return `from coursepkg.graph_expressions import graph_of

circuit = graph_of(${JSON.stringify(formula)})${warning}
at = {${given}}
value = circuit.forward(**at)
gradients = circuit.backward()
slopes = [gradients[name] for name in at]`;
};

export { code, rulePanel, see };
