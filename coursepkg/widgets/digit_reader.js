/* The network of chapter 11 in the browser: two layers of filters, each with a ReLU and pooling, and
   ten scores. Maps lie in one array, map after map, row after row. */

const range = (n) => [...Array(n).keys()];
const sum = (values) => values.reduce((total, value) => total + value, 0);

/* What there is between the image and the scores: so many maps of side x side. */
const STAGES = [
  { name: "input", maps: 1, side: 8, title: "image" },
  { name: "conv1", maps: 8, side: 8, from: "input", title: "convolution 1" },
  { name: "relu1", maps: 8, side: 8, from: "conv1", title: "ReLU" },
  { name: "pool1", maps: 8, side: 4, from: "relu1", title: "max pooling" },
  { name: "conv2", maps: 16, side: 4, from: "pool1", title: "convolution 2" },
  { name: "relu2", maps: 16, side: 4, from: "conv2", title: "ReLU" },
  { name: "pool2", maps: 16, side: 2, from: "relu2", title: "max pooling" },
  { name: "scores", maps: 10, side: 1, from: "pool2", title: "scores" },
];
const stageOf = (name) => STAGES.find((stage) => stage.name === name);

/* Numbers of one byte each, in the letters of base 64, times their scale */
const unpacked = ({ bytes, scale }) =>
  Float64Array.from(atob(bytes), (letter) => ((letter.charCodeAt(0) << 24) >> 24) * scale);
const unpackedAll = (packed) =>
  Object.fromEntries(Object.entries(packed).map(([name, one]) => [name, unpacked(one)]));

const LETTERS = "ABCDEFGHIJKLMNOPQ"; // 0 to 16 sixteenths of ink
const pixels = (letters) => Float64Array.from(letters, (letter) => LETTERS.indexOf(letter) / 16);

/* The terms of one cell of a convolution of 3 x 3 with a border of zeros: channel, row, column,
   where in x, and where in w. */
const window3 = (side, channels, f, i, j) =>
  range(9 * channels).map((k) => {
    const [c, u, v] = [Math.floor(k / 9), i - 1 + Math.floor((k % 9) / 3), j - 1 + (k % 3)];
    const inside = u >= 0 && v >= 0 && u < side && v < side;
    return { c, at: inside ? (c * side + u) * side + v : -1, w: f * 9 * channels + k };
  });

const conv = (x, w, b, side) => {
  const [filters, channels] = [b.length, x.length / side ** 2];
  const out = new Float64Array(filters * side * side);
  for (let f = 0, at = 0; f < filters; f++) {
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++, at++) {
        let total = b[f];
        for (let c = 0; c < channels; c++) {
          for (let u = Math.max(0, i - 1); u <= Math.min(side - 1, i + 1); u++) {
            for (let v = Math.max(0, j - 1); v <= Math.min(side - 1, j + 1); v++) {
              total += w[((f * channels + c) * 3 + u - i + 1) * 3 + v - j + 1] * x[(c * side + u) * side + v];
            }
          }
        }
        out[at] = total;
      }
    }
  }
  return out;
};

const relu = (x) => x.map((value) => Math.max(0, value));

/* The four cells under a cell of the pooled map, `side` cells wide before pooling */
const window2 = (side, f, i, j) =>
  range(4).map((k) => (f * side + 2 * i + (k >> 1)) * side + 2 * j + (k % 2));

const pool = (x, side) => {
  const half = side / 2;
  return Float64Array.from(range(x.length / 4), (at) => {
    const [f, rest] = [Math.floor(at / half ** 2), at % half ** 2];
    return Math.max(...window2(side, f, Math.floor(rest / half), rest % half).map((k) => x[k]));
  });
};

const softmax = (scores) => {
  const top = Math.max(...scores);
  const powers = [...scores].map((score) => Math.exp(score - top));
  return powers.map((power) => power / sum(powers));
};

/** What every layer says about an image of 64 numbers, by the names of `STAGES`. */
const forward = (net, input) => {
  const conv1 = conv(input, net["conv1.w"], net["conv1.b"], 8);
  const relu1 = relu(conv1);
  const pool1 = pool(relu1, 8);
  const conv2 = conv(pool1, net["conv2.w"], net["conv2.b"], 4);
  const relu2 = relu(conv2);
  const pool2 = pool(relu2, 4);
  const [w, b] = [net["linear.w"], net["linear.b"]];
  const scores = b.map((bias, c) => pool2.reduce((total, value, k) => total + value * w[k * 10 + c], bias));
  return { input, conv1, relu1, pool1, conv2, relu2, pool2, scores };
};

/* The way back of one convolution and one pooling */

const unpool = (dout, x, side) => {
  const dx = new Float64Array(x.length);
  const half = side / 2;
  dout.forEach((value, at) => {
    const [f, rest] = [Math.floor(at / half ** 2), at % half ** 2];
    const cells = window2(side, f, Math.floor(rest / half), rest % half);
    const most = Math.max(...cells.map((k) => x[k]));
    dx[cells.find((k) => x[k] === most)] += value; // the first that is largest
  });
  return dx;
};

const unconv = (dout, w, channels, side) => {
  const dx = new Float64Array(channels * side * side);
  dout.forEach((value, at) => {
    if (!value) return;
    const [f, rest] = [Math.floor(at / side ** 2), at % side ** 2];
    for (const one of window3(side, channels, f, Math.floor(rest / side), rest % side)) {
      if (one.at >= 0) dx[one.at] += value * w[one.w];
    }
  });
  return dx;
};

/** The gradient of a score with respect to the 64 pixels. */
const gradient = (net, found, label) => {
  const dpool2 = found.pool2.map((_, k) => net["linear.w"][k * 10 + label]);
  const gate = (dout, x) => dout.map((value, k) => (x[k] > 0 ? value : 0));
  const dconv2 = gate(unpool(dpool2, found.relu2, 4), found.conv2);
  const dpool1 = unconv(dconv2, net["conv2.w"], 8, 4);
  const dconv1 = gate(unpool(dpool1, found.relu1, 8), found.conv1);
  return unconv(dconv1, net["conv1.w"], 1, 8);
};

const largest = (values) => values.reduce((best, value, k) => (value > values[best] ? k : best), 0);

export { STAGES, conv, forward, gradient, largest, pixels, range, relu, softmax, stageOf, sum, unpacked, unpackedAll, window2, window3 };
