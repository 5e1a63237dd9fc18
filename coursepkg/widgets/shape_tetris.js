/* W6.4: blocks to scale, two places, and the shape of a gradient to fill. */
import { html, nothing, number, svg, widget } from "./frame.js";

const SIZES = [[5, 3, 4], [2, 4, 3], [4, 2, 5], [3, 5, 2]]; // N, D, M, round after round
const ROUNDS = 12;
const TIMED = 6; // rounds against the clock

const OPERATIONS = {
  linear: {
    formula: "out = x @ w + b",
    shapes: ([n, d, m]) => ({ x: [n, d], w: [d, m], dout: [n, m], ones: [n, 1] }),
    answers: { dw: ["x.T", "dout"], dx: ["dout", "w.T"], db: ["ones.T", "dout"] },
  },
  scores: {
    formula: "S = Q @ K.T",
    shapes: ([n, d, m]) => ({ Q: [n, d], K: [m, d], dS: [n, m] }),
    answers: { dQ: ["dS", "K"], dK: ["dS.T", "Q"] },
  },
  column: {
    formula: "q = W @ x",
    shapes: ([, d, m]) => ({ W: [m, d], x: [d, 1], dq: [m, 1] }),
    answers: { dW: ["dq", "x.T"], dx: ["W.T", "dq"] },
  },
};

const range = (n) => [...Array(n).keys()];
const filled = ([rows, columns], k) =>
  range(rows).map((i) => range(columns).map((j) => ((5 * i + 3 * j + 2 * k + i * j) % 7) - 3));
const transposed = (matrix) => matrix[0].map((_, j) => matrix.map((row) => row[j]));
const multiply = (a, b) =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
const same = (a, b) => `${a}` === `${b}`;
const isOnes = (name) => name.startsWith("ones"); // with themselves they make no gradient
const shapeOf = (matrix) => [matrix.length, matrix[0].length];

const product = (turned, left, right) => {
  const [a, b] = [turned[left], turned[right]];
  return a && b && a[0].length === b.length ? multiply(a, b) : null;
};

const relativeError = (got, right) => {
  const norm = (values) => Math.hypot(...values.flat());
  const gap = got.flat().map((value, i) => value - right.flat()[i]);
  return norm(gap) / (norm(got) + norm(right)) || 0;
};

const compute = ({ operation, sizes, round, left, right }) => {
  const { shapes, answers } = OPERATIONS[operation];
  const targets = Object.keys(answers);
  const dims = sizes === "square" ? [3, 3, 3] : SIZES[Math.floor((round - 1) / targets.length) % SIZES.length];
  const pieces = shapes(dims);
  const turned = {};
  Object.entries(pieces).forEach(([name, shape], k) => {
    turned[name] = name === "ones" ? range(shape[0]).map(() => [1]) : filled(shape, k);
    turned[`${name}.T`] = transposed(turned[name]);
  });
  const target = targets[(round - 1) % targets.length];
  const wanted = product(turned, ...answers[target]);
  const names = Object.keys(turned);
  const fitting = names
    .flatMap((a) => names.filter((b) => !isOnes(a) || !isOnes(b)).map((b) => product(turned, a, b)))
    .filter((one) => one && same(shapeOf(one), shapeOf(wanted)));
  const made = product(turned, left, right);
  const fits = made !== null && same(shapeOf(made), shapeOf(wanted));
  return {
    pieces,
    turned: Object.fromEntries(names.map((name) => [name, shapeOf(turned[name])])),
    target,
    wanted: shapeOf(wanted),
    answer: answers[target],
    made: made && shapeOf(made),
    fits,
    rows: made ? made.length : 0,
    columns: made ? made[0].length : 0,
    fitting: fitting.length,
    correct: fitting.filter((one) => same(one, wanted)).length,
    error: fits ? relativeError(made, wanted) : 1,
  };
};

/* The score lasts as long as the page, one for each widget, and is in no link. */
const games = new WeakMap();
const gameOf = (set) => {
  if (!games.has(set)) games.set(set, { streak: 0, best: 0, started: null, solved: 0, time: null });
  return games.get(set);
};

const judge = (game, good) => {
  game.streak = good ? game.streak + 1 : 0;
  game.best = Math.max(game.best, game.streak);
  if (game.started === null || !good) return;
  game.solved += 1;
  if (game.solved < TIMED) return;
  game.time = (performance.now() - game.started) / 1000;
  game.started = null;
};

/* Picture */

const UNIT = 14;
const text = (shape) => `(${shape.join(", ")})`;

