// Dialogs and menus: open and close by data attributes, hand the focus back, close when the work is done.
// [data-open="#id"] opens, [data-close] closes, a swap into a dialog opens it,
// a response from inside that lands outside (or the event "dialog-close") closes it.
const openers = new WeakMap();

function comeBack(opener) {
  if (!opener) return null;
  if (opener.isConnected) return opener;
  const { key } = opener.dataset;
  return (opener.id && document.getElementById(opener.id)) || (key && document.querySelector(`[data-key="${CSS.escape(key)}"]`)) || null;
}

function open(dialog, opener = document.activeElement) {
  if (dialog.open) return;
  openers.set(dialog, opener);
  dialog.showModal();
  (dialog.querySelector("[data-autofocus], [autofocus]") ?? dialog.querySelector("form :is(input, select, textarea, button):not([type=hidden])"))?.focus();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const dialog = opener && document.querySelector(opener.dataset.open);
  if (dialog instanceof HTMLDialogElement) { event.preventDefault(); open(dialog, opener); }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
  closeMenus(event.target.closest("details.menu"));
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});

document.addEventListener("close", (event) => {
  if (!(event.target instanceof HTMLDialogElement)) return;
  comeBack(openers.get(event.target))?.focus();
  const fresh = event.target.querySelector("[data-fresh]");
  if (fresh) fresh.replaceChildren();
}, true);

document.addEventListener("htmx:beforeRequest", (event) => {
  const dialog = event.detail.target?.closest?.("dialog");
  if (dialog && !dialog.contains(event.detail.elt)) openers.set(dialog, event.detail.elt);
});
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target?.closest?.("dialog");
  if (dialog && !dialog.open && dialog.textContent.trim()) open(dialog, openers.get(dialog));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, target, successful, xhr, requestConfig } = event.detail;
  const dialog = elt?.closest?.("dialog");
  if (!dialog?.open || !successful || xhr.status === 422 || requestConfig?.verb === "get") return;
  if (!dialog.contains(target) || xhr.status === 204) dialog.close();
});
document.addEventListener("dialog-close", () => document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close()));

// hx-confirm asks in the product's own dialog
document.addEventListener("htmx:confirm", (event) => {
  const dialog = document.getElementById("confirm");
  if (!event.detail.question || !dialog) return;
  event.preventDefault();
  dialog.querySelector("[data-question]").textContent = event.detail.question;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") event.detail.issueRequest(true); }, { once: true });
  open(dialog, event.detail.elt);
});
