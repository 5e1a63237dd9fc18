/* A formula as text becomes a graph; what cannot be read is said at its place. The grammar is that of
   Python, without everything that is no formula. `coursepkg.graph_expressions` reads the same. */
import { arity, operate } from "./graph_walker_gates.js";

const LONGEST = 200;
const MOST_GATES = 24;
const MOST_INPUTS = 12;

const TOKEN = / *(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/(),;=]))/y;
const KEYWORDS = "True False None and as def for from if in is lambda not or".split(" ");
const HINTS = {
  "^": "a power is written **",
  "×": "a product is written *",
  "·": "a product is written *",
  "−": "a minus is written -",
};

class Misread extends Error {
  constructor(at, message) {
    super(message);
    this.at = at;
  }
}

const tokens = (text) => {
  const found = [];
  let at = 0;
  while (text.slice(at).trim()) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const start = at + /^ */.exec(text.slice(at))[0].length;
    if (!match) throw new Misread(start, HINTS[text[start]] ?? `“${text[start]}” has no meaning here`);
    const [, digits, name, sign] = match;
    if (/^0\d*[1-9]\d*$/.test(digits)) throw new Misread(start, "a number does not begin with 0");
    if (KEYWORDS.includes(name)) throw new Misread(start, `${name} is a word of Python, not a name`);
    found.push({ at: start, digits, name, sign });
    at = TOKEN.lastIndex;
  }
  return [...found, { at: text.length }];
};

const described = ({ digits, name, sign }) => digits ?? name ?? sign ?? "the end";

/* Nodes come in the order in which they are made, each after those it is made of: an input is
   { name }, a gate { kind, args, name }, where an argument is { id } or a plain number. */
const read = (text) => {
  if (text.length > LONGEST) throw new Misread(LONGEST, `this is longer than ${LONGEST} letters`);
  const all = tokens(text);
  const nodes = [];
  const meanings = new Map(); // name -> argument, for inputs and for what stands before a =
  const defined = new Map(); // name -> its place, until it is used
  let place = 0;

  const next = () => all[place];
  const fail = (expected, token = next()) => {
    throw new Misread(token.at, `here I expected ${expected}, and found ${described(token)}`);
  };
  const take = (...signs) => (signs.includes(next().sign) ? all[place++] : null);
  const keep = (node, token) => {
    const gate = "kind" in node;
    const alike = nodes.filter((other) => "kind" in other === gate).length;
    if (alike === (gate ? MOST_GATES : MOST_INPUTS)) {
      const what = gate ? "gates" : "inputs";
      throw new Misread(token.at, `the picture holds ${alike} ${what}, and this would be one more`);
    }
    return { id: nodes.push(node) - 1 };
  };
  const gate = (kind, args, token) =>
    args.every((one) => typeof one === "number") ? operate(kind, args) : keep({ kind, args }, token);

  const sum = () => {
    let left = product();
    for (let token; (token = take("+", "-")); ) {
      left = gate(token.sign === "+" ? "add" : "subtract", [left, product()], token);
    }
    return left;
  };
  const product = () => {
    let left = factor();
    for (let token; (token = take("*", "/")); ) {
      left = gate(token.sign === "*" ? "multiply" : "divide", [left, factor()], token);
    }
    return left;
  };
  const factor = () => {
    if (take("+")) return factor();
    const minus = take("-");
    return minus ? gate("multiply", [-1, factor()], minus) : power();
  };
  const power = () => {
    const base = atom();
    const token = take("**");
    return token ? gate("power", [base, factor()], token) : base;
  };
  const atom = () => {
    const token = next();
    if (take("(")) {
      const inner = sum();
      if (!take(")")) fail("an operator or )");
      return inner;
    }
    if (!token.digits && !token.name) fail("a number, a name or (");
    place += 1;
    if (token.digits) return Number(token.digits);
    if (next().sign === "(") return call(token);
    if (arity(token.name)) throw new Misread(token.at, `${token.name} is a function: write ${token.name}(…)`);
    defined.delete(token.name);
    if (!meanings.has(token.name)) meanings.set(token.name, keep({ name: token.name }, token));
    return meanings.get(token.name);
  };
  const call = (token) => {
    const wanted = arity(token.name);
    if (!wanted) throw new Misread(token.at, `there is no function ${token.name}; a product is ${token.name} * (…)`);
    take("(");
    const args = [sum()];
    while (take(",")) args.push(sum());
    if (!take(")")) fail("an operator, a comma or )");
    if (args.length !== wanted) {
      throw new Misread(token.at, `${token.name} takes ${wanted === 1 ? "one number" : "two numbers"}, not ${args.length}`);
    }
    return gate(token.name, args, token);
  };
  const line = () => {
    const token = next();
    const named = token.name && all[place + 1].sign === "=";
    if (!named) return { token, result: sum() };
    if (arity(token.name) || meanings.has(token.name)) {
      throw new Misread(token.at, `${token.name} has a meaning already`);
    }
    place += 2;
    const before = nodes.length;
    const result = sum();
    if (nodes.length > before && result.id === nodes.length - 1) nodes[result.id].name ??= token.name;
    if (meanings.has(token.name)) throw new Misread(token.at, `${token.name} would be made of itself`);
    meanings.set(token.name, result);
    return { token, result, name: token.name };
  };

  for (;;) {
    const { token, result, name } = line();
    const more = take(";") && next().at < text.length;
    if (!more && next().at < text.length) fail("an operator, ; or the end");
    if (!more) {
      const [unused] = defined;
      if (unused) throw new Misread(unused[1], `${unused[0]} is never used`);
      if (typeof result === "number") throw new Misread(token.at, "there is no name in it, so nothing to differentiate");
      return { nodes, output: result.id };
    }
    if (!name) throw new Misread(token.at, "only the last piece may do without a name: write q = …;");
    defined.set(name, token.at);
  }
};

/** The graph { nodes, output } of a formula, or { error: { at, message } }. */
const parse = (text) => {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof Misread)) throw error;
    return { error: { at: error.at, message: error.message } };
  }
};

export { LONGEST, parse };
