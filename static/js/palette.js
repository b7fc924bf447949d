// Palette: Ctrl K (or [data-palette-open]) filters every place of the navigation and every [data-key] action of the page.
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const none = dialog?.querySelector("[data-none]");
let commands = [], shown = [], at = 0, opener = null;

function text(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, .sr, svg, .count").forEach((extra) => extra.remove());
  return (element.dataset.keyLabel || copy.textContent.trim() || element.getAttribute("aria-label") || element.placeholder || "").replace(/\s+/g, " ");
}

function collect() {
  const places = [...document.querySelectorAll("#nav .groups a, [data-palette]")];
  const actions = [...document.querySelectorAll("main [data-key]")].filter((e) => !e.disabled && (e.checkVisibility?.() ?? true));
  return [...actions, ...places].map((element) => ({ element, name: text(element), key: element.dataset.key ?? "" })).filter((c) => c.name);
}

// every typed word has to begin a word of the name
function matches(name, query) {
  const parts = name.toLowerCase().split(/\s+/);
  return query.toLowerCase().split(/\s+/).filter(Boolean).every((word) => parts.some((part) => part.startsWith(word)) || name.toLowerCase().includes(word));
}

function render() {
  shown = commands.filter((command) => matches(command.name, input.value));
  at = 0;
  list.replaceChildren(...shown.map((command, index) => {
    const option = document.createElement("li");
    option.id = `palette-${index}`;
    option.role = "option";
    option.textContent = command.name;
    if (command.key) {
      const key = document.createElement("kbd");
      key.textContent = command.key.toUpperCase();
      option.append(key);
    }
    option.addEventListener("click", () => run(index));
    return option;
  }));
  none.hidden = shown.length > 0;
  select(0);
}

function select(index) {
  at = Math.min(shown.length - 1, Math.max(0, index));
  [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
  if (shown.length) {
    input.setAttribute("aria-activedescendant", `palette-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

function run(index) {
  const command = shown[index];
  dialog.close();
  if (!command?.element.isConnected) return;
  if (command.element.matches("input, textarea, select")) command.element.focus();
  else command.element.click();
}

function show() {
  if (dialog.open) return;
  opener = document.activeElement;
  commands = collect();
  input.value = "";
  dialog.showModal();
  render();
  input.focus();
}

if (dialog) {
  input.addEventListener("input", render);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); select(at + step); }
    if (event.key === "Enter") { event.preventDefault(); run(at); }
  });
  dialog.addEventListener("close", () => { if (document.activeElement === document.body) opener?.focus?.(); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-palette-open]")) show(); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") { event.preventDefault(); show(); }
  });
}
