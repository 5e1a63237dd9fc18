/* The mathematics of W6.1, without a picture. */
const range = (n) => [...Array(n).keys()];
const at = (name, i, j = 0) => ({ name, i, j });
const shapeOf = (matrix) => [matrix.length, matrix[0].length];

/* A result is { name, shape, terms }: terms(i, j) lists the products that make its
   entry, each a list of factors: entries of other matrices, or plain numbers. Where the shapes
   do not multiply, shape is null. */

const normResults = ({ W }, rule) => {
  const [m, d] = shapeOf(W);
  const dW =
    rule === "dW transposed"
      ? { shape: [d, m], terms: (i, j) => [[at("x", i), at("dq", j)]] }
      : { shape: [m, d], terms: (i, j) => [[at("dq", i), at("x", j)]] };
  const dx =
    rule === "dX untransposed"
      ? {
          shape: d === m ? [m, 1] : null,
          terms: (i) => range(d).map((k) => [at("W", i, k), at("dq", k)]),
        }
      : { shape: [d, 1], terms: (i) => range(m).map((k) => [at("W", k, i), at("dq", k)]) };
  return [
    { name: "q", shape: [m, 1], terms: (i) => range(d).map((k) => [at("W", i, k), at("x", k)]) },
    { name: "dq", shape: [m, 1], terms: (i) => [[2, at("q", i)]] },
    { name: "dW", ...dW },
    { name: "dx", ...dx },
  ];
};

const linearResults = ({ X, W }, rule) => {
  const [n, d, m] = [X.length, ...shapeOf(W)];
  const samples = rule === "first sample only" ? [0] : range(n);
  const dW =
    rule === "dW transposed"
      ? { shape: [m, d], terms: (i, j) => samples.map((s) => [at("dY", s, i), at("X", s, j)]) }
      : { shape: [d, m], terms: (i, j) => samples.map((s) => [at("X", s, i), at("dY", s, j)]) };
  const dX =
    rule === "dX untransposed"
      ? {
          shape: d === m ? [n, m] : null,
          terms: (i, j) => range(m).map((k) => [at("dY", i, k), at("W", k, j)]),
        }
      : {
          shape: [n, d],
          terms: (i, j) => range(m).map((k) => [at("dY", i, k), at("W", j, k)]),
        };
  return [
    {
      name: "Y",
      shape: [n, m],
      terms: (i, j) => [...range(d).map((k) => [at("X", i, k), at("W", k, j)]), [at("b", 0, j)]],
    },
    { name: "dX", ...dX },
    { name: "dW", ...dW },
    { name: "db", shape: [1, m], terms: (_, j) => range(n).map((s) => [at("dY", s, j)]) },
  ];
};

/* What is given, with the batch cut to size. */
const given = ({ example, norm, linear, batch }) =>
  example === "norm"
    ? norm
    : { ...linear, X: linear.X.slice(0, batch), dY: linear.dY.slice(0, batch) };

const results = (matrices, { example, rule }) =>
  (example === "norm" ? normResults : linearResults)(matrices, rule);

const valueOf = (factor, values) =>
  typeof factor === "number" ? factor : values[factor.name][factor.i][factor.j];

const product = (factors, values) =>
  factors.reduce((total, factor) => total * valueOf(factor, values), 1);

const total = (terms, values) => terms.reduce((sum, term) => sum + product(term, values), 0);

const evaluate = (matrices, state) => {
  const values = { ...matrices };
  for (const { name, shape, terms } of results(matrices, state)) {
    values[name] =
      shape && range(shape[0]).map((i) => range(shape[1]).map((j) => total(terms(i, j), values)));
  }
  return values;
};

const dot = (a, b) => a.flat().reduce((sum, value, k) => sum + value * b.flat()[k], 0);

const objective = ({ example }, values) =>
  example === "norm" ? dot(values.q, values.q) : dot(values.dY, values.Y);

const relativeError = (got, right) => {
  if (!got || `${shapeOf(got)}` !== `${shapeOf(right)}`) return null;
  const norm = (matrix) => Math.sqrt(dot(matrix, matrix));
  const sum = norm(got) + norm(right);
  const gap = got.map((row, i) => row.map((value, j) => value - right[i][j]));
  return sum ? norm(gap) / sum : 0;
};

const gradients = { norm: ["dW", "dx"], linear: ["dX", "dW", "db"] };

const compute = (state) => {
  const matrices = given(state);
  const values = evaluate(matrices, state);
  const right = evaluate(matrices, { ...state, rule: "right" });
  const errors = Object.fromEntries(
    gradients[state.example].map((name) => [name, relativeError(values[name], right[name])]),
  );
  return { ...values, f: objective(state, values), errors };
};

/* Names: a column or a row has one index, as its array in Python has. */

const isColumn = (name) => ["x", "q", "dq", "dx"].includes(name);
const isRow = (name) => ["b", "db"].includes(name);

const label = ({ name, i, j }) => {
  if (isColumn(name)) return `${name}[${i}]`;
  return isRow(name) ? `${name}[${j}]` : `${name}[${i},${j}]`;
};

const shapeText = (name, [rows, columns]) => {
  if (isColumn(name)) return `(${rows},)`;
  return isRow(name) ? `(${columns},)` : `(${rows}, ${columns})`;
};

/* The entry that is written out; dW[0,0] where the state names none that exists. */
const chosen = (state) => {
  const all = results(given(state), state).filter(({ shape }) => shape);
  for (const { name, shape, terms } of all) {
    for (const i of range(shape[0])) {
      for (const j of range(shape[1])) {
        if (label(at(name, i, j)) === state.cell) return { ...at(name, i, j), terms: terms(i, j) };
      }
    }
  }
  return { ...at("dW", 0, 0), terms: all.find(({ name }) => name === "dW").terms(0, 0) };
};

/* The state with one entry of a given matrix changed. */
const withEntry = (state, name, i, j, value) => {
  const matrices = state[state.example];
  const changed = matrices[name].map((row, r) =>
    row.map((old, c) => (r === i && c === j ? value : old)),
  );
  return { [state.example]: { ...matrices, [name]: changed } };
};

export {
  at,
  chosen,
  compute,
  given,
  isRow,
  label,
  product,
  range,
  results,
  shapeOf,
  shapeText,
  valueOf,
  withEntry,
};
