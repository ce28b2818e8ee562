// One post in the page: replaced by what it is now, with what is the viewer's own in it.
import { FRESH, fragment, wake, withTokens } from "./fragment.js";

export function articleOf(html) {
  return withTokens(fragment(html).querySelector("[data-post]"));
}

// As the viewer alone sees it; nothing where it is gone, or they are.
export async function ownArticle(community, post, isAlone) {
  const response = await fetch(`/community/${community}/posts/${post}/${isAlone ? "?alone" : ""}`, FRESH);
  if (!response.ok || response.redirected) return null;
  return articleOf(await response.text());
}

function chosen(article) {
  return article.querySelector(".talk-reaction.is-chosen")?.dataset.reaction;
}

function choose(article, kind) {
  const button = article.querySelector(`button[data-reaction="${kind}"]`);
  if (!button) return;
  button.classList.add("is-chosen");
  button.setAttribute("aria-pressed", "true");
  Object.assign(button, { name: "_method", value: "delete" });
}

// `isOwn`: the new one was made for this viewer, so that nothing has to be kept of the old one.
export function replace(old, article, isOwn) {
  if (!isOwn) {
    const kind = chosen(old);
    if (kind) choose(article, kind);
    if (old.classList.contains("is-new")) article.classList.add("is-new");
  }
  const menu = [...old.querySelectorAll("details")].findIndex((details) => details.open);
  const focused = old.contains(document.activeElement) ? [...old.querySelectorAll("a, button, summary, input")] : [];
  const place = focused.indexOf(document.activeElement);
  old.replaceWith(article);
  wake(article);
  if (menu >= 0) article.querySelectorAll("details")[menu]?.setAttribute("open", "");
  if (place >= 0) article.querySelectorAll("a, button, summary, input")[place]?.focus({ preventScroll: true });
}

export function showCounts(article, counts) {
  for (const [kind, count] of Object.entries(counts)) {
    const tile = article.querySelector(`[data-reaction="${kind}"]`);
    if (!tile) continue;
    const isButton = tile.matches("button");
    tile.querySelector("[data-count]").textContent = count || !isButton ? count.toLocaleString("en") : "";
    tile.classList.toggle("is-nought", !isButton && !count);
  }
}

export function showComments(article, count) {
  const number = article.querySelector("[data-comments-count]");
  if (number) number.textContent = count.toLocaleString("en");
}
