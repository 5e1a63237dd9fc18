/* The mathematics of W2.5: four ways to fit scores x·W + b of three classes to points in the plane.
   A fit is [[w00, w01, w02], [w10, w11, w12], [b0, b1, b2]]: a row for each feature, the last for 1. */
const range = (n) => [...Array(n).keys()];
const CLASSES = range(3);
const [RIDGE, RATE, STEPS, EPOCHS] = [0.01, 0.1, 400, 50];

const rowsOf = (x) => x.map(([u, v]) => [u, v, 1]);
const scoresOf = (row, w) => CLASSES.map((c) => row[0] * w[0][c] + row[1] * w[1][c] + row[2] * w[2][c]);
const argmax = (scores) => scores.indexOf(Math.max(...scores));
const zeros = () => [[0, 0, 0], [0, 0, 0], [0, 0, 0]];

/* Gaussian elimination with pivots; a and b are copied. */
const solve = (a, b) => {
  const m = a.map((row, i) => [...row, ...b[i]]);
  const n = a.length;
  for (let k = 0; k < n; k++) {
    const p = range(n).slice(k).reduce((best, i) => (Math.abs(m[i][k]) > Math.abs(m[best][k]) ? i : best), k);
    [m[k], m[p]] = [m[p], m[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = m[i][k] / m[k][k];
      for (let j = k; j < m[i].length; j++) m[i][j] -= factor * m[k][j];
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = n; j < m[k].length; j++) {
      for (let i = k + 1; i < n; i++) m[k][j] -= m[k][i] * m[i][j];
      m[k][j] /= m[k][k];
    }
  }
  return m.map((row) => row.slice(n));
};

/* Least squares to one-hot targets, centred: the bias takes no penalty. */
const oneHot = (x, labels) => {
  const mean = (values) => values.reduce((a, b) => a + b) / values.length;
  const centre = [mean(x.map(([u]) => u)), mean(x.map(([, v]) => v))];
  const middle = CLASSES.map((c) => mean(labels.map((label) => Number(label === c))));
  const a = x.map(([u, v]) => [u - centre[0], v - centre[1]]);
  const total = (value) => a.reduce((sum, row, n) => sum + value(row, n), 0);
  const g = [0, 1].map((i) => [0, 1].map((j) => total((row) => row[i] * row[j]) + (i === j ? RIDGE : 0)));
  const right = [0, 1].map((i) => CLASSES.map((c) => total((row, n) => row[i] * (Number(labels[n] === c) - middle[c]))));
  const w = solve(g, right);
  return [...w, middle.map((value, c) => value - centre[0] * w[0][c] - centre[1] * w[1][c])];
};

const softmaxOf = (scores) => {
  const top = Math.max(...scores);
  const e = scores.map((s) => Math.exp(s - top));
  const sum = e[0] + e[1] + e[2];
  return { p: e.map((value) => value / sum), log: top + Math.log(sum) };
};

const penalty = (w, lam) => (lam / 2) * [...w[0], ...w[1]].reduce((sum, value) => sum + value * value, 0);

/* Newton's method. Biases may all be raised together; pinning their sum at 0 takes nothing away. */
const softmax = (x, labels, lam) => {
  const rows = rowsOf(x);
  const n = rows.length;
  const value = (w) =>
    rows.reduce((sum, row, i) => {
      const scores = scoresOf(row, w);
      return sum + (softmaxOf(scores).log - scores[labels[i]]) / n;
    }, penalty(w, lam));
  const flat = (d, c) => 3 * d + c;
  let w = zeros();
  for (let step = 0; step < 60; step++) {
    const g = range(9).map(() => [0]);
    const h = range(9).map(() => Array(9).fill(0));
    rows.forEach((row, i) => {
      const { p } = softmaxOf(scoresOf(row, w));
      row.forEach((value, d) =>
        CLASSES.forEach((c) => {
          g[flat(d, c)][0] += (value * (p[c] - Number(labels[i] === c))) / n;
          row.forEach((other, e) =>
            CLASSES.forEach((k) => {
              h[flat(d, c)][flat(e, k)] += (value * other * (p[c] * Number(c === k) - p[c] * p[k])) / n;
            }),
          );
        }),
      );
    });
    range(6).forEach((k) => {
      g[k][0] += lam * w[Math.floor(k / 3)][k % 3];
      h[k][k] += lam;
    });
    CLASSES.forEach((c) => CLASSES.forEach((k) => (h[6 + c][6 + k] += 1)));
    const move = solve(h, g);
    const size = Math.max(...move.map(([v]) => Math.abs(v)));
    const slope = move.reduce((sum, [v], k) => sum + v * g[k][0], 0);
    const at = (length) => w.map((row, d) => row.map((v, c) => v - length * move[flat(d, c)][0]));
    let length = 1;
    const now = value(w);
    while (size > 1e-6 && length > 1e-6 && value(at(length)) > now - 1e-4 * length * slope) length /= 2;
    w = at(length);
    if (size < 1e-11) break;
  }
  return w;
};

/* Multiclass hinge by Adam with a falling rate, the best weights kept, step for step as coursepkg. */
const svm = (x, labels, lam) => {
  const rows = rowsOf(x);
  const n = rows.length;
  const [w, m, v] = [zeros(), zeros(), zeros()];
  let best = zeros();
  let smallest = Infinity;
  for (let t = 0; t < STEPS; t++) {
    const g = zeros();
    let loss = 0;
    rows.forEach((row, i) => {
      const scores = scoresOf(row, w);
      CLASSES.forEach((c) => {
        const gap = scores[c] - scores[labels[i]] + 1;
        if (c === labels[i] || gap <= 0) return;
        loss += gap;
        row.forEach((value, d) => {
          g[d][c] += value / n;
          g[d][labels[i]] -= value / n;
        });
      });
    });
    const value = loss / n + penalty(w, lam);
    if (value < smallest) [best, smallest] = [w.map((row) => [...row]), value];
    const rate = (RATE * (1 + Math.cos((Math.PI * t) / STEPS))) / 2;
    g.forEach((row, d) =>
      row.forEach((slope, c) => {
        const full = slope + (d < 2 ? lam * w[d][c] : 0);
        m[d][c] = 0.9 * m[d][c] + (1 - 0.9) * full;
        v[d][c] = 0.999 * v[d][c] + (1 - 0.999) * full * full;
        const first = m[d][c] / (1 - 0.9 ** (t + 1));
        w[d][c] -= (rate * first) / (Math.sqrt(v[d][c] / (1 - 0.999 ** (t + 1))) + 1e-8);
      }),
    );
  }
  return best;
};

const perceptron = (x, labels) => {
  const w = zeros();
  for (let epoch = 0, mistakes = 1; epoch < EPOCHS && mistakes; epoch++) {
    mistakes = 0;
    rowsOf(x).forEach((row, i) => {
      const guess = argmax(scoresOf(row, w));
      if (guess === labels[i]) return;
      mistakes += 1;
      row.forEach((value, d) => {
        w[d][guess] -= value;
        w[d][labels[i]] += value;
      });
    });
  }
  return w;
};

const points = ({ places, spread }, cloud) => {
  const x = CLASSES.flatMap((c) => cloud.map(([u, v]) => [places[c][0] + spread * u, places[c][1] + spread * v]));
  return { x: [...x, places[3]], labels: [...CLASSES.flatMap((c) => cloud.map(() => c)), 1] };
};

const compute = (state, { cloud }) => {
  const { x, labels } = points(state, cloud);
  const judged = (w) => {
    const wrong = rowsOf(x).filter((row, i) => argmax(scoresOf(row, w)) !== labels[i]).length;
    return [...w, [wrong, wrong, wrong]];
  };
  return {
    one_hot: judged(oneHot(x, labels)),
    softmax: judged(softmax(x, labels, state.lam)),
    svm: judged(svm(x, labels, state.lam)),
    perceptron: judged(perceptron(x, labels)),
  };
};

export { argmax, compute, points, range, scoresOf };
