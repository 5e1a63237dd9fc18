/* One neuron on all rows of inputs, the rule that looks for its weights, and the proof that there
   are none. */

const EPOCHS = 200;
const range = (n) => [...Array(n).keys()];

/** All rows of 0 and 1, counting upwards. */
const rowsOf = (inputs) =>
  range(2 ** inputs).map((r) => range(inputs).map((i) => (r >> (inputs - 1 - i)) & 1));

const score = (row, weights, bias) => row.reduce((sum, value, i) => sum + value * weights[i], 0) + bias;

/* w + (d − y) x, until an epoch goes without a mistake. */
const learn = (rows, wanted) => {
  let w = [...rows[0].map(() => 0), 0];
  let [mistakes, epochs] = [0, 0];
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const before = mistakes;
    rows.forEach((row, r) => {
      const error = wanted[r] - (score(row, w, w.at(-1)) > 0 ? 1 : 0);
      if (!error) return;
      mistakes += 1;
      w = [...row, 1].map((value, i) => w[i] + error * value);
    });
    if (mistakes === before) break;
    epochs += 1;
  }
  return { found: w, mistakes, epochs };
};

/* Two rows that should be 1 and two that should be 0 with the same sum, column by column. */
const sameMiddle = (rows, wanted) => {
  const pairs = (kind) => {
    const own = range(rows.length).filter((r) => wanted[r] === kind);
    return own.flatMap((a, i) => own.slice(i + 1).map((b) => [a, b]));
  };
  const sum = ([a, b]) => rows[a].map((value, i) => value + rows[b][i]).join();
  const zeros = pairs(0);
  for (const pair of pairs(1)) {
    const other = zeros.find((one) => sum(one) === sum(pair));
    if (other) return [...pair, ...other];
  }
  return [];
};

const compute = ({ inputs, table, weights }, { tables }) => {
  const rows = rowsOf(inputs);
  const wanted = table.slice(0, rows.length).map((value) => (value ? 1 : 0));
  const scores = rows.map((row) => score(row, weights, weights[4]));
  const outputs = scores.map((value) => (value > 0 ? 1 : 0));
  const middle = sameMiddle(rows, wanted);
  return {
    tables,
    rows,
    wanted,
    scores,
    outputs,
    wrong: outputs.filter((value, r) => value !== wanted[r]).length,
    middle,
    separable: middle.length ? 0 : 1,
    ...learn(rows, wanted),
  };
};

export { compute, range };
