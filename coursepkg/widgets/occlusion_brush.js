/* W11.2: cover parts of a digit; what each place is worth, by covering and by the gradient. */
import { chart } from "./chart.js";
import { mapsOf, paintMaps } from "./digit_maps.js";
import { forward, gradient, largest, pixels, range, softmax, sum, unpackedAll } from "./digit_reader.js";
import { html, number, svg, widget } from "./frame.js";

const NOTHING = "0".repeat(16);
const bitsOf = (cover) => [...cover].flatMap((digit) => range(4).map((k) => (parseInt(digit, 16) >> (3 - k)) & 1));
const coverOf = (bits) => range(16).map((k) => parseInt(bits.slice(4 * k, 4 * k + 4).join(""), 2).toString(16)).join("");

let net; // weights, unpacked once
const scoresOf = (x) => forward(net, x).scores;

const occlusion = (x, label, size) => {
  const side = 8 - size + 1;
  const whole = scoresOf(x)[label];
  return range(side * side).map((place) => {
    const [i, j] = [Math.floor(place / side), place % side];
    const under = x.slice();
    range(size * size).forEach((k) => (under[(i + Math.floor(k / size)) * 8 + j + (k % size)] = 0));
    return whole - scoresOf(under)[label];
  });
};

const compute = ({ image, label, size, cover }, data) => {
  net ??= unpackedAll(data.trained);
  const whole = pixels(data.images[Number(image)]);
  const bits = bitsOf(cover);
  const x = whole.map((ink, k) => (bits[k] ? 0 : ink));
  const found = forward(net, x);
  const scores = [...found.scores];
  return {
    scores,
    p: softmax(scores),
    guess: largest(scores),
    occlusion: occlusion(x, Number(label), size),
    saliency: [...gradient(net, found, Number(label))],
    inner: {
      bits,
      whole,
      x,
      before: softmax(scoresOf(whole)),
      cells: whole.filter((ink, k) => bits[k] && ink > 0).length,
      greedy: data.greedy[Number(image)],
      truth: data.labels[Number(image)],
    },
  };
};

/* Picture */

const heatOf = ({ map, size }, { occlusion: fall, saliency, inner }) => {
  if (map === "occlusion") return { values: fall, side: 8 - size + 1 };
  return { values: map === "saliency" ? saliency : saliency.map((slope, k) => slope * inner.x[k]), side: 8 };
};

let painting = 1; // whether the stroke under way covers or uncovers

const brush = ({ at }, { inner }, set) => {
  const pick = ([, i, j], event) => {
    const place = 8 * i + j;
    const arrow = event.key?.startsWith("Arrow");
    if (arrow) return set({ at: place });
    if (event.type !== "pointermove") painting = 1 - inner.bits[place];
    if (inner.bits[place] === painting && place === at) return;
    set({ at: place, cover: coverOf(inner.bits.with(place, painting)) });
  };
  const here = inner.bits[at] ? "covered" : `ink ${number(inner.whole[at], 3)}`;
  return mapsOf(
    { name: "image", maps: 1, side: 8, columns: 1 },
    {
      label: `Digit to cover: arrow keys move the cursor, the space bar covers or uncovers; row ${at >> 3}, column ${at % 8}, ${here}`,
      cell: [0, at >> 3, at % 8],
      pick,
      drag: true,
    },
  );
};

const heat = (state, numbers, set) => {
  const { values, side } = heatOf(state, numbers);
  const best = largest(values);
  const reach = state.map === "occlusion" ? state.size : 1;
  const pick = ([, i, j]) => {
    const bits = [...numbers.inner.bits];
    range(reach * reach).forEach((k) => (bits[8 * (i + Math.floor(k / reach)) + j + (k % reach)] = 1));
    set({ cover: coverOf(bits), at: 8 * i + j });
  };
  const label = `Map for the score of ${state.label}: largest ${number(values[best], 3)} in row ${Math.floor(best / side)}, column ${best % side}; Enter covers that patch`;
  return mapsOf(
    { name: "heat", maps: 1, side, columns: 1 },
    { label, cell: [0, Math.floor(best / side), best % side], pick },
  );
};

const bars = ({ p, guess, inner }) =>
  chart(
    { label: `It says ${guess} with ${(100 * p[guess]).toFixed(1)} %`, x: [-0.6, 9.6], y: [0, 1], width: 300, height: 190, xLabel: "class", yLabel: "probability" },
    (x, y) => svg`${range(10).map(
      (c) => svg`<rect class="ob-bar" x=${x(c) - 8} width="16" y=${y(p[c])} height=${y(0) - y(p[c])} />
        <path class="ob-before" d=${`M${x(c) - 11} ${y(inner.before[c])}h22`} />`,
    )}<text x=${x(guess)} y=${Math.max(14, y(p[guess]) - 5)} text-anchor="middle">${guess}</text>`,
  );

