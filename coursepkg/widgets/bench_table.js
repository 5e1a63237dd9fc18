/* W12.2: stored measurements as ratios or under a roof; the reader chooses what counts. */
import { chart, line, scale } from "./axes.js";
import { html, number, svg, widget } from "./frame.js";

/* Mathematics */

const sum = (values) => values.reduce((a, b) => a + b);
const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};
const statistics = {
  median,
  min: (values) => Math.min(...values),
  mean: (values) => sum(values) / values.length,
  max: (values) => Math.max(...values),
};

const compute = ({ view, case: chosen, statistic, rounds }, data) => {
  const { rows, peaks } = data;
  const of = (values) => statistics[statistic](values.slice(0, rounds));
  const [ours, theirs] = ["ours", "theirs"].map((who) => rows.map((row) => of(row[who])));
  const pairs = rows.map((row) => row.ours.slice(0, rounds).map((own, i) => own / row.theirs[i]));
  const speed = (seconds) => seconds.map((one, i) => rows[i].flops / one);
  const intensity = rows.map((row) => row.flops / row.bytes);
  return {
    ours,
    theirs,
    pairs,
    ratio: ours.map((own, i) => own / theirs[i]),
    paired: pairs.map(median),
    least: pairs.map(statistics.min),
    largest: pairs.map(statistics.max),
    speed_ours: speed(ours),
    speed_theirs: speed(theirs),
    intensity,
    roof: rows.map((row, i) => Math.min(peaks[row.dtype], peaks.copy * intensity[i])),
    data,
    view,
    picked: Math.max(0, rows.findIndex((row) => row.name === chosen)),
  };
};

/* Ratios: a line for each case, a ring for each round */

const ENDS = [0.2, 8];
const WIDTH = 300;
const twice = (row) => row.name.startsWith("same");

const strip = (pairs, ratio) => {
  const x = scale(ENDS, [6, WIDTH - 6], true);
  const at = (value) => x(Math.max(ENDS[0], Math.min(ENDS[1], value)));
  return svg`<svg viewBox="0 0 ${WIDTH} 22" aria-hidden="true">
    <path class="bt-span" d="M${at(ENDS[0])} 11H${at(ENDS[1])}" />
    <path class="bt-one" d="M${x(1)} 0V22" />
    ${pairs.map((pair) => svg`<circle class="bt-round" cx=${at(pair)} cy="11" r="4" />`)}
    ${ratio < 1
      ? svg`<circle class="bt-ours" cx=${at(ratio)} cy="11" r="7" />`
      : svg`<rect class="bt-theirs" x=${at(ratio) - 6} y="5" width="12" height="12" />`}
  </svg>`;
};

const ratios = ({ pairs, ratio, data, picked }, set) => html`
  <div class="bt-axis"><span class="bt-blue">● ◂ coursepkg is faster</span><span class="bt-orange">PyTorch is faster ▸ ■</span></div>
  <div class="bt-rows">
    ${data.rows.map(
      (row, i) => html`<button
        type="button"
        class="bt-row"
        aria-pressed=${String(i === picked)}
        @click=${() => set({ case: row.name })}
      ><span>${row.title}: <b>${ratio[i].toFixed(2)}</b></span>${strip(pairs[i], ratio[i])}</button>`,
    )}
  </div>
  <p class="bt-about">
    Our time over theirs, ${ENDS.join(" to ")}, logarithmic; dashed: 1. Rings: single rounds. The last two rows time one and the
    same function against itself.
  </p>
`;

/* The roof: what arithmetic and memory of this machine allow */

const GIGA = 1e9;
const X = [0.05, 200];

const under = ({ data, intensity, speed_ours, speed_theirs, picked }) => {
  const { peaks, rows } = data;
  const roofline = (peak) => {
    const ridge = peak / peaks.copy;
    return [[X[0], X[0] * peaks.copy], [ridge, peak], [X[1], peak]].map(([u, v]) => [u, v / GIGA]);
  };
  const here = rows[picked];
  return chart(
    {
      label: `Speed over operations per byte. ${here.title}: ${number(intensity[picked], 3)} operations a byte;
        coursepkg ${number(speed_ours[picked] / GIGA, 3)}, PyTorch ${number(speed_theirs[picked] / GIGA, 3)} billion a second`,
      x: X,
      y: [0.05, 200],
      log: "xy",
      xLabel: "operations for each byte that has to move",
      yLabel: "billion operations a second",
      height: 280,
    },
    (x, y) => {
      const point = (i) => {
        const [at, own, their] = [x(intensity[i]), y(speed_ours[i] / GIGA), y(speed_theirs[i] / GIGA)];
        const mark = i === picked ? "bt-picked" : "";
        return svg`<path class="bt-link" d="M${at} ${own}V${their}" />
          <circle class="bt-ours ${mark}" cx=${at} cy=${own} r="5.5" />
          <rect class="bt-theirs ${mark}" x=${at - 5} y=${their - 5} width="10" height="10" />`;
      };
      const order = rows.map((_, i) => i).filter((i) => !twice(rows[i]) && i !== picked);
      return svg`<path class="bt-roof-64" d=${line(roofline(peaks.float64), x, y)} />
        <path class="bt-roof" d=${line(roofline(peaks.float32), x, y)} />
        <text x=${x(150)} y=${y(peaks.float32 / GIGA) - 6} text-anchor="end">arithmetic, float32</text>
        <text x=${x(0.3)} y=${y((1.2 * peaks.copy) / GIGA)} text-anchor="end">memory</text>
        <text class="bt-blue" x=${x(0.06)} y=${y(0.12)}>● coursepkg</text>
        <text class="bt-orange" x=${x(0.06)} y=${y(0.07)}>■ PyTorch</text>
        ${order.map(point)} ${point(picked)}`;
    },
  );
};

