// Fuse: lets every .fuse[data-due-at] burn between updates, on the server's time.
// data-due-at, data-started-at: ISO instants. data-soon-share: share of the window below which it is soon (.25).
const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const SOON_BEFORE = 15 * MINUTE;
const root = document.documentElement;
const words = document.getElementById("words")?.dataset ?? {};
let ahead = 0; // milliseconds the server's clock is ahead of this one

function setServerNow(iso, at = Date.now()) {
  const server = Date.parse(iso);
  if (!Number.isNaN(server)) ahead = server - at;
}

function pageAnsweredAt() {
  const [page] = performance.getEntriesByType("navigation");
  return performance.timeOrigin + (page?.responseStart ?? 0);
}

const now = () => Date.now() + ahead;
const two = (n) => String(n).padStart(2, "0");

function instant(due, left) {
  const far = left > 6 * DAY;
  const zone = root.dataset.zone || undefined;
  const options = far ? { day: "numeric", month: "short" } : { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  try {
    return new Intl.DateTimeFormat(root.lang || undefined, { ...options, timeZone: zone }).format(due).replace(",", "");
  } catch {
    return new Intl.DateTimeFormat("en", options).format(due).replace(",", "");
  }
}

// "03:21" · "2 h 10" · "Tue 09:30" · "−04:12"
function remaining(due, at) {
  const left = due - at;
  if (left > 12 * HOUR) return instant(due, left);
  const sign = left < 0 ? "−" : "";
  const whole = Math.floor(Math.abs(left) / 1000);
  if (whole >= 86_400) return `${sign}${Math.floor(whole / 86_400)} d`;
  if (whole >= 3600) return `${sign}${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)}`;
  return `${sign}${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

function stateOf(left, share, soonShare) {
  if (left < 0) return "late";
  return share < soonShare || left < SOON_BEFORE ? "soon" : "calm";
}

function burn(fuse, at) {
  const due = Date.parse(fuse.dataset.dueAt);
  const started = Date.parse(fuse.dataset.startedAt);
  if (Number.isNaN(due) || fuse.classList.contains("done") || fuse.classList.contains("paused")) return;
  const left = due - at;
  const share = due > started ? Math.min(1, Math.max(0, left / (due - started))) : 1;
  const state = stateOf(left, share, Number(fuse.dataset.soonShare ?? 0.25));
  const text = remaining(due, at);
  const time = fuse.querySelector("time");
  if (time && time.textContent !== text) time.textContent = text;
  fuse.style.setProperty("--left", `${state === "late" ? 100 : (share * 100).toFixed(1)}%`);
  if (fuse.dataset.state === state) return;
  const before = fuse.dataset.state;
  fuse.dataset.state = state;
  fuse.classList.toggle("soon", state === "soon");
  fuse.classList.toggle("late", state === "late");
  const word = fuse.querySelector(".sr");
  if (word) word.textContent = words[state] ?? "";
  if (before && state === "late") fuse.dispatchEvent(new CustomEvent("fuse:late", { bubbles: true }));
}

function burnAll() {
  const at = now();
  for (const fuse of document.querySelectorAll(".fuse[data-due-at]")) burn(fuse, at);
}

let timer = null;
function run() {
  clearInterval(timer);
  timer = null;
  if (document.hidden) return;
  burnAll();
  timer = setInterval(burnAll, 1000);
}

setServerNow(document.querySelector('meta[name="server-now"]')?.content, pageAnsweredAt());
document.addEventListener("visibilitychange", run);
document.addEventListener("htmx:load", burnAll);
document.addEventListener("htmx:afterRequest", (event) => setServerNow(event.detail.xhr?.getResponseHeader("X-Server-Now")));
document.addEventListener("server-now", (event) => { setServerNow(event.detail?.value ?? event.detail); burnAll(); });
run();
