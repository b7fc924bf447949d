// Queue: the list marks the lead in focus; after "2 new" and after each deed the list comes from the server.
function mark() {
  const open = document.getElementById("focus")?.dataset.handoff;
  for (const item of document.querySelectorAll("#queue-list [data-handoff]")) {
    if (item.dataset.handoff === open) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
}

document.addEventListener("htmx:afterSettle", mark);
