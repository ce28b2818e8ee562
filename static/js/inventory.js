// The creator's list: how many models are chosen, and all of the page at once. Without this script the checkboxes and
// the buttons below them work all the same.
const form = document.querySelector("[data-selection]");

function update() {
  const boxes = [...form.querySelectorAll("[data-select]")];
  const chosen = boxes.filter((box) => box.checked).length;
  const all = form.querySelector("[data-select-all]");
  all.checked = chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
  form.querySelector("[data-selected]").textContent = `${chosen} chosen`;
}

form?.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) {
    for (const box of form.querySelectorAll("[data-select]")) box.checked = event.target.checked;
  }
  update();
});
// Coming back, the browser restores what was chosen.
window.addEventListener("pageshow", () => form && update());
