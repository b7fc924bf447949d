// Toasts: HX-Trigger {"toast": "text"} or {"toast": {text, undo_url, href, link}}; errors of requests; server-rendered ones.
// Undo stays for 10 seconds, a plain message for 6; both wait while pointed at.
const region = document.getElementById("toasts");
const template = document.getElementById("toast-template");
const words = document.getElementById("words")?.dataset ?? {};
const PLAIN = 6000, UNDO = 10_000;

function live(toast) {
  let left = Number(toast.dataset.life) || (toast.querySelector("[data-undo]") ? UNDO : PLAIN);
  let since = Date.now(), timer = null;
  const start = () => { since = Date.now(); timer = setTimeout(() => toast.remove(), left); };
  const hold = () => { clearTimeout(timer); left -= Date.now() - since; };
  toast.style.setProperty("--life", `${left}ms`);
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", start);
  start();
}

function show({ text, undo_url: undoUrl, href, link }) {
  if (!region || !template || !text) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector(".text").textContent = text;
  const undo = toast.querySelector("[data-undo]");
  if (undoUrl) {
    toast.dataset.life = UNDO;
    undo.addEventListener("click", () => { window.htmx?.ajax("POST", undoUrl, { swap: "none", source: document.body }); toast.remove(); });
  } else undo.remove();
  const anchor = toast.querySelector("a");
  if (href) { anchor.href = href; anchor.textContent = link || anchor.textContent; } else anchor.remove();
  surface();
  setTimeout(() => { region.append(toast); live(toast); }, 50);
}

// a modal dialog makes the rest of the page inert: while one is open, toasts are told inside it
function surface() {
  const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  if (region.parentElement !== place) place.append(region);
}
document.addEventListener("close", (event) => { if (event.target.contains(region)) surface(); }, true);

document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast, .banner")?.remove());
document.addEventListener("toast", (event) => show(typeof event.detail?.value === "string" ? { text: event.detail.value } : event.detail ?? {}));
document.addEventListener("htmx:load", (event) => {
  const fresh = event.detail.elt;
  if (fresh.matches?.(".toast") && fresh.isConnected) live(fresh);
});
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (/"?toast"?/.test(xhr.getResponseHeader("HX-Trigger") ?? "")) return;
  show({ text: xhr.status === 403 || xhr.status === 401 ? words.denied : xhr.status === 404 ? words.gone : words.failed });
});
document.addEventListener("htmx:sendError", () => show({ text: words.unsent }));
document.addEventListener("htmx:timeout", () => show({ text: words.unsent }));
region?.querySelectorAll(".toast").forEach(live);
