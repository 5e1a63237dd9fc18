/* The frame every widget stands in. `widget(spec)` makes an anywidget module out of

   controls  [{ name, label, options: [[value, text], ...] } or { name, label, min, max, step }
             or { name, label, values: [...] }], each with an optional when(state), and with
             along, what else its change sets;  at most 4
   inPicture [{ name, ... }] as in controls, or { name, matches: /a text/ }: what changes in the
             picture itself, so that a link cannot bring what it would not take;  optional
   compute   (state, data) -> numbers       pure; its numbers are compared with coursepkg's
   draw      (state, numbers, set) -> html  the picture; set({ name: value }) changes the state
   paint     (root, state, numbers, colour) canvases in the picture, after draw;  optional
   see       (state, numbers) -> html       what to notice in this very state
   predict   { question, options, answer, attempt, explain }
   code      (state, numbers) -> text       Python that gives the same numbers               */
import { linkTo, readLink } from "./links.js";
import { isDark, onThemeChange } from "./theme.js";
import { html, nothing, render, svg } from "./template.js";

/** A number as a reader wants it: a few significant digits, a real minus sign. */
const number = (value, digits = 4) =>
  String(Number(value.toPrecision(digits))).replace("-", "−").replace("e+", "e");

/** A count with its thousands apart. */
const count = (value) => value.toLocaleString("en-US");

/** Bytes in the decimal units disks and memories are sold in. */
const bytes = (value) => {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  const power = value < 1000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), units.length - 1);
  return `${Number((value / 1000 ** power).toPrecision(3))} ${units[power]}`;
};

const widget = (spec) => ({ render: ({ model, el }) => mount(spec, model, el) });

const mount = (spec, model, el) => {
  const about = model.get("_about");
  const start = model.get("_start");
  const data = model.get("_data"); // what Python computed for this widget, if anything
  const names = Object.keys(start);
  const inPage = el.closest(".coursepkg-widget") !== null;
  const root = el.appendChild(document.createElement("section"));
  root.className = "cw";
  // Else JupyterLab takes the arrow keys from a slider, and the digits from a matrix.
  root.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  root.setAttribute("aria-label", `Widget ${about.number}: ${about.title}`);
  let prediction = null; // the number of the answer chosen, or "skipped"
  let notice = "";
  let waiting = false;

  const state = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const set = (patch) => {
    for (const [name, value] of Object.entries(patch)) model.set(name, value);
    model.save_changes();
  };
  const commit = (choice) => {
    prediction = choice;
    draw();
    root.querySelector(".cw-see").focus();
  };
  const copy = async (text, done, otherwise) => {
    notice = await navigator.clipboard.writeText(text).then(() => done, () => otherwise);
    draw();
  };
  const copyLink = () => {
    history.replaceState(null, "", linkTo(about.number, state(), start));
    copy(location.href, "Link copied.", "The link is in the address bar.");
  };
  const draw = () => {
    waiting = false;
    root.toggleAttribute("data-dark", isDark());
    const now = state();
    const numbers = spec.compute(now, data);
    // A handle for the console and for the parity tests.
    root.widget = { set, state: now, numbers };
    render(
      html`
        <header><b>${about.number}</b> ${about.title}</header>
        <div class="cw-controls">${spec.controls.map((one) => control(one, now, set))}</div>
        <div class="cw-picture">${spec.draw(now, numbers, set)}</div>
        <div class="cw-see" tabindex="-1">
          <b>What you see</b>
          <div aria-live="polite">
            ${prediction === null
              ? html`<p class="cw-locked">Answer below, or skip the question, and it opens.</p>`
              : spec.see(now, numbers)}
          </div>
        </div>
        ${predict(spec.predict, prediction, commit)}
        <footer>
          <button type="button" @click=${() => set(start)}>Reset</button>
          ${inPage ? html`<button type="button" @click=${copyLink}>Copy link</button>` : nothing}
          <span role="status">${notice}</span>
          <details>
            <summary>As code</summary>
            <pre>${spec.code(now, numbers)}</pre>
            <button
              type="button"
              @click=${() => copy(spec.code(now, numbers), "Code copied.", "Select the code and copy it.")}
            >Copy code</button>
          </details>
        </footer>
      `,
      root,
    );
    spec.paint?.(root, now, numbers, (name) => getComputedStyle(root).getPropertyValue(`--cw-${name}`));
  };
  const drawSoon = () => {
    if (waiting) return;
    waiting = true; // one drawing for all the changes of one event
    notice = "";
    queueMicrotask(draw);
  };
  const followLink = () => {
    const patch = readLink(about.number, state(), [...spec.controls, ...(spec.inPicture ?? [])]);
    if (!patch) return;
    set(patch);
    root.scrollIntoView();
  };

  model.on("change", drawSoon);
  addEventListener("hashchange", followLink);
  const forgetTheme = onThemeChange(drawSoon);
  draw();
  followLink();
  return () => {
    model.off("change", drawSoon);
    removeEventListener("hashchange", followLink);
    forgetTheme();
  };
};

/* Controls */

const control = (one, state, set) => {
  const value = state[one.name];
  const off = one.when ? !one.when(state) : false;
  if (one.options) {
    return html`<label>
      <span>${one.label}</span>
      <select
        name=${one.name}
        ?disabled=${off}
        @change=${(event) => set({ ...one.along, [one.name]: event.target.value })}
      >
        ${one.options.map(
          ([key, text]) => html`<option value=${key} .selected=${key === value}>${text}</option>`,
        )}
      </select>
    </label>`;
  }
  const { min, max, step } = one.values ? { min: 0, max: one.values.length - 1, step: 1 } : one;
  const at = one.values ? one.values.indexOf(value) : value;
  const read = (event) => {
    const place = event.target.valueAsNumber;
    set({ [one.name]: one.values ? one.values[place] : place });
  };
  return html`<label>
    <span>${one.label} <b aria-hidden="true">${number(value)}</b></span>
    <input
      type="range"
      name=${one.name}
      min=${min}
      max=${max}
      step=${step}
      ?disabled=${off}
      aria-valuetext=${number(value)}
      .value=${String(at)}
      @input=${read}
    />
  </label>`;
};

/* Predict, try, explain */

const predict = ({ question, options, answer, attempt, explain }, prediction, commit) => {
  if (prediction === null) {
    return html`<fieldset class="cw-predict">
      <legend>Predict</legend>
      <p>${question}</p>
      ${options.map(
        (text, place) =>
          html`<button type="button" @click=${() => commit(place)}>${text}</button> `,
      )}
      <button type="button" class="cw-skip" @click=${() => commit("skipped")}>Skip</button>
    </fieldset>`;
  }
  const verdict = prediction === answer ? "Right." : `It is “${options[answer]}”.`;
  return html`<div class="cw-predict">
    <p><b>Predict.</b> ${question}</p>
    ${prediction === "skipped"
      ? nothing
      : html`<p class="cw-verdict">You said “${options[prediction]}”. <b>${verdict}</b></p>`}
    <p><b>Try.</b> ${attempt}</p>
    <details>
      <summary>Explain</summary>
      <p>${explain}</p>
    </details>
  </div>`;
};

export { bytes, count, html, nothing, number, svg, widget };
