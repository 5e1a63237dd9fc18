/* Where the nodes of W5.1 stand: in layers from left to right, each as near to its neighbours as the
   others allow, long wires with a place of their own in every layer they pass. */

const COLUMN = 126;
const LEFT = 62;
const HEIGHT = 84; // of a node with its numbers
const PASSAGE = 40; // of a wire on its way through a layer
const SWEEPS = 12;

const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

/* Gates stand after all they are made of, inputs right before their first gate. */
const layersOf = ({ nodes }) => {
  const layer = [];
  nodes.forEach(({ args = [] }, id) => {
    layer[id] = 1 + Math.max(-1, ...args.map((one) => layer[one.id] ?? -1));
  });
  const first = nodes.map(() => Infinity);
  nodes.forEach(({ args = [] }, id) =>
    args.forEach(({ id: from }) => (first[from] = Math.min(first[from], layer[id]))),
  );
  return layer.map((own, id) => (nodes[id].kind || first[id] === Infinity ? own : first[id] - 1));
};

/* Items (nodes and passages of wires) by layer, in the order of a walk from the output; a wire is the
   chain of the items that it joins. */
const itemsOf = ({ nodes, output }) => {
  const layer = layersOf({ nodes });
  const items = nodes.map((_, id) => ({ layer: layer[id], height: HEIGHT, near: [] }));
  const rows = [...Array(1 + Math.max(...layer)).keys()].map(() => []);
  const wires = [];
  const visit = (id) => {
    if (rows[layer[id]].includes(items[id])) return;
    rows[layer[id]].push(items[id]);
    (nodes[id].args ?? []).forEach((one, arg) => {
      if (typeof one === "number") return;
      const passages = [];
      for (let at = layer[id] - 1; at > layer[one.id]; at -= 1) {
        const passage = { layer: at, height: PASSAGE, near: [] };
        rows[at].push(passage);
        passages.unshift(passage);
      }
      visit(one.id);
      const chain = [items[one.id], ...passages, items[id]];
      chain.slice(1).forEach((item, i) => {
        item.near.push(chain[i]);
        chain[i].near.push(item);
      });
      wires.push({ from: one.id, to: id, arg, chain });
    });
  };
  visit(output);
  return { items, rows, wires };
};

const crossings = (rows) => {
  let count = 0;
  for (const row of rows) {
    const ends = row.flatMap((item, i) =>
      item.near.filter(({ layer }) => layer === item.layer + 1).map((other) => [i, other.place]),
    );
    ends.forEach(([a, b], i) =>
      ends.slice(i).forEach(([c, d]) => (count += (a - c) * (b - d) < 0 ? 1 : 0)),
    );
  }
  return count;
};

const number = (rows) => rows.forEach((row) => row.forEach((item, i) => (item.place = i)));

/* Sort every layer by the places of its neighbours, to and fro; keep the order with the least
   crossings. */
const untangle = (rows) => {
  number(rows);
  let best = rows.map((row) => [...row]);
  let least = crossings(rows);
  for (let sweep = 0; sweep < SWEEPS && least; sweep += 1) {
    const side = sweep % 2 ? 1 : -1;
    for (const row of sweep % 2 ? [...rows].reverse() : rows) {
      const key = (item) => {
        const places = item.near.filter(({ layer }) => layer === item.layer + side);
        return places.length ? mean(places.map(({ place }) => place)) : item.place;
      };
      row.sort((a, b) => key(a) - key(b));
      number([row]);
    }
    const now = crossings(rows);
    if (now < least) [least, best] = [now, rows.map((row) => [...row])];
  }
  number(best);
  return best;
};

/* Every item goes to the mean of its neighbours, as far as those of its layer let it. Pushing all of
   a layer down, and all of it up, both keep the distances; so does the middle of the two. */
const settle = (rows) => {
  const gap = (a, b) => (a.height + b.height) / 2;
  const place = (row, wish) => {
    const [down, up] = [[], []];
    row.forEach((item, i) => {
      down[i] = i ? Math.max(wish[i], down[i - 1] + gap(row[i - 1], item)) : wish[i];
    });
    row.forEach((_, back) => {
      const i = row.length - 1 - back;
      up[i] = back ? Math.min(wish[i], up[i + 1] - gap(row[i], row[i + 1])) : wish[i];
    });
    row.forEach((item, i) => (item.y = (down[i] + up[i]) / 2));
  };
  for (const row of rows) place(row, row.map(() => 0));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const row of sweep % 2 ? [...rows].reverse() : rows) {
      place(row, row.map((item) => (item.near.length ? mean(item.near.map(({ y }) => y)) : item.y)));
    }
  }
};

/** { width, height, places: [{ x, y }] by node, wires: [{ from, to, arg, points }] }. */
const layout = (graph) => {
  const { items, rows: first, wires } = itemsOf(graph);
  const rows = untangle(first);
  settle(rows);
  const all = rows.flat();
  const top = Math.min(...all.map(({ y, height }) => y - height / 2));
  const bottom = Math.max(...all.map(({ y, height }) => y + height / 2));
  const point = ({ layer, y }) => ({ x: LEFT + layer * COLUMN, y: y - top });
  return {
    width: LEFT + (rows.length - 1) * COLUMN + 110,
    height: bottom - top + 16,
    places: items.map(point),
    wires: wires.map(({ chain, ...wire }) => ({ ...wire, points: chain.map(point) })),
  };
};

export { layout };
