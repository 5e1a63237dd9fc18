/* W10.1: what its picture says in words, and as code. */
import { html, number } from "./frame.js";
import { met, portions, total, turned } from "./backward_window_numbers.js";

const short = (value) => number(Math.abs(value) < 1e-9 ? 0 : value, 3);
const place = ([i, j]) => `[${i}, ${j}]`;
const signed = (value) => (value < 0 ? `(${short(value)})` : short(value));

/** The sum behind what is pointed at, with the portions that got lost struck out. */
const sum = ({ side, rule }, numbers) => {
  const at = numbers.places[side];
  if (side === "output") {
    const [i, j] = at;
    const down = numbers.dropped.some((one) => one.i === i && one.j === j);
    return html`dout${place(at)} = <b>${short(numbers.dout[i][j])}</b>
      ${down ? "has dropped" : "has not dropped yet"}: times the ${rule === "turned" ? "turned " : ""}kernel it goes to
      the ${numbers.w.flat().length} pixels of its window, and its window times it to dw.`;
  }
  if (side === "weight") {
    const terms = met(numbers, at).map(({ pixel, blame }) => `${short(pixel)}·${signed(blame)}`);
    return html`dw${place(at)} = ${terms.join(" + ") || "nothing yet"}
      = <b>${short(numbers.dw[at[0]][at[1]])}</b>`;
  }
  const parts = portions(numbers, at).map(({ weight, blame }) => `${short(weight)}·${signed(blame)}`);
  const last = parts.length - 1;
  const term = (text, n) => (rule === "assigned" && n < last ? html`<s>${text}</s>` : text);
  return html`dx${place(at)} =
    ${parts.length ? parts.map((text, n) => html`${n ? " + " : ""}${term(text, n)}`) : "no window has come by, so"}
    ${parts.length ? "=" : ""} <b>${short(numbers.dx[at[0]][at[1]])}</b>`;
};

const howFar = ({ windows, dropped, dout, dx }) => {
  if (!dropped.length) {
    return html`<p>Nothing has come down yet. ${windows.length} numbers wait in dout; each will drop through a window of
      its own.</p>`;
  }
  const { i, j } = dropped.at(-1);
  const heard = dx.flat().filter((value) => value).length;
  return html`<p>${dropped.length} of ${windows.length} windows have dropped their number, the last one
    <b>${short(dout[i][j])}</b> from dout[${i}, ${j}]. ${heard} of ${dx.flat().length} pixels are blamed so far.</p>`;
};

const counts = (numbers) =>
  numbers.x.map((row, p) => row.map((_, q) => portions(numbers, [p, q]).length));

const rightText = (_, numbers) => {
  const heard = counts(numbers).flat();
  const most = Math.max(...heard);
  const never = heard.filter((count) => !count).length;
  const sent = total(numbers.dropped.map(({ i, j }) => numbers.dout[i][j]));
  return html`<p>
      ${most > 1
        ? html`The busiest pixel has been in <b>${most} windows</b> and their portions are added.`
        : "No pixel has been in two windows, so nothing had to be added."}
      ${never && numbers.dropped.length === numbers.windows.length
        ? html`<b>${never} pixels were in no window</b>: they had no part in the output, and their gradient is 0.`
        : ""}
    </p>
    <p>Every number is scattered in portions that add up to the sum of the kernel,
      ${short(total(numbers.w.flat()))}: all of dx adds up to ${short(total(numbers.w.flat()))} · ${signed(sent)} =
      <b>${short(total(numbers.dx.flat()))}</b>.</p>`;
};

const wrongText = ({ wrong, error }) => html`<b>${wrong.flat().filter(Boolean).length} of ${wrong.flat().length}
  pixels are wrong</b> (dashed), relative error ${number(error, 2)}.`;

const assignedText = ({ stride }, numbers) => {
  if (numbers.error) {
    return html`<p>${wrongText(numbers)} Where windows overlap a pixel keeps what the last of them sent. The shape
      fits, and every number is one of the right portions. dw and db are untouched.</p>`;
  }
  return html`<p>${stride >= numbers.w.length
    ? html`With a stride of ${stride} and a kernel of ${numbers.w.length} no two windows overlap: <b>= and += are the
        same, and a test with these sizes sees nothing</b>.`
    : "No pixel has been in two windows yet. Drop the next one."}</p>`;
};

const turnedText = (_, numbers) => {
  if (numbers.error) {
    return html`<p>${wrongText(numbers)} Every portion arrives, and at the opposite end of its window: the corner of
      dx holds the last weight, not the first.</p>`;
  }
  const symmetric = `${turned(numbers.w)}` === `${numbers.w}`;
  return html`<p>${symmetric
    ? html`This kernel turned by 180° is itself: <b>the mistake is there, and no number shows it</b>.`
    : "Nothing to see before the first window drops."}</p>`;
};

const ruleText = { right: rightText, assigned: assignedText, turned: turnedText };

const see = (state, numbers) => html`${howFar(numbers)}${ruleText[state.rule](state, numbers)}`;

/* As code */

const matrix = (rows) => `np.array([${rows.map((row) => `[${row.join(", ")}]`).join(",\n    ")}])`;

const wrongDx = {
  right: "",
  assigned: `
dx = np.zeros_like(x)
for n in range(min(steps, dout.size)):  # the mistake: the last window wins
    i, j = divmod(n, dout.shape[1])
    rows = slice(i * stride, i * stride + len(w))
    columns = slice(j * stride, j * stride + len(w))
    dx[rows, columns] = w * dout[i, j]`,
  turned: `
from coursepkg.mistakes import MISTAKES
dx = MISTAKES["CV1"].code(down[None, None], cache).dx[0, 0]`,
};

const code = (state, { x, w, dout }) => `import numpy as np
from coursepkg import functional as F

x = ${matrix(x)} * 1.0
w = ${matrix(w)} * 1.0
dout = ${matrix(dout)} * 1.0
stride, steps = ${state.stride}, ${state.steps}

out, cache = F.conv2d(x[None, None], w[None, None], np.zeros(1), stride)
out = out[0, 0]
down = np.where(np.arange(dout.size).reshape(dout.shape) < steps, dout, 0)
dx, dw, db = F.conv2d_backward(down[None, None], cache)
dx, dw, db = dx[0, 0], dw[0, 0], db[0]${wrongDx[state.rule]}`;

const predict = {
  question: "Make the 9 in the corner of the image a 900. All four numbers of dout stay as they are. What happens to dx?",
  options: ["Its corner grows", "All pixels that share a window with it change", "Nothing at all"],
  answer: 2,
  attempt:
    "Type 900 over the 9 and look at dx and at dw. Point at the middle of dx. Then take the rule with =, and find the stride at which it is right. Then type a kernel that hides the other mistake.",
  explain:
    "A pixel is blamed by the weights it met times the numbers sent back; its own value is not among them, nor is that of any other pixel. The values of the image are what the weights are blamed by: dw[1, 1] jumps from 28 to 919. Each factor of a product is the other one's gradient.",
};

export { code, predict, see, short, sum };
