// Forms: [data-copy="#id"] copies a secret, [data-add-row="#template"] adds a row to an editor, [data-remove-row] takes one out,
// [data-submit-on-change] sends a filter form by itself, [data-mark="#id"] ticks all boxes of a table.
document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(document.querySelector(copy.dataset.copy).textContent.trim());
    document.body.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text: copy.dataset.copied || copy.textContent } }));
  }
  const add = event.target.closest("[data-add-row]");
  if (add) addRow(add);
  const remove = event.target.closest("[data-remove-row]");
  if (remove) removeRow(remove);
});

// Django formsets: the template holds __prefix__, the count is in TOTAL_FORMS
function addRow(button) {
  const template = document.querySelector(button.dataset.addRow);
  const list = document.querySelector(button.dataset.into);
  const total = button.closest("form").querySelector(`[name="${button.dataset.prefix}-TOTAL_FORMS"]`);
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
  const row = holder.content.firstElementChild;
  total.value = Number(total.value) + 1;
  list.append(row);
  window.htmx?.process(row);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function removeRow(button) {
  const row = button.closest("[data-row]");
  const flag = row.querySelector('input[name$="-DELETE"]');
  const next = row.nextElementSibling ?? row.previousElementSibling;
  if (flag) {
    if (flag.type === "checkbox") flag.checked = true;
    else flag.value = "on";
    row.hidden = true;
  } else row.remove();
  next?.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
}

document.addEventListener("change", (event) => {
  event.target.closest("[data-submit-on-change]")?.requestSubmit();
  const all = event.target.closest("[data-mark]");
  if (all) document.querySelectorAll(`${all.dataset.mark} tbody input[type=checkbox]`).forEach((box) => { box.checked = all.checked; });
});
