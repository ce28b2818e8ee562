// [data-viewer-idle]: its 3D view starts by itself once the page has loaded and somebody moves on it, so that a tab in the
// background, or a page that is left at once, costs nobody a megabyte; never for a visitor who saves data.
const SIGNS = ["pointermove", "pointerdown", "keydown", "scroll", "touchstart"];

function start() {
  for (const frame of document.querySelectorAll("[data-viewer-idle]")) frame.querySelector("[data-viewer-start]")?.click();
}

function waitForSomebody() {
  const whenIdle = window.requestIdleCallback ?? ((callback) => setTimeout(callback, 300));
  const seen = new AbortController();
  const begin = () => {
    seen.abort();
    whenIdle(start);
  };
  for (const sign of SIGNS) window.addEventListener(sign, begin, { signal: seen.signal, passive: true });
}

if (!navigator.connection?.saveData && document.querySelector("[data-viewer-idle]")) {
  if (document.readyState === "complete") waitForSomebody();
  else window.addEventListener("load", waitForSomebody);
}
