/* Charts: axes for a picture in numbers and lines in it (`axes.js`), and points that can be taken
   hold of.

   clipped(x, y, svg`...`)                                   nothing of it outside the axes
   handle({ at: [u, v], x, y, step: 0.1, label: "Point 1", move: ([u, v]) => set(...) })   */
import { svg } from "./template.js";
import { chart, line, scale } from "./axes.js";

/** What is drawn inside, and cut off at the ends of the axes. */
const clipped = (x, y, inside) => {
  const [left, right] = x.ends.map(x);
  const [bottom, top] = y.ends.map(y);
  const box = [left, top, right - left, bottom - top];
  return svg`<svg x=${box[0]} y=${box[1]} width=${box[2]} height=${box[3]} viewBox=${box.join(" ")}>
    ${inside}
  </svg>`;
};

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/** A point that a mouse, a finger or the arrow keys move, inside the ends of its axes. */
const handle = ({ at: [u, v], x, y, step, label, move, mark = svg`<circle r="6" />` }) => {
  const onGrid = (value, [low, high]) => {
    const kept = Math.max(Math.min(low, high), Math.min(Math.max(low, high), value));
    return Number((Math.round(kept / step) * step).toPrecision(12));
  };
  const moveTo = (across, up) => move([onGrid(across, x.ends), onGrid(up, y.ends)]);
  const follow = (event) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const place = pointIn(event.currentTarget.ownerSVGElement, event);
    const [across, down] = event.currentTarget.held;
    moveTo(x.invert(place.x - across), y.invert(place.y - down));
  };
  // What is taken hold of at its edge must not jump to the finger with its middle.
  const take = (event) => {
    const place = pointIn(event.currentTarget.ownerSVGElement, event);
    event.currentTarget.held = [place.x - x(u), place.y - y(v)];
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const press = (event) => {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    moveTo(u + way[0] * step, v + way[1] * step);
  };
  return svg`<g
    class="cw-handle"
    tabindex="0"
    role="button"
    aria-roledescription="movable point"
    aria-label="${label} at (${u}, ${v})"
    transform="translate(${x(u)} ${y(v)})"
    @pointerdown=${take}
    @pointermove=${follow}
    @keydown=${press}
  ><circle class="cw-grip" r="16" />${mark}</g>`;
};

/** Where in the drawing an event of the mouse or a finger took place. */
const pointIn = (drawing, { clientX, clientY }) =>
  new DOMPoint(clientX, clientY).matrixTransform(drawing.getScreenCTM().inverse());

export { chart, clipped, handle, line, pointIn, scale };
