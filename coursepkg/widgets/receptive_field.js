/* W9.5: the pixels that one output of a stack of layers can see, and by how many ways. */
import { handle, scale } from "./chart.js";
import { count, html, nothing, svg, widget } from "./frame.js";
import { pixels, stretch } from "./pixels.js";

const MOST = 5;
const WIDEST = 40;
const NONE = [0, 3, 1, 1]; // kind (0 none, 1 convolution, 2 pooling), kernel, stride, dilation
const range = (n) => [...Array(n).keys()];
const isUsed = ([kind]) => kind > 0;
const slots = (layers) => {
  const used = layers.filter(isUsed);
  return [...used, ...range(MOST - used.length).map(() => [...NONE])];
};

/* Mathematics */

const padOf = ([, kernel, , dilation], padding) =>
  padding === "same" ? Math.floor((dilation * (kernel - 1)) / 2) : 0;

const sizesOf = (used, size, padding) =>
  used.reduce(
    (sizes, layer) => {
      const [, kernel, stride, dilation] = layer;
      const room = sizes.at(-1) + 2 * padOf(layer, padding) - dilation * (kernel - 1) - 1;
      return [...sizes, room < 0 ? 0 : Math.floor(room / stride) + 1];
    },
    [size],
  );

/* One step of the backward pass with weights of 1: each output adds its ways to all it reads. */
const spread = (ways, layer, size, padding) => {
  const [, kernel, stride, dilation] = layer;
  const below = Array(size).fill(0);
  ways.forEach((many, i) =>
    range(kernel).forEach((k) => {
      const at = i * stride + k * dilation - padOf(layer, padding);
      if (at in below) below[at] += many;
    }),
  );
  return below;
};

const compute = ({ layers, size, padding, unit }, { stacks }) => {
  const used = layers.filter(isUsed);
  const [fields, jumps, starts] = [[1], [1], [0]]; // start: where the first output has its middle
  for (const layer of used) {
    const [, kernel, stride, dilation] = layer;
    const reach = (kernel - 1) * dilation;
    fields.push(fields.at(-1) + reach * jumps.at(-1));
    starts.push(starts.at(-1) + (reach / 2 - padOf(layer, padding)) * jumps.at(-1));
    jumps.push(jumps.at(-1) * stride);
  }
  const weights = used.reduce((sum, [kind, kernel]) => sum + (kind === 1 ? kernel ** 2 : 0), 0);
  const known = { stacks, fields, jumps, starts, field: fields.at(-1), jump: jumps.at(-1), weights };
  const sizes = sizesOf(used, size, padding);
  if (sizes.includes(0)) return { ...known, sizes: null, place: null, levels: null, ways: null, lit: null };
  const place = Math.min(unit, sizes.at(-1) - 1);
  const top = range(sizes.at(-1)).map((i) => Number(i === place));
  const levels = used.reduceRight(
    (found, layer, l) => [spread(found[0], layer, sizes[l], padding), ...found],
    [top],
  );
  const [ways] = levels;
  const lit = ways.filter((many) => many > 0).length;
  return { ...known, sizes, place, levels, ways, reached: levels.flat(), lit };
};

/* Picture: the layers as rows of cells, each where it looks at; below, the input in two dimensions */

const WIDTH = 400;
const ROW = 46;

const nameOf = ([kind, kernel, stride, dilation]) =>
  `${kind === 1 ? "conv" : "pool"} ${kernel}${stride > 1 ? ` / ${stride}` : ""}${dilation > 1 ? `, dilation ${dilation}` : ""}`;

