// The view on somebody else's page. Nothing of the 3D code is fetched before the visitor asks for it, unless the page
// that embeds it wanted it to start by itself.
import "../../css/embed.css";
import { download, Life } from "./life.js";
import { turnSprites } from "./sprite.js";

const frame = document.querySelector("[data-inspector]");
const bar = document.querySelector("[data-embed-tools]");
let open = null;

async function show(element, options) {
  const bytes = download(options.address, options);
  // Said when it is awaited; a rejection before that is no surprise.
  bytes.catch(() => {});
  const { openPlain } = await import("./plain.js");
  open = await openPlain(element, bytes, options);
  offerTools();
  element.dispatchEvent(new CustomEvent("viewer:live", { bubbles: true, detail: open }));
  if (document.activeElement === element.querySelector("[data-viewer-start]")) open.stage.canvas.focus({ preventScroll: true });
  return {
    close() {
      if (bar) bar.hidden = true;
      return open.close();
    },
  };
}

function press(name, on) {
  bar.querySelector(`[data-do="${name}"]`).setAttribute("aria-pressed", String(on));
}

function offerTools() {
  if (!bar) return;
  bar.hidden = false;
  bar.querySelector('[data-do="play"]').hidden = open.playback.clips.length === 0;
  bar.querySelector('[data-do="fullscreen"]').hidden = !document.fullscreenEnabled;
  press("play", open.playback.playing);
  press("turn", open.stage.turning);
}

const actions = {
  play() {
    if (open.playback.playing) open.playback.pause();
    else open.playback.play();
    press("play", open.playback.playing);
  },
  turn() {
    open.stage.turning = !open.stage.turning;
    press("turn", open.stage.turning);
  },
  reset: () => open.stage.orbit.reset(),
  fullscreen: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
};

bar?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) actions[button.dataset.do]();
});
document.addEventListener("fullscreenchange", () => bar && press("fullscreen", Boolean(document.fullscreenElement)));
document.documentElement.classList.add("has-scripts");
turnSprites(document);
if (frame) {
  const life = new Life(frame, show);
  if ("autostart" in frame.dataset) life.start();
}
