// [data-viewer-toolbar] steers the <model-viewer> that runs in the same figure. Its buttons say what they do in
// data-viewer-action: play, rotate, reset.
const still = matchMedia("(prefers-reduced-motion: reduce)");

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
};

function offerAnimation(viewer, toolbar) {
  const play = toolbar.querySelector('[data-viewer-action="play"]');
  play.hidden = viewer.availableAnimations.length === 0;
  if (!play.hidden && still.matches) {
    viewer.pause();
    play.setAttribute("aria-pressed", "false");
  }
}

document.addEventListener("viewer:live", (event) => {
  const toolbar = event.target.closest("figure")?.querySelector("[data-viewer-toolbar]");
  if (!toolbar) return;
  toolbar.hidden = false;
  offerAnimation(event.detail.viewer, toolbar);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-viewer-action]");
  const viewer = button?.closest("figure").querySelector("model-viewer");
  if (viewer) actions[button.dataset.viewerAction](viewer, button);
});