const roofs = (numbers, set) => html`${under(numbers)}
  <div class="bt-chips">
    ${numbers.data.rows.map((row, i) =>
      twice(row)
        ? ""
        : html`<button
            type="button"
            aria-pressed=${String(i === numbers.picked)}
            @click=${() => set({ case: row.name })}
          >${row.name}</button>`,
    )}
  </div>`;

const draw = ({ view }, numbers, set) => {
  const { machine, date, note } = numbers.data;
  const versions = Object.entries(machine.versions).map((pair) => pair.join(" "));
  return html`${view === "ratios" ? ratios(numbers, set) : roofs(numbers, set)}
    <p class="bt-about">
      ${machine.processor}, ${machine.threads} thread of ${machine.cores} cores, ${date}; ${versions.join(", ")}. ${note}
    </p>`;
};

/* What you see */

const ms = (seconds) => `${number(1000 * seconds, 3)} ms`;

const verdict = (ratio) =>
  ratio < 0.95 ? "coursepkg is faster" : ratio > 1.05 ? "PyTorch is faster" : "a tie, within 5 %";

const words = { median: "medians", min: "best rounds", mean: "means", max: "worst rounds" };

const control = ({ picked, paired, data }, { rounds }) => {
  const apart = data.rows[picked].name === "same-apart";
  return html`<p>
    <b>Both are the same function</b>, so the truth is 1. Over ${rounds} rounds the median ratio is
    ${number(paired[picked], 3)}.
    ${apart
      ? "First all rounds of one, then all of the other: whatever the machine did meanwhile is in the ratio."
      : "The two took turns: what disturbed one disturbed the other."}
  </p>`;
};

const comparison = ({ picked, ours, theirs, ratio, paired, least, largest }, { statistic, rounds }) => {
  const span = largest[picked] / least[picked];
  return html`<p>
      coursepkg ${ms(ours[picked])}, PyTorch ${ms(theirs[picked])}: the ratio of the ${words[statistic]} is
      <b>${number(ratio[picked], 3)}</b>, ${verdict(ratio[picked])}.
    </p>
    ${rounds === 1
      ? html`<p><b>One round is no measurement.</b> It is one ring of many; you do not know which.</p>`
      : html`<p>
          Round by round the ratio runs from ${number(least[picked], 3)} to ${number(largest[picked], 3)}, a factor
          of ${number(span, 2)}; its median is ${number(paired[picked], 3)}.
          ${least[picked] < 1 && largest[picked] > 1
            ? html`<b>With the right round, either side wins.</b>`
            : "Every round agrees who is faster; how much is another question."}
        </p>`}`;
};

const bound = ({ picked, intensity, roof, speed_ours, speed_theirs, data }) => {
  const memory = roof[picked] < data.peaks[data.rows[picked].dtype];
  return html`<p>
    ${number(intensity[picked], 3)} operations for each byte: the roof is
    <b>${memory ? "memory" : "arithmetic"}</b>, ${number(roof[picked] / GIGA, 3)} billion a second. coursepkg reaches
    ${number((100 * speed_ours[picked]) / roof[picked], 2)} % of it, PyTorch
    ${number((100 * speed_theirs[picked]) / roof[picked], 2)} %.
    ${memory ? "More arithmetic units would not help." : "What is missing went into copies, small products and waiting."}
  </p>`;
};

const see = (state, numbers) => {
  const row = numbers.data.rows[numbers.picked];
  return html`<p><b>${row.title}.</b></p>
    ${twice(row) ? control(numbers, state) : comparison(numbers, state)}
    ${state.view === "roofline" && !twice(row) ? bound(numbers) : ""}`;
};

/* As code */

const code = ({ statistic, rounds }) => `import numpy as np
from coursepkg.widgets.bench_table import ROWS  # from benchmarks/results

ours, theirs = ([np.${statistic}(row[who][:${rounds}]) for row in ROWS] for who in ("ours", "theirs"))
ratio = np.divide(ours, theirs)
pairs = [np.divide(row["ours"][:${rounds}], row["theirs"][:${rounds}]) for row in ROWS]
paired, least, largest = (np.array([of(p) for p in pairs]) for of in (np.median, np.min, np.max))
speed_ours = np.array([row["flops"] for row in ROWS]) / ours
intensity = [row["flops"] / row["bytes"] for row in ROWS]`;

export default widget({
  controls: [
    {
      name: "view",
      label: "Show",
      options: [
        ["ratios", "ratios"],
        ["roofline", "the roof"],
      ],
    },
    {
      name: "statistic",
      label: "Compare",
      options: [
        ["median", "medians"],
        ["min", "best rounds"],
        ["mean", "means"],
        ["max", "worst rounds"],
      ],
    },
    { name: "rounds", label: "Rounds counted", min: 1, max: 21, step: 1 },
  ],
  inPicture: [{ name: "case", matches: /^[a-z0-9-]+$/ }],
  compute,
  draw,
  see,
  code,
  predict: {
    question:
      "One function is timed against itself: 21 rounds of it, then 21 rounds of it again, on a machine with other things to do. What will the ratio of the medians be?",
    options: ["1, to a percent or two", "Anything: 10 or 50 % off would not be strange", "Below 1: the second time the caches are warm"],
    answer: 1,
    attempt:
      "Choose a case. Find the number of rounds and the statistic that flatter coursepkg most, then those that flatter PyTorch most. Then look at the two rows in which a function races against itself.",
    explain:
      "A time belongs to a program, a machine and a moment. Contenders that take turns share the moment, so their ratio within a round is fair, and the median of many such ratios does not care for the odd interrupted round. A best time says what is possible, a mean is at the mercy of one bad round. And always race a function against itself first: what it loses by is your error bar.",
  },
});
