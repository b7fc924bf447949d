// Progress bar: a line on top for requests that take over 300 ms. Elements with data-quiet (polls) don't count.
const bar = document.getElementById("progressbar");
const running = new Set();
let timer = null;

function start(xhr) {
  running.add(xhr);
  timer ??= setTimeout(() => { bar.className = "on"; }, 300);
}

function stop(xhr) {
  running.delete(xhr);
  if (running.size) return;
  clearTimeout(timer);
  timer = null;
  if (bar.className === "on") bar.className = "off";
}

if (bar) {
  document.addEventListener("htmx:beforeSend", (event) => { if (!event.detail.elt.closest("[data-quiet]")) start(event.detail.xhr); });
  document.addEventListener("htmx:afterRequest", (event) => stop(event.detail.xhr));
}
