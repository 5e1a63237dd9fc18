/* W11.1 in words: the sum behind a cell, what to notice, and the same numbers as code. */
import { range, stageOf, sum, window2, window3 } from "./digit_reader.js";
import { html, nothing, number } from "./frame.js";

const short = (value) => number(value, 2);
const long = (value) => number(value, 4);
const cellText = (value) => value.toFixed(2).replace("-", "−");
const signed = (value, say = long) => (value < 0 ? `− ${say(-value)}` : `+ ${say(value)}`);

const grid = (values, columns, marked) => html`<span class="cx-grid" style="--columns: ${columns}"
  >${values.map((value, k) => html`<span class=${k === marked ? "cx-won" : value < 0 ? "cx-orange" : ""}>${value === null ? "·" : cellText(value)}</span>`)}</span>`;

/* Convolution: for each channel the window, the kernel and the sum of their products */
const convReading = ({ stage, f, i, j }, numbers, net) => {
  const from = stageOf(stage.from);
  const [w, b] = [net[`${stage.name}.w`], net[`${stage.name}.b`][f]];
  const terms = window3(stage.side, from.maps, f, i, j);
  const source = numbers[from.name];
  const value = ({ at }) => (at < 0 ? 0 : source[at]);
  const channel = (c) => {
    const own = terms.filter((term) => term.c === c);
    return {
      seen: own.map((term) => (term.at < 0 ? null : source[term.at])),
      kernel: own.map((term) => w[term.w]),
      total: sum(own.map((term) => value(term) * w[term.w])),
    };
  };
  const parts = range(from.maps).map(channel);
  const outside = terms.filter(({ at }) => at < 0).length / from.maps;
  return html`<p>
      <b>${stage.name}[${f},${i},${j}]</b> = window × kernel, entry by entry, added up${from.maps > 1 ? ` over ${from.maps} maps` : ""},
      plus the bias: ${parts.length > 1 ? parts.map(({ total }, c) => `${c ? signed(total, short) : short(total)} `) : long(parts[0].total)}
      ${signed(b)} = <b>${long(numbers.value)}</b>
    </p>
    <div class="cx-terms">
      ${parts.map(({ seen, kernel, total }, c) => html`<div>
        <small>${from.maps > 1 ? `map ${c}` : "image"}</small> ${grid(seen, 3)} × ${grid(kernel, 3)} <b>= ${short(total)}</b>
      </div>`)}
    </div>
    ${outside ? html`<p class="cx-quiet">${outside} of the nine places (·) lie outside, where the border of zeros is.</p>` : nothing}`;
};

const reluReading = ({ stage, f, i, j }, numbers) => {
  const before = numbers[stage.from][(f * stage.side + i) * stage.side + j];
  return html`<p><b>${stage.name}[${f},${i},${j}]</b> = max(0, ${long(before)}) = <b>${long(numbers.value)}</b>.
    ${before <= 0 ? "Shut: on the way back, no blame passes here." : "Open: the number passes unchanged."}</p>`;
};

const poolReading = ({ stage, f, i, j }, numbers) => {
  const seen = window2(2 * stage.side, f, i, j).map((at) => numbers[stage.from][at]);
  const won = seen.indexOf(Math.max(...seen));
  return html`<p><b>${stage.name}[${f},${i},${j}]</b> = the largest of ${grid(seen, 2, won)} = <b>${long(numbers.value)}</b>.
    Which of the four it was is forgotten; that is what makes small moves bearable.</p>`;
};

const scoreReading = ({ f }, numbers, net) => {
  const maps = range(stageOf("pool2").maps).map((m) => {
    const terms = range(4).map((k) => numbers.pool2[4 * m + k] * net["linear.w"][(4 * m + k) * 10 + f]);
    return { m, total: sum(terms) };
  });
  const order = [...maps].sort((a, b) => Math.abs(b.total) - Math.abs(a.total));
  const rest = sum(order.slice(5).map(({ total }) => total));
  return html`<p><b>Score of ${f}</b> = 64 products of pooled numbers and weights, plus the bias:
      ${order.slice(0, 5).map(({ m, total }, k) => html`${k ? signed(total, short) : short(total)} <small>(map ${m})</small> `)}
      ${signed(rest, short)} <small>(the other ${maps.length - 5})</small> ${signed(net["linear.b"][f], short)} <small>(bias)</small>
      = <b>${long(numbers.value)}</b>. Softmax makes ${(100 * numbers.p[f]).toFixed(1)} % of it.</p>`;
};

