/* The playground's canvases: a small map for each unit, and a large one with the points. */
import { EDGE, GRID, SHARE, activations, forward, labelOf, range, sigmoid } from "./playground_numbers.js";

const WIDTH = 320; // of the drawing of the network, whatever its size on the screen
const TILE = 32;
const SIDE = 480; // pixels of the large map

/* Where unit j of a column stands; frozen, there are two lines of numbers below each. */
const pitchOf = (frozen) => (frozen ? 62 : 48);
const heightOf = (sizes, frozen) => Math.max(3, ...sizes) * pitchOf(frozen);
const placeOf = (sizes, column, j, frozen) => [
  ((column + 0.5) * WIDTH) / sizes.length,
  heightOf(sizes, frozen) / 2 + (j - (sizes[column] - 1) / 2) * pitchOf(frozen) - (frozen ? 13 : 6),
];

/* The middles of GRID x GRID cells, the upper left one first. */
const middle = (place) => ((place + 0.5) / GRID - 0.5) * 2 * EDGE;
const plane = Float64Array.from(range(2 * GRID * GRID), (_, k) => {
  const cell = k >> 1;
  return k % 2 ? -middle(Math.floor(cell / GRID)) : middle(cell % GRID);
});

/* What a unit's map shows, from −1 to 1: what it says or, frozen, which share of its blame it lets
   through (from 0 to 1). `cut` is drawn as a line. */
const mapOf = (net, outs, column, j, frozen) => {
  const n = net.sizes[column];
  const raw = new Float64Array(GRID * GRID);
  for (let k = 0; k < raw.length; k++) raw[k] = outs[column][k * n + j];
  if (column === 0) return { values: raw.map((u) => u / EDGE), cut: 0 };
  if (column === net.W.length) return { values: raw.map((s) => 2 * sigmoid(s) - 1), cut: 0 };
  const { slope, top } = activations[net.act];
  if (frozen) return { values: raw.map((h) => slope(h) / top), gate: true, cut: 0.05 };
  if (net.act === "sigmoid") return { values: raw.map((h) => 2 * h - 1), cut: 0 };
  const largest = net.act === "tanh" ? 1 : raw.reduce((most, h) => Math.max(most, Math.abs(h)), 0) || 1;
  return { values: raw.map((h) => h / largest), cut: net.act === "relu" ? 1e-3 : 0 };
};

const small = new OffscreenCanvas(GRID, GRID);
const image = new ImageData(GRID, GRID);
const pixels = new Uint32Array(image.data.buffer); // alpha, blue, green, red

const stretch = (pen, { values, gate }, tints, [x, y], side) => {
  const of = (name) => parseInt(tints[name].match(/[0-9a-f]{2}/gi).reverse().join(""), 16);
  const [blue, orange, quiet] = ["blue", "orange", "quiet"].map(of);
  for (let k = 0; k < pixels.length; k++) {
    const tint = gate ? quiet : values[k] > 0 ? blue : orange;
    pixels[k] = ((215 * Math.min(1, Math.abs(values[k]))) << 24) | tint;
  }
  small.getContext("2d").putImageData(image, 0, 0);
  pen.drawImage(small, x, y, side, side);
};

/* The line where the values pass the cut, cell by cell between four middles. */
const SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1]];
const contour = (pen, { values, cut }, [x, y], side) => {
  const unit = side / GRID;
  pen.beginPath();
  for (let at = 0; at < GRID * (GRID - 1); at++) {
    const column = at % GRID;
    const first = values[at] > cut;
    const same = (k) => values[at + k] > cut === first;
    if (column === GRID - 1 || (same(1) && same(GRID) && same(GRID + 1))) continue;
    let begun = false;
    const above = SQUARE.map(([a, b]) => values[at + b * GRID + a] - cut);
    for (let k = 0; k < 4; k++) {
      const [u, v] = [above[k], above[(k + 1) % 4]];
      if (u > 0 === v > 0) continue;
      const [[a, b], [c, d]] = [SQUARE[k], SQUARE[(k + 1) % 4]];
      const share = u / (u - v);
      const place = [x + (column + 0.5 + a + share * (c - a)) * unit, y + ((at - column) / GRID + 0.5 + b + share * (d - b)) * unit];
      pen[begun ? "lineTo" : "moveTo"](...place);
      begun = !begun;
    }
  }
  pen.stroke();
};

