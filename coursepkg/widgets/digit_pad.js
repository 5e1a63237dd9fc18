/* A pad to draw on, and its strokes made into 8 x 8 pixels as in digit_pad.py. A place is two
   letters; strokes end with a full stop; after a tilde stands where the pen hovers. */
import { html, nothing, svg } from "./frame.js";
import { pointIn } from "./chart.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const [SIDE, FINE, BLOCK] = [64, 32, 4];
const [WIDE, HIGH, STRETCH] = [12, 28, 1.6];
const [INK, LEAST, MOST] = [312, 1.2, 4.5];
const LONGEST = 1400; // letters; the pen is dry then
const STROKES = /^$|^([\w-]{2})+(\.([\w-]{2})+)*(~[\w-]{2})?$|^~[\w-]{2}$/;
const STEP = 4; // of the arrow keys

const places = (piece) =>
  (piece.match(/../g) ?? []).map((two) => [LETTERS.indexOf(two[0]), LETTERS.indexOf(two[1])]);
const strokesOf = (text) => text.split("~")[0].split(".").filter(Boolean).map(places);
const letters = ([x, y]) => LETTERS[x] + LETTERS[y];

/* The strokes in fine pixels, the box around them in the middle */
const placed = (strokes) => {
  const [xs, ys] = [0, 1].map((k) => strokes.flat().map((point) => point[k]));
  const ends = [xs, ys].map((all) => [Math.min(...all), Math.max(...all)]);
  const [width, height] = ends.map(([low, high]) => Math.max(high - low, 1));
  const [across, down] = [WIDE / width, HIGH / height];
  const scale = [Math.min(across, STRETCH * down), Math.min(down, STRETCH * across)];
  const fit = (value, k) => (value - (ends[k][0] + ends[k][1]) / 2) * scale[k] + FINE / 2;
  return strokes.map((stroke) => stroke.map((point) => point.map(fit)));
};

const squaredDistances = (strokes) => {
  const nearest = new Float64Array(FINE * FINE).fill(Infinity);
  for (const stroke of strokes) {
    stroke.forEach(([ax, ay], n) => {
      const [bx, by] = stroke[Math.min(n + 1, stroke.length - 1)];
      const [ux, uy] = [bx - ax, by - ay];
      const length = ux * ux + uy * uy || 1;
      for (let k = 0; k < nearest.length; k++) {
        const x = (k % FINE) + 0.5;
        const y = (k >> 5) + 0.5;
        const along = Math.min(1, Math.max(0, ((x - ax) * ux + (y - ay) * uy) / length));
        const dx = x - (ax + along * ux);
        const dy = y - (ay + along * uy);
        nearest[k] = Math.min(nearest[k], dx * dx + dy * dy);
      }
    });
  }
  return nearest;
};

/** 64 numbers from 0 (paper) to 1 (ink): how much of each 4 x 4 block is black. */
const inkOf = (text) => {
  const strokes = strokesOf(text);
  const ink = new Float64Array(64);
  if (!strokes.length) return ink;
  const far = squaredDistances(placed(strokes));
  const reach = Math.min(Math.max(far.slice().sort()[INK - 1], LEAST ** 2), MOST ** 2);
  far.forEach((distance, k) => {
    if (distance > reach) return;
    ink[Math.floor(k / FINE / BLOCK) * 8 + Math.floor((k % FINE) / BLOCK)] += 1 / BLOCK ** 2;
  });
  return ink;
};

/* Drawing */

const inside = (value) => Math.max(0, Math.min(SIDE - 1, Math.round(value)));
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/* Where the pen is, and whether it is down. */
const penOf = (text) => {
  const [drawn, hover] = text.split("~");
  const last = hover || drawn.slice(-2);
  return { drawn, at: last ? places(last)[0] : [32, 32], down: Boolean(drawn) && hover === undefined };
};

const joined = (drawn, piece) => (drawn ? `${drawn}.${piece}` : piece);

/** The pad: `change` is called with the new strokes. `fresh`: the first touch clears it. */
const pad = (text, fresh, change) => {
  const { drawn, at, down } = penOf(text);
  const before = fresh ? "" : drawn;
  const place = (event) => {
    const { x, y } = pointIn(event.currentTarget, event);
    return [inside(x), inside(y)];
  };
  const begin = (event) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    if (before.length < LONGEST) change(joined(before, letters(place(event))));
  };
  const follow = (event) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || !down || drawn.length > LONGEST) return;
    const next = place(event);
    if (Math.hypot(next[0] - at[0], next[1] - at[1]) >= 2) change(drawn + letters(next));
  };
  const lift = () => down && change(`${drawn}~${letters(at)}`);
  const press = (event) => {
    const way = ARROWS[event.key];
    if (!way && event.key !== " ") return;
    event.preventDefault();
    if (!way) return down && !fresh ? lift() : change(joined(before, letters(at)));
    const next = letters([inside(at[0] + STEP * way[0]), inside(at[1] + STEP * way[1])]);
    if (drawn.length < LONGEST) change(down && !fresh ? drawn + next : `${before}~${next}`);
  };
  const line = (stroke) =>
    svg`<polyline points=${[...stroke, stroke.at(-1)].map((point) => point.join(",")).join(" ")} />`;
  return html`<svg
    class="pad"
    viewBox="-1 -1 66 66"
    tabindex="0"
    role="group"
    aria-roledescription="drawing pad"
    aria-label="Pad to draw a digit on: arrow keys move the pen, the space bar puts it down and lifts it; it is ${down ? "down" : "up"}"
    @pointerdown=${begin}
    @pointermove=${follow}
    @pointerup=${lift}
    @keydown=${press}
  >
    ${strokesOf(text).map(line)}
    ${text ? svg`<circle class="pad-pen ${down ? "pad-down" : ""}" cx=${at[0]} cy=${at[1]} r="2.5" />` : nothing}
  </svg>`;
};

export { STROKES, inkOf, pad };
