// [data-viewer-toolbar] steers the <model-viewer> that runs in the same figure or window. Its buttons say what they do
// in data-viewer-action: play, rotate, reset, fullscreen.
import { toast } from "../behaviours/toasts.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const KEYS = { " ": "play", t: "rotate", r: "reset", f: "fullscreen" };

const actions = {
  play(viewer, button) {
    const playing = viewer.paused;
    if (playing) viewer.play();
    else viewer.pause();
    button.setAttribute("aria-pressed", String(playing));
  },
  rotate(viewer, button) {
    const turning = viewer.toggleAttribute("auto-rotate");
    button.setAttribute("aria-pressed", String(turning));
  },
  reset(viewer) {
    viewer.resetTurntableRotation(0);
    viewer.cameraOrbit = viewer.getAttribute("camera-orbit");
    viewer.cameraTarget = "auto auto auto";
    viewer.fieldOfView = "auto";
    if (still.matches) viewer.jumpCameraToGoal();
  },
  async fullscreen(viewer, button) {
    const frame = button.closest("[data-viewer-window]");
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await frame.requestFullscreen();
    } catch {
      toast("This browser does not allow full screen here.", "error");
    }
  },
};

function frameOf(element) {
  return element.closest("[data-viewer-window], figure");
}

function run(button) {
  const viewer = frameOf(button).querySelector("model-viewer");
  if (viewer) actions[button.dataset.viewerAction](viewer, button);
}

function offerClips(viewer, toolbar) {
  const clips = viewer.availableAnimations;
  const play = toolbar.querySelector('[data-viewer-action="play"]');
  play.hidden = clips.length === 0;
  if (clips.length && still.matches) {
    viewer.pause();
    play.setAttribute("aria-pressed", "false");
  }
  const choice = toolbar.querySelector("[data-viewer-clip]");
  if (!choice || clips.length < 2) return;
  choice.replaceChildren(...clips.map((name, number) => new Option(name || `Clip ${number + 1}`, name)));
  choice.closest("label").hidden = false;
  choice.addEventListener("change", () => {
    viewer.animationName = choice.value;
    viewer.play();
    play.setAttribute("aria-pressed", "true");
  });
}

document.addEventListener("viewer:live", (event) => {
  const { viewer } = event.detail;
  const toolbar = frameOf(event.target)?.querySelector("[data-viewer-toolbar]");
  if (!toolbar) return;
  toolbar.hidden = false;
  offerClips(viewer, toolbar);
  const environment = toolbar.querySelector("[data-viewer-environment]");
  environment?.addEventListener("change", () => (viewer.environmentImage = environment.value));
  const exposure = toolbar.querySelector("[data-viewer-exposure]");
  exposure?.addEventListener("input", () => (viewer.exposure = Number(exposure.value)));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-viewer-action]");
  if (button) run(button);
});

document.addEventListener("fullscreenchange", () => {
  const button = document.querySelector('[data-viewer-action="fullscreen"]');
  button?.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement)));
});

// The whole-window viewer listens to single keys, except where a control has the focus and uses them itself.
document.addEventListener("keydown", (event) => {
  const frame = document.querySelector("[data-viewer-window]");
  if (!frame || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("button, a, input, select, textarea")) return;
  const button = frame.querySelector(`[data-viewer-action="${KEYS[event.key.toLowerCase()] ?? "none"}"]:not([hidden])`);
  if (!button || button.closest("[hidden]")) return;
  event.preventDefault();
  run(button);
});
