/* W9.3: what a layer learns if it is full, local or shared. */
import { chart, line } from "./axes.js";
import { bytes, count, html, svg, widget } from "./frame.js";

const SIDES = [8, 16, 28, 32, 64, 100, 200, 224, 500, 1000, 2000];
const HIDDEN = [10, 100, 1000, 4704, 10000, 40000, 100000, 1000000];
const KERNELS = [1, 3, 5, 7, 8, 10, 11];
const FILTERS = [1, 2, 4, 6, 10, 64, 100, 500];
const ITEM = 8; // bytes of a float64
const LAPTOP = 16e9;

/* Mathematics */

const compute = ({ side, channels, hidden, kernel, filters }) => {
  const patch = channels * kernel ** 2;
  const places = Math.max(0, side - kernel + 1) ** 2;
  return {
    full_weights: hidden * channels * side ** 2,
    full_biases: hidden,
    local_weights: hidden * patch,
    local_biases: hidden,
    shared_weights: filters * patch,
    shared_biases: filters,
    shared_units: filters * places,
    shared_products: filters * places * patch,
  };
};

/* Picture */

const kinds = ["full", "local", "shared"];
const LONGEST = 13; // powers of ten that a bar can show

const bar = (kind, numbers) => {
  const [weights, biases] = [numbers[`${kind}_weights`], numbers[`${kind}_biases`]];
  return html`<tr>
    <th scope="row">${kind}</th>
    <td>
      <span class="scale-bar scale-${kind}" style="width: ${Math.max(1, (100 * Math.log10(weights)) / LONGEST)}%"></span>
      <b>${count(weights)}</b> weights + ${count(biases)}
      <small>${bytes(ITEM * (weights + biases))}${ITEM * weights > LAPTOP ? ", more than a laptop holds" : ""}</small>
    </td>
  </tr>`;
};

const growth = (state, numbers) => {
  const aside = state.side > 150 ? 32 : 900; // names stand where the points are not
  const beside = compute({ ...state, side: aside });
  const at = Object.fromEntries(kinds.map((kind) => [kind, beside[`${kind}_weights`]]));
  const of = (kind) => SIDES.map((side) => [side, compute({ ...state, side })[`${kind}_weights`]]);
  const label = `Weights against the side of the image: ${kinds.map((kind) => `${kind} ${count(numbers[`${kind}_weights`])}`).join(", ")} at ${state.side}`;
  return chart(
    { label, x: [8, 2000], y: [1, 1e13], log: "xy", xLabel: "side of the image", yLabel: "weights", height: 210 },
    (x, y) => kinds.map((kind) => {
      const value = numbers[`${kind}_weights`];
      return svg`<path class="scale-line scale-${kind}" d=${line(of(kind), x, y)} />
        <circle class="scale-${kind}" cx=${x(state.side)} cy=${y(value)} r="5" />
        <text x=${x(aside)} y=${y(at[kind]) + (kind === "local" ? 16 : -8)} text-anchor="middle">${kind}</text>`;
    }),
  );
};

const presets = [
  ["200², 40K units, 10²", { side: 200, channels: 1, hidden: 40000, kernel: 10, filters: 1 }],
  ["1000², 1M units, 100 filters", { side: 1000, channels: 1, hidden: 1000000, kernel: 10, filters: 100 }],
  ["32² × 3, six 5²", { side: 32, channels: 3, hidden: 4704, kernel: 5, filters: 6 }],
];

const draw = (state, numbers, set) => html`
  <div class="scale-presets">
    ${presets.map(([text, patch]) => html`<button type="button" @click=${() => set(patch)}>${text}</button> `)}
    <button type="button" aria-pressed=${state.channels === 3} @click=${() => set({ channels: state.channels === 3 ? 1 : 3 })}>
      in colour: ${state.channels} ${state.channels === 1 ? "channel" : "channels"}</button>
  </div>
  <table class="scale-table">
    <caption>Weights + biases, on a logarithmic scale: the full width would be ten trillion</caption>
    <tbody>${kinds.map((kind) => bar(kind, numbers))}</tbody>
  </table>
  ${growth(state, numbers)}
`;

/* What you see */

const ratio = (a, b) => (a >= b ? `${count(Math.round(a / b))} times fewer` : `${count(Math.round(b / a))} times more`);

const see = (state, numbers) => {
  const { side, channels, kernel, filters, hidden } = state;
  const { full_weights, local_weights, shared_weights, shared_units, shared_products } = numbers;
  const products = `${count(shared_units)} outputs`;
  return html`<p>
      <b>Looking only nearby</b> leaves ${kernel}² of ${side}² pixels to each unit: ${ratio(full_weights, local_weights)} weights.
      <b>Sharing</b> leaves one patch to each filter, wherever it looks: another
      ${ratio(local_weights, shared_weights)}, and the ${count(hidden)} units are gone from the formula.
    </p>
    <p>
      ${filters === 1 ? "The filter makes" : `The ${filters} filters make`} ${products} from ${count(shared_weights)} weights.
      ${side > 300 ? "The image is large, and the lower two lines do not know it." : "Make the image larger: only the full line rises."}
    </p>
    <p>
      Arithmetic is not saved as memory is: ${count(shared_products)} multiplications, because every weight
      works at ${count(shared_units / filters)} ${shared_units === filters ? "place" : "places"}.
      ${channels === 3 ? "A filter sees all three channels at once, so it has three times the weights." : ""}
    </p>`;
};

/* As code */

const code = ({ side, channels, hidden, kernel, filters }) => `from coursepkg.widgets.parameter_scale import counts

side, channels, hidden, kernel, filters = ${side}, ${channels}, ${hidden}, ${kernel}, ${filters}
found = counts(side, channels, hidden, kernel, filters)
full_weights = hidden * channels * side**2
local_weights = hidden * channels * kernel**2
shared_weights, shared_biases = filters * channels * kernel**2, filters
shared_products = found["shared_products"]`;

export default widget({
  controls: [
    { name: "side", label: "Image side", values: SIDES },
    { name: "hidden", label: "Hidden units", values: HIDDEN },
    { name: "kernel", label: "Patch K", values: KERNELS },
    { name: "filters", label: "Filters F", values: FILTERS },
  ],
  inPicture: [{ name: "channels", values: [1, 3] }],
  compute,
  draw,
  see,
  code,
  predict: {
    question: "A photograph grows from 200 × 200 to 1000 × 1000. By what factor do the weights of a convolution with 10 × 10 filters grow?",
    options: ["25", "5", "1"],
    answer: 2,
    attempt:
      "Press the three examples of the lectures, one after the other. Then move the side of the image to both ends, and find what does make the lowest bar longer.",
    explain:
      "Nothing in filters × channels × K² knows how large the image is. The full layer has 25 times as many weights for the same hidden units, 625 times as many if there is a unit for each pixel. The convolution pays in arithmetic and in the size of its output, not in what it has to learn. That is also why one trained on small pictures can be run on large ones.",
  },
});
