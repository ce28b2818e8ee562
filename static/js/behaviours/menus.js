// <details class="dropdown">: Escape and a click elsewhere close it, arrow keys walk through it.
const openMenus = () => document.querySelectorAll("details.dropdown[open]");
const items = (menu) => [...menu.querySelectorAll(".dropdown-panel :is(a, button, input):not([disabled])")];

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    }
    return;
  }
  const menu = event.target.closest?.("details.dropdown");
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key) || event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  menu.open = true;
  const list = items(menu);
  const position = list.indexOf(document.activeElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  list[position === -1 ? (step === 1 ? 0 : list.length - 1) : (position + step + list.length) % list.length]?.focus();
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details.dropdown[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});
