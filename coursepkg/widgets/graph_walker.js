/* W5.1: a formula as a graph, walked forward and back, one gate at a time. */
import { html, nothing, svg, widget } from "./frame.js";
import { short, symbol } from "./graph_walker_gates.js";
import { layout } from "./graph_walker_layout.js";
import { LONGEST } from "./graph_walker_parse.js";
import { code, rulePanel, see } from "./graph_walker_text.js";
import { arrivals, compute, usesOf, writeInputs } from "./graph_walker_walk.js";

const MOST_STEPS = 49;
const MOST_GATES = 24;

/* Where gradients add, the sum written out; where they are overwritten, what is lost. */
const sumText = ({ parts, grad, whole }, rule) => {
  if (parts.length < (whole || rule === "overwrite" ? 2 : 1)) return "";
  if (rule === "overwrite") return `${parts.slice(0, -1).map((part) => short(part)).join(", ")} lost`;
  const terms = parts.map((part, i) => (i ? short(part).replace(/^(−?)/, (_, sign) => ` ${sign || "+"} `) : short(part)));
  return `${parts.length > 3 ? `${parts.length} parts` : terms.join("")} ${whole ? `= ${short(grad)}` : "+ …"}`;
};

/* Picture */

const RADIUS = 22;
const CARD = 48; // half the width of an input
const PORT = 9; // two wires into a gate end so far apart

const pathOf = (points, ports) => {
  const [first, ...rest] = points.map(({ x, y }, i) =>
    i === 0
      ? [x + ports.start, y]
      : i === points.length - 1
        ? [x - RADIUS - 2, y + ports.end]
        : [x, y],
  );
  let [x, y] = first;
  let text = `M${x} ${y}`;
  for (const [u, v] of rest) {
    const half = (u - x) / 2;
    text += `C${x + half} ${y} ${u - half} ${v} ${u} ${v}`;
    [x, y] = [u, v];
  }
  return text;
};

const wire = ({ graph, walk }, { from, to, arg, points }, part) => {
  const two = graph.nodes[to].args.every((one) => typeof one !== "number") && graph.nodes[to].args.length > 1;
  const end = two ? (arg ? PORT : -PORT) : 0;
  const message = walk.messages.find((one) => one.gate === to && one.arg === arg);
  const { kind } = graph.nodes[from];
  if (part) {
    const { x, y } = points.at(-1);
    return message && usesOf(graph, from) > 1
      ? svg`<text class="walk-part" x=${x - RADIUS - 8} y=${y + end + (end < 0 ? -5 : 14)}
          text-anchor="end">${short(message.sent)}</text>`
      : nothing;
  }
  const near = walk.current === to && walk.phase !== "seed" ? "walk-near" : "";
  const dark = kind && !walk.computed.has(from) ? "walk-dark" : "";
  return svg`<path class="${near} ${dark}" d=${pathOf(points, { start: kind ? RADIUS : CARD, end })} />`;
};

const labels = (numbers, { x, y }, id, rule) => {
  const { graph, walk, all } = numbers;
  const { kind, name } = graph.nodes[id];
  const got = arrivals(numbers, id, rule);
  const sum = sumText(got, rule);
  const under = (text, shift) =>
    svg`<text class="walk-sum" x=${x} y=${y + shift} text-anchor="middle">${text}</text>`;
  if (!kind) {
    return svg`<g>
      ${got.grad === null
        ? nothing
        : svg`<text class="walk-grad" x=${x} y=${y + 34} text-anchor="middle">${short(got.grad)}</text>`}
      ${sum ? under(sum, 48) : nothing}
    </g>`;
  }
  return svg`<g>
    ${name || id === graph.output
      ? svg`<text class="walk-name" x=${x} y=${y - RADIUS - 5} text-anchor="middle">${name ?? "f"}</text>`
      : nothing}
    ${walk.computed.has(id)
      ? svg`<text class="walk-value" x=${x + RADIUS + 5} y=${y - 7}>${short(all[id])}</text>`
      : nothing}
    ${got.grad === null
      ? nothing
      : svg`<text class="walk-grad" x=${x + RADIUS + 5} y=${y + 18}>${short(got.grad)}</text>`}
    ${sum ? under(sum, RADIUS + 14) : nothing}
  </g>`;
};

