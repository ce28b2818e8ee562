// Single keys that work the inspector. They can be switched off, for those whose voice or hands press keys by accident.
import { steerByKey } from "./camera.js";

const KEYS = {
  " ": "play", a: "play", t: "turn", r: "reset", f: "fullscreen", i: "panel", p: "picture", w: "wires", b: "box", k: "skeleton",
  z: "focus", "?": "help", "[": "light-left", "]": "light-right", Escape: "unchoose",
};
const MODES = ["shaded", "matcap", "wireframe", "normals", "uv", "channel"];
const STORED = "inspector-keys";

function storedChoice() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}

export function listenToKeys(stage, inspector, signal) {
  const box = document.querySelector("[data-keys-on]");
  box.checked = storedChoice();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(STORED, box.checked ? "on" : "off");
    } catch {
      // A browser that keeps nothing keeps the choice until the page is left.
    }
  }, { signal });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const isOnCanvas = event.target === stage.canvas;
    if (!isOnCanvas && (!box.checked || event.target.closest("a, button, input, select, textarea, summary"))) {
      // Controls keep the keys they use themselves; letters are free on those that take none.
      if (!box.checked || !/^([a-z0-9?[\]]|Escape)$/i.test(event.key) || event.target.closest("select, textarea, input:not([type=radio], [type=checkbox])")) return;
    }
    if (!event.target.closest("a, button, input, select, summary") && steerByKey(stage, event)) return;
    if (isOnCanvas || box.checked) {
      const mode = MODES[Number(event.key) - 1];
      const handled = mode ? inspector.chooseMode(mode) : inspector.run(KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key]);
      if (handled) event.preventDefault();
    }
  }, { signal });
}