const strips = ({ layers, size, padding }, numbers, set) => {
  const { levels, starts, jumps, sizes, place, lit, field } = numbers;
  const used = layers.filter(isUsed);
  const unit = (WIDTH - 16) / size;
  const x = (l, i) => 8 + (starts[l] + i * jumps[l] + 0.5) * unit;
  const y = (l) => 24 + (used.length - l) * ROW;
  const side = Math.min(unit * 0.82, 14);
  const reads = (layer, i) =>
    range(layer[1]).map((k) => i * layer[2] + k * layer[3] - padOf(layer, padding));
  const wires = used.flatMap((layer, l) =>
    levels[l + 1].flatMap((many, i) =>
      many ? reads(layer, i).filter((at) => at in levels[l]).map((at) => [l, i, at]) : [],
    ),
  );
  const row = (ways, l) => {
    const most = Math.max(...ways);
    return ways.map(
      (many, i) => svg`<rect
        class=${many ? "rf-lit" : "rf-dark"}
        x=${x(l, i) - side / 2}
        y=${y(l) - side / 2}
        width=${side}
        height=${side}
        fill-opacity=${many ? 0.25 + (0.75 * many) / most : 0}
      />`,
    );
  };
  const last = used.length;
  const outs = sizes.at(-1);
  const far = Math.max(1, outs - 1);
  return html`<svg class="rf-strips" viewBox="0 0 ${WIDTH} ${y(0) + 18}" role="group"
    aria-label="Output ${place + 1} of ${outs} reaches ${lit} of ${size} pixels in a row; its field is ${field} wide">
    <path class="rf-wires" d=${wires
      .map(([l, i, at]) => `M${x(l + 1, i).toFixed(1)} ${y(l + 1) + side / 2}L${x(l, at).toFixed(1)} ${y(l) - side / 2}`)
      .join("")} />
    ${levels.map(row)}
    ${used.map(
      (layer, l) => svg`<text x=${WIDTH - 4} y=${y(l) - ROW / 2 + 4} text-anchor="end">${nameOf(layer)}</text>`,
    )}
    ${handle({
      at: [place, 0],
      x: scale([0, far], [x(last, 0), x(last, far)]),
      y: Object.assign(scale([-1, 1], [y(last) + 1, y(last) - 1]), { ends: [0, 0] }),
      step: 1,
      label: `The output that looks, number ${place + 1} of ${outs},`,
      move: ([u]) => set({ unit: Math.min(u, outs - 1) }),
      mark: svg`<path class="rf-grip" d="M0 ${-side / 2 - 2}l-6 -9h12Z" />`,
    })}
  </svg>`;
};

const image = ({ size }, { ways, field, jumps, starts, place, lit }) => {
  const first = starts.at(-1) + place * jumps.at(-1) - (field - 1) / 2;
  return html`<figure class="rf-image">
    <div>
      <canvas role="img" aria-label="${lit} × ${lit} pixels of ${size} × ${size} reach the output, ${Math.max(...ways) ** 2}
        ways from the one that has most"></canvas>
      <svg viewBox="0 0 ${size} ${size}" aria-hidden="true">
        <rect x=${first} y=${first} width=${field} height=${field} />
      </svg>
    </div>
    <figcaption>The input in two dimensions: the stronger the blue, the more ways lead from a pixel to the output.
      Dashed: the field, ${field} × ${field}.</figcaption>
  </figure>`;
};

const choice = (layers, l, part, label, options, set) => html`<select
  aria-label="Layer ${l + 1}: ${label}"
  ?disabled=${part > 0 && !isUsed(layers[l])}
  @change=${({ target }) => {
    const next = layers.map((layer) => [...layer]);
    next[l][part] = Number(target.value);
    if (next[l][0] === 2) next[l][3] = 1;
    set({ layers: slots(next) });
  }}
>
  ${options.map(
    ([value, text]) => html`<option value=${value} .selected=${layers[l][part] === value}>${text}</option>`,
  )}
</select>`;

const builder = ({ layers }, set) => {
  const shown = Math.min(MOST, layers.filter(isUsed).length + 1);
  const plain = (values) => values.map((value) => [value, String(value)]);
  return html`<div class="rf-builder" role="group" aria-label="Layers, from the input on">
    <span></span><span>Layer</span><span>Kernel</span><span>Stride</span><span>Dilation</span>
    ${range(shown).map((l) => {
      const [kind] = layers[l];
      const kinds = [[0, kind ? "remove" : "add"], [1, "conv"], [2, "pool"]];
      return html`<b>${l + 1}</b>
        ${choice(layers, l, 0, "kind", kinds, set)}
        ${choice(layers, l, 1, "kernel", plain([1, 2, 3, 4, 5, 6, 7]), set)}
        ${choice(layers, l, 2, "stride", plain([1, 2, 3]), set)}
        ${choice(layers, l, 3, "dilation", plain(kind === 2 ? [1] : [1, 2, 4]), set)}`;
    })}
  </div>`;
};

const same = (one, other) => String(one) === String(other);

const draw = (state, numbers, set) => html`
  <div class="rf-stacks" role="group" aria-label="Stacks to begin with">
    ${Object.entries(numbers.stacks).map(
      ([name, stack]) => html`<button type="button" aria-pressed=${String(same(state.layers, stack))}
        @click=${() => set({ layers: stack })}>${name}</button> `,
    )}
  </div>
  ${numbers.sizes
    ? strips(state, numbers, set)
    : html`<p class="rf-misfit">A field of ${numbers.field} pixels does not fit into ${state.size}: no output is left.</p>`}
  <div class="rf-sides">
    ${builder(state, set)} ${numbers.sizes ? image(state, numbers) : nothing}
  </div>
`;

