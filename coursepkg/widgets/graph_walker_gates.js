/* The gates of W5.1: the value of each, and its local derivatives with their reasons. */

const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/* value(...inputs); locals(inputs, out): the derivative by each input; why: the rule in words. */
const GATES = {
  add: { value: (a, b) => a + b, locals: () => [1, 1], why: Array(2).fill("+ hands on") },
  subtract: { value: (a, b) => a - b, locals: () => [1, -1], why: ["− hands on", "− turns the sign"] },
  multiply: {
    value: (a, b) => a * b,
    locals: ([a, b]) => [b, a],
    why: Array(2).fill("the other input"),
  },
  divide: {
    value: (a, b) => a / b,
    locals: ([a, b]) => [1 / b, -a / (b * b)],
    why: ["1 / divisor", "−out / divisor"],
  },
  power: {
    value: (a, b) => a ** b,
    locals: ([a, b], out) => [b === 0 ? 0 : b * a ** (b - 1), out * Math.log(a)],
    why: ["exponent · base^(exponent − 1)", "out · ln base"],
  },
  max: {
    value: Math.max,
    locals: ([a, b]) => (a >= b ? [1, 0] : [0, 1]),
    why: Array(2).fill("1 for the larger, else 0"),
  },
  min: {
    value: Math.min,
    locals: ([a, b]) => (a <= b ? [1, 0] : [0, 1]),
    why: Array(2).fill("1 for the smaller, else 0"),
  },
  exp: { value: Math.exp, locals: (_, out) => [out], why: ["its own output"] },
  log: { value: (x) => (x > 0 ? Math.log(x) : NaN), locals: ([x]) => [1 / x], why: ["1 / input"] },
  sqrt: { value: Math.sqrt, locals: (_, out) => [0.5 / out], why: ["1 / (2 · output)"] },
  relu: {
    value: (x) => Math.max(x, 0),
    locals: ([x]) => [x > 0 ? 1 : 0],
    why: ["1 if the input is positive, else 0"],
  },
  sigmoid: { value: sigmoid, locals: (_, out) => [out * (1 - out)], why: ["output · (1 − output)"] },
  tanh: { value: Math.tanh, locals: (_, out) => [1 - out * out], why: ["1 − output²"] },
  sin: { value: Math.sin, locals: ([x]) => [Math.cos(x)], why: ["cos of the input"] },
  cos: { value: Math.cos, locals: ([x]) => [-Math.sin(x)], why: ["−sin of the input"] },
};
const OPERATORS = ["add", "subtract", "multiply", "divide", "power"];

/** How many numbers a function takes; 0 if there is none of that name. */
const arity = (name) =>
  Object.hasOwn(GATES, name) && !OPERATORS.includes(name) ? GATES[name].why.length : 0;

const operate = (kind, numbers) => GATES[kind].value(...numbers);

const argument = (one, values) => (typeof one === "number" ? one : values[one.id]);

/** The value of every node; `at` maps the names of inputs to numbers. */
const forward = ({ nodes }, at) => {
  const values = [];
  for (const { kind, args, name } of nodes) {
    values.push(kind ? operate(kind, args.map((one) => argument(one, values))) : at.get(name));
  }
  return values;
};

/* What people write instead: a multiplication that forgets to swap, and so on. */
const WRONG = {
  swapped: { multiply: ([a, b]) => [a, b] },
  both: { max: () => [1, 1] },
  plus: { subtract: () => [1, 1] },
};

/** Everything sent on the way back, in its order: [{ gate, to, arg, upstream, local, sent }], and the
    gradient of every node. Where a node is used twice, what arrives adds. */
const backward = ({ nodes, output }, values, rule) => {
  const grads = nodes.map(() => 0);
  const messages = [];
  grads[output] = 1 + 0 * values[output]; // no number, no slope
  for (let gate = nodes.length - 1; gate >= 0; gate -= 1) {
    const { kind, args } = nodes[gate];
    if (!kind) continue;
    const inputs = args.map((one) => argument(one, values));
    const locals = (WRONG[rule]?.[kind] ?? GATES[kind].locals)(inputs, values[gate]);
    args.forEach((one, arg) => {
      if (typeof one === "number") return;
      const sent = grads[gate] * locals[arg];
      messages.push({ gate, to: one.id, arg, upstream: grads[gate], local: locals[arg], sent });
      grads[one.id] = rule === "overwrite" ? sent : grads[one.id] + sent;
    });
  }
  return { grads, messages };
};

const STEP = 1e-5;

/** The gradient of an input, measured: f a little to the right less f a little to the left. */
const measure = (graph, at, name, gradient) => {
  const f = (value) => forward(graph, new Map(at).set(name, value))[graph.output];
  const [x, here] = [at.get(name), f(at.get(name))];
  const sides = (step) => [(here - f(x - step)) / step, (f(x + step) - here) / step];
  const bend = (step) => sides(step)[1] - sides(step)[0];
  const step = STEP * Math.max(1, Math.abs(x));
  const slopes = sides(step);
  const quotient = (slopes[0] + slopes[1]) / 2;
  const scale = Math.abs(gradient) + Math.abs(quotient);
  // The slopes of the two sides part at a kink, however small the step; elsewhere with the step.
  const parted = Math.abs(bend(step / 10));
  const kink = parted > 1e-5 * (1 + scale) && parted > Math.abs(bend(step)) / 2;
  const agrees = Math.abs(gradient - quotient) <= 1e-5 * scale + 1e-9 * (1 + Math.abs(here));
  return { name, gradient, quotient, slopes, kink, agrees };
};

const POWERS = { 2: "x²", 3: "x³", 0.5: "√x", "-1": "1/x" };

/** What stands in the circle of a gate; a constant stands in it, too. */
const symbol = ({ kind, args }) => {
  const [a, b] = args.map((one) => (typeof one === "number" ? short(one) : null));
  const around = (sign) => [a, sign, b].filter(Boolean).join(" ");
  if (kind === "add") return around("+");
  if (kind === "subtract") return around("−");
  if (kind === "multiply") return a || b ? `× ${a ?? b}` : "×";
  if (kind === "divide") return a === "1" ? "1/x" : around("÷");
  if (kind === "power") return b ? POWERS[args[1]] ?? `x^${b}` : a ? `${a}^x` : "xʸ";
  const name = { log: "ln", sqrt: "√", sigmoid: "σ" }[kind] ?? kind;
  return a || b ? `${name} ${a ?? b}` : name;
};

/** A number for a narrow place. */
const short = (value, digits = 3) => {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return String(Number(value.toPrecision(digits))).replaceAll("-", "−").replace("e+", "e");
};

export { GATES, WRONG, arity, backward, forward, measure, operate, short, symbol };
