// Live: asks [data-pulse-url] every 2 s whether something changed for this member.
// 204: nothing. 200 {version, new, late, counts, title}: announced, never moved under the hand. Slows down to 30 s when it fails.
const place = document.querySelector("[data-pulse-url]");
const words = document.getElementById("words")?.dataset ?? {};
const EVERY = 2000, SLOWEST = 30_000;
let version = place?.dataset.pulseVersion ?? "", wait = EVERY, timer = null, busy = false, fresh = 0;
let pageTitle = document.title;

const stored = (name) => { try { return localStorage.getItem(name) === "on"; } catch { return false; } };
const store = (name, on) => { try { localStorage.setItem(name, on ? "on" : "off"); } catch { /* private mode */ } };
const say = (text) => { const status = place.querySelector("[role=status]"); if (status && status.textContent !== text) status.textContent = text; };
const offline = (text) => { const pill = document.querySelector(".offline"); if (pill && pill.textContent !== text) pill.textContent = text; };
const counted = (n) => ((n === 1 && words.newOne) || words.newMany || "{n}").replace("{n}", n);

let audio = null;
function listenForGesture() { audio ??= new AudioContext(); if (audio.state === "suspended") audio.resume(); }
function ring() {
  if (!stored("sound") || !audio || audio.state !== "running") return;
  [[660, 0], [880, 0.12]].forEach(([pitch, delay]) => {
    const [tone, volume, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + delay];
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.25);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.26);
  });
}

function notify(text) {
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted" || !stored("notify")) return;
  const note = new Notification(text, { tag: "new-leads" });
  note.onclick = () => { window.focus(); note.close(); };
}

function showCount() {
  for (const button of document.querySelectorAll("[data-new-count]")) {
    button.hidden = fresh === 0;
    if (fresh) button.textContent = counted(fresh);
  }
  document.title = fresh ? `(${fresh}) ${pageTitle}` : pageTitle;
}

function receive(pulse) {
  version = pulse.version ?? version;
  const more = Number(pulse.new ?? 0);
  if (pulse.late !== undefined) document.querySelectorAll('[data-count="late"]').forEach((e) => { e.textContent = pulse.late || ""; });
  for (const [name, count] of Object.entries(pulse.counts ?? {})) document.querySelectorAll(`[data-count="${CSS.escape(name)}"]`).forEach((e) => { e.textContent = count || ""; });
  document.body.dispatchEvent(new CustomEvent("pulse", { bubbles: true, detail: pulse }));
  if (more > fresh) { say(pulse.title || counted(more)); ring(); notify(pulse.title || counted(more)); }
  fresh = more;
  showCount();
}

async function ask() {
  clearTimeout(timer);
  if (busy || document.hidden) return;
  busy = true;
  const url = new URL(place.dataset.pulseUrl, location.href);
  if (version) url.searchParams.set("version", version);
  try {
    const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(10_000) });
    const at = answer.headers.get("X-Server-Now");
    if (at) document.body.dispatchEvent(new CustomEvent("server-now", { bubbles: true, detail: { value: at } }));
    if (answer.status === 200) receive(await answer.json());
    else if (!answer.ok) throw new Error(String(answer.status));
    wait = EVERY;
    offline("");
  } catch {
    wait = Math.min(SLOWEST, wait * 2);
    offline(words.offline ?? "");
  } finally { busy = false; }
  timer = setTimeout(ask, wait);
}

function mark() {
  for (const button of document.querySelectorAll("[data-prefer]")) button.setAttribute("aria-pressed", String(stored(button.dataset.prefer)));
}

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-new-count]")) { fresh = 0; showCount(); }
  const button = event.target.closest("[data-prefer]");
  if (!button) return;
  const on = !stored(button.dataset.prefer);
  if (on && button.dataset.prefer === "notify" && (await Notification?.requestPermission?.()) !== "granted") return;
  store(button.dataset.prefer, on);
  mark();
  if (on && button.dataset.prefer === "sound") { listenForGesture(); setTimeout(ring, 50); }
});
mark();
// a list that came fresh from the server says up to where it shows the queue
document.addEventListener("pulse-version", (event) => { version = event.detail.value; fresh = 0; showCount(); });
if (place) {
  if (stored("sound")) for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, listenForGesture, { once: true });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { wait = EVERY; ask(); } });
  addEventListener("online", () => { wait = EVERY; ask(); });
  document.addEventListener("htmx:pushedIntoHistory", () => { pageTitle = document.title.replace(/^\(\d+\) /, ""); showCount(); });
  timer = setTimeout(ask, EVERY);
}
