/* W2.3: one-hot ridge regression on a few digits, solved in the browser for every lambda. */
import { chart, line } from "./chart.js";
import { html, number, svg, widget } from "./frame.js";

const LAMBDAS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000];
const [PIXELS, CLASSES] = [64, 10];
const range = (n) => [...Array(n).keys()];

/* Mathematics: (AᵀA + λI) W = AᵀT with A and T centred */

const pixels = (letters) =>
  range(letters.length / PIXELS).map((n) =>
    range(PIXELS).map((d) => (letters.charCodeAt(n * PIXELS + d) - 65) / 16),
  );
const oneHot = (labels) => [...labels].map((label) => range(CLASSES).map((c) => (c === Number(label) ? 1 : 0)));
const mean = (rows) => rows[0].map((_, d) => rows.reduce((sum, row) => sum + row[d], 0) / rows.length);
const less = (rows, centre) => rows.map((row) => row.map((value, d) => value - centre[d]));

/* AᵀB */
const gram = (a, b) => {
  const out = range(a[0].length).map(() => new Float64Array(b[0].length));
  a.forEach((row, n) =>
    row.forEach((value, i) => {
      if (value) b[n].forEach((other, j) => (out[i][j] += value * other));
    }),
  );
  return out;
};

/* Cholesky: the lower triangle L with L Lᵀ = G + λI */
const cholesky = (g, lam) => {
  const low = g.map((row) => new Float64Array(row.length));
  for (let i = 0; i < g.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = g[i][j] + (i === j ? lam : 0);
      for (let k = 0; k < j; k++) sum -= low[i][k] * low[j][k];
      low[i][j] = i === j ? Math.sqrt(sum) : sum / low[j][j];
    }
  }
  return low;
};

const solve = (low, right) => {
  const w = right.map((row) => Float64Array.from(row));
  const size = low.length;
  for (let c = 0; c < CLASSES; c++) {
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < i; k++) w[i][c] -= low[i][k] * w[k][c];
      w[i][c] /= low[i][i];
    }
    for (let i = size - 1; i >= 0; i--) {
      for (let k = i + 1; k < size; k++) w[i][c] -= low[k][i] * w[k][c];
      w[i][c] /= low[i][i];
    }
  }
  return w;
};

const scoresOf = (x, w, b) =>
  x.map((row) => {
    const scores = Float64Array.from(b);
    row.forEach((ink, d) => {
      if (ink) for (let c = 0; c < CLASSES; c++) scores[c] += ink * w[d][c];
    });
    return scores;
  });

const judge = (scores, targets) => {
  let [squared, wrong] = [0, 0];
  scores.forEach((row, n) => {
    row.forEach((score, c) => (squared += (score - targets[n][c]) ** 2));
    if (!targets[n][row.indexOf(Math.max(...row))]) wrong += 1;
  });
  return [squared / scores.length, wrong / scores.length];
};

const fit = ({ x, t, centre, middle, g, right, xTest, tTest }, lam) => {
  const w = solve(cholesky(g, lam), right);
  const b = middle.map((value, c) => value - centre.reduce((sum, m, d) => sum + m * w[d][c], 0));
  const [train, train_wrong] = judge(scoresOf(x, w, b), t);
  const [test, test_wrong] = judge(scoresOf(xTest, w, b), tTest);
  const norm = w.reduce((sum, row) => row.reduce((total, value) => total + value * value, sum), 0);
  return { w, train, test, train_wrong, test_wrong, norm };
};

const prepare = (images, data) => {
  const x = pixels(data.train).slice(0, images);
  const t = oneHot(data.train_labels).slice(0, images);
  const [centre, middle] = [mean(x), mean(t)];
  const a = less(x, centre);
  const test = { xTest: pixels(data.test), tTest: oneHot(data.test_labels) };
  return { x, t, centre, middle, g: gram(a, a), right: gram(a, less(t, middle)), ...test };
};

const paths = new Map(); // all fits for a number of images, once

const compute = ({ lam, images }, data) => {
  if (!paths.has(images)) {
    const problem = prepare(images, data);
    paths.set(images, LAMBDAS.map((each) => fit(problem, each)));
  }
  const path = paths.get(images);
  return { ...path[LAMBDAS.indexOf(lam)], path };
};

/* Picture: templates, and the two curves */

const NAMES = { squared: ["train", "test"], wrong: ["train_wrong", "test_wrong"] };

const best = (path, measure) => {
  const values = path.map((each) => each[NAMES[measure][1]]);
  return values.indexOf(Math.min(...values));
};

const curves = ({ lam, images, measure }, { path }) => {
  const [inside, outside] = NAMES[measure].map((name) => path.map((each) => each[name]));
  const [now, least] = [LAMBDAS.indexOf(lam), best(path, measure)];
  const [label, top] = measure === "squared" ? ["squared error of an image", 2] : ["share with the wrong label", 1];
  return chart(
    {
      label: `Errors over lambda, trained on ${images} digits; least test error at lambda ${LAMBDAS[least]}`,
      x: [LAMBDAS[0], 1.6 * LAMBDAS.at(-1)],
      y: [0, top],
      log: "x",
      xLabel: "λ",
      yLabel: label,
    },
    (x, y) => {
      const under = (value) => y(Math.min(value, top));
      const path = (values) => line(values.map((value, i) => [LAMBDAS[i], Math.min(value, top)]), x, y);
      return svg`<path class="rd-train" d=${path(inside)} /><path class="rd-test" d=${path(outside)} />
        <path class="rd-now" d="M${x(lam)} ${y(0)}V${y(top)}" />
        <text class="rd-star" x=${x(LAMBDAS[least])} y=${under(outside[least]) - 8} text-anchor="middle">★</text>
        <circle class="rd-in" cx=${x(lam)} cy=${under(inside[now])} r="6" />
        <rect class="rd-out" x=${x(lam) - 5.5} y=${under(outside[now]) - 5.5} width="11" height="11" />
        <text class="rd-blue" x=${x(0.0012)} y=${under(inside[0]) - 10}>● training</text>
        <text class="rd-orange" x=${x(0.007)} y=${under(outside[1]) + 4}>□ test${
          outside[now] > top ? `: ${number(outside[now], 3)}, above the edge` : ""
        }</text>`;
    },
  );
};

