/* W10.2: what its picture says in words, and as code. */
import { html, number } from "./frame.js";
import { receipts, total } from "./pool_router_numbers.js";

const short = (value) => number(Math.abs(value) < 1e-9 ? 0 : value, 3);
const signed = (value) => (value < 0 ? `(${short(value)})` : short(value));

const formula = ({ pool }, { x, windows }, [i, j]) => {
  const one = windows.find((each) => each.i === i && each.j === j);
  const values = one.places.map(([p, q]) => short(x[p][q]));
  return {
    max: html`max(${values.join(", ")}) = <b>${short(one.out)}</b>`,
    average: html`(${values.join(" + ")}) / 4 = <b>${short(one.out)}</b>`,
    L2: html`√(${values.map((value) => `${value}²`).join(" + ")}) = <b>${short(one.out)}</b>`,
  }[pool];
};

/** The sum behind what is pointed at. */
const sum = (state, numbers) => {
  const [i, j] = numbers.here;
  if (state.side === "window") {
    const { dout } = numbers.windows.find((each) => each.i === i && each.j === j);
    return html`out[${i}, ${j}] = ${formula(state, numbers, [i, j])}; sent back: <b>${short(dout)}</b>`;
  }
  const got = receipts(numbers, [i, j]);
  return html`dx[${i}, ${j}] =
    ${got.map(({ share, dout }, n) => html`${n ? " + " : ""}${short(share)}·${signed(dout)}`)}
    = <b>${short(numbers.dx[i][j])}</b>`;
};

const tiedWindows = ({ windows }) => windows.filter(({ tied }) => tied > 1);

const balance = ({ sent, arrived }) => html`Sent ${short(sent)}, arrived <b>${short(arrived)}</b>`;

const maxText = (state, numbers) => {
  const tied = tiedWindows(numbers);
  const losers = numbers.dx.flat().filter((value) => !value).length;
  const rule = {
    first: "the first of them in reading order gets everything; the library's choice, and a fair one",
    split: "they share it evenly, which is as good a choice",
    all: "each of them gets everything",
  }[state.ties];
  return html`<p><b>The winner takes all.</b> ${losers} of 16 pixels get nothing${tied.length ? "" : ": raise one of them a little, and no output changes"}.
      ${balance(numbers)}.</p>
    ${tied.length
      ? html`<p>In ${tied.length} ${tied.length === 1 ? "window" : "windows"} several pixels are largest, and
          ${rule}.${state.ties === "all" ? html` <b>More comes out than went in</b>: a window of four zeros hands out
            four times what it was sent. This is what dout * (x == out) does.` : ""}</p>`
      : html`<p>No window has its largest number twice, so all three rules for ties agree. Make two numbers equal, or
          take the image after a ReLU.</p>`}`;
};

const averageText = (_, numbers) => html`<p><b>Everybody pays a quarter</b>, whatever the pixels say: change them and dx
  stands still. ${balance(numbers)}. Over 4, the number of pixels in a window; not over 2, its side.</p>`;

const normText = (_, numbers) => {
  const dead = numbers.windows.filter(({ out }) => !out).length;
  const [i, j] = numbers.here;
  const one = numbers.windows.find((each) => each.i === i && each.j === j) ?? numbers.windows[0];
  const squares = total(one.flows.map((flow) => flow * flow));
  return html`<p><b>In proportion to the pixel</b>: share = x / out. Not the shares but their squares add up to 1: out of
      window [${one.i}, ${one.j}] flow four numbers whose squares add up to ${short(squares)}, the square of
      ${short(one.dout)}.</p>
    ${dead ? html`<p>${dead === 1 ? "One window is" : `${dead} windows are`} all zeros: there x / out is 0 / 0. The norm has a
      kink, we send 0; whoever divides gets nan.</p>` : ""}`;
};

const overlap = ({ stride, pool }, numbers) => {
  if (stride === 2) return "";
  const twice = numbers.dx.flatMap((row, p) =>
    row.filter((_, q) => receipts(numbers, [p, q]).filter(({ flow }) => flow).length > 1),
  ).length;
  return html`<p>The windows overlap: ${twice} pixels ${pool === "max" ? "have won more than once" : "are paid by more than one window"},
    and what they get is <b>added</b>.</p>`;
};

const texts = { max: maxText, average: averageText, L2: normText };

const see = (state, numbers) => html`${texts[state.pool](state, numbers)}${overlap(state, numbers)}`;

/* As code */

const matrix = (rows) => `np.array([${rows.map((row) => `[${row.join(", ")}]`).join(",\n    ")}])`;
const names = { max: "max_pool2d", average: "avg_pool2d", L2: "lp_pool2d" };

const backward = ({ pool, ties }) => {
  if (pool !== "max" || ties === "first") return `dx = F.${names[pool]}_backward(dout, cache)[0, 0]`;
  const seen = "seen = x[..., *cache.windows.seen_by(tap)]";
  const count = ties === "split" ? "\ntied = sum(x[..., *cache.windows.seen_by(tap)] == pooled for tap in cache.windows.taps())" : "";
  return `dx = np.zeros_like(x)${count}
for tap in cache.windows.taps():${ties === "all" ? "  # wrong: every one of several largest gets it all" : ""}
    ${seen}
    dx[..., *cache.windows.seen_by(tap)] += (seen == pooled) * dout${ties === "split" ? " / tied" : ""}
dx = dx[0, 0]`;
};

const code = (state, { x, dout }) => `import numpy as np
from coursepkg import functional as F

x = ${matrix(x)}[None, None] * 1.0  # (N, C, H, W)
dout = ${matrix(dout)}[None, None] * 1.0

pooled, cache = F.${names[state.pool]}(x, 2, ${state.stride})
out = pooled[0, 0]
${backward(state)}
sent, arrived = dout.sum(), dx.sum()
x, dout = x[0, 0], dout[0, 0]`;

const predict = {
  question: "The 7 stands beside the 8 that won. Make it 7.9. How much of its window's upstream number 2 does it get now?",
  options: ["Almost half, it almost won", "A little more than before", "Nothing"],
  answer: 2,
  attempt:
    "Type 7.9, then 8, then 9. Then take the image after a ReLU and switch the rule for ties. Then the peak with a stride of 1.",
  explain:
    "As long as it is not the largest, a small push of the 7.9 changes nothing in the output, and a gradient is about small pushes. At exactly 8 there are two largest, and the derivative does not exist; at 9 all of it has jumped over. With the mean every pixel pays a quarter, with the L2 norm in proportion to its value, and nothing ever jumps.",
};

export { code, predict, see, short, sum };
