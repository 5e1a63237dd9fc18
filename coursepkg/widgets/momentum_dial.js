/* W8.2: v ← ρ v + g, w ← w − α v on (x² + κ y²) / 2: what a step leaves, over all rates and momenta. */
import { chart, clipped, handle, line, pointIn } from "./chart.js";
import { html, number, svg, widget } from "./frame.js";

const KAPPAS = [1, 3, 10, 30, 100];
const RATES = [...Array(80).keys()].map((k) => Number((0.05 * (k + 1)).toFixed(2)));
const RHOS = [...Array(100).keys()].map((k) => k / 100);
const START = [-2, 1];
const MOST_STEPS = 150;
const range = (n) => [...Array(n).keys()];

/* Mathematics */

/* The two factors of a step along one curvature, z² − (1 + ρ − α·curvature) z + ρ = 0, as [re, im]. */
const roots = (lr, rho, curvature) => {
  const middle = 1 + rho - lr * curvature;
  const inside = middle * middle - 4 * rho;
  const root = Math.sqrt(Math.abs(inside)) / 2;
  return inside < 0
    ? [[middle / 2, root], [middle / 2, -root]]
    : [[middle / 2 + root, 0], [middle / 2 - root, 0]];
};

const radius = (lr, rho, curvature) => {
  const middle = Math.abs(1 + rho - lr * curvature);
  const inside = middle * middle - 4 * rho;
  return inside < 0 ? Math.sqrt(rho) : (middle + Math.sqrt(inside)) / 2;
};

const worse = (lr, rho, kappa) => Math.max(radius(lr, rho, 1), radius(lr, rho, kappa));

const roll = (lr, rho, kappa, steps) => {
  let [w, v] = [START, [0, 0]];
  return [
    w,
    ...range(steps).map(() => {
      v = [rho * v[0] + w[0], rho * v[1] + kappa * w[1]];
      w = [w[0] - lr * v[0], w[1] - lr * v[1]];
      return w;
    }),
  ];
};

const compute = ({ kappa, rate, rho, steps }) => {
  const lr = rate / kappa;
  const root = Math.sqrt(kappa);
  const share = (root - 1) / (root + 1);
  return {
    lr,
    path: roll(lr, rho, kappa, steps),
    leaves: [radius(lr, rho, 1), radius(lr, rho, kappa)],
    best: [(2 / (1 + root)) ** 2, share * share],
    best_leaves: share,
    plain_leaves: (kappa - 1) / (kappa + 1),
  };
};

const stepsToDigit = (leaves) => (leaves < 1e-9 ? 1 : Math.ceil(Math.log(0.1) / Math.log(leaves) - 1e-9));

/* The plane: cells in bands of equal speed */

const BANDS = [4, 8, 16, 32, 64, 128, Infinity]; // steps for a digit, at most
const [WIDE, HIGH] = [80, 50];

const bandOf = (leaves) => (leaves >= 1 - 1e-12 ? BANDS.length : BANDS.findIndex((most) => Math.log(0.1) / Math.log(leaves) <= most));

let known = {};
const bands = (kappa, x, y) => {
  if (known.kappa !== kappa) {
    const paths = Array(BANDS.length + 1).fill("");
    const [w, h] = [(x(4) - x(0)) / WIDE, (y(0) - y(1)) / HIGH];
    for (const k of range(WIDE * HIGH)) {
      const [i, j] = [k % WIDE, Math.floor(k / WIDE)];
      const band = bandOf(worse((0.05 * (i + 0.5)) / kappa, (j + 0.5) / HIGH, kappa));
      paths[band] += `M${(x(0) + i * w).toFixed(1)} ${(y(0) - j * h).toFixed(1)}h${w.toFixed(2)}v${(-h).toFixed(2)}h${(-w).toFixed(2)}z`;
    }
    known = { kappa, paths };
  }
  return known.paths;
};

const PLACES = range(161).map((k) => k / 40);
const critical = (curvature, kappa) => PLACES.map((rate) => [rate, (1 - Math.sqrt((rate * curvature) / kappa)) ** 2]);

