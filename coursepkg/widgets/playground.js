/* W4.5: a network that learns in the page, can be frozen, and then says who is to blame. */
import { chart, line } from "./axes.js";
import { html, nothing, number, svg, widget } from "./frame.js";
import { TILE, WIDTH, heightOf, nearestPoint, paint, placeOf } from "./playground_maps.js";
import { LAST, SHARE, compute, entriesOf, illness, range, sizesOf, worstPoint } from "./playground_numbers.js";
import { code, reading, see } from "./playground_text.js";

/* Playing: the only thing that moves, and only until the next of these steps. */

const STOPS = [100, 250, 500, LAST];
const FRAMES = 200; // a play takes at most so many
const nextStop = (steps) => STOPS.find((stop) => stop > steps);

const play = ({ currentTarget: button }) => {
  const now = () => button.closest(".cw").widget; // the frame's handle: what is drawn at present
  const toggle = (on) => button.toggleAttribute("data-playing", on);
  const playing = () => button.hasAttribute("data-playing") && button.isConnected;
  const { state, set } = now();
  let here = state.steps;
  const stop = nextStop(here);
  if (playing()) return toggle(false);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return set({ steps: stop });
  const stride = Math.ceil((stop - here) / FRAMES);
  const advance = () => {
    const { state, numbers } = now();
    const disturbed = state.frozen || state.steps !== here || numbers.inner.run.broke !== null;
    if (!playing() || disturbed || here >= stop) return toggle(false);
    here = Math.min(stop, here + stride);
    set({ steps: here });
    requestAnimationFrame(advance);
  };
  toggle(true);
  advance();
};

/* Above the picture: the run, and what the network is made of */

const transport = (state, { inner }, set) => {
  const stop = nextStop(state.steps);
  const over = state.frozen || !stop;
  // It begins with the point that is most wrong, and with its blame not yet sent back.
  const freeze = () => set(state.frozen ? { frozen: false } : { frozen: true, back: 0, sample: worstPoint(inner) });
  return html`<div class="pg-bar">
    <button type="button" class="pg-go" ?disabled=${over} @click=${play}>
      <span class="pg-rest">▶ Play to step ${stop ?? LAST}</span><span class="pg-run">❚❚ Pause</span>
    </button>
    <button type="button" ?disabled=${over} @click=${() => set({ steps: state.steps + 1 })}>One step</button>
    <label class="pg-steps">
      <span>Step <b>${state.steps}</b></span>
      <input
        type="range"
        min="0"
        max=${LAST}
        .value=${String(state.steps)}
        @input=${({ target }) => set({ steps: target.valueAsNumber })}
      />
    </label>
    <button type="button" class="pg-freeze" aria-pressed=${state.frozen} @click=${freeze}>
      ${state.frozen ? "Go on training" : "Freeze & inspect backward"}
    </button>
  </div>`;
};

const stepper = (label, value, [min, max], change) => html`<span class="pg-stepper" role="group" aria-label=${label}>
  <button type="button" aria-label="${label} −1" ?disabled=${value <= min} @click=${() => change(value - 1)}>−</button>
  <b>${value}</b>
  <button type="button" aria-label="${label} +1" ?disabled=${value >= max} @click=${() => change(value + 1)}>+</button>
</span>`;

const make = ({ layers, seed }, set) => {
  const hidden = sizesOf(layers).slice(1, -1);
  const deepen = (count) => {
    const widths = range(count).map((l) => hidden[l] ?? hidden.at(-1) ?? 2);
    set({ layers: [2, ...widths, 1].join("-") });
  };
  return html`<div class="pg-bar">
    <span>Hidden layers ${stepper("Hidden layers", hidden.length, [0, 3], deepen)}</span>
    <span>First weights, seed ${stepper("Seed", seed, [0, 99], (next) => set({ seed: next }))}</span>
  </div>`;
};

/* The network: maps on a canvas, over it connections and the frames of units. What is pointed at,
   touched or has the focus is read; its name is in data-cell. */

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const choose = (set) => ({ target }) => target.dataset.cell && set({ cell: target.dataset.cell });

/* One tab stop: up and down through the entries of a layer, left and right through layers. */
const walk = ({ net, choice }, set) => (event) => {
  const way = ARROWS[event.key];
  if (!way) return;
  event.preventDefault();
  const l = Math.max(0, Math.min(net.W.length - 1, choice.l + way[0]));
  const own = entriesOf(net.sizes, l).map(({ name }) => name);
  const place = way[0] ? 0 : own.indexOf(choice.name) + way[1];
  const picture = event.currentTarget;
  set({ cell: own.at(place % own.length) });
  queueMicrotask(() => picture.querySelector("[tabindex='0']").focus()); // after the drawing
};

