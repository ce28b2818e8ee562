// Lists whose rows are dragged to their place: the row's own form is sent with the position it was dropped at.
// [data-order-list] holds [data-order-row] with data-position and a [data-order-form] whose buttons carry `position`.
let dragged = null;

function rowAt(target) {
  return target instanceof Element ? target.closest("[data-order-row]") : null;
}

function clear() {
  for (const row of document.querySelectorAll(".order-row.is-target, .order-row.is-dragged")) {
    row.classList.remove("is-target", "is-dragged");
  }
  dragged = null;
}

function prepare(root) {
  for (const row of root.querySelectorAll?.("[data-order-list] [data-order-row]") ?? []) row.draggable = true;
}

document.addEventListener("dragstart", (event) => {
  const row = rowAt(event.target);
  if (!row?.draggable) return;
  dragged = row;
  row.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", row.dataset.position);
});

document.addEventListener("dragover", (event) => {
  const row = rowAt(event.target);
  if (!dragged || !row || row.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  for (const other of row.parentElement.querySelectorAll(".is-target")) other.classList.remove("is-target");
  if (row !== dragged) row.classList.add("is-target");
});

document.addEventListener("drop", (event) => {
  const row = rowAt(event.target);
  if (!dragged || !row || row === dragged) return clear();
  event.preventDefault();
  const form = dragged.querySelector("[data-order-form]");
  const from = Number(dragged.dataset.position);
  const to = Number(row.dataset.position);
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "position";
  // Dropped on a row it takes the place before it; coming from above, everything between has moved up by one.
  field.value = from < to ? to - 1 || 1 : to;
  form.append(field);
  clear();
  form.submit();
});

document.addEventListener("dragend", clear);
document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);