const block = ([rows, columns], kind) => {
  const [width, height] = [columns * UNIT, rows * UNIT];
  const lines = [
    ...range(rows - 1).map((i) => `M0 ${(i + 1) * UNIT}h${width}`),
    ...range(columns - 1).map((j) => `M${(j + 1) * UNIT} 0v${height}`),
  ];
  return html`<svg width=${width + 2} height=${height + 2} viewBox="-1 -1 ${width + 2} ${height + 2}" aria-hidden="true">
    ${svg`<rect class="tet-block ${kind}" width=${width} height=${height} rx="2" />
      <path class="tet-grid" d=${lines.join("")} />`}
  </svg>`;
};

const turn = (name) => (name.endsWith(".T") ? name.slice(0, -2) : `${name}.T`);

/* A piece goes to the place it is dropped on, or, tapped, to the first that is free. */
const trayPiece = (name, shape, { left }, put) => {
  let start = null;
  const down = (event) => {
    start = [event.clientX, event.clientY];
    delete event.currentTarget.dataset.moved;
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = ({ currentTarget, clientX, clientY }) => {
    if (!start) return;
    const [x, y] = [clientX - start[0], clientY - start[1]];
    if (Math.hypot(x, y) > 5) currentTarget.dataset.moved = "";
    currentTarget.style.transform = `translate(${x}px, ${y}px)`;
  };
  const up = ({ currentTarget, clientX, clientY }) => {
    start = null;
    currentTarget.style.transform = "";
    const under = document.elementsFromPoint(clientX, clientY);
    const place = under.map((one) => one.closest("[data-place]")).find(Boolean);
    if (place) put(place.dataset.place, name);
  };
  // A click comes after a drag as well, and is none.
  const tap = ({ currentTarget }) => {
    if (!("moved" in currentTarget.dataset)) put(left ? "right" : "left", name);
    delete currentTarget.dataset.moved;
  };
  return html`<button
    type="button"
    class="tet-piece"
    @pointerdown=${down}
    @pointermove=${move}
    @pointerup=${up}
    @pointercancel=${up}
    @click=${tap}
  >${block(shape, "tet-own")}<span>${name} <small>${text(shape)}</small></span></button>`;
};

const place = (side, name, numbers, put) => {
  const shape = numbers.turned[name];
  return html`<div class="tet-place" data-place=${side}>
    ${shape
      ? html`<button
            type="button"
            class="tet-piece"
            aria-label="${name} ${text(shape)}, turn it over"
            @click=${() => put(side, turn(name))}
          >${block(shape, "tet-own")}<span>${name} <small>${text(shape)}</small></span></button>
          <button type="button" class="tet-away" aria-label="Take ${name} away" @click=${() => put(side, "")}>✕</button>`
      : html`<span class="tet-empty">${side}</span>`}
  </div>`;
};

const outcome = ({ made, wanted, fits, target }) => html`<div class="tet-result">
  <div class="tet-stack">
    ${block(wanted, "tet-ghost")}
    ${made ? html`<div class="tet-over">${block(made, fits ? "tet-fits" : "tet-clash")}</div>` : nothing}
  </div>
  <span>${target} <small>${text(wanted)}</small> ${made ? (fits ? "fits" : html`<b>is not ${text(made)}</b>`) : nothing}</span>
</div>`;

const inner = ({ left, right }, { turned }) => {
  const [a, b] = [turned[left], turned[right]];
  if (!a || !b) return html`<p>Tap or drag two pieces; tap one in its place to transpose it.</p>`;
  return a[1] === b[0]
    ? html`<p>Inside, ${a[1]} meets ${b[0]}: the sum runs over it, and ${text([a[0], b[1]])} is left.</p>`
    : html`<p>Inside, <b>${a[1]} meets ${b[0]}</b>: these do not multiply.</p>`;
};

const verdict = ({ left, right, checked }, { fits, error, target, answer }) => {
  if (!checked) return nothing;
  const made = `${left} @ ${right}`;
  if (!fits) return html`<p><b>✗</b> ${made} has not the shape of ${target}.</p>`;
  return error < 1e-12
    ? html`<p><b>✓ ${target} = ${made}.</b> Compared with the library number by number.</p>`
    : html`<p>
        <b>✗ ${made} fits and is wrong</b>, relative error ${number(error, 3)}. Right: ${answer.join(" @ ")}.
      </p>`;
};

const score = ({ streak, best, started, solved, time }) => html`<span>
  streak ${streak}, best ${best}${started === null ? "" : `; ${solved} of ${TIMED} on the clock`}${
    time === null ? "" : `; ${TIMED} rounds in ${time.toFixed(1)} s`
  }
</span>`;

const draw = (state, numbers, set) => {
  const game = gameOf(set);
  const put = (side, name) => set({ [side]: name, checked: false });
  const ready = Boolean(numbers.turned[state.left] && numbers.turned[state.right]) && !state.checked;
  const check = () => {
    if (!ready) return;
    judge(game, numbers.error < 1e-12);
    set({ checked: true });
  };
  const next = { round: (state.round % ROUNDS) + 1, left: "", right: "", checked: false };
  const start = () => {
    Object.assign(game, { started: performance.now(), solved: 0, time: null, streak: 0 });
    set(next);
  };
  const present = { left: numbers.turned[state.left] ? state.left : "" };
  return html`
    <p>Round ${state.round}: <code>${OPERATIONS[state.operation].formula}</code>. Make <b>${numbers.target}</b>, ${text(numbers.wanted)}.</p>
    <div class="tet-tray" role="group" aria-label="Pieces">
      ${Object.entries(numbers.pieces).map(([name, shape]) => trayPiece(name, shape, present, put))}
    </div>
    <div class="tet-row">
      ${place("left", state.left, numbers, put)} <b>@</b> ${place("right", state.right, numbers, put)} <b>=</b>
      ${outcome(numbers)}
    </div>
    <div aria-live="polite">${inner(state, numbers)} ${verdict(state, numbers)}</div>
    <div class="tet-buttons">
      <button type="button" aria-disabled=${!ready} @click=${check}>Check</button>
      <button type="button" @click=${() => set(next)}>Next round</button>
      <button type="button" @click=${start}>Time ${TIMED} rounds</button>
      ${score(game)}
    </div>
  `;
};

/* What you see */

const see = ({ sizes, operation }, { fitting, correct, target, wanted }) => html`<p>
    Of all products of two pieces, turned or not, <b>${fitting}</b> ${fitting === 1 ? "has" : "have"} the shape of
    ${target}, ${text(wanted)}, and <b>${correct}</b> ${correct === 1 ? "is" : "are"} right.
  </p>
  ${sizes === "square"
    ? html`<p>
        <b>Equal sizes, and shapes lie</b>: a fit proves nothing, and Python will not complain. Go by the index that
        the sum runs over, or check the numbers.
      </p>`
    : html`<p>
        All sizes differ, so the shape leaves no choice: remember the shapes, and you remember the formula. Then make
        the sizes equal.
      </p>`}
  ${operation === "scores"
    ? html`<p>The forward pass turned K over, so the way back to Q does not: dS @ K.</p>`
    : operation === "column"
      ? html`<p>One sample as a column: dq times a row is an outer product, and the sum is over one term.</p>`
      : html`<p>A sum over the batch is a product, too: a row of ones times dout adds its rows.</p>`}`;

const code = ({ operation, sizes, round, left, right }, { made }) => {
  const piece = (name) => name.replace(/^(\w+)/, 'blocks["$1"]');
  const line = made
    ? `product = ${piece(left)} @ ${piece(right)}\nrows, columns = product.shape`
    : "# two pieces that multiply are not there yet";
  return `from coursepkg.widgets.shape_tetris import count, matrices

blocks, gradients = matrices("${operation}", ${round}, "${sizes}")
fitting, correct = count("${operation}", ${round}, "${sizes}")
${line}`;
};

const NAMES = ["x", "w", "dout", "ones", "Q", "K", "dS", "W", "dq"];
const TURNED = ["", ...NAMES, ...NAMES.map(turn)].map((name) => [name]);
const along = { left: "", right: "", checked: false };

export default widget({
  controls: [
    {
      name: "operation",
      label: "Forward pass",
      options: [
        ["linear", "x @ w + b"],
        ["scores", "Q @ K.T"],
        ["column", "W @ x, one sample"],
      ],
      along: { ...along, round: 1 },
    },
    {
      name: "sizes",
      label: "Sizes",
      options: [
        ["differ", "all differ"],
        ["square", "all equal"],
      ],
      along,
    },
  ],
  inPicture: [
    { name: "round", min: 1, max: ROUNDS, step: 1 },
    { name: "left", options: TURNED },
    { name: "right", options: TURNED },
  ],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "x, w and dout are all 3 × 3. Two of them (or one twice), each transposed or not, are multiplied. How many of these products have the shape of dw?",
    options: ["1", "6", "36"],
    answer: 2,
    attempt:
      "Find the one product that makes dw here. Then set all sizes equal, put in anything, and check.",
    explain:
      "Six matrices on the left, six on the right, and every product of two 3 × 3 matrices is 3 × 3: 36 fit, and one of them is dw. Nothing but numbers can tell them apart. With 5, 3 and 4 there is only one that fits. This is why every check in this chapter uses sizes that differ.",
  },
});
