// The model to turn and nothing more: what an embedded view needs.
import { steerByKey } from "./camera.js";
import { Playback } from "./playback.js";
import { Stage } from "./stage.js";

/** Shows the GLB that `bytes` (a promise) brings. */
export async function openPlain(frame, bytes, { signal }) {
  const stage = new Stage(frame, { alt: frame.dataset.alt });
  try {
    await stage.load(await bytes, { signal });
  } catch (error) {
    stage.close();
    throw error;
  }
  // The page around scrolls on over the view until the visitor has taken hold of it.
  stage.controls.enableZoom = false;
  stage.canvas.classList.add("lets-scroll");
  const listening = { signal: stage.listening.signal };
  stage.canvas.addEventListener("pointerdown", () => (stage.controls.enableZoom = true), listening);
  stage.canvas.addEventListener("keydown", (event) => steerByKey(stage, event), listening);
  stage.canvas.addEventListener("dblclick", () => stage.orbit.reset(), listening);
  const playback = new Playback(stage);
  if (playback.clips.length && !stage.prefersStill) playback.play();
  stage.turning = "turntable" in frame.dataset && !stage.prefersStill;
  return { stage, playback, close: () => stage.close() };
}