const wires = ({ frozen }, { inner }) => {
  const { net, shown, dW, known, choice } = inner;
  const strength = frozen ? shown.dW : net.W;
  const largest = Math.max(1e-12, ...strength.flatMap((w, l) => (known(l) ? [...w.map(Math.abs)] : [])));
  const width = (size) => (frozen ? 0.7 + (4 * size) / largest : Math.min(6, 0.5 + size)).toFixed(2);
  const wire = ({ name, l, i, j }) => {
    const [[from, y], [to, end]] = [placeOf(net.sizes, l, i, frozen), placeOf(net.sizes, l + 1, j, frozen)];
    const [x, half] = [from + TILE / 2, (from + to) / 2];
    const path = `M${x} ${y}C${half} ${y} ${half} ${end} ${to - TILE / 2} ${end}`;
    const k = i * net.sizes[l + 1] + j;
    const value = strength[l][k];
    const on = name === choice.name;
    const sign = !known(l) || !value ? "pg-unknown" : value < 0 ? "pg-minus" : "pg-plus";
    return svg`<path class="pg-wire ${sign} ${on ? "pg-on" : ""}" d=${path} stroke-width=${known(l) ? width(Math.abs(value)) : 0.7} />
      <path class="pg-hit" d=${path} data-cell=${name} tabindex=${on ? 0 : -1} role="button"
        aria-label=${on ? `${name} is ${number(net.W[l][k], 3)}, gradient ${number(dW[l][k], 3)}` : name} />`;
  };
  return net.W.flatMap((_, l) => entriesOf(net.sizes, l).filter(({ kind }) => kind === "W").map(wire));
};

const units = ({ frozen }, { inner }) => {
  const { net, shown, says, known, choice } = inner;
  const unit = ({ name, l, j }) => {
    const [x, y] = placeOf(net.sizes, l + 1, j, frozen);
    const on = name === choice.name;
    const ill = illness(inner, l, j);
    const value = number(says[l][j], 2);
    const blame = known(l) ? number(shown.db[l][j], 2) : "?";
    return svg`<rect class="pg-unit ${ill && "pg-ill"} ${on ? "pg-on" : ""}" x=${x - TILE / 2} y=${y - TILE / 2}
        width=${TILE} height=${TILE} data-cell=${name} tabindex=${on ? 0 : -1} role="button"
        aria-label="${name} says ${value} ${frozen ? `, blame ${blame}` : ""} ${ill}" />
      <text x=${x} y=${y + TILE / 2 + 12}>${frozen ? value : ill}</text>
      <text x=${x} y=${y + TILE / 2 + 25}>${frozen ? `δ ${blame}` : ""}</text>
      <text x=${x} y=${y + 4}>${frozen ? ill : ""}</text>`;
  };
  return net.W.flatMap((_, l) => entriesOf(net.sizes, l).filter(({ kind }) => kind === "h").map(unit));
};

const heads = ({ layers }, { sizes }, set) => {
  const head = (n, column) => {
    if (column === 0) return html`<span>x</span>`;
    if (column === sizes.length - 1) return html`<span>p</span>`;
    const resize = (next) => set({ layers: sizes.with(column, next).join("-") });
    return html`<span>h${column} ${stepper(`Units of h${column}`, n, [1, 8], resize)}</span>`;
  };
  return html`<div class="pg-heads" style="--columns: ${sizes.length}">${sizes.map(head)}</div>`;
};

const network = (state, numbers, set) => {
  const { net } = numbers.inner;
  const height = heightOf(net.sizes, state.frozen);
  return html`<div>
    ${heads(state, net, set)}
    <div class="pg-wires">
      <canvas class="pg-tiles" width=${2 * WIDTH} height=${2 * height} aria-hidden="true"></canvas>
      <svg
        viewBox="0 0 ${WIDTH} ${height}"
        role="group"
        aria-label="Network ${state.layers}; arrow keys walk through it"
        @pointerover=${choose(set)}
        @click=${choose(set)}
        @focusin=${choose(set)}
        @keydown=${walk(numbers.inner, set)}
      >
        ${wires(state, numbers)} ${units(state, numbers)}
      </svg>
    </div>
    <p class="pg-key">
      <span class="pg-blue">━</span> positive, <span class="pg-orange">╍</span> negative; width:
      ${state.frozen ? "blame. Grey: where a unit lets blame through" : "weight. Maps: what a unit says over the plane"}
    </p>
    <div class="pg-reading">${reading(state, numbers)}</div>
  </div>`;
};

/* Beside it: what all of it says over the plane, and how the loss went */

const map = (state, numbers, set) => {
  const { right, test_right, inner } = numbers;
  const { kind, name, l } = inner.choice;
  const shows = kind === "h" && l < inner.net.W.length - 1 ? name : "p";
  const point = (event) => set({ frozen: true, sample: nearestPoint(event, inner.run.points[0]), back: state.frozen ? state.back : 0 });
  return html`<figure>
    <canvas
      class="pg-map"
      width="480"
      height="480"
      role="img"
      aria-label="${shows} over the plane; ${right} of ${SHARE} training points are on the right side"
      @click=${point}
    ></canvas>
    <figcaption>
      <b>${shows}</b> over the plane. <span class="pg-blue">●</span> label 1, <span class="pg-orange">◆</span>
      label 0. Right: <b>${right}</b> of ${SHARE}, hollow (test) ${test_right} of ${inner.run.points[1].length / 2}.
    </figcaption>
  </figure>`;
};

