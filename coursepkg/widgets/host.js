/* Brings the widgets of a static page to life: no kernel, no server, no request. */
class StaticModel {
  constructor(state) {
    this.state = state;
    this.listeners = [];
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    if (Object.is(this.state[name], value)) return;
    this.state[name] = value;
    for (const { event, call } of [...this.listeners]) {
      if (event === "change" || event === `change:${name}`) call();
    }
  }

  on(event, call) {
    this.listeners.push({ event, call });
  }

  off(event, call) {
    this.listeners = this.listeners.filter(
      (one) => one.event !== event || (call && one.call !== call),
    );
  }

  // There is no kernel to tell.
  save_changes() {}
}

const load = loader((name) => document.querySelector(`script[data-coursepkg="${name}"]`).textContent);

const bringToLife = async (place) => {
  place.dataset.alive = "";
  const state = JSON.parse(place.querySelector("script[type='application/json']").textContent);
  const widget = await load(place.dataset.script);
  const el = place.appendChild(document.createElement("div"));
  widget.render({ model: new StaticModel(state), el });
  place.replaceChildren(el); // the words for readers without scripts have had their day
};

const bringAllToLife = () =>
  document.querySelectorAll(".coursepkg-widget:not([data-alive])").forEach(bringToLife);

// One copy of this script may serve widgets that stand further down the page.
if (document.readyState === "loading") addEventListener("DOMContentLoaded", bringAllToLife);
else bringAllToLife();
