/* Pieces of page as tagged templates: html`<b title=${why}>${what}</b>`. `render` puts one into an
   element and, called again, changes only the holes whose value changed: the focus, and a number
   half typed, stay where they are.

   A hole stands for a child (text, another template, a list of them, or `nothing`), for an attribute
   or a part of one, for a property (.value), for a switch (?disabled) or for a listener (@click). */

const nothing = Symbol("nothing");
const html = (strings, ...values) => ({ strings, values, tag: "template" });
const svg = (strings, ...values) => ({ strings, values, tag: "svg" });

const HOLE = /§(\d+)§/;
const HELD = "data-hole-"; // where an attribute with holes waits; the parser would object to its value
const ATTRIBUTE = /([^\s"'>=]+)=("[^"]*|'[^']*|[^\s"'>]*)$/; // the one a piece of markup breaks off in

const prepared = new Map(); // one parsed template for each place in the code that has one

/* The content with its holes marked, a comment for a child, a text in a held attribute; and the
   names of those attributes by the number of their first hole. */
const prepare = ({ strings, tag }) => {
  if (prepared.has(strings)) return prepared.get(strings);
  const names = {};
  const marked = strings.reduce((text, next, i) => {
    const hole = i - 1;
    const name = text.lastIndexOf("<") > text.lastIndexOf(">") && ATTRIBUTE.exec(text);
    if (!name) return `${text}<!--§${hole}§-->${next}`;
    if (!name[1].startsWith(HELD)) {
      names[hole] = name[1];
      text = `${text.slice(0, name.index)}${HELD}${hole}=${name[2]}`;
    }
    return `${text}§${hole}§${next}`;
  });
  const holder = document.createElement("template");
  holder.innerHTML = tag === "svg" ? `<svg>${marked}</svg>` : marked;
  if (tag === "svg") holder.content.firstChild.replaceWith(...holder.content.firstChild.childNodes);
  const parsed = { content: holder.content, names };
  prepared.set(strings, parsed);
  return parsed;
};

/* A copy of the content, and a function that fills its holes. */
const instantiate = (template) => {
  const { content: original, names } = prepare(template);
  const content = document.importNode(original, true);
  const fillers = [];
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const hole = node.nodeType === Node.COMMENT_NODE && HOLE.exec(node.data);
    if (hole) fillers.push(childFiller(node, hole[1]));
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    for (const { name, value } of [...node.attributes]) {
      if (!name.startsWith(HELD)) continue;
      node.removeAttribute(name);
      fillers.push(attributeFiller(node, names[name.slice(HELD.length)], value.split(HOLE)));
    }
  }
  return { content, fill: (values) => fillers.forEach((filler) => filler(values)) };
};

const childFiller = (comment, index) => {
  const set = child(comment);
  return (values) => set(values[index]);
};

/* `parts` alternate: text, number of a hole, text, ... */
const attributeFiller = (node, name, parts) => {
  const assign = assigner(node, name);
  const whole = parts.length === 3 && !parts[0] && !parts[2];
  let last; // a property is compared with what was set last, not with what a reader typed since
  return (values) => {
    const text = () => parts.map((part, i) => (i % 2 ? values[part] : part)).join("");
    const value = whole ? values[parts[1]] : text();
    if (value !== last) assign(value);
    last = value;
  };
};

const assigner = (node, name) => {
  const rest = name.slice(1);
  if (name[0] === ".") return (value) => (node[rest] = value);
  if (name[0] === "?") return (value) => node.toggleAttribute(rest, Boolean(value));
  if (name[0] !== "@") return (value) => node.setAttribute(name, value);
  let listener = () => {};
  node.addEventListener(rest, (event) => listener(event));
  return (value) => (listener = value);
};

/* A setter for what stands between a mark of its own and `end`. */
const child = (end) => {
  const start = document.createComment("");
  end.before(start);
  let kind = null; // the strings of the template that stands here, "list" or "text"
  let fill;
  const become = (next, begin) => {
    if (kind === next) return;
    while (start.nextSibling !== end) start.nextSibling.remove();
    kind = next;
    fill = begin();
  };
  return (value) => {
    if (Array.isArray(value)) become("list", () => list(end));
    else if (value?.strings) become(value.strings, () => place(value, end));
    else become("text", () => text(end));
    fill(value);
  };
};

const place = (template, end) => {
  const { content, fill } = instantiate(template);
  let settle = () => end.before(content); // filled first, so that a select has its options
  return ({ values }) => {
    fill(values);
    settle();
    settle = () => {};
  };
};

const text = (end) => {
  const node = document.createTextNode("");
  end.before(node);
  return (value) => {
    const next = value === nothing ? "" : String(value ?? "");
    if (node.data !== next) node.data = next;
  };
};

const list = (end) => {
  const items = [];
  return (values) => {
    while (items.length > values.length) items.pop().remove();
    while (items.length < values.length) items.push(item(end));
    values.forEach((value, i) => items[i].set(value));
  };
};

const item = (end) => {
  const [first, last] = [document.createComment(""), document.createComment("")];
  end.before(first, last);
  const remove = () => {
    while (first.nextSibling !== last) first.nextSibling.remove();
    first.remove();
    last.remove();
  };
  return { set: child(last), remove };
};

const roots = new WeakMap();

const render = (template, element) => {
  if (!roots.has(element)) {
    const end = element.appendChild(document.createComment(""));
    roots.set(element, child(end));
  }
  roots.get(element)(template);
};

export { html, nothing, render, svg };