const told = (numbers, id, rule) => {
  const { graph, walk, all } = numbers;
  const { grad } = arrivals(numbers, id, rule);
  const parts = [
    `${symbol(graph.nodes[id])} gate ${graph.nodes[id].name ?? ""}`,
    walk.computed.has(id) && `value ${short(all[id])}`,
    grad !== null && `gradient ${short(grad)}`,
  ];
  return parts.filter(Boolean).join(", ");
};

const gateButton = (state, numbers, { x, y }, id, set) => {
  const { graph, walk } = numbers;
  const place = walk.gates.indexOf(id) + 1;
  const classes = [
    "walk-gate",
    walk.computed.has(id) ? "" : "walk-dark",
    walk.sent.has(id) ? "walk-done" : "",
    walk.current === id ? "walk-on" : "",
  ];
  return html`<button
    type="button"
    class=${classes.join(" ")}
    style="left: ${x}px; top: ${y}px"
    aria-label=${told(numbers, id, state.rule)}
    aria-pressed=${walk.current === id}
    @click=${() => set({ look: state.look === place ? 0 : place })}
  >${symbol(graph.nodes[id])}</button>`;
};

const inputField = (numbers, { x, y }, id, set) => {
  const { name } = numbers.graph.nodes[id];
  const value = numbers.all[id];
  return html`<label class="walk-input" style="left: ${x}px; top: ${y}px">
    <span>${name}</span>
    <input
      type="number"
      step="any"
      .value=${String(value)}
      @input=${({ target }) =>
        Number.isFinite(target.valueAsNumber) &&
        set({ at: writeInputs(new Map(numbers.inputs).set(name, target.valueAsNumber)) })}
    />
  </label>`;
};

const stage = (state, numbers, set) => {
  const { graph, walk } = numbers;
  const { width, height, places, wires } = layout(graph);
  const go = (step) => set({ step: Math.max(0, Math.min(walk.total, step)), look: 0 });
  const press = (event) => {
    const step = { ArrowRight: walk.at + 1, ArrowLeft: walk.at - 1, Home: 0, End: walk.total }[event.key];
    if (step === undefined || event.target.tagName === "INPUT") return;
    event.preventDefault();
    go(step);
  };
  return html`<div
    class="walk-box"
    tabindex="0"
    role="group"
    aria-label="Graph. Arrow right: next step, left: undo, End: all."
    @keydown=${press}
  >
    <div class="walk-stage" style="width: ${width}px; height: ${height}px">
      <svg width=${width} height=${height} aria-hidden="true">
        ${wires.map((one) => wire(numbers, one))} ${wires.map((one) => wire(numbers, one, "part"))}
        ${places.map((place, id) => labels(numbers, place, id, state.rule))}
      </svg>
      ${graph.nodes.map(({ kind }, id) =>
        kind
          ? gateButton(state, numbers, places[id], id, set)
          : inputField(numbers, places[id], id, set),
      )}
    </div>
  </div>
  ${buttons(walk, go)}`;
};

const buttons = ({ at, total, gates }, go) => {
  // A button that went away under the finger would take the focus with it.
  const button = (text, off, step) => html`<button
    type="button"
    aria-disabled=${off}
    @click=${() => !off && go(step)}
  >${text}</button>`;
  return html`<div class="walk-buttons">
    ${button("Forward ▸", at >= gates.length, at + 1)}
    ${button("◂ Back", at < gates.length || at === total, at + 1)}
    ${button("All", at === total, total)} ${button("Undo", at === 0, at - 1)}
    ${button("Clear", at === 0, 0)}
    <span>step ${at} of ${total}</span>
  </div>`;
};

/* The formula, and what is wrong with it */

