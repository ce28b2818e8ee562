// [data-lesson-player="address"]: a video that goes on where it stopped, and is done when it has ended. Where it goes on
// is in its address (#t=…), so that works without scripts too; here the second is only kept.
const EVERY = 15;

for (const video of document.querySelectorAll("[data-lesson-player]")) {
  const form = document.querySelector("[data-lesson-done]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  let kept = Math.floor(video.currentTime);

  function keep() {
    const second = Math.floor(video.currentTime);
    if (second === kept || video.ended) return;
    kept = second;
    // Sent also by a page that is being left.
    const body = new URLSearchParams({ seconds: second, csrfmiddlewaretoken: token });
    navigator.sendBeacon(video.dataset.lessonPlayer, body);
  }

  video.addEventListener("timeupdate", () => {
    if (!video.seeking && Math.abs(video.currentTime - kept) >= EVERY) keep();
  });
  video.addEventListener("pause", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
  addEventListener("pagehide", keep);
  video.addEventListener("ended", async () => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token });
    const answer = await fetch(video.dataset.lessonPlayer, { method: "POST", body, redirect: "manual" }).catch(() => null);
    // Its answer leads on, as the button's does; here the page stays, and says what has changed.
    if (answer?.type !== "opaqueredirect" || !form) return;
    document.dispatchEvent(new CustomEvent("toast", { detail: { message: "Lesson done.", level: "success" } }));
  });
}
