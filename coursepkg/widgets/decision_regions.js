/* W2.5: regions of four linear models on the same points; clouds and a stray point can be moved. */
import { handle, scale } from "./chart.js";
import { argmax, compute, points, range, scoresOf } from "./decision_regions_numbers.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const EDGE = 4;
const SIDE = 160;
const OUT = 4.6; // how far the picture reaches
const TITLES = {
  one_hot: "least squares, one-hot",
  softmax: "softmax",
  svm: "SVM (hinge)",
  perceptron: "perceptron",
};

/* The part of a convex polygon where a·u + b·v + c >= 0 */
const clip = (polygon, [a, b, c]) => {
  const side = ([u, v]) => a * u + b * v + c;
  return polygon.flatMap((p, i) => {
    const q = polygon[(i + 1) % polygon.length];
    const [here, there] = [side(p), side(q)];
    const kept = here >= 0 ? [p] : [];
    if (here >= 0 === there >= 0) return kept;
    const t = here / (here - there);
    return [...kept, [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]];
  });
};

const SQUARE = [[-OUT, -OUT], [OUT, -OUT], [OUT, OUT], [-OUT, OUT]];

/* Where a class has the largest score: two straight cuts of the square. */
const region = (w, c) =>
  range(3)
    .filter((k) => k !== c)
    .reduce((polygon, k) => clip(polygon, w.slice(0, 3).map((row) => row[c] - row[k])), SQUARE);

const area = (polygon) =>
  Math.abs(
    polygon.reduce((sum, [u, v], i) => {
      const [s, t] = polygon[(i + 1) % polygon.length];
      return sum + u * t - v * s;
    }, 0),
  ) / 2 / (2 * OUT) ** 2;

/* Picture */

const axis = (places) => Object.assign(scale([-OUT, OUT], places), { ends: [-EDGE, EDGE] });
const [X, Y] = [axis([0, SIDE]), axis([SIDE, 0])];

const SHAPES = [
  svg`<circle r="3.2" />`,
  svg`<path d="M-3 -3H3V3H-3Z" />`,
  svg`<path d="M0 -3.8L3.6 2.8H-3.6Z" />`,
];
const GRIPS = [
  svg`<circle class="dr-grip" r="6" />`,
  svg`<path class="dr-grip" d="M-5.5 -5.5H5.5V5.5H-5.5Z" />`,
  svg`<path class="dr-grip" d="M0 -7L6.5 5H-6.5Z" />`,
  svg`<path class="dr-grip dr-stray" d="M-5 -5H5V5H-5Z" />`,
];
const HANDLES = ["Cloud of class 0", "Cloud of class 1", "Cloud of class 2", "Stray point of class 1"];

const panel = (state, numbers, set, name) => {
  const w = numbers[name];
  const { x, labels } = points(state, DATA.cloud);
  const wrong = w[3][0];
  const move = (i) => (place) => set({ places: state.places.map((old, k) => (k === i ? place : old)) });
  return html`<figure>
    <figcaption>${TITLES[name]}: <b>${wrong} wrong</b></figcaption>
    <svg class="cw-chart" viewBox="0 0 ${SIDE} ${SIDE}" role="group"
      aria-label="Regions of ${TITLES[name]}; ${wrong} of ${x.length} points are on the wrong side">
      ${range(3).map(
        (c) => svg`<polygon class="dr-region dr-${c}"
          points=${region(w, c).map(([u, v]) => `${X(u).toFixed(2)},${Y(v).toFixed(2)}`).join(" ")} />`,
      )}
      ${x.map(([u, v], n) => {
        const misses = argmax(scoresOf([u, v, 1], w)) !== labels[n];
        return svg`<g class="dr-point dr-${labels[n]}" transform="translate(${X(u)} ${Y(v)})">
          ${SHAPES[labels[n]]}${misses ? svg`<path class="dr-miss" d="M-5 -5L5 5M-5 5L5 -5" />` : nothing}</g>`;
      })}
      ${state.places.map((at, i) =>
        handle({ at, x: X, y: Y, step: 0.25, label: HANDLES[i], move: move(i), mark: GRIPS[i] }),
      )}
    </svg>
  </figure>`;
};

