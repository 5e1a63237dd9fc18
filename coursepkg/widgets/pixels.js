/* Grids of numbers on a canvas, a cell each: blue above zero, orange with a minus sign below.

   const grid = pixels(rows, columns, largest, colour);
   grid.put(i, j, value);
   stretch(pen, grid, colour("ground"), x, y, width, height)                                 */

const MARKED = 12; // cells of so many pixels and more have room for a minus sign

/** Colours of a grid of values, a pixel each; `largest` is the one in full strength. */
const pixels = (rows, columns, largest, colour) => {
  const image = new ImageData(columns, rows);
  const channels = (name) => colour(name).match(/[0-9a-f]{2}/gi).map((two) => parseInt(two, 16));
  const [plus, minus] = [channels("blue"), channels("orange")];
  const negative = [];
  const put = (i, j, value) => {
    if (value < 0) negative.push([i, j]);
    // The root shows small entries that would be lost beside large ones.
    const strength = 255 * Math.sqrt(Math.abs(value) / largest || 0);
    const at = 4 * (i * columns + j);
    [image.data[at], image.data[at + 1], image.data[at + 2]] = value > 0 ? plus : minus;
    image.data[at + 3] = strength;
  };
  return { image, negative, put };
};

/** The grid drawn large, with a minus sign on what is negative: colour alone must not tell. */
const stretch = (pen, { image, negative }, ground, x, y, width, height) => {
  const small = new OffscreenCanvas(image.width, image.height);
  small.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, x, y, width, height);
  const [across, down] = [width / image.width, height / image.height];
  if (Math.min(across, down) < MARKED) return;
  const length = Math.min(across, down) / 2;
  pen.fillStyle = ground;
  for (const [i, j] of negative) {
    pen.fillRect(x + (j + 0.5) * across - length / 2, y + (i + 0.5) * down - 1.5, length, 3);
  }
};

export { pixels, stretch };
