/* Axes for a picture in numbers, and lines in it.

   chart({ label, x: [0, 10], y: [1e-9, 1], log: "y", xLabel: "step" }, (x, y) => svg`...`)
   line(values.map((value, step) => [step, value]), x, y)      the d of a path          */
import { html, svg } from "./template.js";

/** Places for numbers: `scale(value)` is where it stands, `scale.invert(place)` the number there. */
const scale = ([from, to], [start, end], log = false) => {
  const [bend, straighten] = log ? [Math.log10, (power) => 10 ** power] : [Number, Number];
  const [low, high] = [bend(from), bend(to)];
  const at = (value) => start + ((bend(value) - low) / (high - low)) * (end - start);
  at.invert = (place) => straighten(low + ((place - start) / (end - start)) * (high - low));
  at.ends = [from, to];
  at.ticks = log ? powers(low, high) : roundNumbers(from, to);
  return at;
};

/* About five numbers that end in 1, 2 or 5. */
const roundNumbers = (from, to) => {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const first = Math.ceil(from / step - 1e-9);
  const many = Math.floor(to / step + 1e-9) - first + 1;
  return [...Array(many).keys()].map((i) => Number(((first + i) * step).toPrecision(12)));
};

/* At most six powers of ten. */
const powers = (low, high) => {
  const [first, last] = [Math.ceil(low - 1e-9), Math.floor(high + 1e-9)];
  const stride = Math.ceil((last - first + 1) / 6);
  const many = Math.floor((last - first) / stride) + 1;
  return [...Array(Math.max(many, 0)).keys()].map((i) => 10 ** (first + i * stride));
};

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const short = (value) => {
  const size = Math.abs(value);
  if (size === 0 || (size >= 0.01 && size < 10_000)) return String(value).replace("-", "−");
  const [digits, power] = value.toExponential().split("e");
  const raised = String(Math.abs(power)).replace(/\d/g, (digit) => SUPERSCRIPT[digit]);
  const factor = digits === "1" ? "" : `${digits}·`.replace("-", "−");
  return `${factor}10${power < 0 ? "⁻" : ""}${raised}`;
};

const MARGIN = { left: 44, right: 12, top: 24, bottom: 36 };

/** An SVG with axes; `inside(x, y)` draws in it. What can be moved in it makes it a group. */
const chart = (options, inside) => {
  const { label, width = 360, height = 240, log = "", xLabel = "", yLabel = "", role = "img" } = options;
  const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
  const x = scale(options.x, [MARGIN.left, right], log.includes("x"));
  const y = scale(options.y, [bottom, MARGIN.top], log.includes("y"));
  return html`<svg class="cw-chart" viewBox="0 0 ${width} ${height}" role=${role} aria-label=${label}>
    <g class="cw-axes">
      <path d="M${MARGIN.left} ${MARGIN.top}V${bottom}H${right}" />
      ${x.ticks.map(
        (value) => svg`<text x=${x(value)} y=${bottom + 15} text-anchor="middle">${short(value)}</text>`,
      )}
      ${y.ticks.map(
        (value) => svg`<text x=${MARGIN.left - 5} y=${y(value) + 4} text-anchor="end">${short(value)}</text>`,
      )}
      <text x=${(MARGIN.left + right) / 2} y=${height - 5} text-anchor="middle">${xLabel}</text>
      <text x="2" y="12">${yLabel}</text>
    </g>
    ${inside(x, y)}
  </svg>`;
};

/** The d of a path through points; what is not a number breaks it, what is far out is cut off. */
const line = (points, x, y) => {
  let open = false;
  const step = ([u, v]) => {
    const place = [x(u), y(v)];
    const here = place.every(Number.isFinite);
    const command = open ? "L" : "M";
    open = here;
    return here ? command + place.map((p) => Math.max(-999, Math.min(9999, p)).toFixed(2)).join(" ") : "";
  };
  return points.map(step).join("");
};

export { chart, line, scale };
