// Keys: j/k move in [data-key-list], letters press the [data-key] element that shows them, "/" searches,
// "?" shows them all. Quiet while someone types, with modifiers, or when switched off in the help dialog.
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable='true']";
const help = document.getElementById("keys-help");
const OFF = "keys-off";

const isOff = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
const isVisible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const scope = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
const keyed = () => [...scope().querySelectorAll("[data-key]")].filter((e) => isVisible(e) && !e.disabled && e.getAttribute("aria-disabled") !== "true");

function label(element) {
  if (element.dataset.keyLabel) return element.dataset.keyLabel;
  if (element.getAttribute("aria-label")) return element.getAttribute("aria-label");
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, .sr, svg, .count").forEach((extra) => extra.remove());
  return (copy.textContent.trim() || element.placeholder || element.dataset.key).replace(/\s+/g, " ").replace(/…$/, "");
}

function press(element) {
  if (element.matches(TYPING)) { element.focus(); element.select?.(); return; }
  if (element.matches("[type=radio], [type=checkbox]")) element.focus();
  element.click();
}

function itemsOf(list) {
  const marked = list.querySelectorAll("[data-key-item]");
  return [...(marked.length ? marked : list.querySelectorAll(":scope > li > a, :scope > tr a.cover"))].filter(isVisible);
}

let follow = null;
function move(step) {
  const list = scope().querySelector("[data-key-list]");
  const items = list ? itemsOf(list) : [];
  if (!items.length) return false;
  const focused = items.indexOf(document.activeElement);
  const at = focused >= 0 ? focused : items.findIndex((item) => item.hasAttribute("aria-current"));
  const next = items[Math.min(items.length - 1, Math.max(0, at + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  if ("keyFollow" in list.dataset && next !== items[at]) {
    clearTimeout(follow);
    follow = setTimeout(() => next.click(), 150);
  }
  return true;
}

function showHelp() {
  if (!help || help.open) return;
  const body = help.querySelector("tbody[data-actions]");
  const rows = keyed().filter((e, i, all) => e.dataset.key !== "/" && all.findIndex((o) => o.dataset.key === e.dataset.key) === i).map((element) => {
    const row = document.createElement("tr");
    const [what, which] = [document.createElement("td"), document.createElement("td")];
    const key = document.createElement("kbd");
    key.textContent = element.dataset.key.toUpperCase();
    what.textContent = label(element);
    which.append(key);
    row.append(what, which);
    return row;
  });
  body?.replaceChildren(...rows);
  help.showModal();
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(TYPING) || isOff()) return;
  const { key } = event;
  if (key === "?") { event.preventDefault(); showHelp(); return; }
  if (key === "j" || key === "k") { if (move(key === "j" ? 1 : -1)) event.preventDefault(); return; }
  const wanted = keyed().find((e) => e.dataset.key.toLowerCase() === key.toLowerCase()) ?? (key === "/" ? scope().querySelector("[type=search]") : null);
  if (!wanted) return;
  event.preventDefault();
  press(wanted);
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => { if (event.target.closest("[data-keys-help]")) showHelp(); });
const toggle = help?.querySelector("[data-keys-toggle]");
if (toggle) {
  toggle.checked = !isOff();
  toggle.addEventListener("change", () => { try { toggle.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* private mode */ } });
}
