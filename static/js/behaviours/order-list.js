// Lists that are put in order: by dragging, by the arrow keys on a row's grip, and by buttons, which work without scripts.
// [data-order-list] (with data-count: of all rows, also on other pages) holds [data-order-row] with data-position and
// data-name; each has a [data-order-grip] and a [data-order-form] whose two buttons carry `position`.
// [data-order-status] says aloud where a row has gone.
let dragged = null;
// Each move waits for the one before: the order on the server is the order of the moves.
let sending = Promise.resolve();

const rowsOf = (list) => [...list.querySelectorAll(":scope > [data-order-row]")];
const rowAt = (target) => (target instanceof Element ? target.closest("[data-order-row]") : null);

function prepare(root) {
  for (const row of root.querySelectorAll?.("[data-order-list] > [data-order-row]") ?? []) row.draggable = true;
}

function number(list) {
  const count = Number(list.dataset.count);
  rowsOf(list).forEach((row, index) => {
    const position = list.start + index;
    row.dataset.position = position;
    const [up, down] = row.querySelectorAll("[data-order-form] [name=position]");
    [up.value, up.disabled] = [position - 1, position === 1];
    [down.value, down.disabled] = [position + 1, position === count];
  });
}

function say(row) {
  const list = row.parentElement;
  const status = document.querySelector("[data-order-status]");
  if (status) status.textContent = `${row.dataset.name}: place ${row.dataset.position} of ${list.dataset.count}`;
}

// Where the place is on another page of the list, the form is sent as it is without scripts.
function sendPlainly(form, position) {
  const field = document.createElement("input");
  [field.type, field.name, field.value] = ["hidden", "position", position];
  form.append(field);
  form.submit();
}

async function send(form, position) {
  const body = new FormData(form);
  body.set("position", position);
  const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
}

function move(row, position) {
  const list = row.parentElement;
  const form = row.querySelector("[data-order-form]");
  if (position < 1 || position > Number(list.dataset.count) || position === Number(row.dataset.position)) return;
  const others = rowsOf(list).filter((other) => other !== row);
  const index = position - list.start;
  if (index < 0 || index > others.length) return sendPlainly(form, position);
  const focused = row.contains(document.activeElement) ? document.activeElement : null;
  list.insertBefore(row, others[index] ?? null);
  number(list);
  // Moving an element takes the focus from it; a button at the end of its way passes the focus on to the grip.
  if (focused) (focused.disabled ? row.querySelector("[data-order-grip]") : focused).focus();
  say(row);
  // What the server did not take is shown as the server has it.
  sending = sending.then(() => send(form, position)).catch(() => location.reload());
}

function clear() {
  for (const row of document.querySelectorAll(".order-row.is-before, .order-row.is-after, .order-row.is-dragged")) {
    row.classList.remove("is-before", "is-after", "is-dragged");
  }
  dragged = null;
}

const isBelowMiddle = (row, event) => {
  const box = row.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2;
};

document.addEventListener("dragstart", (event) => {
  const row = rowAt(event.target);
  if (!row?.draggable) return;
  dragged = row;
  row.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", row.dataset.name);
});

document.addEventListener("dragover", (event) => {
  const row = rowAt(event.target);
  if (!dragged || !row || row.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  for (const other of rowsOf(row.parentElement)) other.classList.remove("is-before", "is-after");
  if (row !== dragged) row.classList.add(isBelowMiddle(row, event) ? "is-after" : "is-before");
});

document.addEventListener("drop", (event) => {
  const row = rowAt(event.target);
  if (!dragged || !row || row === dragged || row.parentElement !== dragged.parentElement) return clear();
  event.preventDefault();
  const others = rowsOf(row.parentElement).filter((other) => other !== dragged);
  const place = others.indexOf(row) + (isBelowMiddle(row, event) ? 1 : 0);
  const moved = dragged;
  clear();
  move(moved, row.parentElement.start + place);
});

document.addEventListener("dragend", clear);

document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.("[data-order-grip]");
  if (!grip || event.altKey || event.ctrlKey || event.metaKey) return;
  const row = rowAt(grip);
  const position = Number(row.dataset.position);
  const places = { ArrowUp: position - 1, ArrowDown: position + 1, Home: 1, End: Number(row.parentElement.dataset.count) };
  if (!(event.key in places)) return;
  event.preventDefault();
  move(row, places[event.key]);
});

document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.matches("[data-order-form]") || !event.submitter) return;
    event.preventDefault();
    move(rowAt(event.target), Number(event.submitter.value));
  },
  // Before the form is marked as sent.
  true,
);

document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);
