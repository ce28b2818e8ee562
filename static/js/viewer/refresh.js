// The preview's address lives for an hour. A page that comes back into view after a while takes a new one from a fresh
// copy of itself, before its 3D view is started.
const FRESH_MS = 20 * 60 * 1000;
let takenAt = performance.now();

async function refresh() {
  const waiting = document.querySelectorAll("[data-model-viewer]:not([data-state])");
  if (!waiting.length || performance.now() - takenAt < FRESH_MS) return;
  takenAt = performance.now();
  const answer = await fetch(location.href, { headers: { Purpose: "prefetch" } }).catch(() => null);
  if (!answer?.ok) return;
  const copy = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = copy.querySelectorAll("[data-model-viewer]");
  waiting.forEach((stage, place) => {
    if (fresh[place]) stage.dataset.src = fresh[place].dataset.src;
  });
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});
setInterval(refresh, FRESH_MS + 1000);
