// [data-viewer-idle]: its 3D view starts by itself once the page has loaded and the browser has nothing better to do,
// unless the visitor saves data.
function start() {
  for (const frame of document.querySelectorAll("[data-viewer-idle]")) frame.querySelector("[data-viewer-start]")?.click();
}

if (!navigator.connection?.saveData) {
  const whenIdle = window.requestIdleCallback ?? ((callback) => setTimeout(callback, 1500));
  if (document.readyState === "complete") whenIdle(start);
  else window.addEventListener("load", () => whenIdle(start));
}
