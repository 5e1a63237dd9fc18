/* Deep links such as #W6.1?batch=2: a link holds what differs from the start of a widget. */

const linkTo = (id, state, start) => {
  const changed = Object.entries(state)
    .map(([name, value]) => [name, JSON.stringify(value)])
    .filter(([name, text]) => text !== JSON.stringify(start[name]));
  return `#${id}?${new URLSearchParams(changed)}`;
};

const readLink = (id, state, controls) => {
  const [target, query] = location.hash.slice(1).split("?");
  if (target !== id || !query) return null;
  const patch = {};
  for (const [name, text] of new URLSearchParams(query)) {
    const value = parsed(text);
    const one = controls.find((each) => each.name === name);
    if (name in state && sameKind(value, state[name]) && (!one || allows(one, value))) {
      patch[name] = value;
    }
  }
  return patch;
};

// Text in a link needs no quotes: ?op=softmax reads as well as ?op="softmax".
const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

// Anyone can write a link: it may change values, never their kind or the shape of a matrix.
const sameKind = (value, old) => {
  if (value === null || typeof value !== typeof old) return false;
  if (typeof old !== "object") return true;
  const keys = Object.keys(old);
  return (
    Array.isArray(value) === Array.isArray(old) &&
    Object.keys(value).length === keys.length &&
    keys.every((key) => key in value && sameKind(value[key], old[key]))
  );
};

const allows = ({ options, values, min, max, step, matches }, value) => {
  if (matches) return matches.test(value);
  if (options) return options.some(([key]) => key === value);
  if (values) return values.includes(value);
  return value >= min && value <= max && (value - min) % step === 0;
};

export { linkTo, readLink };