const WORDS = { occlusion: "fall of the score when a patch is covered", saliency: "gradient of the score", product: "gradient × pixel" };

const draw = (state, numbers, set) => html`<div class="ob-sides">
  <figure>${brush(state, numbers, set)}
    <figcaption>Brush over it. <span class="ob-orange">■</span> with a dash: covered.
      <button type="button" @click=${() => set({ cover: NOTHING })}>Uncover all</button></figcaption></figure>
  <figure>${heat(state, numbers, set)}
    <figcaption>${WORDS[state.map]}, for <b>${state.label}</b>. A click covers that place.</figcaption></figure>
  <figure>${bars(numbers)}<figcaption>Lines: before anything was covered.</figcaption></figure>
</div>`;

const paint = (root, state, numbers, colour) => {
  const canvas = (name) => root.querySelector(`[data-maps="${name}"] canvas`);
  const { bits, whole } = numbers.inner;
  const shown = whole.map((ink, k) => (bits[k] ? -0.7 : ink));
  const cursor = [0, state.at >> 3, state.at % 8, 1, 1, true];
  paintMaps(canvas("image"), { maps: 1, side: 8, columns: 1, values: shown, top: 1, boxes: [cursor] }, colour);
  paintMaps(canvas("heat"), { maps: 1, columns: 1, ...heatOf(state, numbers) }, colour);
};

/* What you see */

const see = (state, { p, guess, occlusion: fall, saliency, inner }) => {
  const { cells, greedy, truth, whole, bits } = inner;
  const first = largest(inner.before);
  const said = guess === first
    ? html`It still says <b>${guess}</b>, with ${(100 * p[guess]).toFixed(1)} %.`
    : html`<b>It has changed its mind: ${guess} instead of ${first}</b>, with ${(100 * p[guess]).toFixed(1)} %.`;
  const paper = whole.some((ink, k) => !ink && !bits[k] && Math.abs(saliency[k]) > 0.5);
  const notice = {
    occlusion: html`Most speaks for ${state.label} where the map is ${number(Math.max(...fall), 3)}: a patch of ${state.size} × ${state.size}.
      ${fall.some((value) => value < -0.1) ? html`Negative places speak <b>against</b> it: cover them and the score rises.` : ""}
      ${state.size === 1 ? "Single pixels look unimportant because their neighbours stand in for them: make the patch larger." : ""}`,
    saliency: html`The gradient asks what a <b>little more ink</b> would do. ${paper ? "It is large on paper, too, where covering does nothing: ink there would change the reading." : ""}`,
    product: html`Gradient × pixel guesses the fall of the score from one backward pass. Its sum is ${number(sum(saliency.map((slope, k) => slope * inner.x[k])), 3)};
      compare with single pixels covered (occlusion, patch 1): where they differ, a ReLU or a pooling switched.`,
  };
  return html`<p>${said} Cells with ink covered: <b>${cells}</b>. A greedy search, the worst cell first, needs ${greedy}${
      guess !== first && cells <= greedy ? (cells < greedy ? html`: <b>you beat it</b>` : ": you are as good") : ""
    }. The label is ${truth}.</p><p>${notice[state.map]}</p>`;
};

const code = ({ image, label, size, cover }) => `from coursepkg.widgets.occlusion_brush import looked_at

found = looked_at(image="${image}", label="${label}", size=${size}, cover="${cover}")
scores, p, guess = found["scores"], found["p"], found["guess"]
occlusion, saliency = found["occlusion"], found["saliency"]`;

export default widget({
  controls: [
    { name: "image", label: "Digit", options: [...range(10).map((c) => [String(c), `a ${c}`]), ["10", "one it misreads"], ["11", "another"]] },
    { name: "label", label: "Score of", options: range(10).map((c) => [String(c), String(c)]) },
    { name: "map", label: "Map", options: [["occlusion", "occlusion"], ["saliency", "gradient"], ["product", "gradient × pixel"]] },
    { name: "size", label: "Patch", min: 1, max: 4, step: 1, when: ({ map }) => map === "occlusion" },
  ],
  inPicture: [
    { name: "cover", matches: /^[0-9a-f]{16}$/ },
    { name: "at", min: 0, max: 63, step: 1 },
  ],
  compute,
  draw,
  paint,
  see,
  code,
  predict: {
    question: "Cover two pixels, one after the other, each worth little on the occlusion map with patch 1. What can both together cost?",
    options: ["The sum of the two", "More than the sum, or less", "At most the larger of the two"],
    answer: 1,
    attempt: "Brush over this 5 until the network changes its mind, with as few cells as you can. Watch the map while you do: it is computed anew for what is left.",
    explain: "Max pooling takes the larger of neighbours: cover one, and the other stands in for it; cover both, and the stroke is gone. So single places look cheap and pairs are dear. Elsewhere two pixels carry the same message, and once the first is gone the second is worth nothing. A map of places is about one change at a time.",
  },
});