const CANVAS = 320;

const paint = (root, { size }, { ways }, colour) => {
  const canvas = root.querySelector(".rf-image canvas");
  if (!canvas) return;
  canvas.width = canvas.height = CANVAS;
  const map = pixels(size, size, Math.max(...ways) ** 2, colour);
  ways.forEach((a, i) => ways.forEach((b, j) => map.put(i, j, a * b)));
  stretch(canvas.getContext("2d"), map, colour("ground"), 0, 0, CANVAS, CANVAS);
};

/* What you see */

const holes = ({ field, lit }, cut) =>
  lit < field && !cut
    ? html`<p><b>Holes.</b> Of the ${field} pixels in a row of its field it reaches ${lit}: a stride or a
        dilation steps over the others. Whatever stands in them, this output does not change.</p>`
    : nothing;

const see = (state, numbers) => {
  const { fields, field, jump, jumps, sizes, place, ways, lit, weights, starts } = numbers;
  const growth = html`<p>The field grows ${fields.join(" → ")}: a layer adds (K − 1) · D · jump, the jump being
    ${jumps.slice(0, -1).join(", ") || "1"}. It is ${field} × ${field} = <b>${count(field ** 2)} pixels</b>.</p>`;
  if (!sizes) {
    return html`${growth}<p><b>It does not fit.</b> Take a larger image, a smaller kernel, or padding.</p>`;
  }
  const first = starts.at(-1) + place * jump - (field - 1) / 2;
  const cut = first < 0 || first + field > state.size;
  const found = ways.filter((many) => many > 0);
  const [most, least] = [Math.max(...found), Math.min(...found)];
  return html`${growth}
    ${most > least
      ? html`<p><b>Not all of them count alike</b>: from the pixel seen most lead ${count(most ** 2)} ways to the
          output, from the one seen least ${count(least ** 2)}.</p>`
      : nothing}
    ${cut
      ? html`<p>Here the field hangs over the edge: ${lit} × ${lit} pixels of the image reach the output, beyond
          is padding.</p>`
      : nothing}
    ${holes(numbers, cut)}
    <p>${sizes.at(-1)} of ${sizes[0]} places in a row are left (${sizes.join(" → ")}). The neighbour's field begins ${jump} ${jump === 1 ? "pixel" : "pixels"} further on.
      ${weights && weights < field ** 2
        ? `The stack has ${weights} weights between two channels; one kernel of ${field} × ${field} has ${field ** 2}.`
        : ""}</p>`;
};

/* As code */

const code = ({ layers, size, padding, unit }) => `from coursepkg.widgets.receptive_field import seen_by

layers = [  # kind (1 convolution, 2 pooling), kernel, stride, dilation
${layers.filter(isUsed).map((layer) => `    [${layer.join(", ")}],\n`).join("")}]
found = seen_by(layers, size=${size}, padding="${padding}", unit=${unit})
field, jump, fields = found["field"], found["jump"], found["fields"]
${sizesOf(layers.filter(isUsed), size, padding).includes(0) ? "" : 'sizes, ways = found["sizes"], found["ways"]  # ways from each pixel to the output\n'}`;

export default widget({
  controls: [
    { name: "size", label: "Input, pixels", min: 8, max: WIDEST, step: 1 },
    {
      name: "padding",
      label: "Padding",
      options: [
        ["none", "none"],
        ["same", "same"],
      ],
    },
  ],
  inPicture: [
    { name: "layers", matches: /^([012],[1-7],[1-3],[124](,|$)){5}$/ },
    { name: "unit", min: 0, max: WIDEST - 1, step: 1 },
  ],
  compute,
  draw,
  paint,
  see,
  code,
  predict: {
    question:
      "A 3 × 3 convolution, 2 × 2 pooling with stride 2, another 3 × 3 convolution. How many pixels wide is what one output sees?",
    options: ["6 pixels", "8 pixels", "12 pixels"],
    answer: 1,
    attempt:
      "Drag the triangle along the outputs and watch the field follow, two pixels a step. Then “three 3×3” and “one 7×7”: the same field, not the same picture. Then “1×1, stride 2”.",
    explain:
      "Walk from the input: one pixel; the first convolution adds 2, the pooling adds 1. From here on a step of one cell is a step of two pixels, so the second convolution adds 2 · 2: 1 + 2 + 1 + 4 = 8. Who forgets the jump says 6. And the field is only where the gradient can be other than zero; how much of it arrives is counted by the ways, and there are most of them in the middle.",
  },
});
