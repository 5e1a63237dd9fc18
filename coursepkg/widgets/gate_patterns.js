/* W5.2: a gate with arrows on its wires. Pull the upstream gradient and see what comes back; then
   guess it, ten times. */
import { handle, scale } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";
import { code, feedback, see } from "./gate_patterns_text.js";

const LARGEST = 5;
const STEP = 0.5;

/* Mathematics */

const gates = {
  add: { symbol: "+", out: (x, y) => [x + y], back: (x, y, [d]) => [d, d] },
  mul: { symbol: "×", out: (x, y) => [x * y], back: (x, y, [d]) => [d * y, d * x] },
  max: {
    symbol: "max",
    out: (x, y) => [Math.max(x, y)],
    back: (x, y, [d]) => (x >= y ? [d, 0] : [0, d]), // a tie goes to x
  },
  copy: { symbol: "copy", out: (x) => [x, x], back: (x, y, [d, e]) => [d + e] },
};

const played = (guesses) => {
  const first = guesses.indexOf(-1);
  return first < 0 ? guesses.length : first;
};

/* What stands on the wires: the reader's choice, or the round that is being played. */
const shown = (state, { rounds }) =>
  state.mode === "guess" ? rounds[Math.min(played(state.guesses), rounds.length - 1)] : state;

const compute = (state, data) => {
  const { gate, inputs, upstream } = shown(state, data);
  const [x, y] = inputs;
  const many = played(state.guesses);
  const good = data.rounds.slice(0, many).map(({ place }, i) => place === state.guesses[i]);
  const lastWrong = good.lastIndexOf(false);
  return {
    out: gates[gate].out(x, y),
    grads: gates[gate].back(x, y, upstream),
    kind: gate,
    inputs,
    upstream,
    played: many,
    right: good.filter(Boolean).length,
    streak: many - 1 - lastWrong,
    round: state.mode === "guess" ? data.rounds[many] : null,
    last: state.mode === "guess" && many > 0 ? [data.rounds[many - 1], state.guesses[many - 1]] : null,
  };
};

/* Picture */

const [WIDTH, HEIGHT, CENTRE, MIDDLE] = [360, 236, 178, 118];
const UNIT = 7; // pixels of an arrow per unit
const LONGEST = 54;

const length = (value) => Math.max(-LONGEST, Math.min(LONGEST, value * UNIT));

/* An arrow from the wire, up for plus, down for minus. */
const arrow = (px, py, value, kind) => {
  const end = py - length(value);
  const tip = value < 0 ? -7 : 7;
  return value === 0
    ? svg`<path class="gate-arrow ${kind}" d="M${px - 5} ${py}H${px + 5}" />`
    : svg`<path class="gate-arrow ${kind}" d="M${px} ${py}V${end}M${px - 5} ${end + tip}L${px} ${end}L${px + 5} ${end + tip}" />`;
};

/* A number that is pulled up and down at its wire. */
const pull = (px, py, value, label, kind, move) => {
  const x = Object.assign(() => px, { invert: () => 0, ends: [0, 0] });
  const y = scale([-LARGEST, LARGEST], [py + LARGEST * UNIT, py - LARGEST * UNIT]);
  return svg`<path class="gate-axis" d="M${px} ${py - LARGEST * UNIT}V${py + LARGEST * UNIT}" />
    ${handle({
      at: [0, value],
      x,
      y,
      step: STEP,
      label: `${label} is ${value}, pull it up or down`,
      move: ([, to]) => move(to),
      mark: svg`<circle class="gate-knob ${kind}" r="6.5" />`,
    })}`;
};

const still = (px, py, value, kind) =>
  svg`<circle class="gate-knob ${kind}" cx=${px} cy=${py - length(value)} r="5" />`;

const heights = (many) => (many === 1 ? [MIDDLE] : [MIDDLE - 58, MIDDLE + 58]);

const exchanged = (list, place, value) => list.map((old, i) => (i === place ? value : old));

const inputSide = (state, { kind, inputs, grads, round }, set) =>
  heights(kind === "copy" ? 1 : 2).map((py, i) => {
    const name = "xy"[i];
    const asked = round ? (round.asked === name ? "?" : "") : number(grads[i], 3);
    return svg`
      <path class="gate-wire" d="M64 ${py}H122L${CENTRE} ${MIDDLE}" />
      <text class="gate-value" x="2" y=${py - 4}>${name} = ${number(inputs[i], 3)}</text>
      <text class="gate-back" x="2" y=${py + 14}>${asked}</text>
      ${
        round
          ? still(76, py, inputs[i], "gate-blue")
          : svg`${pull(76, py, inputs[i], name, "gate-blue", (to) =>
              set({ inputs: exchanged(state.inputs, i, to) }),
            )}${arrow(106, py, grads[i], "")}`
      }`;
  });