const formulaField = (state, numbers, set) => {
  const { formula, error, inputs = [] } = numbers;
  const type = ({ target }) =>
    set({ example: "own", own: target.value, at: writeInputs(inputs) || state.at, step: MOST_STEPS, look: 0 });
  return html`<label class="walk-formula">
      <span>f =</span>
      <input
        type="text"
        maxlength=${LONGEST}
        spellcheck="false"
        autocapitalize="off"
        autocomplete="off"
        aria-label="Formula; type your own"
        aria-invalid=${Boolean(error)}
        .value=${formula}
        @input=${type}
      />
    </label>
    <div role="status">
      ${error
        ? html`<pre class="walk-error">${formula.slice(0, error.at)}<mark>${
            formula.slice(error.at, error.at + 1) || " "
          }</mark>${formula.slice(error.at + 1)}
${error.message}.</pre>`
        : nothing}
    </div>`;
};

/* Every gradient beside a measured one */

const checkLine = (state, numbers) => {
  const entry = (check) => {
    const { grad, whole } = arrivals(numbers, check.id, state.rule);
    const known = whole && grad !== null;
    const verdict = check.agrees ? "✓" : check.kink ? "kink" : "✗";
    return html`<li class=${known ? (check.agrees ? "walk-good" : "walk-bad") : ""}>
      <b>∂f/∂${check.name}</b> ${known ? short(grad, 5) : "…"}
      <span>measured ${known ? `${short(check.quotient, 5)} ${verdict}` : "…"}</span>
    </li>`;
  };
  return html`<ul class="walk-check" aria-label="Gradients beside central differences">
    ${numbers.checks.map(entry)}
  </ul>`;
};

const draw = (state, numbers, set) => html`
  ${formulaField(state, numbers, set)}
  ${numbers.error
    ? nothing
    : html`${stage(state, numbers, set)} ${rulePanel(state, numbers)} ${checkLine(state, numbers)}`}
`;

/* Keep the gate of this step in sight: the box scrolls, the page does not. */
const paint = (root, _, { walk, graph }) => {
  const box = root.querySelector(".walk-box");
  if (!box) return;
  const at = `${walk.at} ${walk.current} ${graph.nodes.length}`;
  if (box.dataset.at === at) return;
  box.dataset.at = at;
  const x = box.querySelector(".walk-on")?.offsetLeft ?? 0;
  // The first drawing is moved to its place in the page afterwards, and loses where it stood.
  requestAnimationFrame(() => {
    if (x - 140 < box.scrollLeft || x + 100 > box.scrollLeft + box.clientWidth) {
      box.scrollLeft = x - 20 - box.clientWidth / 2;
    }
  });
};

const along = { step: 0, look: 0, at: "" };

export default widget({
  controls: [
    {
      name: "example",
      label: "Formula",
      options: [
        ["product", "(x + y) z"],
        ["neuron", "sigmoid neuron"],
        ["sigma", "the same, one σ gate"],
        ["relu", "ReLU network"],
        ["router", "max, + and ×"],
        ["own", "your own"],
      ],
      along,
    },
    {
      name: "rule",
      label: "Backward rules",
      options: [
        ["right", "right"],
        ["overwrite", "= where it branches"],
        ["swapped", "× does not swap"],
        ["both", "max sends to both"],
        ["plus", "− sends + to both"],
      ],
    },
  ],
  inPicture: [
    { name: "step", min: 0, max: MOST_STEPS, step: 1 },
    { name: "look", min: 0, max: MOST_GATES, step: 1 },
  ],
  compute,
  draw,
  paint,
  see,
  code,
  predict: {
    question:
      "(x + y) z at x = −2, y = 5, z = −4 gives −12. Change y from 5 to 6 and walk again: which of the three input gradients change?",
    options: ["All three", "Only y's", "Only z's"],
    answer: 2,
    attempt:
      "Press Back once, then type 6 for y. Then take a formula from the menu and guess each number before you press. Then take a wrong rule, and find a formula in which it does not show.",
    explain:
      "x and y go through a + gate, which hands on what it gets: −4, the value of z. No y in it. But z meets q = x + y in the × gate and is multiplied by q: 3 becomes 4. A gate knows its inputs and what comes from above, and that is enough.",
  },
});
