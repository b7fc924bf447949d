// Bars: copies lengths from data attributes to custom properties (the pages hold no inline style).
const LENGTHS = { w: "%", h: "", n: "", left: "%" };
const SELECTOR = Object.keys(LENGTHS).map((name) => `[data-${name}]`).join(",");

function measure(element) {
  for (const [name, unit] of Object.entries(LENGTHS)) {
    const value = Number.parseFloat(element.dataset[name]);
    if (Number.isFinite(value) && !(name === "left" && element.dataset.dueAt)) element.style.setProperty(`--${name}`, `${value}${unit}`);
  }
}

function measureAll(root) {
  if (root.matches?.(SELECTOR)) measure(root);
  root.querySelectorAll(SELECTOR).forEach(measure);
}

measureAll(document);
document.addEventListener("htmx:load", (event) => measureAll(event.detail.elt));
