/* W3.2: gradient descent on f(x, y) = (x² + κ y²) / 2, and the factor by which a step shrinks each axis. */
import { chart, handle, line } from "./chart.js";
import { html, nothing, number, svg, widget } from "./frame.js";

const KAPPAS = [1, 3, 10, 30, 100, 1000];
const SHARES = [...Array(22).keys()].map((k) => Number((0.05 * (k + 1)).toFixed(2)));
const REACH = 2;

const range = (n) => [...Array(n).keys()];

/* Mathematics */

const descend = ([x, y], kappa, lr, steps) =>
  range(steps).reduce(
    (path) => {
      const [u, v] = path[path.length - 1];
      path.push([u - lr * u, v - lr * (kappa * v)]);
      return path;
    },
    [[x, y]],
  );

/* Steps until the loss is a millionth, at worst; null if it never is. */
const stepsNeeded = (kappa, lr) => {
  const factor = Math.max(Math.abs(1 - lr), Math.abs(1 - lr * kappa));
  if (factor >= 1 - 1e-12) return null;
  if (factor < 1e-12) return 1;
  return Math.ceil(Math.log(1e-6) / (2 * Math.log(factor)) - 1e-9);
};

const compute = ({ kappa, share, steps, start }) => {
  const lr = (share * 2) / kappa;
  const path = descend(start, kappa, lr, steps);
  return {
    lr,
    path,
    losses: path.map(([x, y]) => (x * x + kappa * y * y) / 2),
    factors: [1 - lr, 1 - lr * kappa],
    needed: stepsNeeded(kappa, lr),
    needed_at_best: stepsNeeded(kappa, 2 / (1 + kappa)),
  };
};

/* The valley from above */

const CONTOURS = 7;

const contours = ({ kappa, start }, x, y) => {
  const top = (start[0] ** 2 + kappa * start[1] ** 2) / 2 || 1;
  const unit = Math.abs(x(1) - x(0));
  const up = Math.abs(y(1) - y(0));
  return range(CONTOURS).map((k) => {
    const level = top * 2 ** (1 - k);
    const [across, high] = [unit * Math.sqrt(2 * level), up * Math.sqrt((2 * level) / kappa)];
    return svg`<ellipse class="valley-level" cx=${x(0)} cy=${y(0)} rx=${across} ry=${high} />`;
  });
};

const map = (state, { path }, set) => {
  const [u, v] = path[path.length - 1];
  return chart(
    {
      label: `The valley from above; after ${state.steps} steps the path is at (${number(u, 3)}, ${number(v, 3)})`,
      x: [-2.4, 2.4],
      y: [-2.4, 2.4],
      height: 300,
      xLabel: "along the floor",
      yLabel: "across   (drag the ring)",
      role: "group",
    },
    (x, y) => svg`
      <clipPath id="valley-map"><rect x="44" y="24" width="304" height="240" /></clipPath>
      <g clip-path="url(#valley-map)">
        ${contours(state, x, y)}
        <path class="valley-path" d=${line(path, x, y)} />
        ${path.slice(1).map((at) => svg`<circle class="valley-dot" r="2.5" cx=${inside(x(at[0]))} cy=${inside(y(at[1]))} />`)}
      </g>
      <path class="valley-goal" d="M${x(0) - 6} ${y(0)}h12M${x(0)} ${y(0) - 6}v12" />
      ${handle({
        at: state.start,
        x: limited(x),
        y: limited(y),
        step: 0.1,
        label: "Start",
        move: (start) => set({ start }),
        mark: svg`<circle class="valley-ring" r="7" />`,
      })}`,
  );
};

/* What flies off would else leave the range of an SVG. */
const inside = (place) => Math.max(-999, Math.min(2000, place));

const limited = (axis) => Object.assign((value) => axis(value), axis, { ends: [-REACH, REACH] });

/* Loss against steps */

const decay = ({ kappa, steps }, { losses }) => {
  const start = losses[0] || 1;
  const shares = losses.map((loss, step) => [step, Math.max(loss / start, 1e-12)]);
  return chart(
    {
      label: `Loss as a share of the first; after ${steps} steps it is ${number(losses[steps] / start, 3)}`,
      x: [0, 100],
      y: [1e-9, 1e6],
      log: "y",
      height: 220,
      xLabel: "step",
      yLabel: "loss, as a share of the first",
    },
    (x, y) => svg`
      <path class="valley-target" d="M${x(0)} ${y(1e-6)}H${x(100)}" />
      <text x=${x(100)} y=${y(1e-6) - 5} text-anchor="end">a millionth</text>
      <clipPath id="valley-decay"><rect x="44" y="24" width="304" height="160" /></clipPath>
      <path class="valley-path" clip-path="url(#valley-decay)" d=${line(shares, x, y)} />`,
  );
};

/* The two factors against the rate: where they cross is the best rate, where one leaves is the edge. */

const RATES = range(111).map((k) => k / 100);

