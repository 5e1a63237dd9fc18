/* Light or dark, as the book's theme says, or JupyterLab's, or the system. */

const system = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => {
  const lab = document.body.dataset.jpThemeLight;
  const book = document.documentElement.dataset.theme;
  if (lab) return lab === "false";
  return book === "dark" || book === "light" ? book === "dark" : system.matches;
};

const onThemeChange = (call) => {
  const observer = new MutationObserver(call);
  const attributeFilter = ["data-theme", "data-jp-theme-light"];
  observer.observe(document.documentElement, { attributeFilter });
  observer.observe(document.body, { attributeFilter });
  system.addEventListener("change", call);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", call);
  };
};

export { isDark, onThemeChange };
