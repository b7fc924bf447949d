// Theme: applies the stored choice before the first paint, and serves the [data-theme-set] buttons.
// Loaded in the head without defer, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const read = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  const mark = () => {
    const current = root.dataset.theme ?? "auto";
    for (const button of document.querySelectorAll("[data-theme-set]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeSet === current));
    }
  };

  apply(read());
  root.classList.add("js");
  document.addEventListener("DOMContentLoaded", mark);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-set]");
    if (!button) return;
    const theme = button.dataset.themeSet;
    try { theme === "auto" ? localStorage.removeItem("theme") : localStorage.setItem("theme", theme); } catch { /* private mode: for this page only */ }
    apply(theme);
    mark();
  });
  addEventListener("storage", (event) => { if (event.key === "theme") { apply(event.newValue); mark(); } });
})();