const factorsChart = ({ kappa, share }, { factors }, set) => {
  const along = (s) => Math.abs(1 - (2 * s) / kappa);
  const across = (s) => Math.abs(1 - 2 * s);
  const best = kappa / (1 + kappa);
  const worst = Math.max(Math.abs(factors[0]), Math.abs(factors[1]));
  return chart(
    {
      label: `A step multiplies the distance along by ${number(factors[0], 3)} and across by ${number(factors[1], 3)}`,
      x: [0, 1.1],
      y: [0, 1.3],
      height: 220,
      xLabel: "rate, as a share of the edge 2/κ   (drag)",
      yLabel: "what a step leaves",
      role: "group",
    },
    (x, y) => svg`
      <rect class="valley-over" x=${x(1)} y=${y(1.3)} width=${x(1.1) - x(1)} height=${y(0) - y(1.3)} />
      <path class="valley-target" d="M${x(0)} ${y(1)}H${x(1.1)}M${x(1)} ${y(0)}V${y(1.3)}" />
      <text x=${x(1) - 4} y=${y(1.2)} text-anchor="end">edge</text>
      <path class="valley-along" d=${line(RATES.map((s) => [s, along(s)]), x, y)} />
      <path class="valley-across" d=${line(RATES.map((s) => [s, across(s)]), x, y)} />
      <text class="valley-along-name" x=${x(0.3)} y=${y(along(0.3)) + (kappa < 5 ? -8 : 15)}>along</text>
      <text class="valley-across-name" x=${x(0.2) - 6} y=${y(across(0.2)) + 12} text-anchor="end">across</text>
      <path class="valley-best" d="M${x(best)} ${y(along(best)) - 9}v18" />
      ${handle({
        at: [share, Number(worst.toPrecision(3))],
        x: Object.assign((value) => x(value), x, { ends: [0.05, 1.1] }),
        y,
        step: 0.05,
        label: "Rate and worse factor",
        move: ([rate]) => set({ share: Number(rate.toFixed(2)) }),
        mark: svg`<circle class="valley-rate" r="7" />`,
      })}`,
  );
};

const draw = (state, numbers, set) => html`
  <div class="valley-charts">
    ${map(state, numbers, set)}
    <div>${factorsChart(state, numbers, set)} ${decay(state, numbers)}</div>
  </div>
`;

/* What you see */

const percent = (factor) => `${number(100 * factor, 3)} %`;

const see = ({ kappa, share, steps }, { lr, losses, factors, needed, needed_at_best }) => {
  const [along, across] = factors;
  const left = losses[0] ? losses[steps] / losses[0] : 0;
  return html`<p>
      κ = ${kappa}, rate ${number(lr, 3)}. A step leaves <b>${percent(along)} of the distance along</b>
      the floor and <b>${percent(across)} of that across</b>${
        across < 0 ? ", on the other side: that is the zigzag" : ""
      }. After ${steps} steps the loss is ${number(left, 3)} of the first.
    </p>
    ${verdict(share, across, needed)}
    <p>
      The best rate, where both axes are equally bad, is 2/(1 + κ) = ${number(2 / (1 + kappa), 3)}; it
      needs <b>${needed_at_best}</b> step${needed_at_best === 1 ? "" : "s"} to a millionth.
    </p>`;
};

const verdict = (share, across, needed) => {
  if (across < -1 - 1e-9) {
    return html`<p><b>Beyond the edge.</b> Across, each step lands further out than it started: the loss
      grows without limit, although every step sets out downhill. How well it
      goes along the floor does not help.</p>`;
  }
  if (needed === null) {
    return html`<p><b>On the edge, 2/κ.</b> Across, it jumps from one side to the other for ever and never
      loses height.</p>`;
  }
  const slow = share < 0.5 ? "The shallow axis crawls: a larger rate costs nothing yet." : "";
  return html`<p>At this rate a millionth of the loss takes <b>${needed}</b> step${needed === 1 ? "" : "s"} at worst. ${slow}</p>`;
};

/* As code */

const code = ({ kappa, share, steps, start }, { needed }) => `from coursepkg.widgets.valley import descend, height, steps_needed

kappa, lr = ${kappa}, ${share} * 2 / ${kappa}
path = descend([${start.join(", ")}], kappa, lr, steps=${steps})  # x and y after every step
losses = height(path, kappa)
factors = [1 - lr, 1 - lr * kappa]  # what a step leaves along and across
needed_at_best = steps_needed(kappa, 2 / (1 + kappa))${
  needed === null ? "" : "\nneeded = steps_needed(kappa, lr)"
}`;

export default widget({
  controls: [
    { name: "kappa", label: "Condition number κ", values: KAPPAS },
    { name: "share", label: "Rate / edge", values: SHARES },
    { name: "steps", label: "Steps", min: 0, max: 100, step: 1 },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "A valley is 10 times as steep across as along. The rate is 95 % of the largest that does not diverge. Where will the path waste its time?",
    options: [
      "Across: it zigzags, and the zigzag dies slowly",
      "Along: it creeps on the floor",
      "Nowhere: near the largest rate it is fastest",
    ],
    answer: 0,
    attempt:
      "Drag the dot to where the two lines cross. Then past the edge. Then raise κ and find the best rate again: what happened to the number of steps?",
    explain:
      "A step multiplies the distance along by 1 − lr and across by 1 − κ·lr. At 95 % of the edge these are 0.81 and −0.9: across shrinks more slowly, with a change of sign each time. The best rate makes both equally large, (κ − 1)/(κ + 1). With κ = 10 that takes 35 steps to a millionth of the loss, with κ = 100 already 346: the number of steps grows like κ.",
  },
});