const plane = ({ kappa, rate, rho }, { leaves, best }, set) => {
  const go = (across, up) =>
    set({
      rate: RATES[Math.max(0, Math.min(79, Math.round(across / 0.05) - 1))],
      rho: RHOS[Math.max(0, Math.min(99, Math.round(up * 100)))],
    });
  return chart(
    {
      label: `Rate and momentum; at this place a step leaves ${number(100 * Math.max(...leaves), 3)} percent of the distance`,
      x: [0, 4],
      y: [0, 1],
      height: 290,
      xLabel: "learning rate, times κ",
      yLabel: "momentum ρ   (drag, or click anywhere)",
      role: "group",
    },
    (x, y) => svg`
      <g class="dial-ground" @click=${(event) => {
        const place = pointIn(event.currentTarget.ownerSVGElement, event);
        go(x.invert(place.x), y.invert(place.y));
      }}>
        ${bands(kappa, x, y).map((d, band) => svg`<path class="dial-band dial-band-${band}" d=${d} />`)}
        ${clipped(x, y, [
          svg`<path class="dial-edge" d=${line([[2, 0], [4, 1]], x, y)} />`,
          svg`<path class="dial-along" d=${line(critical(1, kappa), x, y)} />`,
          svg`<path class="dial-across" d=${line(critical(kappa, kappa), x, y)} />`,
        ])}
        <text class="dial-name" x=${x(3.96)} y=${y(0.06)} text-anchor="end">flies off</text>
      </g>
      <path class="dial-best" d="M${x(best[0] * kappa) - 6} ${y(best[1])}h12M${x(best[0] * kappa)} ${y(best[1]) - 6}v12" />
      ${handle({
        at: [Number((rate / 5).toFixed(2)), rho],
        x: Object.assign((u) => x(5 * u), { ends: [0.01, 0.8], invert: (place) => x.invert(place) / 5 }),
        y: Object.assign((v) => y(v), { ends: [0, 0.99], invert: y.invert }),
        step: 0.01,
        label: `Rate ${rate} over κ and momentum, in the plane`,
        move: ([u, v]) => go(5 * u, v),
        mark: svg`<circle class="dial-ring" r="8" />`,
      })}`,
  );
};

/* The trail, and how far each direction still has to go */

const inside = (place) => Math.max(-999, Math.min(2000, place));

const trail = ({ kappa, steps }, { path }) => {
  const [u, v] = path[steps];
  return chart(
    {
      label: `The valley from above; after ${steps} steps at (${number(u, 2)}, ${number(v, 2)})`,
      x: [-2.6, 2.6],
      y: [-1.6, 1.6],
      height: 190,
    },
    (x, y) => svg`
      ${clipped(x, y, [
        ...range(6).map((k) => {
          const level = (4 + kappa) * 4 ** -k;
          return svg`<ellipse class="dial-level" cx=${x(0)} cy=${y(0)}
            rx=${(x(1) - x(0)) * Math.sqrt(level)} ry=${(y(0) - y(1)) * Math.sqrt(level / kappa)} />`;
        }),
        svg`<path class="dial-trail" d=${line(path, x, y)} />`,
        ...path.map(([a, b]) => svg`<circle class="dial-dot" r="2" cx=${inside(x(a))} cy=${inside(y(b))} />`),
      ])}`,
  );
};

const decay = ({ steps }, { path }) =>
  chart(
    {
      label: `Distance along and across against the step, for ${steps} steps`,
      x: [0, Math.max(10, steps)],
      y: [1e-8, 10],
      log: "y",
      height: 180,
      xLabel: "step",
      yLabel: "distance left: along, and across (dashed)",
    },
    (x, y) =>
      clipped(
        x,
        y,
        [0, 1].map((k) => {
          const far = path.map((w, t) => [t, Math.max(Math.abs(w[k]), 1e-9)]);
          return svg`<path class=${k ? "dial-far dial-far-across" : "dial-far"} d=${line(far, x, y)} />`;
        }),
      ),
  );

/* The four factors in the plane of complex numbers */

const circle = ({ kappa, rho }, { lr }) => {
  const at = (value) => 70 + 55 * Math.max(-1.25, Math.min(1.25, value));
  const mark = ([re, im], k) =>
    k ? svg`<path class="dial-root-across" d="M${at(re)} ${at(-im) - 6}l6 6l-6 6l-6 -6z" />`
      : svg`<circle class="dial-root" r="5" cx=${at(re)} cy=${at(-im)} />`;
  return html`<figure class="dial-circle">
    <svg viewBox="0 0 140 140" role="img" aria-label="The four factors of a step in the complex plane, and the unit circle">
      <circle class="dial-unit" cx="70" cy="70" r="55" />
      <path class="dial-unit" d="M5 70H135M70 5V135" />
      ${roots(lr, rho, 1).map((z) => mark(z, 0))} ${roots(lr, rho, kappa).map((z) => mark(z, 1))}
    </svg>
    <figcaption>
      The factors of a step, two for each direction: <span class="dial-blue">● along</span>,
      <span class="dial-orange">◆ across</span>. Inside the circle all is well. Off the level line they
      swing; where two meet is a ridge.
    </figcaption>
  </figure>`;
};

const toBest = ({ kappa }, { best }) => ({
  rate: RATES[Math.max(0, Math.min(79, Math.round((best[0] * kappa) / 0.05) - 1))],
  rho: RHOS[Math.round(best[1] * 100)],
});

