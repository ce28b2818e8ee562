// "/" puts the cursor in the search field, wherever nothing else is being typed; on a phone opening the search does.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], model-viewer")) return;
  const phone = document.querySelector(".phone-search");
  if (phone?.checkVisibility()) phone.open = true;
  const field = [...document.querySelectorAll("[data-search]")].find((input) => input.checkVisibility());
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

document.querySelector(".phone-search")?.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("[data-search]").focus();
});
