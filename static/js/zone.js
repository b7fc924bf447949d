// Proposes the browser's time zone in every [data-zone-guess] select that nobody has touched.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const select of document.querySelectorAll("select[data-zone-guess]")) {
  const untouched = select.value === "UTC" && !select.closest("form").querySelector(".errors");
  if (untouched && [...select.options].some((option) => option.value === zone)) select.value = zone;
}