const draw = (state, numbers) => html`<div class="rd-sides">
  <figure>
    <canvas role="img" aria-label="Ten templates of 8 by 8 weights, one for each digit"></canvas>
    <figcaption>
      Weights of each class: <span class="rd-blue">■</span> ink speaks for it,
      <span class="rd-orange">◆</span> against; area is size, largest of all = full cell.
    </figcaption>
  </figure>
  ${curves(state, numbers)}
</div>`;

const [CELL, GAP, ACROSS, HEAD] = [13, 16, 5, 22];
const TILE = 8 * CELL + GAP;

const square = (pen, x, y, side) => pen.fillRect(x - side / 2, y - side / 2, side, side);
const diamond = (pen, x, y, side) => {
  const half = side * Math.SQRT1_2;
  pen.beginPath();
  [[0, -half], [half, 0], [0, half], [-half, 0]].forEach(([u, v]) => pen.lineTo(x + u, y + v));
  pen.fill();
};

const paint = (root, _, { w }, colour) => {
  const canvas = root.querySelector("canvas");
  canvas.width = ACROSS * TILE - GAP + 2;
  canvas.height = 2 * (TILE + HEAD);
  const pen = canvas.getContext("2d");
  const largest = w.reduce((top, row) => Math.max(top, ...row.map(Math.abs)), 0);
  pen.font = "18px system-ui, sans-serif";
  range(CLASSES).forEach((c) => {
    const [left, top] = [(c % ACROSS) * TILE + 1, Math.floor(c / ACROSS) * (TILE + HEAD) + HEAD];
    pen.fillStyle = colour("quiet");
    pen.fillText(String(c), left, top - 5);
    pen.strokeStyle = colour("hair");
    pen.strokeRect(left, top, 8 * CELL, 8 * CELL);
    range(PIXELS).forEach((d) => {
      const [x, y] = [left + ((d % 8) + 0.5) * CELL, top + (Math.floor(d / 8) + 0.5) * CELL];
      const side = Math.sqrt(Math.abs(w[d][c]) / largest) * (CELL - 1);
      pen.fillStyle = colour(w[d][c] < 0 ? "orange" : "blue");
      (w[d][c] < 0 ? diamond : square)(pen, x, y, side);
    });
  });
};

/* What you see */

const percent = (share) => `${number(100 * share, 3)} %`;

const story = ({ lam, images, measure }, { path, train, test }) => {
  const [now, least] = [LAMBDAS.indexOf(lam), best(path, measure)];
  if (now < least) {
    return html`<p><b>Overfitting.</b> On its own images it errs ${number(test / train, 2)} times less than on
      others. ${train < 0.01 ? html`It knows its ${images} images by heart.` : ""} The templates are
      speckled: single pixels that happened to differ between a few images got large weights.</p>`;
  }
  if (now > least + 2) {
    return html`<p><b>Too much penalty.</b> Both errors rise together, and the templates blur into the mean of
      their class less the mean of all. At λ = 1000 the scores hardly leave the bias.</p>`;
  }
  return html`<p><b>About right</b>, and nothing on the training curve says so: it goes on falling to the left.
    Only images it has not seen can tell. ${now === least ? html`This is the star.` : ""}</p>`;
};

const see = (state, numbers) => html`
  <p>Training: <b>${number(numbers.train, 3)}</b> per image, ${percent(numbers.train_wrong)} wrong. Test:
    <b>${number(numbers.test, 3)}</b>, ${percent(numbers.test_wrong)} wrong. |W|² =
    ${number(numbers.norm, 3)}. Least test error (★) at λ = ${number(LAMBDAS[best(numbers.path, state.measure)])}.</p>
  ${story(state, numbers)}`;

/* As code */

const code = ({ lam, images }) => `from coursepkg.linear_models import OneHotRidge
from coursepkg.widgets.ridge import errors, few_digits

x, labels = few_digits(${images})
model = OneHotRidge(lam=${lam}).fit(x, labels)
norm = (model.coef_**2).sum()  # model.coef_ (64, 10) holds the templates
found = errors(lam=${lam}, images=${images})
train, test = found["train"], found["test"]
train_wrong, test_wrong = found["train_wrong"], found["test_wrong"]`;

export default widget({
  controls: [
    { name: "lam", label: "Penalty λ", values: LAMBDAS },
    { name: "images", label: "Training images", values: [40, 60, 80, 100, 120] },
    {
      name: "measure",
      label: "Curves",
      options: [
        ["squared", "squared error"],
        ["wrong", "wrong labels"],
      ],
    },
  ],
  compute,
  draw,
  paint,
  see,
  code,
  predict: {
    question: "The penalty is taken away, step by step. What does the error on the training images do?",
    options: ["It falls all the way", "It falls, then rises", "It rises"],
    answer: 0,
    attempt:
      "Move λ from right to left and watch the templates. Find the star by the templates alone, then look. Then take 40 images, then 120: where does the star go?",
    explain:
      "With less penalty the least squares are freer to fit what they are given, so the training error can only fall. That says nothing about other images: a weight that fits the noise of 80 digits is wrong on the 81st. Where the test error has its minimum depends on how much data there is; with more images the star moves left.",
  },
});
