/* Maps of numbers as pictures: blue above zero, orange with a dash below; and what is taken hold of
   in them.

   mapsOf({ name, values, maps, side, columns, label, pick, cell })   the element, a canvas in it
   paintMaps(canvas, { values, maps, side, columns, top, boxes }, colour)   its pixels           */
import { html } from "./frame.js";

const [CELL, GAP] = [16, 12];

const sizeOf = ({ maps, side, columns }) => {
  const step = side * CELL + GAP;
  return [Math.min(maps, columns) * step - GAP + 2, Math.ceil(maps / columns) * step - GAP + 2];
};

const cornerOf = ({ side, columns }, f) => {
  const step = side * CELL + GAP;
  return [(f % columns) * step + 1, Math.floor(f / columns) * step + 1];
};

/* The cell [map, row, column] under the mouse or a finger, or null in the gaps */
const cellUnder = (event, layout) => {
  const box = event.currentTarget.getBoundingClientRect();
  const [width, height] = sizeOf(layout);
  const x = ((event.clientX - box.left) / box.width) * width;
  const y = ((event.clientY - box.top) / box.height) * height;
  for (let f = 0; f < layout.maps; f++) {
    const [left, top] = cornerOf(layout, f);
    const [i, j] = [Math.floor((y - top) / CELL), Math.floor((x - left) / CELL)];
    if (i >= 0 && j >= 0 && i < layout.side && j < layout.side) return [f, i, j];
  }
  return null;
};

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/* One cell on; past the left or right end it is the next map's. */
const moved = ([f, i, j], [down, across], { maps, side }) => {
  const row = Math.max(0, Math.min(side - 1, i + down));
  const column = j + across;
  if (column < 0) return f ? [f - 1, row, side - 1] : [f, row, 0];
  if (column >= side) return f < maps - 1 ? [f + 1, row, 0] : [f, row, side - 1];
  return [f, row, column];
};

/** The maps of one stage: clicked, touched, or walked through with the arrow keys. */
const mapsOf = (layout, { label, cell, pick, drag }) => {
  const press = (event) => {
    const way = ARROWS[event.key];
    if (!way && event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    pick(way && cell ? moved(cell, way, layout) : (cell ?? [0, 0, 0]), event);
  };
  const point = (event) => {
    const under = cellUnder(event, layout);
    if (under) pick(under, event);
  };
  const follow = (event) => {
    if (drag && event.currentTarget.hasPointerCapture(event.pointerId)) point(event);
  };
  const begin = (event) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    point(event);
  };
  const [width] = sizeOf(layout);
  return html`<div
    class="dm-maps ${drag ? "dm-drag" : ""}"
    style="max-width: ${width}px"
    tabindex="0"
    role="group"
    aria-roledescription="maps"
    aria-label=${label}
    data-maps=${layout.name}
    @pointerdown=${begin}
    @pointermove=${follow}
    @keydown=${press}
  ><canvas aria-hidden="true"></canvas></div>`;
};

const channels = (colour, name) => colour(name).match(/[0-9a-f]{2}/gi).map((two) => parseInt(two, 16));

/** Paint maps; `top` is the number that has the full colour, `boxes` are outlined windows
    [map, row, column, height, width, is it the cell itself]. `plain` maps are drawn in the ink of text. */
const paintMaps = (canvas, { values, top, boxes = [], plain, ...layout }, colour) => {
  [canvas.width, canvas.height] = sizeOf(layout);
  const pen = canvas.getContext("2d");
  const [blue, orange, ink] = ["blue", "orange", "text"].map((name) => channels(colour, name).join(" "));
  const most = top || values.reduce((best, value) => Math.max(best, Math.abs(value)), 0) || 1;
  for (let f = 0; f < layout.maps; f++) {
    const [left, upper] = cornerOf(layout, f);
    pen.strokeStyle = colour("hair");
    pen.strokeRect(left - 0.5, upper - 0.5, layout.side * CELL + 1, layout.side * CELL + 1);
    for (let k = 0; k < layout.side ** 2; k++) {
      const value = values[f * layout.side ** 2 + k];
      if (!value) continue;
      const [x, y] = [left + (k % layout.side) * CELL, upper + Math.floor(k / layout.side) * CELL];
      const strength = Math.min(1, Math.abs(value) / most);
      pen.fillStyle = `rgb(${plain ? ink : value > 0 ? blue : orange} / ${strength})`;
      pen.fillRect(x, y, CELL, CELL);
      if (value > 0 || plain || strength < 0.15) continue;
      pen.fillStyle = colour(strength > 0.5 ? "ground" : "orange");
      pen.fillRect(x + CELL / 2 - 3, y + CELL / 2 - 1, 6, 2);
    }
  }
  const width = layout.columns * layout.side < 30 ? 2 : 4; // small on the screen, or large
  for (const [f, i, j, high, wide, itself] of boxes) {
    const [left, upper] = cornerOf(layout, f);
    pen.save();
    pen.beginPath();
    pen.rect(left - 1, upper - 1, layout.side * CELL + 2, layout.side * CELL + 2);
    pen.clip();
    const box = [left + j * CELL, upper + i * CELL, wide * CELL, high * CELL];
    pen.lineWidth = 2 * width;
    pen.strokeStyle = colour("ground");
    pen.strokeRect(...box);
    pen.lineWidth = itself ? width : 0.6 * width;
    pen.strokeStyle = colour("text");
    if (!itself) pen.setLineDash([5, 3]);
    pen.strokeRect(...box);
    pen.restore();
  }
};

export { mapsOf, paintMaps };