const draw = (state, numbers, set) => html`
  <div class="dial-sides">
    <div>
      ${plane(state, numbers, set)}
      <p class="dial-key">
        Dark: few steps. Lines: the ridge for <span class="dial-blue">along</span> and, dashed, for
        <span class="dial-orange">across</span>; the cross is where they meet.
      </p>
      <p class="dial-buttons">
        <button type="button" @click=${() => set({ rho: 0, rate: 1.95 })}>No momentum</button>
        <button type="button" @click=${() => set(toBest(state, numbers))}>The best of all</button>
        <button type="button" @click=${() => set({ rho: 0.99 })}>ρ = 0.99</button>
      </p>
    </div>
    <div>${trail(state, numbers)} ${decay(state, numbers)} ${circle(state, numbers)}</div>
  </div>
`;

/* What you see */

const manner = (lr, rho, curvature) => {
  const [[re, im], [other]] = roots(lr, rho, curvature);
  if (radius(lr, rho, curvature) >= 1 - 1e-12) return "flies off or never rests";
  if (Math.abs(im) > 1e-9) return "swings";
  return re + other < 0 ? "zigzags" : "creeps";
};

const see = ({ kappa, rho }, { lr, leaves, best, best_leaves, plain_leaves }) => {
  const left = Math.max(...leaves);
  return html`<p>
      α = ${number(lr, 3)}, ρ = ${number(rho, 2)}: along the floor it <b>${manner(lr, rho, 1)}</b> (a step leaves
      ${number(leaves[0], 3)}), across it <b>${manner(lr, rho, kappa)}</b> (${number(leaves[1], 3)}).
      ${left < 1 - 1e-12 ? html`That is <b>${stepsToDigit(left)} steps for a digit</b>.` : html`<b>No number of steps is enough.</b>`}
    </p>
    <p>
      ${kappa === 1
        ? "In a round bowl there is nothing for momentum to do: rate 1 is there in one step."
        : html`Best without momentum: ${number(plain_leaves, 3)}, ${stepsToDigit(plain_leaves)} steps for a digit. Best of
            all, α = ${number(best[0], 3)} and ρ = ${number(best[1], 3)}: <b>${number(best_leaves, 3)}, ${stepsToDigit(best_leaves)} steps</b>.`}
    </p>
    ${remark(kappa, rho, left, leaves)}`;
};

const remark = (kappa, rho, left, leaves) => {
  if (left >= 1 - 1e-12) {
    return html`<p>Beyond the line from 2 to 4: momentum moves the edge outward, from 2/κ to 2(1 + ρ)/κ, not away.</p>`;
  }
  if (kappa > 1 && Math.abs(leaves[0] - leaves[1]) < 1e-9 && rho > 0) {
    return html`<p>Both swing, and both lose the same share, √ρ. <b>Here the rate does not matter at all</b>, only the
      momentum: less of it would be faster, down to the ridge.</p>`;
  }
  return html`<p>Below the ridge of a direction its two factors differ and the larger one rules: more momentum helps.
    Above the ridge it swings with √ρ, and more momentum hurts.</p>`;
};

/* As code */

const code = ({ kappa, rate, rho, steps }) => `from coursepkg.widgets.momentum_dial import best, radius, roll

kappa, rho = ${kappa}, ${rho}
lr = ${rate} / kappa
path = roll(lr, rho, kappa, steps=${steps})  # momentum(w, dw, state, lr, rho), step by step
leaves = [radius(lr, rho, curvature) for curvature in (1, kappa)]
best = best(kappa)  # rate and momentum
best_leaves = best[1] ** 0.5
plain_leaves = (kappa - 1) / (kappa + 1)`;

export default widget({
  controls: [
    { name: "kappa", label: "Condition κ", values: KAPPAS },
    { name: "rate", label: "Rate × κ", values: RATES },
    { name: "rho", label: "Momentum ρ", values: RHOS },
    { name: "steps", label: "Steps", min: 0, max: MOST_STEPS, step: 1 },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "κ = 30, and the ring stands at ρ = 0.9, a common choice. You want fewer steps. Which way do you pull ρ?",
    options: ["Up, towards 0.99", "Down, to about a half", "It is best as it is"],
    answer: 1,
    attempt:
      "Pull the ring straight down and watch the distances. Then find the darkest place. Then raise κ to 100: where does it go?",
    explain:
      "At 0.9 both directions swing, and a swing loses a share of √ρ = 0.949 a step, whatever the rate. With less momentum the swing dies faster, until it becomes a creep: that border is critical damping, ρ = (1 − √(αλ))², one for each direction. Where the two meet, at ρ = 0.478 for κ = 30, a step leaves 0.691. For κ = 300 it would be 0.79: what is best depends on a κ that nobody tells you.",
  },
});
