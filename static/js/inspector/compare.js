// The moderators' page of two models side by side. What it looks like is built beside it, since the console does not
// load the site's styles.
import "../../css/review.css";
import "../../css/compare.css";
import { download, Life } from "./life.js";
import { turnSprites } from "./sprite.js";

const page = document.querySelector("[data-compare]");

/** Moving one slider of the turntables moves the other by as much. */
function linkSliders(sliders) {
  for (const slider of sliders) {
    let before = Number(slider.value);
    slider.addEventListener("input", (event) => {
      const step = Number(slider.value) - before;
      before = Number(slider.value);
      if (event.detail === "followed" || !page.querySelector("[name=linked]").checked) return;
      for (const other of sliders) {
        if (other === slider) continue;
        const count = Number(other.max) + 1;
        other.value = String((((Number(other.value) + step) % count) + count) % count);
        other.dispatchEvent(new CustomEvent("input", { detail: "followed" }));
      }
    });
  }
}

/** Where no 3D can be drawn, the turntables stand in. */
function showTurntables() {
  for (const turntable of page.querySelectorAll("[data-turntable]")) turntable.open = true;
}

page.classList.add("has-scripts");
turnSprites(page);
linkSliders([...page.querySelectorAll("[data-sprite] input")]);
let pair = null;
const frames = [...page.querySelectorAll("[data-inspector]")];
if (frames.length < 2) showTurntables();
for (const frame of frames) {
  frame.addEventListener("viewer:failed", showTurntables);
  const life = new Life(frame, async (element, options) => {
    const bytes = download(options.address, options);
    // Said when it is awaited; a rejection before that is no surprise.
    bytes.catch(() => {});
    const { Pair } = await import("./pair.js");
    pair ??= new Pair(page);
    return pair.open(element, bytes, options);
  });
  life.start();
}
