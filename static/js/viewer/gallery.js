// [data-gallery] is a strip of pictures that scrolls sideways, [data-gallery-thumbs] the links to its places. Without
// this script the links work as links; with it the page does not jump, and the thumbnail of what is shown is marked.
const still = matchMedia("(prefers-reduced-motion: reduce)");

for (const thumbs of document.querySelectorAll("[data-gallery-thumbs]")) {
  const strip = thumbs.parentElement.querySelector("[data-gallery]");
  const links = [...thumbs.querySelectorAll("a")];
  const placeOf = (link) => document.getElementById(link.hash.slice(1));

  thumbs.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    strip.scrollTo({ left: placeOf(link).offsetLeft - strip.offsetLeft, behavior: still.matches ? "auto" : "smooth" });
  });

  const shown = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of links) link.toggleAttribute("aria-current", false);
        links.find((link) => placeOf(link) === entry.target)?.setAttribute("aria-current", "true");
      }
    },
    { root: strip, threshold: 0.6 },
  );
  for (const link of links) shown.observe(placeOf(link));
}
