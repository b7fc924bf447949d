// Focus: never lost after a swap. If the focused element was swapped away, focus goes to its successor
// (same id, or same data-key), else to [data-autofocus] in the new content, else to the new content itself.
let lost = null;

function successor(element) {
  const { key } = element.dataset ?? {};
  const named = (element.id && document.getElementById(element.id)) || null;
  return named ?? (key ? document.querySelector(`[data-key="${CSS.escape(key)}"]`) : null);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  lost = active && active !== document.body && event.detail.target?.contains(active) ? active : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const place = event.detail.elt;
  const wanted = place?.querySelector?.("[data-autofocus]");
  if (!lost && !wanted) return;
  if (document.activeElement && document.activeElement !== document.body && !wanted) { lost = null; return; }
  const next = wanted ?? (lost && successor(lost)) ?? place;
  lost = null;
  if (!next?.isConnected) return;
  if (next === place && !next.hasAttribute("tabindex")) next.setAttribute("tabindex", "-1");
  next.focus({ preventScroll: next === place });
});
