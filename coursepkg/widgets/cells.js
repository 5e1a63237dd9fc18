/* Matrices of numbers as cells that can be pointed at, changed, painted and lit.

   cells({
     label      what a screen reader calls the matrix
     values     rows of numbers
     text       (value, i, j) -> text     what stands in a cell;  default: three digits
     name       (i, j) -> text            a cell by name, as in "image[2, 1]"
     tone       (value, i, j) -> -1..1    how orange, how blue;  default: none
     ink        (value, i, j) -> 0..1     how grey, for pixels
     mark       (i, j) -> words           any of: on first second faint
     frames     [{ top, left, height, width, mark }]   boxes around several cells
     fixed      (i, j) -> boolean         text only, as in a border of zeros
     at         [i, j]                    the one cell that Tab reaches; else it reaches all
     point      (i, j) -> ...             a mouse is over it, a finger on it, or it has the focus
     edit       (i, j, value) -> ...      its number was changed
     paint      (i, j) -> ...             pressed, or drawn over
   })

   With `edit`, cells are fields to type in; else, with `point` or `paint`, buttons; else text.
   Arrow keys go from cell to cell. The numbers say the sign, so colours need not.            */
import { html, nothing, number } from "./frame.js";

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const walk = (event) => {
  const way = ARROWS[event.key];
  const from = event.target.dataset?.at?.split(",").map(Number);
  if (!way || !from) return;
  event.preventDefault();
  const next = from.map((place, axis) => place + way[axis]).join(",");
  event.currentTarget.querySelector(`[data-at="${next}"]:not(span)`)?.focus();
};

/* What lies under a finger that has moved on from the cell it came down on. */
const under = ({ clientX, clientY, currentTarget }) => {
  const cell = document.elementFromPoint(clientX, clientY)?.closest("[data-at]");
  return cell && currentTarget.contains(cell) ? cell.dataset.at.split(",").map(Number) : null;
};

const cells = ({
  label,
  values,
  text = (value) => number(value, 3),
  name = (i, j) => `${label}[${i}, ${j}]`,
  tone = () => 0,
  ink = () => 0,
  mark = () => "",
  frames = [],
  fixed = () => false,
  at = null,
  point,
  edit,
  paint,
}) => {
  const cell = (value, i, j) => {
    const look = `cw-cell ${mark(i, j).replace(/\w+/g, "cw-$&")} ${tone(value, i, j) < 0 ? "cw-minus" : ""}`;
    const place = `grid-area: ${i + 1} / ${j + 1}; --tone: ${Math.abs(tone(value, i, j))}; --ink: ${ink(value, i, j)}`;
    const here = `${i},${j}`;
    const stop = !at || (at[0] === i && at[1] === j) ? 0 : -1;
    if (fixed(i, j) || !(edit || paint || point)) {
      return html`<span class="${look} ${fixed(i, j) ? "cw-fixed" : ""}" style=${place} data-at=${here}
        @pointerenter=${() => point?.(i, j)}>${text(value, i, j)}</span>`;
    }
    if (edit && !paint) {
      const type = ({ target }) =>
        Number.isFinite(target.valueAsNumber) && edit(i, j, target.valueAsNumber);
      return html`<input type="number" step="any" class=${look} style=${place} data-at=${here}
        tabindex=${stop} aria-label=${name(i, j)} .value=${String(value)} @input=${type}
        @focus=${({ target }) => (target.select(), point?.(i, j))} @pointerenter=${() => point?.(i, j)} />`;
    }
    return html`<button type="button" class=${look} style=${place} data-at=${here} tabindex=${stop}
      aria-label="${name(i, j)} is ${text(value, i, j)}" aria-pressed=${mark(i, j).includes("on")}
      @focus=${() => point?.(i, j)} @pointerenter=${() => point?.(i, j)}
      @click=${() => paint?.(i, j)}>${text(value, i, j)}</button>`;
  };
  const drag = (event) => {
    const place = paint && event.buttons ? under(event) : null;
    if (place && !fixed(...place)) paint(...place);
  };
  const press = (event) => {
    if (!paint) return;
    event.target.releasePointerCapture(event.pointerId); // a finger keeps to where it came down
    drag(event);
  };
  const box = ({ top, left, height, width, mark }) => html`<span
    class="cw-box cw-${mark}"
    style="grid-area: ${top + 1} / ${left + 1} / ${top + height + 1} / ${left + width + 1}"
  ></span>`;
  return html`<div
    class="cw-cells ${paint ? "cw-painted" : ""}"
    role="group"
    aria-label="${label}, ${values.length} × ${values[0].length}"
    style="--columns: ${values[0].length}"
    @keydown=${walk}
    @pointerdown=${press}
    @pointermove=${drag}
  >${values.map((row, i) => row.map((value, j) => cell(value, i, j)))}${frames.length ? frames.map(box) : nothing}</div>`;
};

/** A copy of rows of numbers with one of them changed. */
const withCell = (rows, i, j, value) =>
  rows.map((row, k) => (k === i ? row.map((old, l) => (l === j ? value : old)) : row));

/** The largest size among rows of numbers; what a tone of 1 stands for. */
const largest = (rows) => Math.max(...rows.flat().map(Math.abs), 1e-300);

export { cells, largest, withCell };
