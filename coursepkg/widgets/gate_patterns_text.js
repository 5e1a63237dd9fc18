/* The words of W5.2: what to notice, what was right about a guess, and the code. */
import { html, number } from "./frame.js";

const signed = (value) => (value < 0 ? `(${number(value)})` : number(value));

const habits = {
  add: (x, y, [d]) => html`<p>
    <b>A distributor.</b> Both inputs get the upstream ${number(d)}, whatever stands on them. Pull x and y:
    nothing comes back differently.
  </p>`,
  mul: (x, y, [d]) => html`<p>
    <b>A swap multiplier.</b> x gets ${number(d)} · ${signed(y)} = ${number(d * y)}, y gets ${number(d)} ·
    ${signed(x)} = ${number(d * x)}: each the value of the <i>other</i>.
    ${x === 0 || y === 0 ? "A zero on one wire silences the other." : ""}
  </p>`,
  max: (x, y, [d]) => html`<p>
    <b>A router.</b> ${
      x === y
        ? `A tie. This course sends all of it to x; a push of y upwards would have been heard, too. There
          is no derivative here.`
        : `${x > y ? "x" : "y"} is larger and gets all of ${number(d)}; the other gets 0, and would get 0
          however large the upstream were.`
    }
  </p>`,
  copy: (x, y, [d, e]) => html`<p>
    <b>An adder.</b> What comes back by the two ways adds up: ${number(d)} + ${signed(e)} = ${number(d + e)}.
    ${d + e === 0 && d !== 0 ? "The two cancel: x matters to each of them, and not to their sum." : ""}
  </p>`,
};

const see = ({ mode }, { kind, inputs, upstream, played, right, round }) => {
  if (mode === "explore") return habits[kind](...inputs, upstream);
  if (round) {
    return html`<p>
      Cover the formula and read the habit: does this gate look at the values on its inputs, and at whose?
    </p>`;
  }
  return html`<p>
    <b>${right} of ${played}.</b> ${
      right === played
        ? "You read gradients off a graph now; A4 will feel like typing."
        : "Look at the names of the wrong ones: they are the mistakes that A4 finds."
    }
  </p>`;
};

const feedback = ({ options, place, asked }, guess) => {
  if (guess === place) return html`<p><b>Right:</b> ${number(options[place][0])} at ${asked}.</p>`;
  const [value, name] = options[guess] ?? [NaN, ""];
  return html`<p>
    You said ${number(value)}. <b>${name}</b> Right was ${number(options[place][0])} at ${asked}.
  </p>`;
};

const code = (state, { kind, inputs, upstream, round }) => {
  const list = (values) => `[${values.join(", ")}]`;
  const doing = round ? `# the answer to this round stands in grads\n` : "";
  const [make, forward, back] =
    kind === "copy"
      ? ["CopyGate(2)", "gate.forward(x)", "[gate.backward(upstream)]"]
      : [
          { add: "AddGate()", mul: "MultiplyGate()", max: "MaxGate()" }[kind],
          "[gate.forward(x, y)]",
          "gate.backward(upstream[0])",
        ];
  return `from coursepkg.gates import AddGate, CopyGate, MaxGate, MultiplyGate

${doing}(x, y), upstream = ${list(inputs)}, ${list(upstream)}
gate = ${make}
out = ${forward}
grads = ${back}`;
};

export { code, feedback, see };