const losses = ({ loss, test_loss, inner }) => {
  const { run, at } = inner;
  const stride = Math.ceil(at / 120) || 1;
  const steps = range(at + 1).filter((step) => step % stride === 0 || step === at);
  const [train, test] = [run.loss, run.test].map((values) => steps.map((step) => [step, values[step]]));
  const sizes = [1, ...train.map(([, y]) => y), ...test.map(([, y]) => y)];
  const ends = [Math.floor(Math.log10(Math.max(1e-6, Math.min(0.9, ...sizes)))), Math.ceil(Math.log10(Math.max(...sizes)))];
  const options = {
    label: `Loss up to step ${at}: training ${number(loss, 3)}, test ${number(test_loss, 3)}`,
    x: [0, nextStop(at - 1)],
    y: ends.map((power) => 10 ** power),
    log: "y",
    width: 300,
    height: 170,
    xLabel: "step",
    yLabel: "loss",
  };
  return chart(options, (x, y) => {
    const [a, b] = [y(loss), y(test_loss)];
    const left = x(at) > 220; // what falls leaves room below
    const upper = left ? Math.min(Math.max(a, b) + 15, 116) : Math.min(a, b) - 5;
    const lower = left ? upper + 13 : Math.max(a, b) + 12;
    const say = (words, place) => svg`<text x=${x(at) + (left ? -4 : 6)} y=${place} text-anchor=${left ? "end" : "start"}>${words}</text>`;
    return svg`<path class="pg-train" d=${line(train, x, y)} /><path class="pg-test" d=${line(test, x, y)} />
      <circle class="pg-now" cx=${x(at)} cy=${a} r="3.5" />
      ${say(`train ${number(loss, 3)}`, a < b ? upper : lower)} ${say(`test ${number(test_loss, 3)}`, a < b ? lower : upper)}`;
  });
};

/* Frozen: one point or all, and how far back its blame has come */

const inspect = (state, { inner }, set) => {
  if (!state.frozen) return nothing;
  const deep = inner.net.W.length;
  const back = Math.min(state.back, deep);
  const button = (words, patch, off) => html`<button type="button" ?disabled=${off} @click=${() => set(patch)}>${words}</button>`;
  const next = (way) => ({ sample: (state.sample + way + SHARE) % SHARE });
  return html`<div class="pg-bar pg-inspect">
    ${button(back ? "◀ One layer back" : "◀ Send the blame back", { back: back + 1 }, back >= deep)}
    ${button("Forward only", { back: 0 }, !back)}
    <span role="group" aria-label="Training point">
      ${button("‹", next(-1))} <b>${inner.alone ? `point ${state.sample}` : `all ${SHARE}`}</b> ${button("›", next(1))}
    </span>
    ${button("Whole batch", { sample: -1 }, !inner.alone)}
  </div>`;
};

const draw = (state, numbers, set) => html`
  ${transport(state, numbers, set)} ${make(state, set)} ${inspect(state, numbers, set)}
  <div class="pg-stage">
    ${network(state, numbers, set)}
    <div>${map(state, numbers, set)} ${losses(numbers)}</div>
  </div>
`;

export default widget({
  controls: [
    { name: "data", label: "Data", options: [["xor", "XOR"], ["circle", "circle"], ["moons", "two moons"], ["spiral", "spiral"]] },
    { name: "activation", label: "Activation", options: [["tanh", "tanh"], ["relu", "ReLU"], ["sigmoid", "sigmoid"], ["none", "none (linear)"]] },
    { name: "lr", label: "Learning rate", values: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30] },
    { name: "lam", label: "Penalty λ", values: [0, 0.001, 0.01, 0.1] },
  ],
  inPicture: [
    { name: "layers", matches: /^2(-[1-8]){0,3}-1$/ },
    { name: "seed", min: 0, max: 99, step: 1 },
    { name: "steps", min: 0, max: LAST, step: 1 },
    { name: "sample", min: -1, max: SHARE - 1, step: 1 },
    { name: "back", min: 0, max: 4, step: 1 },
  ],
  compute,
  draw,
  paint,
  see,
  code,
  predict: {
    question: "Some weights of 2-2-1 solve XOR. Train it from ten different first weights, seeds 0 to 9, for 300 steps each. How many runs get all four corners?",
    options: ["All ten", "Most, not all", "None: it takes three units"],
    answer: 1,
    attempt: "Play to step 250, then change the seed: the run is done again to the same step. Take the hidden layer away. Then freeze, and send the blame of a point back.",
    explain: "Seven find the fold; seeds 0, 1 and 7 keep three corners, even after 1000 steps. A solution exists, and downhill does not lead to it. A third unit rescues all three.",
  },
});
