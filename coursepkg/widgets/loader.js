/* Turns module texts into importable modules without a server: each becomes a Blob, and
   `from "./other.js"` inside it becomes the Blob of that other text, made once. */
const loader = (textOf) => {
  const urls = {};
  const urlOf = (name) => {
    const code = () =>
      textOf(name).replace(/from "\.\/(?:[\w-]+\/)*([\w.-]+)"/g, (_, other) => `from "${urlOf(other)}"`);
    urls[name] ??= URL.createObjectURL(new Blob([code()], { type: "text/javascript" }));
    return urls[name];
  };
  return async (name) => (await import(urlOf(name))).default;
};