const outputSide = (state, { kind, out, upstream, round }, set) =>
  heights(kind === "copy" ? 2 : 1).map((py, i) => {
    const d = upstream[i];
    return svg`
      <path class="gate-wire" d="M${CENTRE} ${MIDDLE}L240 ${py}H284" />
      <text class="gate-value" x="288" y=${py - 4}>out ${number(out[i], 3)}</text>
      <text class="gate-back" x="288" y=${py + 14}>${number(d, 3)}</text>
      ${arrow(256, py, d, "gate-up")}
      ${
        round
          ? nothing
          : pull(274, py, d, kind === "copy" ? `Upstream gradient ${i + 1}` : "Upstream gradient", "gate-orange", (to) =>
              set({ upstream: exchanged(state.upstream, i, to) }),
            )
      }`;
  });

const told = ({ kind, inputs, upstream, grads, round }) => {
  const many = kind === "copy" ? 1 : 2;
  const names = inputs.slice(0, many).map((value, i) => `${"xy"[i]} = ${value}`);
  const back = round ? `what comes back at ${round.asked}?` : `back come ${grads.join(" and ")}`;
  return `Gate ${kind}: ${names.join(", ")}; upstream ${upstream.slice(0, 3 - many).join(" and ")}; ${back}`;
};

const picture = (state, numbers, set) => html`<svg
  class="cw-chart"
  viewBox="0 0 ${WIDTH} ${HEIGHT}"
  role="group"
  aria-label=${told(numbers)}
>
  ${inputSide(state, numbers, set)} ${outputSide(state, numbers, set)}
  <circle class="gate-body" cx=${CENTRE} cy=${MIDDLE} r="27" />
  <text class="gate-symbol" x=${CENTRE} y=${MIDDLE + 5} text-anchor="middle">${gates[numbers.kind].symbol}</text>
</svg>`;

const game = (state, { round, played: many, right, streak, last }, set) => html`
  <p class="gate-score">
    ${round ? `Round ${many + 1} of ${state.guesses.length}` : "All rounds played"}.
    Right: <b>${right}</b> of ${many}. In a row: <b>${streak}</b>.
  </p>
  <div role="status">${last ? feedback(...last) : nothing}</div>
  ${
    round
      ? html`<p>What comes back at <b>${round.asked}</b>?</p>
          <div class="gate-options">
            ${round.options.map(
              ([value], i) => html`<button
                type="button"
                @click=${() => set({ guesses: exchanged(state.guesses, many, i) })}
              >${number(value)}</button>`,
            )}
          </div>`
      : html`<button type="button" @click=${() => set({ guesses: state.guesses.map(() => -1) })}>
          Play again
        </button>`
  }
`;

const draw = (state, numbers, set) => html`
  ${picture(state, numbers, set)}
  <p class="gate-key">
    <span class="gate-key-blue">●</span> values go to the right,
    <span class="gate-key-orange">➔</span> gradients come back to the left; an arrow up is plus.
    ${state.mode === "guess" ? nothing : "Pull any knob."}
  </p>
  ${state.mode === "guess" ? game(state, numbers, set) : nothing}
`;

export default widget({
  controls: [
    {
      name: "mode",
      label: "What to do",
      options: [
        ["explore", "pull and look"],
        ["guess", "guess, ten rounds"],
      ],
    },
    {
      name: "gate",
      label: "Gate",
      options: [
        ["add", "sum"],
        ["mul", "product"],
        ["max", "maximum"],
        ["copy", "copy"],
      ],
      when: ({ mode }) => mode === "explore",
    },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "Four gates: sum, product, maximum, copy. With the upstream gradient held still, you move the values on the inputs. For which gate can the gradients jump, however little you move?",
    options: ["None: gradients come from upstream only", "The maximum: at a tie", "All but the sum"],
    answer: 1,
    attempt:
      "Pull the inputs of each gate. With the product the gradients follow smoothly. With the maximum, pull y slowly past x. Then play the ten rounds.",
    explain:
      "A sum and a copy do not look at their inputs at all. A product does, in proportion: move y a little and the gradient of x moves a little. A maximum looks at one thing, which input is larger, and there the whole upstream gradient jumps from one wire to the other. ReLU is the maximum of its input and 0, and the jump is its kink.",
  },
});
