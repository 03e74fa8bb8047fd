// Runs before the first paint: takes over the chosen theme, and says when the application cannot start.
// What it sets on the root element is read by style/shell.css.
(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("quiesce.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage may be switched off; the theme then follows the system.
  }
  if (typeof WebAssembly !== "object") root.dataset.start = "no-wasm";

  // Until the application marks itself as running, an error means that it did not start.
  const failed = () => {
    if (!root.dataset.start) root.dataset.start = "failed";
  };
  addEventListener("error", failed, true);
  addEventListener("unhandledrejection", failed);

  // The panel of a panic is shown when nothing else works any more, so its button belongs here.
  addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-reload]")) location.reload();
  });
})();
