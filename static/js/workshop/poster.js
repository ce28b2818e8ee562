// The poster's view, chosen in the live 3D view: turning the model fills in the two angles, and typing them turns it.
const MAX_ELEVATION = 85;
let viewer = null;

const form = () => document.querySelector("[data-poster-angle]");
const fields = () => [form()?.querySelector("[data-azimuth]"), form()?.querySelector("[data-elevation]")];
const degrees = (radians) => (radians * 180) / Math.PI;

// model-viewer counts from the pole and turns without end; a poster's angles are bounded.
function shownAngles() {
  const orbit = viewer.getCameraOrbit();
  const turned = Math.round(degrees(orbit.theta));
  const azimuth = ((((turned + 180) % 360) + 360) % 360) - 180;
  const elevation = Math.max(-MAX_ELEVATION, Math.min(MAX_ELEVATION, Math.round(90 - degrees(orbit.phi))));
  return [azimuth, elevation];
}

function offer() {
  const button = form()?.querySelector("[data-use-view]");
  if (!button || !viewer?.isConnected) return;
  button.disabled = false;
  form().querySelector("[data-use-view-hint]").textContent = "Turn the model, then press.";
}

document.addEventListener("viewer:live", (event) => {
  if (!form()) return;
  viewer = event.detail.viewer;
  offer();
  viewer.addEventListener("camera-change", (change) => {
    const [azimuth, elevation] = fields();
    if (!azimuth || change.detail.source !== "user-interaction") return;
    [azimuth.value, elevation.value] = shownAngles();
  });
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-use-view]")) return;
  const [azimuth, elevation] = fields();
  [azimuth.value, elevation.value] = shownAngles();
});

document.addEventListener("input", (event) => {
  const [azimuth, elevation] = fields();
  if (!viewer?.isConnected || (event.target !== azimuth && event.target !== elevation)) return;
  viewer.cameraOrbit = `${Number(azimuth.value)}deg ${90 - Number(elevation.value)}deg auto`;
});
// The files' panel brings this form anew while a file is processed.
document.addEventListener("htmx:load", offer);
