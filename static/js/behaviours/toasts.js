// Short messages in the corner. From other scripts: toast("Saved.", "success"); from a server answer to htmx:
// the HX-Trigger header {"toast": {"message": "…", "level": "success"}}.
import { icon, shape } from "../icons/shape.js";

const icons = { success: icon("circle-check"), warning: icon("triangle-alert"), error: icon("circle-alert"), info: icon("info") };
const SECONDS = 6;

const region = () => document.getElementById("toasts");

// Errors stay until they are closed; the rest leaves by itself unless it is being read.
function leaveLater(item) {
  if (item.classList.contains("toast-error")) return;
  let timer;
  const start = () => (timer = setTimeout(() => item.remove(), SECONDS * 1000));
  const stop = () => clearTimeout(timer);
  item.addEventListener("pointerenter", stop);
  item.addEventListener("focusin", stop);
  item.addEventListener("pointerleave", start);
  item.addEventListener("focusout", start);
  start();
}

export function toast(message, level = "info", link = "") {
  const item = document.createElement("div");
  item.className = `toast-item toast-${level}`;
  const text = document.createElement("p");
  if (link) {
    const anchor = document.createElement("a");
    anchor.className = "link";
    anchor.href = link;
    anchor.textContent = message;
    text.append(anchor);
  } else {
    text.textContent = message;
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", "Close");
  close.append(shape(icon("x")));
  item.append(shape(icons[level] ?? icons.info), text, close);
  region().append(item);
  leaveLater(item);
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest(".toast-item").remove();
});
document.addEventListener("toast", (event) => toast(event.detail.message, event.detail.level, event.detail.link));
for (const item of document.querySelectorAll(".toast-item")) leaveLater(item);
