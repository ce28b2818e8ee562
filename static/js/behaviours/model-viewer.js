// [data-model-viewer] holds a poster and, on demand, <model-viewer>: the 3D code (large) is fetched only when asked
// for by the start button, or by itself where data-autostart is set and the stage is in view.
//   data-module  address of model-viewer's script
//   data-src     address of the GLB
//   data-alt     what the model looks like, in words
//   data-orbit   where the camera starts, as model-viewer's camera-orbit
//   data-ar      present where augmented reality is offered
import { toast } from "./toasts.js";

async function start(stage) {
  if (stage.dataset.state) return;
  stage.dataset.state = "loading";
  const button = stage.querySelector("[data-viewer-start]");
  button?.setAttribute("aria-busy", "true");
  try {
    await import(stage.dataset.module);
  } catch {
    fail(stage, button);
    return;
  }
  const viewer = document.createElement("model-viewer");
  const attributes = {
    src: stage.dataset.src,
    alt: stage.dataset.alt,
    "camera-controls": "",
    // Where the poster was taken from, so that nothing jumps when the live view takes its place.
    "camera-orbit": stage.dataset.orbit ?? "35deg 72deg auto",
    "touch-action": "pan-y",
    "environment-image": "neutral",
    "shadow-intensity": "1",
    "shadow-softness": "0.9",
    exposure: "1",
    "interaction-prompt": "none",
    loading: "eager",
  };
  if ("ar" in stage.dataset) Object.assign(attributes, { ar: "", "ar-modes": "webxr scene-viewer quick-look" });
  if ("autoplay" in stage.dataset) attributes.autoplay = "";
  for (const [name, value] of Object.entries(attributes)) viewer.setAttribute(name, value);
  // In place of model-viewer's own two, which jump ahead in the tab order.
  viewer.append(slotButton("ar-button", "View in your room"), slotButton("exit-webxr-ar-button", "Leave augmented reality"));
  const bar = document.createElement("progress");
  bar.className = "progress viewer-progress";
  bar.max = 1;
  bar.setAttribute("aria-label", "Loading the model");
  viewer.addEventListener("progress", (event) => (bar.value = event.detail.totalProgress));
  viewer.addEventListener("load", () => {
    bar.remove();
    stage.dataset.state = "live";
    stage.classList.add("is-live");
    button?.remove();
    stage.dispatchEvent(new CustomEvent("viewer:live", { bubbles: true, detail: { viewer } }));
  });
  viewer.addEventListener("error", () => {
    viewer.remove();
    bar.remove();
    fail(stage, button);
  });
  stage.append(viewer, bar);
}

function slotButton(slot, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.slot = slot;
  button.className = "btn btn-sm viewer-slot-button";
  button.textContent = label;
  return button;
}

function fail(stage, button) {
  delete stage.dataset.state;
  button?.removeAttribute("aria-busy");
  toast("The 3D view could not be loaded. Check the connection and try again.", "error");
}

const nearby = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    nearby.unobserve(entry.target);
    start(entry.target);
  }
});

function prepare(scope) {
  for (const stage of scope.querySelectorAll("[data-model-viewer][data-autostart]:not([data-state])")) nearby.observe(stage);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-viewer-start]");
  if (!button) return;
  event.preventDefault();
  start(button.closest("[data-model-viewer]"));
});
document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);