const onMap = (u, [x, y], side) => [x + (u[0] / EDGE + 1) * 0.5 * side, y + (1 - u[1] / EDGE) * 0.5 * side];
const pointAt = (x, row) => [x[2 * row], x[2 * row + 1]];

/* A circle for label 1, a diamond for label 0; hollow for the test. */
const mark = (pen, [u, v], label, radius) => {
  pen.beginPath();
  if (label) pen.arc(u, v, radius, 0, 7);
  else [[0, -1], [1, 0], [0, 1], [-1, 0], [0, -1]].forEach(([a, b]) => pen.lineTo(u + 1.3 * a * radius, v + 1.3 * b * radius));
};

const ring = (pen, at, radius) => {
  pen.lineWidth = radius / 3;
  mark(pen, at, 1, radius);
  pen.stroke();
};

const drawPoints = (pen, [train, test], { blue, orange, ground }) => {
  for (const [points, isTest] of [[test, true], [train, false]]) {
    range(points.length / 2).forEach((row) => {
      const label = labelOf(row);
      mark(pen, onMap(pointAt(points, row), [0, 0], SIDE), label, isTest ? 4 : 6);
      pen.lineWidth = isTest ? 2 : 1.5;
      pen.fillStyle = label ? blue : orange;
      pen.strokeStyle = isTest ? pen.fillStyle : ground;
      if (!isTest) pen.fill();
      pen.stroke();
    });
  }
};

const paint = (root, { frozen, sample }, { inner }, colour) => {
  const { net, run, choice, alone } = inner;
  const outs = forward(net, plane);
  const tints = Object.fromEntries(["blue", "orange", "quiet", "ground", "text"].map((name) => [name, colour(name)]));
  const tiles = root.querySelector(".pg-tiles").getContext("2d");
  const large = root.querySelector(".pg-map").getContext("2d");
  tiles.setTransform(2, 0, 0, 2, 0, 0);
  tiles.clearRect(0, 0, WIDTH, heightOf(net.sizes, frozen));
  large.clearRect(0, 0, SIDE, SIDE);
  const [shown, unit] = choice.kind === "h" ? [choice.l + 1, choice.j] : [net.W.length, 0];
  const put = (pen, one, at, side, width) => {
    stretch(pen, one, tints, at, side);
    pen.strokeStyle = tints.text;
    pen.lineWidth = width;
    contour(pen, one, at, side);
  };
  net.sizes.forEach((n, column) =>
    range(n).forEach((j) => {
      const one = mapOf(net, outs, column, j, frozen);
      const corner = placeOf(net.sizes, column, j, frozen).map((middle) => middle - TILE / 2);
      put(tiles, one, corner, TILE, 0.8);
      if (alone) ring(tiles, onMap(pointAt(run.points[0], sample), corner, TILE), 3);
      if (column === shown && j === unit) put(large, one, [0, 0], SIDE, 3);
    }),
  );
  drawPoints(large, run.points, tints);
  large.strokeStyle = tints.text;
  if (alone) ring(large, onMap(pointAt(run.points[0], sample), [0, 0], SIDE), 12);
};

/* The training point nearest to where the large map was touched. */
const nearestPoint = ({ offsetX, offsetY, target }, x) => {
  const away = (row) => {
    const [u, v] = onMap(pointAt(x, row), [0, 0], target.clientWidth);
    return Math.hypot(u - offsetX, v - offsetY);
  };
  return range(SHARE).reduce((best, row) => (away(row) < away(best) ? row : best));
};

export { TILE, WIDTH, heightOf, nearestPoint, paint, placeOf };
