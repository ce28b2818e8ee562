// The model in the visitor's room, on phones that can: <model-viewer> is fetched for it, which knows the ways of each
// (WebXR and Scene Viewer on Android, Quick Look on iOS). It takes two presses: one fetches, the second, which phones
// demand right before their camera opens, starts.
import { toast } from "./toast.js";

async function isOffered() {
  if (!matchMedia("(pointer: coarse)").matches) return false;
  if (document.createElement("a").relList.supports?.("ar")) return true;
  if (await navigator.xr?.isSessionSupported("immersive-ar").catch(() => false)) return true;
  return /android/i.test(navigator.userAgent);
}

async function prepare(frame, life) {
  // One 3D view at a time: a phone has not the memory for two.
  life.stop();
  await import(frame.dataset.arModule);
  const viewer = document.createElement("model-viewer");
  const attributes = { src: frame.dataset.src, alt: frame.dataset.alt, ar: "", "ar-modes": "webxr scene-viewer quick-look", loading: "eager" };
  for (const [name, value] of Object.entries(attributes)) viewer.setAttribute(name, value);
  const loaded = new Promise((resolve, reject) => {
    viewer.addEventListener("load", resolve, { once: true });
    viewer.addEventListener("error", () => reject(new Error("not loaded")), { once: true });
  });
  frame.append(viewer);
  await loaded;
  return viewer;
}

export async function augmentedReality(frame, life) {
  const buttons = document.querySelectorAll("[data-ar]");
  if (!buttons.length || !(await isOffered())) return;
  let viewer = null;
  const label = (text) => buttons.forEach((button) => (button.querySelector("[data-ar-label]").textContent = text));
  const leave = () => {
    viewer?.remove();
    viewer = null;
    label("View in your room");
    life.start();
  };
  // Who came by the code in the share panel came for this.
  const isWanted = new URLSearchParams(location.search).get("ar") === "1";
  for (const button of buttons) {
    button.hidden = false;
    button.classList.toggle("is-wanted", isWanted);
    button.addEventListener("click", async () => {
      if (viewer) {
        await viewer.activateAR();
        return;
      }
      button.setAttribute("aria-busy", "true");
      try {
        viewer = await prepare(frame, life);
        if (!viewer.canActivateAR) throw new Error("not supported");
        viewer.addEventListener("ar-status", (event) => ["failed", "not-presenting"].includes(event.detail.status) && leave());
        label("Start the camera");
      } catch {
        frame.querySelector("model-viewer")?.remove();
        leave();
        toast("This device cannot show the model in your room.", "error");
      } finally {
        button.removeAttribute("aria-busy");
      }
    });
  }
}
