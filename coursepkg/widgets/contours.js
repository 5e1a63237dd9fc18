/* Lines of equal height on a chart: contours(height, levels, x, y) gives one d of a path a level. */

const CELLS = 60;
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]];

/* Where a line enters and leaves each cell between four corners, straight in between. */
const contours = (height, levels, x, y) => {
  const [left, right] = x.ends;
  const [bottom, top] = y.ends;
  const side = Array.from({ length: CELLS + 1 }, (_, i) => i);
  const at = (i, j) => [left + (i / CELLS) * (right - left), bottom + (j / CELLS) * (top - bottom)];
  const heights = side.map((i) => side.map((j) => height(...at(i, j))));
  const piece = (i, j, level) => {
    const above = CORNERS.map(([a, b]) => heights[i + a][j + b] - level);
    const found = [];
    for (let k = 0; k < 4; k++) {
      const [u, v] = [above[k], above[(k + 1) % 4]];
      if (u > 0 === v > 0) continue;
      const [[a, b], [c, d]] = [CORNERS[k], CORNERS[(k + 1) % 4]];
      const share = u / (u - v);
      const [across, up] = at(i + a + share * (c - a), j + b + share * (d - b));
      found.push(`${found.length % 2 ? "L" : "M"}${x(across).toFixed(1)} ${y(up).toFixed(1)}`);
    }
    return found.join("");
  };
  return levels.map((level) =>
    side.slice(1).map((i) => side.slice(1).map((j) => piece(i - 1, j - 1, level)).join("")).join(""),
  );
};

export { contours };