const inputReading = ({ i, j }, { value }) => html`<p><b>Pixel in row ${i}, column ${j}</b>: ${Math.round(16 * value)} of its
  16 fine pixels are black, ${Math.round(16 * value)}/16 = <b>${long(value)}</b>. The data set was counted like this.</p>`;

const reading = (_, numbers) => {
  const { net, chosen } = numbers.inner;
  const name = chosen.stage.name;
  if (name === "input") return inputReading(chosen, numbers);
  if (name === "scores") return scoreReading(chosen, numbers, net);
  if (name.startsWith("conv")) return convReading(chosen, numbers, net);
  return (name.startsWith("relu") ? reluReading : poolReading)(chosen, numbers);
};

/* What you see */

const verdict = ({ image, weights }, { p, guess, ink, inner }) => {
  if (!sum(ink)) return html`<p><b>Blank paper, and ${Math.round(100 * p[guess])} % for a ${guess}</b>: the biases speak. It has no way to
    say “no digit”.</p>`;
  if (weights === "untrained") return html`<p><b>Before training</b> the maps look much like the trained ones: they repeat the
    strokes. Only the scores say that it knows nothing: ${Math.round(100 * p[guess])} % for ${guess}. A pretty map is no proof.</p>`;
  const order = range(10).sort((a, b) => p[b] - p[a]);
  const second = html`then ${order[1]} with ${(100 * p[order[1]]).toFixed(1)} %`;
  if (inner.label !== null && inner.label !== guess) return html`<p><b>It says ${guess}, the label says ${inner.label}.</b>
    ${(100 * p[guess]).toFixed(1)} %, ${second}. Look at the 8 × 8 pixels before you blame it.</p>`;
  if (p[guess] < 0.9) return html`<p><b>It wavers: ${guess} with ${(100 * p[guess]).toFixed(1)} %</b>, ${second}. ${
    image === "drawn" ? "Change one stroke and see which way it falls." : ""
  }</p>`;
  return html`<p><b>${guess}, with ${(100 * p[guess]).toFixed(1)} %</b>, ${second}. ${
    image === "drawn" ? "Forms that its 43 writers did not use (a 4 with an open top) it will misread as surely." : "It never saw this one in training."
  }</p>`;
};

const see = (state, numbers) => {
  const shut = numbers.relu2.filter((value) => value === 0).length;
  const silent = range(16).filter((f) => numbers.pool2.slice(4 * f, 4 * f + 4).every((value) => value === 0));
  return html`${verdict(state, numbers)}
    <p>Of the 256 numbers of convolution 2, ${shut} are shut by the ReLU; ${
      silent.length ? `${silent.length} of its 16 filters find nothing at all here` : "each of its 16 filters finds something"
    }. Click any cell: its whole sum stands below the maps.</p>`;
};

/* As code */

const code = ({ image, strokes, weights }, { inner }) => {
  const { stage, f, i, j } = inner.chosen;
  const place = stage.name === "scores" ? f : `${f}, ${i}, ${j}`;
  const start = image === "drawn" ? `ink = ink_of("${strokes}")` : `ink = shown()[0][${image}]`;
  const source = stage.name === "input" ? `ink[${i}, ${j}]` : `${stage.name}[${place}]`;
  return `from coursepkg import functional as F
from coursepkg.widgets.digit_pad import ink_of
from coursepkg.widgets.digit_reader import reader, shown, stages

${start}  # (8, 8)
network = reader("${weights}")
conv1, relu1, pool1, conv2, relu2, pool2, flat, scores = stages(network, ink).values()
p = F.softmax(scores[None])[0][0]
guess = scores.argmax()
value = ${source}`;
};

export { code, reading, see };
