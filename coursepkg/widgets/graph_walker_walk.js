/* Where a walk through a formula is, and what is known there. */
import { backward, forward, measure } from "./graph_walker_gates.js";
import { parse } from "./graph_walker_parse.js";

/* Inputs are written x=-2, y=5; what has no number there keeps the one it starts with. */
const readInputs = (text) => {
  const pairs = text.matchAll(/([A-Za-z_]\w*) *= *([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/g);
  return new Map([...pairs].map(([, name, value]) => [name, Number(value)]));
};
const writeInputs = (inputs) => [...inputs].map(([name, value]) => `${name}=${value}`).join(", ");

const inputsOf = ({ nodes }, start, starts, text) => {
  const typed = readInputs(text);
  const names = nodes.filter(({ kind }) => !kind).map(({ name }) => name);
  return new Map(
    names.map((name, i) => [name, typed.get(name) ?? start[name] ?? starts[i % starts.length]]),
  );
};

/* Where the walk is: gates forward in order, then the seed, then gates in the opposite order. */
const walkOf = ({ nodes, output }, messages, { step, look }) => {
  const gates = nodes.flatMap(({ kind }, id) => (kind ? [id] : []));
  const total = 2 * gates.length + 1;
  const at = Math.min(step, total);
  const computed = new Set(gates.slice(0, at));
  const back = at - gates.length - 1; // so many gates have sent; -1: not even the seed is there
  const sent = new Set(back > 0 ? [...gates].reverse().slice(0, back) : []);
  const phase = ["start", "forward", "seed", "backward"][at === 0 ? 0 : back < 0 ? 1 : back ? 3 : 2];
  const walked = { start: null, forward: gates[at - 1], seed: output, backward: gates.at(-back) }[phase];
  return {
    gates,
    total,
    at,
    phase,
    computed,
    sent,
    seeded: back >= 0,
    current: gates[look - 1] ?? walked,
    looking: look > 0 && look <= gates.length,
    messages: messages.filter(({ gate }) => sent.has(gate)),
  };
};

const compute = (state, { formulas, starts }) => {
  const { formula, at: start } = formulas[state.example] ?? { formula: state.own, at: {} };
  const graph = parse(formula);
  if (graph.error) return { formula, error: graph.error };
  const inputs = inputsOf(graph, start, starts, state.at);
  const values = forward(graph, inputs);
  const { grads, messages } = backward(graph, values, state.rule);
  const walk = walkOf(graph, messages, state);
  const places = graph.nodes.flatMap(({ kind }, id) => (kind ? [] : [id]));
  return {
    formula,
    graph,
    inputs: [...inputs],
    all: values,
    allGrads: grads,
    walk,
    checks: places.map((id) => ({ id, ...measure(graph, inputs, graph.nodes[id].name, grads[id]) })),
    value: values[graph.output],
    values: walk.gates.map((id) => values[id]),
    grads: walk.gates.map((id) => grads[id]),
    slopes: places.map((id) => grads[id]),
  };
};

const usesOf = ({ nodes }, id) => nodes.flatMap(({ args = [] }) => args).filter((one) => one.id === id).length;

/* What has arrived at a node: the numbers, and the gradient as far as it is known. */
const arrivals = ({ graph, walk, allGrads }, id, rule) => {
  const parts = walk.messages.filter(({ to }) => to === id).map(({ sent }) => sent);
  if (id === graph.output && walk.seeded) return { parts, grad: allGrads[id], whole: true };
  const whole = walk.seeded && parts.length === usesOf(graph, id);
  if (!parts.length) return { parts, grad: null, whole };
  return { parts, grad: rule === "overwrite" ? parts.at(-1) : parts.reduce((a, b) => a + b), whole };
};

export { arrivals, compute, usesOf, writeInputs };
