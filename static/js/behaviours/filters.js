// The filters lie in what each choice replaces: what lay open stays open, and the column stays where it was scrolled to.
let kept = null;

function column() {
  return document.querySelector("#filters");
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const filters = column();
  if (event.detail.target?.id !== "browse" || !filters) return;
  kept = {
    isShown: filters.matches(":popover-open"),
    top: filters.scrollTop,
    groups: new Map([...filters.querySelectorAll("details[id]")].map((group) => [group.id, group.open])),
    focused: filters.contains(document.activeElement) ? document.activeElement.id : "",
  };
});

document.addEventListener("htmx:afterSwap", () => {
  const filters = column();
  if (!kept || !filters) return;
  for (const [id, isOpen] of kept.groups) {
    const group = document.getElementById(id);
    if (group) group.open = isOpen;
  }
  if (kept.isShown) filters.showPopover();
  filters.scrollTop = kept.top;
  if (kept.focused) document.getElementById(kept.focused)?.focus({ preventScroll: true });
  kept = null;
});