let DATA = { cloud: [] }; // what Python shipped; the picture needs the points again

const draw = (state, numbers, set) => html`<div class="dr-panels">
    ${Object.keys(TITLES).map((name) => panel(state, numbers, set, name))}
  </div>
  <p class="dr-key">Drag an outlined mark and its cloud follows; the small outlined square is a stray point of
    class 1. A cross marks a point on the wrong side.</p>`;

/* What you see */

const worst = (numbers) =>
  Object.keys(TITLES).reduce((a, b) => (numbers[b][3][0] > numbers[a][3][0] ? b : a));

const see = (state, numbers) => {
  const wrong = (name) => numbers[name][3][0];
  const share = (name) => `${number(100 * area(region(numbers[name], 1)), 2)} %`;
  const masked = wrong("one_hot") >= 3 && wrong("softmax") + 3 <= wrong("one_hot");
  const [wx, wy] = [numbers.one_hot[0][1], numbers.one_hot[1][1]];
  return html`<p>Class 1 (squares) gets ${share("one_hot")} of the picture from least squares, ${share("softmax")}
      from softmax, ${share("svm")} from the SVM.</p>
    ${masked
      ? html`<p><b>The middle class is masked.</b> Its one-hot target is 1 in the middle and 0 on both sides; the
          best plane through that is nearly flat, with slopes ${number(wx, 2)} and ${number(wy, 2)}, at about a
          third. Left and right of it, one of the others is always larger. The data are easy: softmax has
          ${wrong("softmax")} wrong.</p>`
      : wrong(worst(numbers)) === 0
        ? html`<p>All four have every point right, with different lines: least squares looks at <b>all</b> points,
            the SVM only at those near the border, the perceptron stops at the first line that does.</p>`
        : html`<p>Most mistakes: ${TITLES[worst(numbers)]}, ${wrong(worst(numbers))}. Where no line has all points
            right, the perceptron never settles: it stops after 50 rounds wherever it happens to be.</p>`}
    ${state.lam >= 0.3
      ? html`<p>With λ = ${state.lam}, softmax and SVM pay dearly for steep scores and keep to the middles.</p>`
      : nothing}`;
};

/* As code */

const code = ({ places, spread, lam }) => `from coursepkg.widgets.decision_regions import models, numbers, points

places = ${JSON.stringify(places)}
x, labels = points(places, spread=${spread})
for name, model in models(lam=${lam}).items():
    print(name, model.fit(x, labels).score(x, labels))

found = numbers(places, ${spread}, ${lam})  # weights, biases, mistakes
one_hot, softmax = found["one_hot"], found["softmax"]
svm, perceptron = found["svm"], found["perceptron"]`;

export default widget({
  controls: [
    {
      name: "lam",
      label: "Penalty λ",
      values: [0.01, 0.03, 0.1, 0.3, 1],
    },
    { name: "spread", label: "Spread", values: [0.5, 1, 2] },
  ],
  compute: (state, data) => {
    DATA = data;
    return compute(state, data);
  },
  draw,
  see,
  code,
  predict: {
    question:
      "Three clouds side by side, well apart. Four linear models. Which of them gets the cloud in the middle wrong?",
    options: ["Least squares to one-hot targets", "Softmax", "None: they are well apart"],
    answer: 0,
    attempt:
      "Drag the middle cloud out of the line, up, until least squares finds it. Then pull the stray point far away into another class, and see which lines follow it.",
    explain:
      "Along the line through the clouds, the targets of the middle class are 0, 1, 0. No plane comes near that, so the least squares give it an almost constant score of a third, and everywhere one of its neighbours is larger. Softmax and SVM do not ask for the value 1: only for the right class to be ahead, and that a plane with slope zero and a large bias can do.",
  },
});
